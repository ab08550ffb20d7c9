"""The front page, and the way in that exists only in a demo."""

from django.urls import path

from samsyn.rehearsal import views

app_name = "rehearsal"
urlpatterns = [
    path("", views.front, name="front"),
    path("demo/enter/<str:who>/", views.enter, name="enter"),
]
