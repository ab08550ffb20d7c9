"""Forms that were loaded before something changed: told in words, what was typed is there again, nothing half done."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Question
from samsyn.casestudy import actions as casestudy
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.organisations import actions as organisations
from samsyn.organisations.imports import actions as imports
from samsyn.organisations.models import ImportBatch, Organisation, Person, Unit
from samsyn.programmes import actions, actions_guests, actions_people, contributing
from samsyn.programmes.models import Activity, Invitation, Role
from samsyn.programmes.standing import Visitor
from samsyn.thread.actions import settle_promise
from samsyn.thread.models import Promise
from tests.fixtures import BACKEND, DAY
from tests.robustness.estate import ADDRESSES, STATES, Estate, keep_estate
from tests.robustness.trying import KNOWN, PageForm, Trier, forms, said_no

pytestmark = pytest.mark.django_db
TYPED = "Skrivet <b>med</b> möda & omsorg"
SHORT = {"find", "key", "name", "email"}
PUBLIC = {address.name for address in ADDRESSES if address.access.scope == "public"}
OWN = {address.name for address in ADDRESSES if address.access.scope == "organisation" and not address.access.roles}


@dataclass
class Loaded:
    """A form as it stood in a browser before the change."""

    name: str
    trier: Trier
    form: PageForm
    texts: list[str] = field(default_factory=list)

    @property
    def sent(self) -> dict[str, str]:
        return {**self.form.filled(**KNOWN), **dict.fromkeys(self.texts, TYPED)}

    def about(self, *pks: int) -> bool:
        """Whether its address names one of them."""
        return any(f"/{encode_id(pk)}/" in self.form.action for pk in pks)

    def by(self, client: Client) -> Loaded:
        """The same in another's browser."""
        return Loaded(self.name, Trier(client), self.form, self.texts)


@pytest.fixture(scope="module")
def estate(django_db_setup: None, django_db_blocker: Any) -> Iterator[Estate]:
    """One for all tests here: each undoes what it did, and the forms are loaded once."""
    with django_db_blocker.unblock(), keep_estate("ankeby") as made:
        yield made


@pytest.fixture(scope="module")
def loaded(estate: Estate) -> list[Loaded]:
    """Every form of every page, in the browser of somebody who may send it."""
    found = []
    for trier, _address, form in forms(estate, states=STATES):
        name = resolve(form.action.split("?")[0]).view_name
        texts = [entry.name for entry in form.fields.values() if entry.kind == "text" and entry.name not in KNOWN]
        found.append(
            Loaded(name, trier, form, [text for text in texts if text not in {"find", "key", "name", "email"}])
        )
    assert len(found) > 60
    return found


@contextmanager
def afterwards(change: Callable[[], Any]) -> Iterator[None]:
    """What it is like after a change, which is then undone."""
    with transaction.atomic():
        change()
        yield
        transaction.set_rollback(True)


def says_no(response: Any) -> bool:
    """Whether the page that follows says what was refused, or asks who it is."""
    return said_no(response) or response["Location"].startswith("/accounts/login/")


def send(stale: Loaded, *, refused: bool, **chosen: str) -> None:
    """Send a form that is too old. `refused`: it must not do anything any more."""
    response = stale.trier.post(stale.form.action, {**stale.sent, **chosen})
    where = f"{stale.name} at {stale.form.action}: {response.status_code} {response.get('Location', '')}"
    assert response.status_code < 500, where
    told = response.status_code in {403, 404, 409, 422} or (response.status_code == 302 and says_no(response))
    if refused:
        assert told, f"{where}: not refused"
    if told:
        assert not stale.trier.wrote, f"{where}: {stale.trier.wrote}"
        if stale.texts:
            assert response.status_code != 302, f"{where}: what was typed is lost"
            assert html.escape(TYPED) in response.content.decode(), f"{where}: what was typed is lost"


# --- an activity goes on --------------------------------------------------------------------------------------------

OVER_WHEN_CLOSED = {"questions:ask", "questions:like", "programmes:close"}
OVER_WHEN_PUBLISHED = OVER_WHEN_CLOSED | {
    "programmes:open",
    "programmes:publish_later",
    "questions:import",
    "steps:write",
    "steps:change",
}


def close(estate: Estate, activity: Activity) -> None:
    actions.close_activity(Activity.objects.get(pk=activity.pk), by=estate.world.person("lead"))


def publish(estate: Estate, activity: Activity) -> None:
    found = Activity.objects.get(pk=activity.pk)
    if found.state == Activity.State.OPEN:
        close(estate, found)
        found.refresh_from_db()
    reply = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    actions.publish_activity(found, reply, signed_by=estate.world.person("owner"), by=estate.world.person("lead"))


def test_an_activity_that_was_closed_or_published_meanwhile(estate, loaded):
    for kind in ("questions", "steps"):
        now_open, now_closed = estate.activities[kind, "open"], estate.activities[kind, "closed"]
        for activity, change, over in (
            (now_open, close, OVER_WHEN_CLOSED),
            (now_open, publish, OVER_WHEN_PUBLISHED),
            (now_closed, publish, OVER_WHEN_PUBLISHED),
        ):
            with afterwards(lambda activity=activity, change=change: change(estate, activity)):
                for stale in loaded:
                    if stale.about(activity.pk):
                        send(stale, refused=stale.name in over)


def test_a_draft_that_was_deleted_or_opened_meanwhile(estate, loaded):
    lead, draft = estate.world.person("lead"), estate.activities["questions", "draft"]
    mine = [stale for stale in loaded if stale.about(draft.pk)]
    assert mine
    with afterwards(lambda: actions.delete_activity(Activity.objects.get(pk=draft.pk), by=lead)):
        for stale in mine:
            send(stale, refused=True)
    with afterwards(lambda: actions.open_activity(Activity.objects.get(pk=draft.pk), by=lead)):
        for stale in mine:
            send(stale, refused=stale.name in {"programmes:open", "programmes:activity_delete"})


# --- a question goes on ---------------------------------------------------------------------------------------------


def test_a_question_that_was_hidden_joined_or_answered_meanwhile(estate, loaded):
    lead, owner = estate.world.person("lead"), estate.world.person("owner")
    pk, second = estate.parts["question"], estate.parts["second"]
    answer = questions.Answer("promised", LangText(sv="I maj"), due=DAY + dt.timedelta(days=40), owner=owner)

    def the(pk: int) -> Question:
        return Question.objects.select_related("item", "activity__programme").get(pk=pk)

    changes: dict[str, tuple[Callable[[], Any], set[str]]] = {
        "hidden": (
            lambda: contributing.hide(the(pk), reason=LangText(sv="Namn"), by=lead),
            {"questions:like", "questions:merge", "questions:answer"},
        ),
        "joined": (
            lambda: questions.merge(the(pk), into=the(second), by=lead),
            {"questions:hide", "questions:merge", "questions:answer"},
        ),
        "answered": (lambda: questions.answer(the(pk), answer, answered_by=owner, by=lead), {"questions:answer"}),
    }
    mine = [stale for stale in loaded if stale.about(pk)]
    assert {"questions:like", "questions:hide", "questions:merge", "questions:answer"} <= {s.name for s in mine}
    for change, over in changes.values():
        with afterwards(change):
            for stale in mine:
                send(stale, refused=stale.name in over)
    with afterwards(lambda: contributing.hide(the(second), reason=LangText(sv="Namn"), by=lead)):
        for stale in mine:
            if stale.name == "questions:merge":
                send(stale, refused=True, into=str(second))


# --- other things go --------------------------------------------------------------------------------------------------


def test_what_was_deleted_settled_or_closed_meanwhile(estate, loaded):
    lead, parts = estate.world.person("lead"), estate.parts
    promise = Promise.objects.select_related("item").get(item_id=parts["promise"])
    unit = parts["unit"]
    sentence = casestudy.Sentence.objects.get(pk=parts["sentence"])
    changes: list[tuple[int, Callable[[], Any], set[str]]] = [
        (parts["sentence"], lambda: casestudy.delete_sentence(sentence, visitor=Visitor(lead)), set()),
        (
            parts["promise"],
            lambda: settle_promise(promise, state="kept", note=LangText(sv="Så"), by=lead),
            {"home:settle"},
        ),
        (parts["batch"], lambda: imports.discard(ImportBatch.objects.get(pk=parts["batch"]), by=lead), set()),
        (
            unit,
            lambda: organisations.merge_units([Unit.objects.get(pk=unit)], into=estate.world.units["a"], by=lead),
            {"organisations:unit_rename", "organisations:unit_move", "organisations:unit_close"},
        ),
        (parts["role"], lambda: actions_people.end_role(Role.objects.get(pk=parts["role"]), by=lead), set()),
        (
            parts["person"],
            lambda: organisations.erase_person(Person.objects.get(pk=parts["person"]), by=lead),
            set(),
        ),
    ]
    for pk, change, over in changes:
        mine = [stale for stale in loaded if stale.about(pk)]
        assert mine, change
        with afterwards(change):
            for stale in mine:
                send(stale, refused=stale.name in over if over else True)


# --- somebody goes ----------------------------------------------------------------------------------------------------


def inside(stale: Loaded) -> bool:
    """Whether it is a form that one must be somebody to send."""
    return stale.form.action.startswith("/o/") and stale.name not in PUBLIC


def test_whose_role_was_withdrawn_can_do_nothing_more_and_loses_no_text(estate, loaded):
    lead = estate.world.person("lead")
    role = Role.objects.get(person=estate.world.person("facilitator"))
    client = estate.client("facilitator")
    mine = [stale.by(client) for stale in loaded if inside(stale) and stale.name not in OWN]
    with afterwards(lambda: actions_people.end_role(role, by=lead)):
        for stale in mine:
            send(stale, refused=True)


def test_who_was_erased_or_has_left_can_do_nothing_more_and_loses_no_text(estate, loaded):
    lead, staff = estate.world.person("lead"), estate.world.person("staff")
    client = estate.client("staff")
    mine = [stale.by(client) for stale in loaded if inside(stale)]
    last_day = DAY - dt.timedelta(days=1)
    for change in (
        lambda: organisations.erase_person(Person.objects.get(pk=staff.pk), by=lead),
        lambda: organisations.end_person(Person.objects.get(pk=staff.pk), last_day=last_day, by=lead),
    ):
        with afterwards(change):
            for stale in mine:
                send(stale, refused=True)


def test_who_no_longer_looks_after_people_can_change_none(estate, loaded):
    lead = estate.world.person("lead")
    mine = [stale for stale in loaded if stale.name.startswith("organisations:")]
    assert len(mine) > 10
    with afterwards(lambda: Person.objects.filter(pk=lead.pk).update(administrator=False)):
        for stale in mine:
            send(stale, refused=True)


def test_a_guest_whose_day_has_passed_can_do_nothing_more_and_loses_no_text(estate, loaded):
    invitation = Invitation.objects.get(person_id=estate.parts["person"])
    client = Client()
    client.force_login(actions_guests.enter_by_invitation(invitation, signed_in=None), backend=BACKEND)
    asked = estate.activities["questions", "open"]
    mine = [stale.by(client) for stale in loaded if stale.about(asked.pk)]
    ask = next(stale for stale in mine if stale.name == "questions:ask")
    assert ask.trier.post(ask.form.action, ask.sent).status_code == 200, "until then a guest may ask"
    day = DAY + dt.timedelta(days=31)
    with afterwards(lambda: Organisation.objects.filter(pk=estate.world.organisation.pk).update(simulated_day=day)):
        for stale in mine:
            send(stale, refused=True)


def test_who_has_been_signed_out_loses_no_text(estate, loaded):
    client = Client()
    for stale in loaded:
        if inside(stale):
            send(stale.by(client), refused=True)
