from django.urls import path

from samsyn.jobs import views

app_name = "jobs"

urlpatterns = [
    path("jobs/<rid:job>/", views.show, name="job"),
    path("jobs/<rid:job>/cancel/", views.cancel, name="cancel"),
    path("letters/<str:token>/", views.letters, name="letters"),
]
