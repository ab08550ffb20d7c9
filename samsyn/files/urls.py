from django.urls import path

from samsyn.files import views

app_name = "files"

urlpatterns = [
    path("files/<rid:attachment>/", views.file, name="file"),
    path("files/<rid:attachment>/remove/", views.remove, name="remove"),
    path("files/to/<slug:owner_kind>/<rid:owner>/", views.add, name="add"),
]
