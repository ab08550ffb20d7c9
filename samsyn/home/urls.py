"""Addresses outside every organisation."""

from django.urls import path

from samsyn.home.views import front
from samsyn.programmes.views.playbook import playbook

app_name = "site"
urlpatterns = [
    path("start/", front.start, name="start"),
    path("programmes/<slug:playbook>/", playbook, name="playbook"),
]
