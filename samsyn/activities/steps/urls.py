"""Addresses of steps, below the activity's own."""

from django.urls import path

from samsyn.activities.steps import views

urlpatterns = [
    path("", views.page, name="page"),
    path("outcome/", views.write, name="write"),
    path("outcome/<rid:outcome>/", views.change, name="change"),
]
