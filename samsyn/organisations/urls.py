"""Addresses of people, units and import."""

from django.urls import path

from samsyn.organisations.views import imports, people, units

_P, _U, _B = "people/<rid:person>/", "units/<rid:unit>/", "people/import/<rid:batch>/"

app_name = "organisations"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="person_add"),
    path("people/all.csv", people.download, name="people_export"),
    path("people/import/", imports.imports, name="imports"),
    path("people/import/template.csv", imports.template, name="import_template"),
    path(_B, imports.preview, name="import_preview"),
    path(f"{_B}confirm/", imports.confirm, name="import_confirm"),
    path(f"{_B}discard/", imports.discard, name="import_discard"),
    path(f"{_B}result/", imports.result, name="import_result"),
    path(_P, people.person, name="person"),
    path(f"{_P}edit/", people.edit, name="person_edit"),
    path(f"{_P}move/", people.move, name="person_move"),
    path(f"{_P}last-day/", people.end, name="person_end"),
    path(f"{_P}team/", people.team, name="person_team"),
    path(f"{_P}administrator/", people.administrator, name="person_administrator"),
    path(f"{_P}erase/", people.erase, name="person_erase"),
    path("units/", units.units, name="units"),
    path("units/open/", units.open_unit, name="unit_open"),
    path(_U, units.unit, name="unit"),
    path(f"{_U}rename/", units.rename, name="unit_rename"),
    path(f"{_U}move/", units.move, name="unit_move"),
    path(f"{_U}merge/", units.merge, name="unit_merge"),
    path(f"{_U}close/", units.close, name="unit_close"),
]
