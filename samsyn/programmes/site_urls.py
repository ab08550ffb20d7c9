"""Addresses of the accessibility statement: of the whole installation, outside every organisation."""

from django.urls import path

from samsyn.programmes.views import statement

app_name = "statement"
urlpatterns = [
    path("accessibility", statement.accessibility, name="accessibility"),
    path("accessibility/reports/", statement.reports, name="reports"),
    path("accessibility/reports/<rid:report>/", statement.report, name="report"),
]
