"""Addresses of a poll, below the activity's own."""

from django.urls import path

from samsyn.activities.polls import views

urlpatterns = [
    path("", views.page, name="page"),
    path("answer/<rid:poll>/", views.answer, name="answer"),
    path("write/<rid:poll>/", views.write, name="write"),
    path("words/<rid:poll>/", views.words, name="words"),
    path("export/", views.export, name="export"),
    path("desk/", views.desk, name="desk"),
    path("desk/add/", views.add, name="add"),
    path("desk/<rid:poll>/do/", views.act, name="act"),
    path("desk/<rid:poll>/change/", views.change, name="change"),
    path("desk/<rid:poll>/delete/", views.delete, name="delete"),
    path("desk/<rid:poll>/restart/", views.restart, name="restart"),
    path("desk/<rid:poll>/texts/", views.texts, name="texts"),
    path("desk/texts/<rid:answer>/let-in/", views.let_in, name="let_in"),
    path("desk/texts/<rid:answer>/hide/", views.hide, name="hide"),
    path("desk/texts/<rid:answer>/merge/", views.merge, name="merge"),
]
