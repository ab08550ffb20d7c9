"""Two organisations that have one of everything, so that every address leads somewhere."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samsyn.accounts.models import User
from samsyn.activities.board import actions as board
from samsyn.activities.board.models import Card
from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions as questions
from samsyn.activities.steps.actions import write_outcome
from samsyn.casestudy.actions import add_sentence
from samsyn.core import clock, tenancy
from samsyn.core.ids import new_id
from samsyn.core.texts import LangText
from samsyn.gatherings import actions as gatherings
from samsyn.jobs.mail.messages import token_for
from samsyn.jobs.models import Job
from samsyn.organisations.imports import actions as imports
from samsyn.programmes import actions_guests, actions_letters, actions_people, actions_requests, invitation_links
from samsyn.programmes.invitation_mail import LETTER
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import Visitor
from samsyn.thread import secrets
from tests.architecture.addresses import Address, all_addresses
from tests.fixtures import BACKEND, DAY, World, make_world

# Read before the first address is made: Django's resolver then writes the parts of outer patterns into inner ones.
ADDRESSES = all_addresses()
STATES = ("draft", "open", "closed", "published")
WORDS = "att att att att att att"


@dataclass
class Estate:
    """One organisation with one of everything; `parts` are the ids by the names that addresses give them."""

    world: World
    parts: dict[str, Any] = field(default_factory=dict)
    activities: dict[tuple[str, str], Activity] = field(default_factory=dict)
    operator: User | None = None
    words: str = ""
    forms: dict[tuple[str, ...], list[Any]] = field(default_factory=dict)  # those of its pages, by the states tried

    @property
    def slug(self) -> str:
        return self.world.organisation.slug

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Within the organisation, on its day."""
        organisation = self.world.organisation
        with (
            tenancy.scope(organisation.pk, organisation.slug),
            clock.simulated(DAY),
            timezone.override("Europe/Stockholm"),
        ):
            yield

    def client(self, role: str) -> Client:
        """A browser of somebody; `nobody` and `operator` too."""
        client = Client()
        if role == "operator":
            client.force_login(self.operator, backend=BACKEND)
        elif role != "nobody":
            client.force_login(self.world.person(role).user, backend=BACKEND)
        return client

    def activity(self, address: Address, state: str = "open") -> Activity:
        """The activity that a page of an activity is tried with."""
        space = address.name.split(":")[0]
        return self.activities[space if space in all_kinds() else "questions", state]

    def path(self, address: Address, state: str = "open", **other: Any) -> str:
        """The address with ids that are there; `other`: parts that are others."""
        known = {**self.known(address, state), **other}
        return reverse(address.name, kwargs={part: known[part] for part in address.parts})

    def known(self, address: Address, state: str = "open") -> dict[str, Any]:
        """The parts that an address can have."""
        known = {**self.parts, "activity": self.activity(address, state).pk}
        if address.name == "home:settle":
            known["item"] = self.parts["promise"]
        if address.name.startswith("organisations:"):
            known["person"] = self.world.person("other").pk
        return known


def make_estate(slug: str) -> Estate:
    """An organisation with one of everything, made by the product's own actions."""
    world = make_world(slug)
    organisation = world.organisation
    organisation.synthetic, organisation.simulated_day = True, DAY
    organisation.save()
    estate = Estate(world)
    with estate.entered():
        _fill(estate)
    return estate


@contextmanager
def keep_estate(slug: str) -> Iterator[Estate]:
    """An estate, entered, for many tests that each undo what they did; gone at the end."""
    with transaction.atomic():
        made = make_estate(slug)
        with made.entered():
            yield made
        transaction.set_rollback(True)


def _fill(estate: Estate) -> None:
    world = estate.world
    lead, programme = world.person("lead"), world.programme
    for kind in ("questions", "steps", "dialogue", "polls", "board"):
        for state in STATES:
            estate.activities[kind, state] = world.activity(kind=kind, state=state)
    asked = estate.activities["questions", "open"]
    estate.words = secrets.clean_words(WORDS) or ""
    question = _ask(asked, "Vad slutar vi med?", estate.words)
    second = _ask(asked, "Vad slutar vi med då?")
    promised = questions.Answer(
        "promised", LangText(sv="Vi säger det i maj."), due=DAY + dt.timedelta(days=40), owner=world.person("owner")
    )
    kept = _ask(asked, "När får vi veta?")
    questions.answer(kept, promised, answered_by=world.person("owner"), by=lead)
    outcome = write_outcome(estate.activities["steps", "open"], text=LangText(sv="Klart"), by=lead)
    talked = estate.activities["dialogue", "open"]
    dialogue.seed(talked, ["Vi vet vad vi är till för.", "Vi säger nej i tid."], language="sv", by=lead)
    wall = estate.activities["board", "open"]
    board.type_cards(wall.columns.get(), ["Vi lär oss.", "Vi lär av fel.", "Kaffet."], language="sv", by=lead)
    board.set_phase(wall, "group", by=lead)
    cards = list(Card.objects.filter(activity=wall).order_by("id"))
    grouped = board.arrange(wall, cards[:2], to=LangText(sv="Lära"), by=lead)
    partner = actions_people.add_partner(programme, name="Byrån", until=DAY + dt.timedelta(days=90), by=lead)
    role = actions_people.add_partner_person(
        partner,
        name="Bo",
        email=f"bo@{estate.slug}.example",
        role="facilitator",
        until=DAY + dt.timedelta(days=60),
        language="sv",
        by=lead,
    )
    group = actions_people.add_group(programme, name=LangText(sv="Gruppen"), by=lead)
    actions_people.put_in_group(group, [world.person("staff")], by=lead)
    invitation = actions_guests.invite_guest(
        programme,
        name="Gunn",
        email=f"gunn@{estate.slug}.example",
        activities=[asked],
        until=DAY + dt.timedelta(days=30),
        by=lead,
    )
    sentence = add_sentence(
        programme, heading="did", text=LangText(sv="Vi frågade."), item_ids=[question.item_id], visitor=Visitor(lead)
    )
    job = Job.objects.create(
        organisation_id=world.organisation.pk,
        name=LangText(sv="Import"),
        function="samsyn.organisations.imports.apply_batch",
        state="done",
        started_by=lead.pk,
        day=DAY,
    )
    file = "Anställningsnummer;Namn;Enhet\nny-1;Nils Granat;a\n"
    batch = imports.stage(io.BytesIO(file.encode()), "nya.csv", by=lead)
    session = gatherings.add_session(world.frame, by=lead, title=LangText(sv="Träff"), starts=clock.now())
    block = gatherings.add_block(session, by=lead, title=LangText(sv="Inledning"), minutes=10, form="talk")
    estate.operator = User.objects.create_user(f"drift@{estate.slug}.example", is_operator=True)
    estate.parts = {
        "organisation": estate.slug,
        "programme": programme.pk,
        "frame": world.frame.pk,
        "question": question.pk,
        "second": second.pk,
        "item": question.item_id,
        "promise": kept.item.led_to.get().target_id,
        "outcome": outcome.pk,
        "statement": talked.statements.order_by("id").first().pk,
        "card": cards[0].pk,
        "thing": cards[2].pk,
        "cardgroup": grouped.pk,
        "partner": partner.pk,
        "role": role.pk,
        "group": group.pk,
        "person": invitation.person_id,
        "secret": invitation_links.secret_for(invitation.pk),
        "sentence": sentence.pk,
        "job": job.pk,
        "mailing": actions_letters.ask_audience(asked, by=lead).mailing.pk,
        "batch": batch.pk,
        "unit": world.units["b"].pk,
        "erasure": actions_requests.ask_for_erasure(world.person("other"), words="Glöm mig").pk,
        "report": actions_requests.report_fault(page="/", text="Syns inte", email="", language="sv").pk,
        "token": token_for(world.person("staff").pk, LETTER),
        "session": session.pk,
        "block": block.pk,
        "series": new_id(),
        "template": new_id(),
        "poll": new_id(),
        "answer": new_id(),
        "playbook": "leadership-and-culture",
        "code": asked.code,
        "who": "owner",
        "owner_kind": "activity",
        "owner": asked.pk,
        "attachment": new_id(),
        "key": "x",
    }


def _ask(activity: Activity, text: str, words: str | None = None) -> Any:
    key = f"{new_id():032x}"
    return questions.ask(activity, text=text, language="sv", post_key=key, author=None, words=words)
