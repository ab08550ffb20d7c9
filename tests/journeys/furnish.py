"""What the demo's story does not hold, so that every page has something real to show. Made by the product's actions."""

from __future__ import annotations

import datetime as dt
import io
import random
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from samsyn.accounts.models import User
from samsyn.activities.board import actions as board
from samsyn.activities.board import queries as boards
from samsyn.activities.board.models import Card
from samsyn.activities.polls import actions as polls
from samsyn.activities.questions import actions as questions
from samsyn.casestudy.actions import add_sentence
from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.files.actions import attach
from samsyn.jobs.mail.messages import token_for
from samsyn.jobs.models import Job, Letter
from samsyn.jobs.registry import real_now
from samsyn.jobs.running import run_waiting
from samsyn.live.sendings import Sending
from samsyn.organisations import export
from samsyn.organisations.imports import actions as imports
from samsyn.organisations.models import Organisation, Person
from samsyn.programmes import actions, actions_guests, actions_letters, actions_requests, contributing, invitation_links
from samsyn.programmes.attachments import OWNER
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.invitation_mail import LETTER
from samsyn.programmes.models import Activity, ErasureRequest, FaultReport, Frame, Invitation, Programme
from samsyn.programmes.playbooks import find_playbook
from samsyn.programmes.standing import Visitor
from samsyn.programmes.starting import start_from_playbook
from tests.journeys.furnish_sessions import hold_sessions


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
    _by_name(made)
    _polls(made)
    _boards(made)
    _files(made)
    hold_sessions(programme, people)
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


def _by_name(made: Furnished) -> None:
    """Question time under one's name, with everything that can become of a question, and letters that have gone."""
    lead, staff, manager = (made.people[role] for role in ("lead", "staff", "manager"))
    activity = _asked(made, "named", LangText(sv="Frågor till ledningsgruppen", en="Questions to the leadership team"))
    words = {
        "answered": ("Får vi säga nej till en beställning?", "May we say no to an order?"),
        "promised": ("När kommer det nya verktyget?", "When does the new tool come?"),
        "hidden": ("Varför gör Bosse aldrig något?", "Why does Bosse never do anything?"),
        "joined": ("Får vi det nya verktyget snart?", "Do we get the new tool soon?"),
        "waiting": ("Vem bestämmer om två chefer vill olika?", "Who decides if two managers disagree?"),
    }
    asked = {}
    for key, (sv, en) in words.items():
        author = manager if key == "promised" else staff
        asked[key] = questions.ask(activity, text=sv, language="sv", post_key=draw_key(), author=author)
        contributing.translate(asked[key], LangText(en=en), by=lead)
        if key not in {"hidden", "waiting"}:
            contributing.let_in(asked[key], by=lead)
    reason = LangText(sv="Den handlar om en person. Fråga gärna om arbetet i stället.",
                      en="It is about one person. Ask about the work instead.")  # fmt: skip
    contributing.hide(asked["hidden"], reason=reason, by=lead)
    questions.merge(asked["joined"], into=asked["promised"], by=lead)
    yes = questions.Answer("written", LangText(sv="Ja. Säg till din chef först.", en="Yes. Tell your manager first."))
    due = clock.today() + dt.timedelta(days=40)
    title = LangText(sv="Verktyget finns hos alla", en="Everybody has the tool")
    told = questions.Answer("promised", LangText(sv="I juni.", en="In June."), title=title, due=due, owner=manager)
    questions.answer(asked["answered"], yes, answered_by=made.people["owner"], by=lead)
    questions.answer(asked["promised"], told, answered_by=made.people["owner"], by=lead)
    actions_letters.ask_audience(activity, by=lead)
    run_waiting()
    failed = Letter.objects.order_by("person_id").first()
    Letter.objects.filter(pk=failed.pk).update(state=Letter.State.FAILED, reason="no_address")
    _asked(made, "anonymous", LangText(sv="Frågor om lokalerna", en="Questions about the premises"))


def _asked(made: Furnished, level: str, title: LangText) -> Activity:
    """Question time for those who sign in, open since three days."""
    day = clock.today()
    frame = Frame.objects.filter(programme=made.programme, starts__lte=day).order_by("-position").first()
    activity = actions.add_activity(
        frame,
        by=made.people["lead"],
        kind="questions",
        title=title,
        purpose=LangText(sv="Vad behöver du veta?", en="What do you need to know?"),
        level=level,
        entry="audience",
        starts=day - dt.timedelta(days=3),
        ends=day + dt.timedelta(days=11),
        reply_by=day + dt.timedelta(days=25),
        settings={"let_in": True, "likes": True},
    )
    actions.open_activity(activity, by=made.people["lead"])
    return activity


def _boards(made: Furnished) -> None:
    """A board in each phase, and one that has not opened."""
    day, lead = clock.today(), made.people["lead"]
    frame = Frame.objects.filter(programme=made.programme).order_by("position").first()
    for phase in ("draft", "write", "read", "group", "vote", "take-on"):
        activity = actions.add_activity(
            frame,
            by=lead,
            kind="board",
            title=LangText(sv="Så är det i dag", en="How it is today"),
            purpose=LangText(sv="Hur går arbetet till på riktigt?", en="How is the work really done?"),
            settings={"layout": "methods" if phase == "take-on" else "today", "tables": True},
            level="anonymous",
            entry="code",
            starts=day,
            ends=day + dt.timedelta(days=7),
            reply_by=day + dt.timedelta(days=21),
        )
        if phase == "draft":
            continue
        actions.open_activity(activity, by=lead)
        for column in boards.columns(activity):
            texts = ["Möten utan beslut", "Möten om möten", "Verksamhetsutvecklingsprojektsuppföljning"]
            board.type_cards(column, texts, language="sv", by=lead)
        board.set_phase(activity, "write" if phase == "write" else "group", by=lead)
        if phase in {"vote", "take-on"}:
            cards = list(Card.objects.filter(activity=activity, text__startswith="Möten"))
            board.arrange(activity, cards[:2], to=LangText(sv="Möten", en="Meetings"), by=lead)
        board.set_phase(activity, phase, by=lead)


def _draft(made: Furnished) -> None:
    """Question time and a dialogue that have not opened yet, and a chapter with nothing in it."""
    day = clock.today() + dt.timedelta(days=7)
    frame = actions.add_frame(
        made.programme,
        by=made.people["lead"],
        name=LangText(sv="Efter sommaren", en="After the summer"),
        starts=day,
        ends=day + dt.timedelta(days=60),
    )
    ahead = Frame.objects.filter(programme=made.programme).exclude(pk=frame.pk).order_by("-position").first()
    purpose = LangText(sv="Vad behöver du veta innan semestern?", en="What do you need to know before the holidays?")
    for kind, title in (
        ("questions", LangText(sv="Frågor inför sommaren", en="Questions before the summer")),
        ("dialogue", LangText(sv="Var står vi inför sommaren?", en="Where do we stand before the summer?")),
        ("polls", LangText(sv="Omröstning inför sommaren", en="A poll before the summer")),
    ):
        actions.add_activity(
            ahead,
            by=made.people["lead"],
            kind=kind,
            title=title,
            purpose=purpose,
            level="anonymous",
            entry="code",
            starts=day,
            ends=day + dt.timedelta(days=7),
            reply_by=day + dt.timedelta(days=21),
        )


def _polls(made: Furnished) -> None:
    """Polls in every state: a mood check, a choice of several, and one that has been started again."""
    day, lead = clock.today(), made.people["lead"]
    frame = Frame.objects.filter(programme=made.programme, starts__lte=day).order_by("-position")[0]
    draft = Activity.objects.filter(programme=made.programme, kind="polls", state="draft").order_by("-starts")[0]
    polls.add_set(draft, "stand", by=lead)
    for number, state in enumerate(("open", "closed", "published")):
        activity = actions.add_activity(
            frame,
            by=lead,
            kind="polls",
            title=LangText(sv=f"Enhetsdag 2, pass {number + 1}", en=f"Unit day 2, part {number + 1}"),
            purpose=LangText(sv="Så tar vi med oss dagen.", en="What we take with us from the day."),
            level="anonymous",
            entry="code",
            starts=day,
            ends=day + dt.timedelta(days=3),
            reply_by=day + dt.timedelta(days=14),
            settings={"tables": True, "table_count": 14, "let_in": number == 0},
        )
        actions.open_activity(activity, by=lead)
        _answer(activity, lead)
        if state != "open":
            actions.close_activity(activity, by=lead)
        if state == "published":
            said = LangText(sv="Vi hörde att dagen behövdes.", en="We heard that the day was needed.")
            reply = actions.OurReply(said, LangText(sv="Vi gör om den i höst.", en="We do it again."), LangText(), None)
            actions.publish_activity(activity, reply, signed_by=made.people["owner"], by=lead)


def _answer(activity: Activity, lead: Person) -> None:
    chance = random.Random(activity.title["en"])
    mood, word = polls.add_set(activity, "mood", by=lead)
    sure = polls.add_set(activity, "confidence", by=lead)[0]
    names = [
        ("Fler gemensamma träffar", "More sessions together"),
        ("En chef som tar beslut på plats", "A manager who decides on the spot"),
        ("Tid som är avsatt i schemat, också för dem som arbetar natt", "Time in the schedule, for night shifts too"),
        ("Annat", "Something else"),
    ]
    options = [LangText(sv=sv, en=en) for sv, en in names]
    text = LangText(sv="Vad behöver ni för att det ska fungera?", en="What do you need to make it work?")
    many = polls.add_question(activity, form="many", text=text, options=options, by=lead)
    for question in (mood, sure, many, sure):
        run = question.runs.get(over=False)
        sent = [
            Sending(activity.pk, "answer", {"run": run.rid, **_pick(chance, len(question.options))}, draw_key())
            for _person in range(63)
        ]
        polls.take_answers(activity, sent)
        if question.pk == sure.pk and run.number == 1:
            polls.restart(sure, by=lead)
    for number, (sv, en) in enumerate(WORDS):
        sent = polls.write(word, text=sv, language="sv", post_key=draw_key(), author=None)
        contributing.translate(sent, LangText(en=en), by=lead)
        if number < len(WORDS) - 3 and sent.state == "waiting":
            polls.let_in(sent, by=lead)
        if number == 2:
            reason = LangText(sv="Pekar ut någon.", en="Points at somebody.")
            polls.hide(sent, reason=reason, by=lead)
    for question in (mood, word):
        polls.show(question, on=True, by=lead)


WORDS = [
    ("hoppfullt", "hopeful"),
    ("äntligen", "at last"),
    ("för långt, och för lite tid för frågor", "too long, and too little time for questions"),
    ("tydligare än förra gången", "clearer than last time"),
    ("vi får väl se", "we will see"),
    ("modigt", "brave"),
    ("organisationsförändringströtthet", "tired of reorganisations"),
    ("trött men glad", "tired but glad"),
    ("samma frågor som i höstas", "the same questions as last autumn"),
]


def _pick(chance: random.Random, options: int) -> dict[str, str]:
    place = min(max(round(chance.gauss(0.65, 0.25) * (options - 1)), 0), options - 1)
    people = chance.choice(["1", "1", "1", "1", "6"])
    return {"choice": str(place), f"choice{place}": "1", f"choice{chance.randrange(options)}": "1", "people": people}
