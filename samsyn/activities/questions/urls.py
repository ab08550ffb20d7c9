"""Addresses of question time, below the activity's own."""

from django.urls import path

from samsyn.activities.questions import views

urlpatterns = [
    path("", views.page, name="page"),
    path("ask/", views.ask, name="ask"),
    path("like/<rid:question>/", views.like, name="like"),
    path("desk/", views.desk, name="desk"),
    path("desk/<rid:question>/let-in/", views.let_in, name="let_in"),
    path("desk/<rid:question>/star/", views.star, name="star"),
    path("desk/<rid:question>/hide/", views.hide, name="hide"),
    path("desk/<rid:question>/translate/", views.translate, name="translate"),
    path("desk/<rid:question>/merge/", views.merge, name="merge"),
    path("desk/<rid:question>/answer/", views.answer, name="answer"),
    path("import/", views.import_file, name="import"),
    path("import/columns/", views.import_columns, name="import_columns"),
    path("export/", views.export, name="export"),
]
