"""Addresses outside every organisation."""

from django.urls import path

from samsyn.home.views import front

app_name = "site"
urlpatterns = [
    path("start/", front.start, name="start"),
]
