"""Minutes that write themselves, what is left over, lessons, and what the next session takes over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Question
from samsyn.activities.steps.actions import write_outcome
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.gatherings import (
    actions,
    actions_agenda,
    actions_inviting,
    actions_minutes,
    actions_running,
    erasing,
    minutes,
    queries,
    queries_series,
)
from samsyn.gatherings.actions_making import Occasion, make_series
from samsyn.gatherings.models import Minutes, Session
from samsyn.gatherings.tests.making import DAY_AFTER, bring_to, make_session
from samsyn.gatherings.viewing import visible_ids
from samsyn.jobs.running import run_waiting
from samsyn.programmes.standing import Visitor
from samsyn.thread.models import Item, Link, Promise
from samsyn.thread.registry import tell
from samsyn.thread.registry import visible_ids as all_visible
from samsyn.ui.templatetags.ui import moment

ASKED = ("Får vi någon ny skrivare?", "När börjar det?")


def ask(world, activity, text):
    key = "".join(char for char in text.encode().hex())[:22]
    return questions.ask(activity, text=text, language="sv", post_key=key.ljust(22, "a"), author=None)


def with_questions(world, **values) -> tuple[Session, list[Question]]:
    """A session that is over, with two questions asked in its second block and the first one answered."""
    session = make_session(world, **values)
    activity = world.activity(state="open", entry="code" if session.everybody else "audience")
    if not session.everybody:
        actions.share_audience(session, activity)
    actions_agenda.set_activity(queries.blocks_of(session)[1], activity, by=world.person("lead"))
    asked = [ask(world, activity, text) for text in ASKED]
    given = questions.Answer("written", LangText(sv="Ja, i maj."))
    questions.answer(asked[0], given, answered_by=world.person("owner"), by=world.person("lead"))
    bring_to(session, "ended", world)
    return session, asked


def settle(world, session):
    for activity, item in minutes.left_over(session):
        actions_minutes.hand_on(
            session,
            activity,
            item,
            owner=world.person("manager"),
            due=clock.today() + dt.timedelta(days=30),
            reason=LangText(),
            by=world.person("lead"),
        )


def text_of(session, key, lang="sv"):
    (found,) = [section for section in Minutes.objects.get(session=session).sections if section["key"] == key]
    return found["text"][lang]


def test_they_are_made_of_what_happened_in_both_languages(world):
    session, asked = with_questions(world)
    actions_inviting.note_number(session, 41, by=world.person("lead"))
    actions_minutes.refresh(session, by=world.person("lead"))
    of_activity = f"a-{encode_id(asked[0].activity_id)}"
    assert ASKED[0] in text_of(session, of_activity)
    assert "Ja, i maj." in text_of(session, of_activity)
    assert "41" in text_of(session, "attendance", "en")
    assert "Part 1" in text_of(session, "agenda", "en")
    assert "Del 1" in text_of(session, "agenda")
    assert "Answered in writing" in text_of(session, of_activity, "en")
    assert "Answered" not in text_of(session, of_activity, "sv")


def test_what_is_hidden_or_waits_is_not_in_them(world):
    session, asked = with_questions(world)
    questions.contributing.hide(asked[1], reason=LangText(sv="Namn"), by=world.person("lead"))
    actions_minutes.refresh(session, by=world.person("lead"))
    assert ASKED[1] not in str(Minutes.objects.get().sections)


def test_a_text_that_everyone_sees_is_not_told_that_it_is_seen_and_what_was_joined_stands_once(world):
    session, asked = with_questions(world)
    questions.merge(asked[1], into=asked[0], by=world.person("lead"))
    actions_minutes.refresh(session, by=world.person("lead"))
    written = text_of(session, f"a-{encode_id(asked[0].activity_id)}")
    assert ASKED[0] in written
    assert ASKED[1] not in written
    assert "Syns" not in written


def test_however_many_were_asked_what_has_an_answer_stands_there_and_how_many_more_there_are(world):
    session, asked = with_questions(world)
    activity, lead = asked[0].activity, world.person("lead")
    more = [ask(world, activity, f"{number} ggr frågat") for number in range(40)]
    for question in more[30:]:
        questions.answer(question, questions.Answer("live", LangText()), answered_by=lead, by=lead)
    actions_minutes.refresh(session, by=lead)
    written = text_of(session, f"a-{encode_id(activity.pk)}")
    assert [question.text for question in more[30:] if f"– {question.text}\nBesvarad på plats" not in written] == []
    unanswered = [ASKED[1], *(question.text for question in more[:30])]
    assert sum(f"– {text}" in written for text in unanswered) == 30, "chance decides which of 31 alike is left out"
    assert written.count("frågat") + (f"– {ASKED[1]}" in written) == 10 + 30
    assert written.endswith("Och en till.")


def test_what_came_out_of_a_step_done_by_hand_stands_in_them(world):
    session = make_session(world)
    step = world.activity(kind="steps", state="open", entry="audience")
    actions_agenda.set_activity(queries.blocks_of(session)[1], step, by=world.person("lead"))
    write_outcome(step, text=LangText(sv="Tre meningar, efter elva försök."), by=world.person("lead"))
    bring_to(session, "ended", world)
    actions_minutes.refresh(session, by=world.person("lead"))
    assert "efter elva försök" in text_of(session, f"a-{encode_id(step.pk)}")


def test_they_are_sentences_and_say_nothing_of_a_part_that_took_no_time(world):
    lead, starts = world.person("lead"), clock.start_of(DAY_AFTER, 9)
    with clock.simulated(starts):
        session = make_session(world, minutes=(10, 20, 30, 5))
        blocks = queries.blocks_of(session)
        asked, poll = world.activity(entry="code"), world.activity(kind="polls", title=LangText(sv="Läget", en="Mood"))
        actions_agenda.set_activity(blocks[0], asked, by=lead)
        actions_agenda.set_activity(blocks[1], poll, by=lead)
        actions_running.command(session, "start", by=lead)
        actions_running.command(session, "open", by=lead)
        questions.answer(
            ask(world, asked, ASKED[0]), questions.Answer("written", LangText(sv="Ja.")), answered_by=lead, by=lead
        )
        ask(world, asked, ASKED[1])
        for step in ("next", "open", "next"):
            actions_running.command(session, step, by=lead)
    with clock.simulated(starts + dt.timedelta(minutes=12)):
        actions_running.command(session, "end", by=lead)
        actions_minutes.refresh(session, by=lead)
    agenda = text_of(session, "agenda", "en")
    assert agenda.split("\n\n") == ["09:00–09:12 Part 3 (planned for 30 minutes, took 12)", "Not done: “Part 4”"]
    said = text_of(session, f"a-{encode_id(asked.pk)}", "en")
    assert said.startswith("2 questions were asked. One of them has an answer.\n")
    assert text_of(session, f"a-{encode_id(asked.pk)}").startswith("2 frågor ställdes. En av dem har ett svar.\n")
    assert text_of(session, f"a-{encode_id(poll.pk)}").startswith("Inga frågor ställdes.")


def test_a_part_of_a_few_seconds_is_told_as_what_it_was_and_one_that_was_gone_past_is_not(world):
    lead, starts = world.person("lead"), clock.start_of(DAY_AFTER, 9)
    with clock.simulated(starts):
        session = make_session(world, minutes=(10, 20, 30))
        actions_running.command(session, "start", by=lead)
    for seconds in (20, 21):
        with clock.simulated(starts + dt.timedelta(seconds=seconds)):
            actions_running.command(session, "next", by=lead)
    with clock.simulated(starts + dt.timedelta(minutes=30)):
        actions_running.command(session, "end", by=lead)
        actions_minutes.refresh(session, by=lead)
    assert text_of(session, "agenda", "en").split("\n\n") == [
        "09:00 Part 1 (planned for 10 minutes, took less than one)",
        "09:00–09:30 Part 3",
        "Not done: “Part 2”",
    ]


def test_nobody_was_invited_who_only_came(world):
    session = make_session(world, state="ended", named=True)
    lead = world.person("lead")
    actions_inviting.note_who_came(session, [world.person("staff").pk], by=lead)
    actions_minutes.refresh(session, by=lead)
    assert "1 kom." in text_of(session, "attendance")
    assert "inbjud" not in text_of(session, "attendance")


def test_what_was_said_to_fewer_than_read_the_minutes_is_not_quoted(world):
    session = make_session(world)
    activity = world.activity(state="open", entry="audience")
    from tests.fixtures import invite

    invite(world, activity, "staff")
    actions_agenda.set_activity(queries.blocks_of(session)[1], activity, by=world.person("lead"))
    ask(world, activity, ASKED[0])
    bring_to(session, "ended", world)
    actions_minutes.refresh(session, by=world.person("lead"))
    assert ASKED[0] not in str(Minutes.objects.get().sections)


def test_a_section_is_made_anew_until_somebody_edits_it(world):
    session, _asked = with_questions(world)
    lead = world.person("lead")
    found = actions_minutes.refresh(session, by=lead)
    actions_minutes.edit_section(found, "agenda", LangText(sv="Vi hann allt."), by=lead)
    actions_inviting.note_number(session, 12, by=lead)
    actions_minutes.refresh(session, by=lead)
    assert text_of(session, "agenda") == "Vi hann allt."
    assert "12" in text_of(session, "attendance")
    actions_minutes.let_it_write_itself(Minutes.objects.get(), "agenda", by=lead)
    assert "Del 1" in text_of(session, "agenda")


def test_they_are_not_published_while_a_question_has_neither_answer_nor_name(world):
    session, asked = with_questions(world)
    lead = world.person("lead")
    with pytest.raises(RefusedError):
        actions_minutes.publish(session, by=lead)
    settle(world, session)
    promise = Promise.objects.get()
    assert (promise.item.owner, promise.item.due) == (world.person("manager"), clock.today() + dt.timedelta(days=30))
    found = actions_minutes.publish(session, by=lead)
    assert session.state == "published"
    assert "Manager" in text_of(session, "promises")
    sources = set(Link.objects.filter(target=found.item).values_list("source_id", flat=True))
    assert {question.item_id for question in asked} <= sources
    assert "anteckningar" in str(tell([found.item])[found.item_id].what)
    with pytest.raises(RefusedError):
        actions_minutes.edit_section(found, "agenda", LangText(sv="Sent"), by=lead)


def test_or_gets_a_reason(world):
    session, asked = with_questions(world)
    (left,) = minutes.left_over(session)
    act = {"by": world.person("lead"), "owner": None, "due": None}
    with pytest.raises(RefusedError):
        actions_minutes.hand_on(session, *left, reason=LangText(), **act)
    actions_minutes.hand_on(session, *left, reason=LangText(sv="Det vet ingen."), **act)
    asked[1].refresh_from_db()
    assert (asked[1].end, str(asked[1].answer)) == ("declined", "Det vet ingen.")
    assert not minutes.left_over(session)


def test_a_host_does_it_all_for_their_own_session_and_nobody_else_does(world):
    session, _asked = with_questions(world)
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    client = world.client("other")
    leftovers = address("gatherings:leftovers", session=session.pk)
    assert ASKED[1] in client.get(leftovers).content.decode()
    (_activity, item) = minutes.left_over(session)[0]
    key = encode_id(item.pk)
    refused = client.post(leftovers)
    assert refused.status_code == 422
    client.post(leftovers, {f"l{key}-reason_sv": "Det vet ingen."})
    assert "Inget är kvar att besvara" in client.get(leftovers).content.decode()
    client.post(address("gatherings:publish", session=session.pk))
    session.refresh_from_db()
    assert session.state == "published"
    with pytest.raises(NotAllowedError):
        actions_minutes.add_lesson(session, LangText(sv="x"), by=world.person("staff"))


def test_all_that_is_left_over_is_settled_with_one_save(world):
    """What is right is kept, what is wrong is said at its field with nothing lost, what is empty waits."""
    session, asked = with_questions(world)
    for number in range(3):
        ask(world, asked[0].activity, f"{number} ggr till?")
    client, page = world.client("lead"), address("gatherings:leftovers", session=session.pk)
    shown = client.get(page).content.decode()
    assert shown.count("data-guard") == 1
    assert "(valfritt)" not in shown
    keys = [encode_id(item.pk) for _activity, item in minutes.left_over(session)]
    assert len(keys) == 4
    due = (clock.today() + dt.timedelta(days=9)).isoformat()
    manager = world.person("manager").name
    sent = {
        f"l{keys[0]}-owner": manager, f"l{keys[0]}-due": due,
        f"l{keys[1]}-owner": "Ingen som finns", f"l{keys[1]}-due": due,
        f"l{keys[2]}-owner": "", f"l{keys[2]}-due": due, f"l{keys[2]}-reason_sv": "Det vet ingen.",
        f"l{keys[3]}-owner": "", f"l{keys[3]}-due": due,
    }  # fmt: skip
    answer = client.post(page, sent)
    again = answer.content.decode()
    assert answer.status_code == 422
    assert [encode_id(item.pk) for _activity, item in minutes.left_over(session)] == [keys[1], keys[3]]
    assert "2 är noterade." in again
    assert 'value="Ingen som finns"' in again
    assert f'href="#id_l{keys[1]}-owner"' in again
    assert f'href="#id_l{keys[3]}-owner"' not in again
    answer = client.post(page, {f"l{keys[1]}-owner": manager, f"l{keys[1]}-due": due, f"l{keys[3]}-owner": ""})
    assert (answer.status_code, len(minutes.left_over(session))) == (302, 1)
    assert client.post(page, {f"l{keys[3]}-owner": "", f"l{keys[3]}-due": due}).status_code == 422, "nothing at all"


def reads(world, name, item):
    return item.pk in all_visible(Visitor(world.person(name)), [item])


def test_everyone_in_the_programme_reads_those_that_were_for_all(world):
    session, _asked = with_questions(world)
    settle(world, session)
    item = actions_minutes.publish(session, by=world.person("lead")).item
    assert all(reads(world, name, item) for name in ("owner", "staff", "member", "facilitator"))
    assert not reads(world, "guest", item)
    page = address("gatherings:minutes", session=session.pk)
    assert ASKED[0] in world.client("member").get(page).content.decode()


def test_those_of_a_session_for_some_are_read_by_them_alone(world):
    session, _asked = with_questions(world, only=("staff",))
    settle(world, session)
    item = actions_minutes.publish(session, by=world.person("lead")).item
    assert [reads(world, name, item) for name in ("owner", "staff", "other", "member")] == [True, True, False, False]
    page = address("gatherings:minutes", session=session.pk)
    assert world.client("staff").get(page).status_code == 200
    assert world.client("other").get(page).status_code == 403


def test_names_stand_there_only_where_the_session_keeps_them(world):
    session = make_session(world, state="ended", named=True, entry="audience", only=("staff",))
    actions_inviting.note_who_came(session, [world.person("staff").pk], by=world.person("lead"))
    actions_minutes.refresh(session, by=world.person("lead"))
    assert "Staff" in text_of(session, "attendance")
    other = make_session(world, state="ended")
    actions_inviting.answer(make_session(world), world.person("staff"), coming=True)
    actions_inviting.note_number(other, 1, by=world.person("lead"))
    actions_minutes.refresh(other, by=world.person("lead"))
    assert "Staff" not in str(Minutes.objects.get(session=other).sections)


def test_a_lesson_is_seen_by_those_who_run_it_until_the_minutes_are_published(world):
    session = make_session(world, state="ended")
    item = actions_minutes.add_lesson(session, LangText(sv="Kortare pauser"), by=world.person("lead"))
    assert reads(world, "facilitator", item)
    assert not reads(world, "staff", item)
    actions_minutes.publish(session, by=world.person("lead"))
    assert reads(world, "staff", item)
    assert "Kortare pauser" in text_of(session, "lessons")
    assert visible_ids(Visitor(None), [item]) == set()


def test_the_next_of_a_series_shows_first_what_the_last_one_left(world):
    starts = clock.start_of(DAY_AFTER, 9)
    series = make_series(
        world.frame, None, [Occasion(starts), Occasion(starts + dt.timedelta(weeks=2))], title=LangText(sv="Dag"),
        by=world.person("lead"),
    )  # fmt: skip
    first, second = series.sessions.order_by("starts")
    actions_agenda.add_block(first, by=world.person("lead"), title=LangText(sv="Fråga"), minutes=30)
    activity = world.activity(state="open", entry="code")
    actions_agenda.set_activity(queries.blocks_of(first)[0], activity, by=world.person("lead"))
    ask(world, activity, ASKED[0])
    bring_to(first, "ended", world)
    settle(world, first)
    actions_minutes.add_lesson(first, LangText(sv="Kortare pauser"), by=world.person("lead"))
    carried = queries.carried_over(second, Visitor(world.person("lead")))
    assert [told.by for told in carried.promises] == ["Manager"]
    assert [str(item.title) for item in carried.lessons] == ["Kortare pauser"]
    page = world.client("lead").get(address("gatherings:agenda", session=second.pk)).content.decode()
    assert "Kortare pauser" in page
    assert not queries.carried_over(first, Visitor(world.person("lead")))


def test_the_morning_after_those_who_ran_it_get_a_letter_once(world):
    session, _asked = with_questions(world)
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    yesterday = clock.now() - dt.timedelta(days=1)
    Session.objects.filter(pk=session.pk).update(ended=yesterday)
    mail.outbox.clear()
    erasing.write_in_the_morning()
    erasing.write_in_the_morning()
    run_waiting()
    assert [one.to for one in mail.outbox] == [["other@ankeby.example"]]
    assert "/leftovers/" in mail.outbox[0].body


def test_the_answers_go_to_those_who_were_asked(world):
    session, _asked = with_questions(world, only=("staff", "manager"))
    settle(world, session)
    with pytest.raises(RefusedError):
        actions_inviting.send_answers(session, by=world.person("lead"))
    actions_minutes.publish(session, by=world.person("lead"))
    client = world.client("lead")
    assert "2 personer får brevet" in client.get(address("gatherings:answers", session=session.pk)).content.decode()
    mail.outbox.clear()
    client.post(address("gatherings:answers", session=session.pk))
    run_waiting()
    assert sorted(one.to[0] for one in mail.outbox) == ["manager@ankeby.example", "staff@ankeby.example"]
    session.refresh_from_db()
    assert session.answers_sent


# --- over many units ----------------------------------------------------------------------------------------------


def grow(world, unit, number):
    from samsyn.organisations.models import Person

    for n in range(number):
        Person.objects.create(
            organisation=world.organisation, key=f"{unit}{n}", name=f"P {unit}{n}", unit=world.units[unit],
            joined=dt.date(2020, 1, 1),
        )  # fmt: skip


def test_counts_over_many_units_and_nothing_of_a_small_one(world):
    grow(world, "a", 6)
    starts = clock.start_of(DAY_AFTER, 9)
    places = [Occasion(starts, world.units["a"]), Occasion(starts, world.units["b"])]
    series = make_series(world.frame, None, places, title=LangText(sv="Enhetsdag"), by=world.person("lead"))
    for number, session in enumerate(series.sessions.order_by("unit__key"), start=1):
        actions_agenda.add_block(session, by=world.person("lead"), title=LangText(sv="Fråga"), minutes=30)
        activity = world.activity(state="open", entry="code")
        actions_agenda.set_activity(queries.blocks_of(session)[0], activity, by=world.person("lead"))
        ask(world, activity, f"{ASKED[0]} {number}")
        bring_to(session, "ended", world)
        actions_inviting.note_number(session, 7 * number, by=world.person("lead"))
    found = queries_series.roll_up(series)
    assert (found.held, found.came, found.kept_back) == (1, 7, 1)
    assert sum(value for label, value in found.figures if label == "frågor") == 1
    page = world.client("owner").get(address("gatherings:series", programme=world.programme.pk, series=series.pk))
    assert "Enhet b" not in page.content.decode()
    assert world.client("staff").get(page.request["PATH_INFO"]).status_code == 403


def test_publishing_leaves_no_trace_of_who_asked(world):
    session, asked = with_questions(world)
    settle(world, session)
    actions_minutes.publish(session, by=world.person("lead"))
    assert all(Question.objects.get(pk=one.pk).author is None for one in asked)
    assert not Item.objects.filter(kind="questions.question", owner__isnull=False).exists()


def test_themes_are_counted_by_the_sessions_they_came_up_in(world):
    from samsyn.activities.board.models import CardGroup, Column
    from samsyn.thread.actions import add_item

    starts = clock.start_of(DAY_AFTER, 9)
    series = make_series(
        world.frame, None, [Occasion(starts), Occasion(starts)], title=LangText(sv="Dag"), by=world.person("lead")
    )
    for session in series.sessions.all():
        block = actions_agenda.add_block(session, by=world.person("lead"), title=LangText(sv="Tavla"), minutes=30)
        board = world.activity(kind="board")
        actions_agenda.set_activity(block, board, by=world.person("lead"))
        for name in ("Telefonen ", "telefonen", "Schemat"):
            item = add_item(programme_id=world.programme.pk, activity_id=board.pk, kind="board.cardgroup")
            column = Column.objects.filter(activity=board).first() or Column.objects.create(
                organisation=world.organisation, activity=board, position=0, name=LangText(sv="Kolumn")
            )
            CardGroup.objects.create(
                organisation=world.organisation, item=item, activity=board, column=column, name=LangText(sv=name)
            )
        bring_to(session, "ended", world)
    counted = {theme.casefold(): number for theme, number in queries_series.roll_up(series).themes}
    assert counted == {"telefonen": 2, "schemat": 2}, "twice in one session counts once"


def test_the_page_of_a_session_that_is_over_says_what_there_was_no_time_for(world):
    session = make_session(world, state="ended")
    page = world.client("lead").get(address("gatherings:session", session=session.pk)).content.decode()
    assert page.count("Hanns inte med") == 2, "it ended in the first of three parts"
    running = make_session(world, state="running")
    page = world.client("lead").get(address("gatherings:session", session=running.pk)).content.decode()
    assert "Hanns inte med" not in page


def test_the_day_is_the_one_on_which_it_was_held(world):
    """Planned for 9 o'clock on one day, begun at 13.30 the day before."""
    lead, session = world.person("lead"), make_session(world)
    begun = clock.start_of(DAY_AFTER, 13) - dt.timedelta(days=1) + dt.timedelta(minutes=30)
    with clock.simulated(begun):
        bring_to(session, "ended", world)
        actions_minutes.refresh(session, by=lead)
    browser, planned, held = world.client("lead"), moment(session.starts), moment(begun)
    assert Minutes.objects.get(session=session).day == clock.day_of(begun)
    for name, parts in (
        ("minutes", {"session": session.pk}),
        ("session", {"session": session.pk}),
        ("sessions", {"programme": world.programme.pk}),
    ):
        page = browser.get(address(f"gatherings:{name}", **parts)).content.decode()
        assert (held in page, planned in page) == (True, False), name


def test_a_session_without_an_agenda_was_held_when_it_began(world):
    session = make_session(world, minutes=())
    begun = clock.start_of(DAY_AFTER, 13)
    with clock.simulated(begun):
        bring_to(session, "ended", world)
    page = world.client("lead").get(address("gatherings:session", session=session.pk)).content.decode()
    assert moment(begun) in page


def test_a_title_with_quotation_marks_is_quoted_without_doubling_them(world):
    session = make_session(world, minutes=(10,))
    actions_agenda.add_block(session, by=world.person("lead"), title=LangText(sv="Om ”vi” och dem"), minutes=5)
    bring_to(session, "ended", world)
    actions_minutes.refresh(session, by=world.person("lead"))
    assert "”Om ’vi’ och dem”" in text_of(session, "agenda")
