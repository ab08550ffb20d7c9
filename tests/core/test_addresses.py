"""Addresses within the organisation: written fast, and the same as Django writes them."""

import pytest
from django.urls import NoReverseMatch, reverse

from samsyn.core import tenancy
from samsyn.core.addresses import address
from samsyn.core.ids import new_id
from samsyn.ui.forms import Form
from tests.architecture.addresses import all_addresses

ORGANISATION = "alvmark"


def test_every_address_is_written_as_django_writes_it():
    with tenancy.scope(1, ORGANISATION):
        for found in all_addresses():
            names = set(found.parts) - {"organisation"}
            if "organisation" not in found.parts:
                continue
            for _again in range(2):
                parts = {name: new_id() for name in names}
                try:
                    expected = reverse(found.name, kwargs={"organisation": ORGANISATION, **parts})
                except NoReverseMatch:
                    continue
                assert address(found.name, **parts) == expected


def test_an_address_with_a_part_that_is_no_id_is_written_too():
    with tenancy.scope(1, ORGANISATION):
        path = address("files:add", owner_kind="activity", owner=7)
        kwargs = {"organisation": ORGANISATION, "owner_kind": "activity", "owner": 7}
        assert path == reverse("files:add", kwargs=kwargs)


def test_what_has_no_address_is_refused():
    with tenancy.scope(1, ORGANISATION):
        for name, parts in (("home:nothing", {}), ("home:programme", {}), ("home:programme", {"programme": 0})):
            with pytest.raises(NoReverseMatch):
                address(name, **parts)
    with pytest.raises(NoReverseMatch):
        address("home:today")


def test_forms_share_one_renderer():
    """An engine of its own for each form would compile its templates anew for each page."""
    assert Form().renderer is Form().renderer
