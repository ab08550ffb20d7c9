"""Addresses of a dialogue, below the activity's own."""

from django.urls import path

from samsyn.activities.dialogue import views

urlpatterns = [
    path("", views.page, name="page"),
    path("vote/<rid:statement>/", views.vote, name="vote"),
    path("take-back/<rid:statement>/", views.take_back, name="take_back"),
    path("mine/", views.mine, name="mine"),
    path("add/", views.add, name="add"),
    path("result/", views.result, name="result"),
    path("result/statements/", views.statements, name="statements"),
    path("result/export/", views.export, name="export"),
    path("desk/", views.desk, name="desk"),
    path("desk/seed/", views.seed, name="seed"),
    path("desk/import/", views.import_files, name="import"),
    path("desk/import/unfinished/", views.unfinished, name="unfinished"),
    path("desk/origin/", views.origin, name="origin"),
    path("desk/<rid:statement>/let-in/", views.let_in, name="let_in"),
    path("desk/<rid:statement>/hide/", views.hide, name="hide"),
    path("desk/<rid:statement>/translate/", views.translate, name="translate"),
    path("desk/<rid:statement>/merge/", views.merge, name="merge"),
]
