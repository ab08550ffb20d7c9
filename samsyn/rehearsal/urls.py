"""Addresses that exist only in a demo."""

from django.urls import path

from samsyn.rehearsal import views

app_name = "rehearsal"
urlpatterns = [path("demo/enter/<str:who>/", views.enter, name="enter")]
