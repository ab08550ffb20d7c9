"""Addresses of the case study, below the programme's own."""

from django.urls import path

from samsyn.casestudy import views

_C = "p/<rid:programme>/case-study/"
_S = f"{_C}sentences/<rid:sentence>/"

app_name = "casestudy"
urlpatterns = [
    path(_C, views.page, name="page"),
    path(f"{_C}print/", views.on_paper, name="print"),
    path(f"{_C}write/", views.write, name="write"),
    path(f"{_C}hide/", views.hide, name="hide"),
    path(f"{_C}show/", views.show, name="show"),
    path(_S, views.change, name="change"),
    path(f"{_S}place/", views.place, name="place"),
    path(f"{_S}delete/", views.delete, name="delete"),
]
