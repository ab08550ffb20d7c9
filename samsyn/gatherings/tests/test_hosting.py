"""What a host may do: a facilitator's work in the activities of their own session, and nothing elsewhere."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.activities.board import actions as boards
from samsyn.activities.board.models import Board, Card, CardGroup
from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.polls import actions as polls
from samsyn.activities.questions import actions as questions
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.gatherings import actions, actions_agenda, actions_making, actions_running
from samsyn.gatherings.models import Block, Session
from samsyn.gatherings.tests.making import make_session
from samsyn.programmes import contributing
from samsyn.programmes.anonymity import describe
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.contributing import Sent
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import Visitor

REASON = LangText(sv="Inte här")


def on_agenda(world, *activities: Activity, **values) -> Session:
    """A session that "other" hosts, who has no role in the programme, with these activities on its agenda."""
    session, lead = make_session(world, minutes=(), **values), world.person("lead")
    actions.set_hosts(session, [world.person("other")], by=lead)
    for activity in activities:
        block = actions_agenda.add_block(session, by=lead, title=activity.title, minutes=10)
        actions_agenda.set_activity(block, activity, by=lead)
    return session


def ask(activity: Activity, text: str = "Vem?"):
    return questions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)


def test_a_host_lets_in_hides_and_answers_questions(world):
    activity = world.activity(state="open", settings={"let_in": True})
    on_agenda(world, activity)
    question, browser = ask(activity), world.client("other")
    desk = browser.get(address("questions:desk", activity=activity.pk))
    assert "Vem?" in desk.content.decode()
    for page, values in (("let_in", {}), ("hide", {"reason_sv": "Inte här"})):
        path = address(f"questions:{page}", activity=activity.pk, question=question.pk)
        assert browser.post(path, values).status_code == 302
    question.refresh_from_db()
    assert question.state == "hidden"
    contributing.let_in(question, by=world.person("other"))
    given = questions.Answer("live", LangText())
    questions.answer(question, given, answered_by=world.person("other"), by=world.person("other"))


def test_a_host_leads_a_board_from_phase_to_phase_and_groups_cards(world):
    activity = world.activity(kind="board", state="open")
    on_agenda(world, activity)
    browser, column = world.client("other"), activity.columns.first()
    for text in ("Kaffe", "Te"):
        boards.write(column, Sent(text, "sv", draw_key(), world.person("staff"), None))
    phase = address("board:phase", activity=activity.pk)
    assert browser.post(phase, {"phase": "group"}).status_code == 302
    assert Board.objects.get(activity=activity).phase == "group"
    cards = [str(pk) for pk in Card.objects.values_list("pk", flat=True)]
    browser.post(address("board:arrange", activity=activity.pk), {"cards": cards, "to": "new", "name": "Dryck"})
    assert CardGroup.objects.get(activity=activity).cards.count() == 2


def test_a_host_adds_questions_to_a_poll_and_statements_to_a_dialogue(world):
    poll, talk = world.activity(kind="polls"), world.activity(kind="dialogue")
    on_agenda(world, poll, talk)
    host, asked = world.person("other"), {"form": "words", "at_once": True}
    polls.add_question(poll, text=LangText(sv="Ett ord?"), by=host, **asked)
    assert dialogue.seed(talk, ["Vi vet."], language="sv", by=host) == 1
    path = address("dialogue:seed", activity=talk.pk)
    assert world.client("other").post(path, {"statements": "Vi kan.", "language": "sv"}).status_code == 302
    assert talk.statements.count() == 2


def test_a_host_gives_the_cues_of_a_poll(world):
    poll = world.activity(kind="polls")
    session = on_agenda(world, poll)
    host = world.person("other")
    polls.add_question(poll, text=LangText(sv="Ett ord?"), form="words", by=world.person("lead"))
    for name in ("start", "open"):
        actions_running.command(session, name, by=host)
    actions_running.give_cue(session, "show", by=host)


def test_elsewhere_a_host_is_refused_by_the_actions_too(world):
    own, another = world.activity(state="open"), world.activity(state="open")
    on_agenda(world, own)
    host = world.person("other")
    for refused in (
        lambda: contributing.hide(ask(another), reason=REASON, by=host),
        lambda: polls.add_question(world.activity(kind="polls"), text=REASON, form="words", by=host),
        lambda: dialogue.seed(world.activity(kind="dialogue"), ["Vi vet."], language="sv", by=host),
    ):
        with pytest.raises(NotAllowedError):
            refused()
    assert Visitor(host).in_programme(world.programme) == {"staff"}


@pytest.mark.parametrize("state", ["published", "cancelled"])
def test_it_ends_with_the_session(world, state):
    activity = world.activity(state="open")
    session = on_agenda(world, activity)
    Session.objects.filter(pk=session.pk).update(state=state)
    with pytest.raises(NotAllowedError):
        contributing.hide(ask(activity), reason=REASON, by=world.person("other"))


def test_who_has_left_hosts_nothing(world):
    activity = world.activity(state="open")
    session, host = on_agenda(world, activity), world.person("other")
    host.left = session.starts.date().replace(year=2020)
    assert not Visitor(host).in_activity(activity)


def test_it_costs_no_query(world):
    activity = world.activity(state="open")
    on_agenda(world, activity)
    counts = {}
    for name in ("other", "staff"):
        visitor = Visitor(world.person(name))
        with CaptureQueriesContext(connection) as found:
            visitor.in_activity(activity)
        counts[name] = len(found)
    assert counts == {"other": 1, "staff": 1}


def test_the_card_says_that_hosts_are_among_those_who_see_names(world):
    card = describe(world.activity(level="facilitators", kind="questions"))
    assert any("värd" in line or "hosts" in line for line in card.lines)


def test_a_host_takes_no_activity_of_the_programme_into_their_session(world):
    """Else whoever hosts could work in every activity, by putting it on the agenda."""
    own, another = world.activity(state="open"), world.activity(title=LangText(sv="Hemligt"))
    session = on_agenda(world, own)
    host = world.person("other")
    block = actions_agenda.add_block(session, by=host, title=LangText(sv="Del"), minutes=5)
    with pytest.raises(RefusedError):
        actions_agenda.set_activity(block, another, by=host)
    path = address("gatherings:block_activity", session=session.pk, block=block.pk)
    assert "Hemligt" not in world.client("other").get(path).content.decode()
    actions_agenda.set_activity(block, own, by=host)
    assert Block.objects.get(pk=block.pk).activity == own
    actions_agenda.set_activity(block, another, by=world.person("lead"))


def test_a_host_hands_a_card_over_within_their_session_and_learns_of_nothing_else(world):
    board, own = (
        world.activity(kind="board", state="open"),
        world.activity(state="open", title=LangText(sv="Vår stund")),
    )
    another = world.activity(state="open", title=LangText(sv="Andras stund"))
    on_agenda(world, board, own)
    written = Sent("Vem bestämmer?", "sv", draw_key(), world.person("staff"), None)
    card = boards.write(board.columns.first(), written)
    boards.set_phase(board, "read", by=world.person("other"))
    browser = world.client("other")
    for page in (
        address("board:thing", activity=board.pk, thing=card.pk),
        address("home:item", item=card.item_id),
    ):
        shown = browser.get(page).content.decode()
        assert "Vår stund" in shown
        assert "Andras stund" not in shown
        assert "Andras stund" in world.client("lead").get(page).content.decode()
    path = address("home:hand_over", item=card.item_id)
    browser.post(path, {"where": f"{another.pk}-0"})
    assert not another.questions.exists()
    assert browser.post(path, {"where": f"{own.pk}-0"}).status_code == 302
    assert own.questions.get().text == "Vem bestämmer?"
    assert world.client("staff").post(path, {"where": f"{own.pk}-0"}).status_code == 403


def test_a_host_adds_a_file_where_they_work_and_nowhere_else(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    own, another = world.activity(state="open"), world.activity(state="open")
    on_agenda(world, own)
    browser = world.client("other")
    for activity, wanted in ((own, 302), (another, 403)):
        file = SimpleUploadedFile("blad.csv", b"a;b\n1;2\n", "text/csv")
        path = address("files:add", owner_kind="activity", owner=activity.pk)
        assert browser.post(path, {"file": file}).status_code == wanted


# --- making something new -----------------------------------------------------------------------------------------


def make(world, session: Session, kind: str = "polls"):
    """What a host sends from the page "What people do"."""
    block = actions_agenda.add_block(session, by=world.person("other"), title=LangText(sv="Del"), minutes=5)
    path = address("gatherings:block_activity", session=session.pk, block=block.pk)
    sent = {"do": "make", "make-kind": kind, "make-title_sv": "Vår egen fråga", "make-title_en": ""}
    return world.client("other").post(path, sent), block


def test_a_host_makes_a_new_activity_for_a_part_of_their_session(world):
    session = on_agenda(world)
    answer, block = make(world, session)
    assert answer.status_code == 302
    made = Block.objects.get(pk=block.pk).activity
    assert (str(made.title), made.kind, made.programme_id) == ("Vår egen fråga", "polls", world.programme.pk)
    assert world.client("other").get(address("polls:desk", activity=made.pk)).status_code == 200
    assert world.client("other").get(address("programmes:activity_edit", activity=made.pk)).status_code == 403


@pytest.mark.parametrize(
    ("values", "level", "entry"),
    [
        ({}, "anonymous", "code"),
        ({"entry": "audience"}, "anonymous", "audience"),
        ({"entry": "audience", "named": True}, "named", "audience"),
    ],
)
def test_level_and_way_in_follow_from_the_session_whoever_makes_it(world, values, level, entry):
    session = on_agenda(world, only=("staff",), **values)
    _answer, block = make(world, session)
    made = Block.objects.get(pk=block.pk).activity
    assert (made.level, made.entry, made.everybody) == (level, entry, False)
    assert list(made.parts.values_list("person_id", flat=True)) == [world.person("staff").pk]


def test_who_hosts_another_session_makes_nothing_here(world):
    session = on_agenda(world)
    block = actions_agenda.add_block(session, by=world.person("lead"), title=LangText(sv="Del"), minutes=5)
    with pytest.raises(NotAllowedError):
        actions_making.make_activity(block, kind="polls", by=world.person("staff"))
    assert not Activity.objects.exists()


def test_nothing_is_made_for_a_session_that_is_over(world):
    session = on_agenda(world)
    block = actions_agenda.add_block(session, by=world.person("other"), title=LangText(sv="Del"), minutes=5)
    Session.objects.filter(pk=session.pk).update(state="ended")
    with pytest.raises(RefusedError):
        actions_making.make_activity(block, kind="polls", by=world.person("other"))
    assert not Activity.objects.exists()
