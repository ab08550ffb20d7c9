"""Addresses of a board, below the activity's own."""

from django.urls import path

from samsyn.activities.board import views

urlpatterns = [
    path("", views.page, name="page"),
    path("write/", views.write, name="write"),
    path("vote/", views.vote, name="vote"),
    path("paper/", views.paper, name="paper"),
    path("paper/form/", views.paper_form, name="paper_form"),
    path("export/", views.export, name="export"),
    path("desk/", views.desk, name="desk"),
    path("desk/phase/", views.phase, name="phase"),
    path("desk/arrange/", views.arrange, name="arrange"),
    path("desk/suggest/", views.suggest, name="suggest"),
    path("desk/type/", views.type_cards, name="type"),
    path("desk/columns/", views.columns, name="columns"),
    path("desk/thing/<rid:thing>/", views.thing, name="thing"),
    path("desk/thing/<rid:thing>/promise/", views.promise, name="promise"),
    path("desk/group/<rid:cardgroup>/rename/", views.rename, name="rename"),
    path("desk/card/<rid:card>/hide/", views.hide, name="hide"),
    path("desk/card/<rid:card>/restore/", views.restore, name="restore"),
    path("desk/card/<rid:card>/merge/", views.merge, name="merge"),
    path("desk/card/<rid:card>/judge/", views.judge, name="judge"),
]
