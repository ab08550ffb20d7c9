"""Addresses of sessions."""

from django.urls import path

from samsyn.gatherings.views import agenda, audience, inviting, minutes, paper, planning, running, series, session

_P, _G = "p/<rid:programme>/sessions/", "g/<rid:session>/"
_B = f"{_G}agenda/<rid:block>/"

app_name = "gatherings"
urlpatterns = [
    path(_P, planning.sessions, name="sessions"),
    path(f"{_P}add/", planning.add, name="add"),
    path(f"{_P}add/<slug:template>/", planning.add_with, name="add_with"),
    path(f"{_P}series/add/<slug:template>/", planning.series_with, name="series_with"),
    path(f"{_P}series/<rid:series>/", series.series, name="series"),
    path(f"{_P}templates/<rid:template>/delete/", planning.drop_template, name="drop_template"),
    path(_G, session.session, name="session"),
    path(f"{_G}answer/", session.answer, name="answer"),
    path(f"{_G}calendar.ics", session.calendar, name="calendar"),
    path(f"{_G}edit/", planning.edit, name="edit"),
    path(f"{_G}copy/", planning.copy, name="copy"),
    path(f"{_G}keep/", planning.keep, name="keep"),
    path(f"{_G}cancel/", planning.cancel, name="cancel"),
    path(f"{_G}take-up/", planning.take_up, name="take_up"),
    path(f"{_G}delete/", planning.delete, name="delete"),
    path(f"{_G}hosts/", planning.hosts, name="hosts"),
    path(f"{_G}audience/", audience.edit, name="audience"),
    path(f"{_G}audience/count/", audience.count, name="audience_count"),
    path(f"{_G}audience/people/", audience.people, name="audience_people"),
    path(f"{_G}agenda/", agenda.agenda, name="agenda"),
    path(f"{_G}agenda/add/", agenda.add, name="block_add"),
    path(f"{_G}agenda/add-ready/", agenda.add_ready, name="block_add_ready"),
    path(f"{_B}edit/", agenda.edit, name="block_edit"),
    path(f"{_B}stretch/", agenda.stretch, name="block_stretch"),
    path(f"{_B}move/", agenda.move, name="block_move"),
    path(f"{_B}delete/", agenda.delete, name="block_delete"),
    path(f"{_B}activity/", agenda.activity, name="block_activity"),
    path(f"{_B}paper/", paper.form, name="paper"),
    path(f"{_G}poster/", paper.poster, name="poster"),
    path(f"{_G}invite/", inviting.invite, name="invite"),
    path(f"{_G}attendance/", inviting.attendance, name="attendance"),
    path(f"{_G}answers/", inviting.answers, name="answers"),
    path(f"{_G}minutes/", minutes.page, name="minutes"),
    path(f"{_G}minutes/publish/", minutes.publish, name="publish"),
    path(f"{_G}minutes/<slug:key>/", minutes.edit, name="minutes_edit"),
    path(f"{_G}minutes/<slug:key>/correct/", minutes.correct, name="minutes_correct"),
    path(f"{_G}leftovers/", minutes.leftovers, name="leftovers"),
    path(f"{_G}lessons/", minutes.lessons, name="lessons"),
    path(f"{_G}enter/", running.enter, name="enter"),
    path(f"{_G}run/", running.console, name="console"),
    path(f"{_G}screen/", running.screen, name="screen"),
    path(f"{_G}do/", running.command, name="command"),
]
