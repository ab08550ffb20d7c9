"""Rows are read within one organisation or not at all, and may only point at their own."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from samsyn.core import clock, tenancy
from samsyn.core.constraints import SameTenant
from samsyn.core.tenancy import TenantTable, UnscopedReadError
from samsyn.organisations.models import Person, Unit
from samsyn.thread.actions import add_item
from samsyn.thread.models import Item, Link

# The organisation itself, accounts (which may be in several), and what belongs to the installation.
OUTSIDE_TENANCY = {
    "organisations.Organisation",
    "accounts.User",
    "jobs.DutyRun",
    "programmes.FaultReport",
    "rehearsal.DemoMark",
}


def own_models():
    return [model for model in apps.get_models() if model.__module__.startswith("samsyn.")]


def test_reading_without_an_organisation_is_refused(db):
    with pytest.raises(UnscopedReadError):
        Person.objects.count()


def test_every_table_belongs_to_an_organisation():
    loose = {
        model._meta.label
        for model in own_models()
        if not issubclass(model, TenantTable) and not _has_parent_in_tenancy(model)
    }
    assert loose <= OUTSIDE_TENANCY, f"tables without an organisation: {loose - OUTSIDE_TENANCY}"


def _has_parent_in_tenancy(model):
    fields = [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    return any(issubclass(field.related_model, TenantTable) and not field.null for field in fields)


def test_every_link_between_tenants_tables_is_guarded():
    unguarded = []
    for model in own_models():
        if not issubclass(model, TenantTable):
            continue
        guarded = {c.field for c in model._meta.constraints if isinstance(c, SameTenant)}
        for field in model._meta.local_fields:
            if field.is_relation and issubclass(field.related_model, TenantTable) and field.name not in guarded:
                unguarded.append(f"{model._meta.label}.{field.name}")
    assert not unguarded


def test_every_random_id_is_the_place_of_its_row():
    """On SQLite any other type leaves a hidden rowid that counts upwards."""
    from django.db import connection

    for model in own_models():
        assert model._meta.pk.db_type(connection) in {"integer", "bigint"}
        if connection.vendor == "sqlite":
            assert model._meta.pk.db_type(connection) == "integer", model._meta.label


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_link_across_organisations():
    from tests.fixtures import DAY, make_world

    here, there = make_world("ankeby"), make_world("gaseborg")
    with clock.simulated(DAY):
        with tenancy.scope(there.organisation.pk):
            theirs = add_item(programme_id=there.programme.pk, kind="promise")
        with tenancy.scope(here.organisation.pk):
            ours = add_item(programme_id=here.programme.pk, kind="promise")
            with pytest.raises(IntegrityError), transaction.atomic():
                Link.objects.create(organisation=here.organisation, source=ours, target=theirs)
            with pytest.raises(IntegrityError), transaction.atomic():
                Unit.objects.create(
                    organisation=here.organisation, key="x", parent=there.units["top"], path="x/", opened=DAY
                )
            assert not Item.objects.filter(pk=theirs.pk).exists()
