"""Addresses of the storyboard and of what an activity goes through; its kind's own lie in the kind."""

from django.urls import include, path

from samsyn.programmes.views import activity, lifecycle, start, storyboard

_P, _F, _A = "p/<rid:programme>/", "p/<rid:programme>/chapters/<rid:frame>/", "a/<rid:activity>/"

app_name = "programmes"
urlpatterns = [
    path("start/", start.start, name="start"),
    path("start/<slug:playbook>/", start.start_with, name="start_with"),
    path(f"{_P}storyboard/", storyboard.storyboard, name="storyboard"),
    path(f"{_P}edit/", storyboard.edit_programme, name="edit"),
    path(f"{_P}chapters/add/", storyboard.add_frame, name="frame_add"),
    path(f"{_F}edit/", storyboard.edit_frame, name="frame_edit"),
    path(f"{_F}place/", storyboard.place_frame, name="frame_place"),
    path(f"{_F}delete/", storyboard.delete_frame, name="frame_delete"),
    path(f"{_P}activities/add/", activity.add, name="activity_add"),
    path(_A, activity.activity, name="activity"),
    path(f"{_A}edit/", activity.edit, name="activity_edit"),
    path(f"{_A}move/", activity.move, name="activity_move"),
    path(f"{_A}copy/", activity.copy, name="activity_copy"),
    path(f"{_A}delete/", activity.delete, name="activity_delete"),
    path(f"{_A}who-sees/", activity.who_sees, name="who_sees"),
    path(f"{_A}open/", lifecycle.open_activity, name="open"),
    path(f"{_A}wall/", lifecycle.wall, name="wall"),
    path(f"{_A}close/", lifecycle.close_activity, name="close"),
    path(f"{_A}publish/", lifecycle.publish, name="publish"),
    path(f"{_A}publish-later/", lifecycle.publish_later, name="publish_later"),
    path(f"{_A}put-off/", lifecycle.put_off, name="put_off"),
    path("", include("samsyn.programmes.people_urls")),
]
