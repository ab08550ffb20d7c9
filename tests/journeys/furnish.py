"""What the demo's story does not hold, so that every page has something real to show. Made by the product's actions."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from samsyn.accounts.models import User
from samsyn.casestudy.actions import add_sentence
from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.files.actions import attach
from samsyn.jobs.mail.messages import token_for
from samsyn.jobs.models import Job
from samsyn.jobs.registry import real_now
from samsyn.organisations import export
from samsyn.organisations.imports import actions as imports
from samsyn.organisations.models import Organisation, Person
from samsyn.programmes import actions, actions_guests, actions_requests, invitation_links
from samsyn.programmes.attachments import OWNER
from samsyn.programmes.invitation_mail import LETTER
from samsyn.programmes.models import Activity, ErasureRequest, FaultReport, Frame, Invitation, Programme
from samsyn.programmes.playbooks import find_playbook
from samsyn.programmes.standing import Visitor
from samsyn.programmes.starting import start_from_playbook


@dataclass
class Furnished:
    """Who is who, and what was added."""

    organisation: Organisation
    programme: Programme
    new_programme: Programme
    people: dict[str, Person] = field(default_factory=dict)
    operator: User | None = None
    secrets: dict[str, str] = field(default_factory=dict)
    token: str = ""


def furnish(organisation: Organisation) -> Furnished:
    """Add what the demo lacks. Called within the organisation, on its day."""
    programme = Programme.objects.get()
    people = _people(programme)
    made = Furnished(organisation, programme, _new_programme(people), people)
    made.operator = User.objects.create_user("drift@alvmark.example", is_operator=True, is_synthetic=True)
    _guests(made)
    _imports(made)
    _jobs(made)
    _requests(made)
    _draft(made)
    _files(made)
    add_sentence(
        programme,
        heading="learned",
        text=LangText(sv="Vi borde ha frågat nattpersonalen först.", en="We should have asked the night shift first."),
        item_ids=[],
        visitor=Visitor(people["lead"]),
    )
    made.token = token_for(people["staff"].pk, LETTER)
    return made


def _people(programme: Programme) -> dict[str, Person]:
    named = {"owner": "karin", "lead": "jonas", "facilitator": "miriam", "manager": "linda", "member": "tobias"}
    people = {role: Person.objects.get(key=key) for role, key in named.items()}
    staff = Person.objects.filter(level=Person.Level.STAFF, user=None, unit=people["manager"].unit).order_by("key")
    people["staff"] = staff[0]
    people["staff"].user = User.objects.create_user(people["staff"].email, is_synthetic=True)
    people["staff"].save(update_fields=["user"])
    people["manager"].user.set_password("tre-lugna-ord-till")  # everybody else signs in by a code
    people["manager"].user.save(update_fields=["password"])
    return people


def _new_programme(people: dict[str, Person]) -> Programme:
    playbook = find_playbook("owned-transformation")
    assert playbook is not None
    return start_from_playbook(
        playbook,
        title=LangText(sv="Ett system i taget", en="One system at a time"),
        starts=clock.today() + dt.timedelta(days=14),
        owner=people["owner"],
        by=people["lead"],
    )


def _guests(made: Furnished) -> None:
    activities = Activity.objects.filter(programme=made.programme).exclude(state=Activity.State.DRAFT)
    invited: dict[tuple[str, str], Activity] = {}
    for activity in activities.order_by("starts", "id"):
        if activity.state in {Activity.State.OPEN, Activity.State.CLOSED}:
            invited.setdefault((activity.kind, activity.state), activity)
    for key, name, chosen in (
        ("guest", "Annika Wester", list(invited.values())),
        ("invited", "Tor Björkelund", list(invited.values())[:1]),
        ("ended", "Ylva Sten", list(invited.values())[:1]),
    ):
        invitation = actions_guests.invite_guest(
            made.programme,
            name=name,
            email=f"{key}@vantrum.example",
            activities=chosen,
            until=clock.today() + dt.timedelta(days=45),
            by=made.people["lead"],
        )
        made.secrets[key] = invitation_links.secret_for(invitation.pk)
        made.people[key] = invitation.person
    joined = Invitation.objects.get(person=made.people["guest"])
    actions_guests.enter_by_invitation(joined, signed_in=None)
    made.people["guest"].refresh_from_db()
    actions_guests.end_guest(made.programme, made.people["ended"], by=made.people["lead"])


def _imports(made: Furnished) -> None:
    lead = made.people["lead"]
    lines = export.people_csv().splitlines()
    few = [lines[0], *lines[1:4]]
    done = imports.stage(
        io.BytesIO("\n".join([*few, _row("ny-1", "Nils Granat", "drift")]).encode()), "nya.csv", by=lead
    )
    imports.confirm(done, leavers=False, by=lead)
    wrong = _row("ny-3", "", "finns-inte")
    rows = [*export.people_csv().splitlines()[:-4], _row("ny-2", "Siv Alm", "falt"), wrong]
    imports.stage(io.BytesIO("\n".join(rows).replace("Gruppchef", "Teamledare").encode()), "personal maj.csv", by=lead)


def _row(key: str, name: str, unit: str) -> str:
    return f"{key};{name};{key}@alvmark.example;Medarbetare;{unit};;;;staff;{clock.today().isoformat()};;sv"


def _jobs(made: Furnished) -> None:
    fault = LangText(sv="Filen gick inte att läsa.", en="The file could not be read.")
    states: dict[str, dict[str, Any]] = {
        "running": {"done": 120, "total": 306, "heartbeat": real_now() + dt.timedelta(days=3650)},
        "done": {"done": 306, "total": 306, "result": {"added": 12, "changed": 4}},
        "failed": {
            "done": 40,
            "total": 306,
            "message": fault,
        },
        "cancelled": {"done": 40, "total": 306},
    }
    for state, values in states.items():
        Job.objects.create(
            organisation_id=made.organisation.pk,
            name=LangText(sv="Import av personer och enheter", en="Import of people and units"),
            function="samsyn.organisations.imports.apply_batch",
            state=state,
            started_by=made.people["lead"].pk,
            day=clock.today(),
            **values,
        )


def _requests(made: Furnished) -> None:
    for text in ("Knappen syns inte när jag förstorar.", "Uppläsningen hoppar över tabellen."):
        report = actions_requests.report_fault(page="/", text=text, email="", language="sv")
    shown = LangText(sv="En tabell läses inte upp rad för rad.", en="A table is not read out row by row.")
    actions_requests.settle_fault(report, state=FaultReport.State.KNOWN, shown=shown)
    actions_requests.ask_for_erasure(made.people["staff"], words="Jag slutar i juni.")
    declined = actions_requests.ask_for_erasure(made.people["manager"], words="")
    actions_requests.answer_erasure(
        declined, state=ErasureRequest.State.DECLINED, answer="Du är fortfarande chef här.", by=made.people["lead"]
    )


def _files(made: Furnished) -> None:
    """A text and a picture on everything that is open, closed or published."""
    drawn = io.BytesIO()
    Image.new("RGB", (640, 400), "#0b4f57").save(drawn, "PNG")
    alt = LangText(sv="En mörkgrön yta.", en="A dark green surface.")
    for activity in Activity.objects.filter(programme=made.programme).exclude(state=Activity.State.DRAFT):
        text = SimpleUploadedFile("utkast till uppdrag.txt", "Vi är med från början.".encode())
        attach(OWNER, activity.pk, text, alt=LangText(), by=made.people["lead"])
        picture = SimpleUploadedFile("tavlan.png", drawn.getvalue())
        attach(OWNER, activity.pk, picture, alt=alt, by=made.people["lead"])


def _draft(made: Furnished) -> None:
    """Question time that has not opened yet, and a chapter with nothing in it."""
    day = clock.today() + dt.timedelta(days=7)
    frame = actions.add_frame(
        made.programme,
        by=made.people["lead"],
        name=LangText(sv="Efter sommaren", en="After the summer"),
        starts=day,
        ends=day + dt.timedelta(days=60),
    )
    ahead = Frame.objects.filter(programme=made.programme).exclude(pk=frame.pk).order_by("-position").first()
    actions.add_activity(
        ahead,
        by=made.people["lead"],
        kind="questions",
        title=LangText(sv="Frågor inför sommaren", en="Questions before the summer"),
        purpose=LangText(sv="Vad behöver du veta innan semestern?", en="What do you need to know before the holidays?"),
        level="anonymous",
        entry="code",
        starts=day,
        ends=day + dt.timedelta(days=7),
        reply_by=day + dt.timedelta(days=21),
    )
