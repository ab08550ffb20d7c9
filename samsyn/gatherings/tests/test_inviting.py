"""Invitations with a calendar entry, answers and the waiting list, who came."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.template.loader import render_to_string
from icalendar import Calendar

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.gatherings import actions, actions_agenda, actions_inviting, calendar_entry, queries, queries_people
from samsyn.gatherings.models import Invitee, Session
from samsyn.gatherings.tests.making import bring_to, make_session
from samsyn.jobs.mail.preview import LeftOut, Preview
from samsyn.jobs.models import Letter
from samsyn.jobs.running import run_waiting
from samsyn.ui.templatetags.ui import number
from tests.fixtures import DAY


def deliver() -> list:
    """Let the letters go out; those that went, and none of the earlier ones."""
    mail.outbox.clear()
    run_waiting()
    return list(mail.outbox)


def entry_of(letter) -> Calendar:
    (part,) = [one for one in letter.message().walk() if one.get_content_type() == "text/calendar" and not
               one.get_filename()]  # fmt: skip
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["method"]
    return calendar


def event_of(calendar):
    (event,) = calendar.walk("VEVENT")
    return event


def written(session, **more) -> Calendar:
    _method, text = calendar_entry.write(session, queries.blocks_of(session), **more)
    return Calendar.from_ical(text)


# --- the calendar entry -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "offset"), [(dt.date(2026, 3, 27), 1), (dt.date(2026, 3, 30), 2), (dt.date(2026, 10, 26), 1)]
)
def test_the_hour_on_the_wall_is_kept_on_both_sides_of_summer_time(world, day, offset):
    session = make_session(world, starts=clock.start_of(day, 9))
    calendar = written(session)
    event = event_of(calendar)
    assert event["dtstart"].params["TZID"] == "Europe/Stockholm"
    assert event["dtstart"].to_ical() == f"{day:%Y%m%d}T090000".encode()
    assert event["dtend"].to_ical() == f"{day:%Y%m%d}T100000".encode()
    assert event.start.utcoffset() == dt.timedelta(hours=offset)
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Stockholm"
    assert zone.to_tz().utcoffset(dt.datetime.combine(day, dt.time(9))) == dt.timedelta(hours=offset)


def test_a_session_over_the_night_of_the_change_is_as_long_as_it_is(world):
    saturday = clock.start_of(dt.date(2026, 3, 28), 23)
    session = make_session(world, starts=saturday, minutes=(600,))
    event = event_of(written(session))
    assert event["dtend"].to_ical() == b"20260329T100000", "ten hours later it is ten, not nine"


def test_the_entry_is_the_same_all_along_and_says_what_it_is(world):
    session = make_session(world, place="Stora salen", link="https://mote.example/x")
    event = event_of(written(session, to=world.person("staff")))
    assert event["uid"] == calendar_entry.uid(session)
    assert "Stora salen" in event["location"]
    assert event["attendee"].params["RSVP"] == "FALSE"
    before = event["uid"]
    actions.change_session(session, by=world.person("lead"), place="Lilla salen")
    assert event_of(written(session))["uid"] == before


# --- letters ------------------------------------------------------------------------------------------------------


def test_invited_changed_cancelled(world):
    session = make_session(world, only=("staff", "manager"))
    lead = world.person("lead")
    assert actions_inviting.send_letters(session, by=lead) == 2
    letters = deliver()
    assert sorted(one.to[0] for one in letters) == ["manager@ankeby.example", "staff@ankeby.example"]
    first = event_of(entry_of(letters[0]))
    assert (entry_of(letters[0])["method"], int(first["sequence"])) == ("REQUEST", 0)
    with pytest.raises(RefusedError):
        actions_inviting.send_letters(session, by=lead)

    actions.change_session(session, by=lead, starts=session.starts + dt.timedelta(hours=1))
    actions.change_session(session, by=lead, place="Lilla salen")
    assert session.sequence == 1, "changes that nobody has heard of are one"
    assert actions_inviting.send_letters(session, by=lead) == 2
    changed = event_of(entry_of(deliver()[0]))
    assert (changed["uid"], int(changed["sequence"])) == (first["uid"], 1)

    actions.cancel(session, by=lead)
    assert actions_inviting.send_letters(session, by=lead) == 2
    cancelled = entry_of(deliver()[0])
    assert cancelled["method"] == "CANCEL"
    assert event_of(cancelled)["status"] == "CANCELLED"
    assert (event_of(cancelled)["uid"], int(event_of(cancelled)["sequence"])) == (first["uid"], 2)


def test_an_agenda_that_grows_is_a_change_one_that_is_reordered_is_none(world):
    session = make_session(world, only=("staff",))
    actions_inviting.send_letters(session, by=world.person("lead"))
    blocks = queries.blocks_of(session)
    actions_agenda.move_block(blocks[2], to=0, by=world.person("lead"))
    session.refresh_from_db()
    assert session.sequence == 0
    actions_agenda.stretch_block(blocks[0], 30, by=world.person("lead"))
    session.refresh_from_db()
    assert session.sequence == 1
    assert queries_people.has_untold(session)


def test_who_comes_into_the_audience_later_is_invited_and_the_others_get_no_second_letter(world):
    session = make_session(world, only=("staff",))
    actions_inviting.send_letters(session, by=world.person("lead"))
    deliver()
    session.everybody = True
    session.save(update_fields=["everybody"])
    actions_inviting.send_letters(session, by=world.person("lead"))
    assert "staff@ankeby.example" not in {one.to[0] for one in deliver()}


def test_a_host_invites_and_staff_do_not(world):
    session = make_session(world, only=("staff",))
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    with pytest.raises(NotAllowedError):
        actions_inviting.send_letters(session, by=world.person("staff"))
    client = world.client("other")
    page = address("gatherings:invite", session=session.pk)
    assert "Staff" in client.get(page).content.decode()
    client.post(page)
    assert Letter.objects.filter(purpose="session.0", about_id=session.pk).count() <= 1
    assert Invitee.objects.get(session=session).sent == 0


# --- answers ------------------------------------------------------------------------------------------------------


def answer(session, name, world, *, coming=True):
    return actions_inviting.answer(session, world.person(name), coming=coming)


def test_full_means_in_line_and_the_first_in_line_moves_up_with_a_letter(world):
    session = make_session(world, capacity=1)
    assert answer(session, "staff", world).answer == "coming"
    assert answer(session, "other", world).answer == "waiting"
    assert answer(session, "manager", world).answer == "waiting"
    assert queries_people.place_in_line(Invitee.objects.get(person=world.person("manager"))) == 2
    answer(session, "staff", world, coming=False)
    assert Invitee.objects.get(person=world.person("other")).answer == "coming"
    letters = deliver()
    assert [one.to[0] for one in letters] == ["other@ankeby.example"]
    assert entry_of(letters[0])["method"] == "REQUEST"
    assert answer(session, "staff", world).answer == "waiting", "who has given up a place stands last"


def test_answering_twice_is_answering_once(world):
    session = make_session(world, capacity=1)
    answer(session, "staff", world)
    answer(session, "other", world)
    first = Invitee.objects.get(person=world.person("other")).place
    assert answer(session, "other", world).place == first
    assert answer(session, "staff", world).answer == "coming"


def test_more_room_lets_people_up_and_less_takes_nobody_out(world):
    session = make_session(world, capacity=1)
    for name in ("staff", "other", "manager"):
        answer(session, name, world)
    actions_inviting.set_capacity(session, 2, by=world.person("lead"))
    assert queries_people.numbers(session).coming == 2
    actions_inviting.set_capacity(session, 1, by=world.person("lead"))
    assert queries_people.numbers(session).coming == 2


def test_answers_are_given_on_the_page_until_it_begins(world):
    session = make_session(world, only=("staff",))
    client = world.client("staff")
    client.post(address("gatherings:answer", session=session.pk), {"answer": "coming"})
    assert "Du har sagt att du kommer" in client.get(address("gatherings:session", session=session.pk)).content.decode()
    Session.objects.filter(pk=session.pk).update(state="running")
    session.refresh_from_db()
    with pytest.raises(RefusedError):
        answer(session, "staff", world)


# --- who came -----------------------------------------------------------------------------------------------------


def test_where_names_are_not_kept_only_a_number_is(world):
    session = make_session(world, state="ended")
    with pytest.raises(RefusedError):
        actions_inviting.note_who_came(session, [world.person("staff").pk], by=world.person("lead"))
    actions_inviting.note_number(session, 41, by=world.person("lead"))
    assert session.came == 41
    assert not Invitee.objects.filter(came=True).exists()


def test_where_names_are_kept_the_number_follows_from_them(world):
    session = make_session(world, state="ended", named=True, entry="audience", only=("staff", "manager"))
    lead = world.person("lead")
    with pytest.raises(RefusedError):
        actions_inviting.note_number(session, 3, by=lead)
    actions_inviting.note_who_came(session, [world.person("staff").pk, world.person("other").pk], by=lead)
    assert session.came == 1, "who was not asked is not ticked"
    actions_inviting.note_who_came(session, [world.person("manager").pk], by=lead)
    assert [one.person for one in Invitee.objects.filter(came=True)] == [world.person("manager")]
    page = world.client("lead").get(address("gatherings:attendance", session=session.pk)).content.decode()
    assert page.count(" checked") == 1


def test_names_go_when_the_time_for_keeping_is_over(world):
    from samsyn.gatherings.erasing import dispose_of_due

    session = make_session(world, state="ended", named=True, entry="audience", only=("staff",))
    actions_inviting.note_who_came(session, [world.person("staff").pk], by=world.person("lead"))
    ended = clock.now() - dt.timedelta(days=800)
    Session.objects.filter(pk=session.pk).update(starts=ended, ended=ended)
    dispose_of_due()
    session.refresh_from_db()
    assert (session.disposed is not None, session.came, Invitee.objects.count()) == (True, 1, 0)


def test_a_person_who_is_erased_leaves_no_answer_and_one_can_read_ones_own(world):
    from samsyn.gatherings import erasing
    from samsyn.programmes.own_data import data_of

    session = make_session(world, only=("staff",))
    answer(session, "staff", world)
    actions.set_hosts(session, [world.person("staff")], by=world.person("lead"))
    told = str(data_of(world.person("staff")))
    assert told.count("Träffen") == 2
    erasing.take_out(world.person("staff"))
    erasing.take_out(world.person("staff"))
    assert not Invitee.objects.exists()
    assert not queries.hosts_of(session)


def test_what_waits_for_those_who_run_it(world):
    session = make_session(world, only=("staff",), title=LangText(sv="Träffen"))
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    today = address("home:today")
    assert "Ingen är inbjuden än" in world.client("other").get(today).content.decode()
    assert "Ingen är inbjuden än" not in world.client("staff").get(today).content.decode()
    with clock.simulated(session.starts.date()):
        assert "Din träff" in world.client("other").get(today).content.decode()
    assert DAY


# --- what is shown of a letter before it goes ---------------------------------------------------------------------


def test_a_letter_is_shown_with_the_name_of_one_who_gets_it(world):
    session = make_session(world, only=("staff",))
    invitation = world.client("lead").get(address("gatherings:invite", session=session.pk)).content.decode()
    actions_inviting.send_letters(session, by=world.person("lead"))
    bring_to(session, "published", world)
    answers = world.client("lead").get(address("gatherings:answers", session=session.pk)).content.decode()
    for page in (invitation, answers):
        assert "{name}" not in page
        assert f"Hej {world.person('staff').name}" in page
    assert "också dem som inte kom" in answers, "it goes to all, and says so"


def test_many_who_get_a_letter_are_counted_in_thousands(world):
    who = Preview([world.person("staff")] * 20_293, [LeftOut(world.person("owner"), "no_address")] * 1_100)
    page = render_to_string("jobs/mail/_preview.html", {"who": who})
    assert f"{number(20_293)} personer får brevet" in page
    assert number(1_100) in page


def test_large_numbers_are_written_with_a_separator(world, monkeypatch):
    session = make_session(world)
    monkeypatch.setattr(actions_inviting, "send_letters", lambda *_a, **_k: 2500)
    page = world.client("lead").post(address("gatherings:invite", session=session.pk), follow=True)
    assert f"{number(2500)} brev är på väg." in page.content.decode()
    assert f"{number(2500)} här" in render_to_string("gatherings/screen/level.html", {"present": 2500})
