"""The way in by code, outside every organisation."""

from django.urls import path

from samsyn.programmes.views import join

app_name = "join"
urlpatterns = [
    path("j/", join.code, name="code"),
    path("j/<str:code>", join.enter, name="enter"),
]
