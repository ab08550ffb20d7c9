"""Ids of a neighbour: in every field that takes one and in every address. Refused, and nothing changes anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.files import actions as attachments
from samsyn.files.tests.samples import upload
from samsyn.organisations.models import Unit
from tests.architecture.addresses import Address
from tests.fixtures import DAY
from tests.robustness.estate import ADDRESSES, Estate, _ask
from tests.robustness.pages import Field, PageForm, forms_of
from tests.robustness.trying import KNOWN, NOT_OURS, Trier, said_no, visitor_of

SECRET = "Grannens hemlighet"
NOTHING = {403, 404, 405, 409}
REFUSED = NOTHING | {422}
STATES = ("open", "closed", "draft")
# Parts of an address that are the same everywhere, or are looked up outside every organisation.
_SHARED = {"organisation", "playbook", "who", "owner_kind", "code", "report", "key"}
_PEOPLE = ("owner", "contact", "responsible", "person", "manager")


@pytest.fixture
def two(estate: Estate, neighbour: Estate, settings, tmp_path) -> tuple[Estate, Estate]:
    """Two organisations with one of everything; the other's has a name that must never be seen here."""
    settings.MEDIA_ROOT = tmp_path
    for made in (estate, neighbour):
        with made.entered():
            owner = made.activities["questions", "open"].pk
            file = upload("a.csv", b"a;b\n1;2\n")
            made.parts["attachment"] = attachments.attach("activity", owner, file, alt=LangText(), by=None).pk
    with neighbour.entered():
        unit = Unit(organisation=neighbour.world.organisation, key="granne", name=LangText(sv=SECRET), opened=DAY)
        unit.path = unit.path_below()
        unit.save()
        _ask(neighbour.activities["questions", "open"], SECRET)
    return estate, neighbour


def refused(trier: Trier, response: Any, where: str, *, statuses: set[int] = REFUSED) -> None:
    """The answer says no, perhaps on the page that follows, and shows nothing of the neighbour's."""
    assert not trier.wrote, f"{where}: {trier.wrote}"
    if response.status_code == 302 and statuses is REFUSED:
        assert said_no(response), f"{where}: {response['Location']}"
        return
    assert response.status_code in statuses, f"{where}: {response.status_code}"
    if not response.streaming:
        assert SECRET not in response.content.decode(), where


# --- in the address -----------------------------------------------------------------------------------------------


def written(part: str, value: Any) -> str:
    """A part as it stands in an address."""
    return encode_id(value) if isinstance(value, int) else str(value)


def swapped(address: Address, here: Estate, there: Estate) -> Iterator[tuple[str, str]]:
    """(part, path) with one part of the address from the neighbour's, for each of them."""
    for part in address.parts:
        if part in _SHARED:
            continue
        yield part, here.path(address, **{part: there.known(address)[part]})


def test_every_address_with_an_id_of_the_neighbours_leads_nowhere(two):
    here, there = two
    triers = {role: Trier(here.client(role)) for role in ("lead", "staff", "operator")}
    tried = 0
    for address in ADDRESSES:
        for part, path in swapped(address, here, there):
            for method in ("GET", "POST"):
                where = f"{method} {address.name}, {part} of the neighbour"
                trier = triers[visitor_of(address)]
                refused(trier, trier(method, path), where, statuses=NOTHING)
                tried += 1
    assert tried > 150


def test_no_address_of_the_neighbour_is_open_to_ours(two):
    here, there = two
    triers = {role: Trier(here.client(role)) for role in ("lead", "staff", "operator")}
    for address in ADDRESSES:
        if "organisation" not in address.parts or address.access.scope == "public":
            continue
        for method in ("GET", "POST"):
            where = f"{method} {address.name} of the neighbour"
            trier = triers[visitor_of(address)]
            refused(trier, trier(method, there.path(address)), where, statuses=NOTHING)


# --- in the fields ------------------------------------------------------------------------------------------------


def page_forms(trier: Trier, path: str) -> list[PageForm]:
    """The forms of a page that are ours; none where it is no page."""
    page = trier("GET", path)
    if page.status_code != 200 or not page.get("Content-Type", "").startswith("text/html"):
        return []
    return [form for form in forms_of(page.content.decode(), path) if form.action not in NOT_OURS]


def pairs(here: Estate, there: Estate) -> Iterator[tuple[str, Trier, PageForm, PageForm]]:
    """Every form of ours beside the neighbour's own."""
    triers = {(estate.slug, role): Trier(estate.client(role)) for estate in (here, there) for role in ("lead", "staff")}
    seen = set()
    for address in ADDRESSES:
        role = visitor_of(address)
        if "organisation" not in address.parts or role == "operator":
            continue
        for state in STATES if "activity" in address.parts else STATES[:1]:
            ours, theirs = (page_forms(triers[e.slug, role], e.path(address, state)) for e in (here, there))
            for mine, other in zip(ours, theirs, strict=False):
                kind = (address.name, tuple(sorted(mine.fields)))
                if kind not in seen and set(mine.fields) == set(other.fields):
                    seen.add(kind)
                    yield address.name, triers[here.slug, role], mine, other


def foreign(mine: Field, other: Field, slug: str) -> list[str]:
    """What the neighbour's field can hold and ours cannot."""
    if mine.name in {"csrfmiddlewaretoken", "post_key", "words"}:
        return []
    if mine.name in KNOWN and mine.kind not in {"choice", "hidden", "button"}:
        return [f"staff@{slug}.example"] if mine.name in _PEOPLE else ["granne"]
    if mine.kind not in {"choice", "hidden", "button"}:
        return []
    ours = {mine.value, *mine.choices}
    return sorted({other.value, *other.choices} - ours - {""})[:3]


def test_every_form_with_an_id_of_the_neighbours_is_refused(two):
    """In each field that takes one, and in the address that the form is sent to."""
    here, there = two
    ids = {
        written(part, here.parts[part]): written(part, there.parts[part])
        for part in here.parts
        if part not in _SHARED and isinstance(here.parts[part], int)
    }
    ids |= {encode_id(row.pk): encode_id(there.activities[what].pk) for what, row in here.activities.items()}
    fields: set[tuple[str, str]] = set()
    sent_away = 0
    for name, trier, mine, other in pairs(here, there):
        sound = mine.filled(**KNOWN)
        for field in mine.fields.values():
            for value in foreign(field, other.fields[field.name], there.slug):
                where = f"{name}: {field.name}={value}"
                fields.add((name, field.name))
                look(trier, mine, {**sound, field.name: value}, where)
        for ours, theirs in ids.items():
            if mine.method == "post" and f"/{ours}/" in mine.action:
                where = f"{name} sent to {mine.action}"
                refused(trier, trier.post(mine.action.replace(ours, theirs), sound), where)
                sent_away += 1
    assert len(fields) > 15, fields
    assert sent_away > 40


def look(trier: Trier, form: PageForm, sent: dict[str, str], where: str) -> None:
    """Send a form: what asks is answered without the neighbour's, what changes something is refused."""
    if form.method == "post":
        refused(trier, trier.post(form.action, sent), where)
        return
    response = trier("GET", form.action.split("?")[0], QUERY_STRING=urlencode(sent))
    refused(trier, response, where, statuses={200, *REFUSED})
