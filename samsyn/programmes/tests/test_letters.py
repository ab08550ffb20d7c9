"""Letters about an activity: seen before they are sent, sent at a press alone, once to each, and only to the silent."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from samsyn.activities.questions import actions as questions
from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.addresses import absolute, address
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs.models import Job, Letter, Mailing
from samsyn.jobs.running import run_waiting
from samsyn.jobs.tests.smtp import Server
from samsyn.organisations.models import Person
from samsyn.programmes import actions, actions_letters, letters, queries_letters
from samsyn.programmes.actions import hand_out_tickets
from samsyn.programmes.actions_forgetting import dispose_of
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.models import Part
from samsyn.programmes.own_data import data_of
from tests.fixtures import DAY, invite

OURS = ("lead", "manager", "member", "other", "owner", "staff")  # the audience of what is for everybody


@pytest.fixture
def server(settings):
    found = Server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found.port, 5
    settings.DEFAULT_FROM_EMAIL = "samsyn@ankeby.example"
    yield found
    found.shutdown()
    found.server_close()


def page(name, activity):
    return address(f"programmes:{name}", activity=activity.pk)


def look(world, name, activity, role="lead"):
    return world.client(role).get(page(name, activity)).content.decode()


def press(world, name, activity, role="lead", **more):
    answer = world.client(role).post(page(name, activity), {"send": "1", **more})
    run_waiting()
    return answer


def got(server):
    return sorted(to.partition("@")[0] for to, _message in server.letters)


def text_of(message):
    return message.get_body(["plain"]).get_content()


def like(world, activity, question, *names):
    for name in names:
        questions.like(question, key=f"{hash(name) & (1 << 128) - 1:032x}", person=world.person(name), on=True)


def ask(activity, text="Vem bestämmer?", author=None):
    return questions.ask(activity, text=text, language="sv", post_key=draw_key(), author=author)


def reply_to(world, activity, role="owner"):
    actions.close_activity(activity, by=world.person("lead"))
    form = world.client(role).get(page("publish", activity)).content.decode()
    names = set(re.findall(r'name="([a-z_0-9]+)"', form))
    signer = re.search(r'name="signed_by" value="([^"]+)"', form)[1]
    heard, doing = (next(n for n in sorted(names) if n.startswith(what)) for what in ("heard", "doing"))
    values = {heard: "Många vill veta.", doing: "Vi svarar i maj.", "signed_by": signer}
    return world.client(role).post(page("publish", activity), values)


# --- asking -----------------------------------------------------------------------------------------------------


def test_the_preview_says_who_gets_it_who_does_not_and_what_it_says(world, server):
    activity = world.activity(state="open", title=LangText(sv="Om lokalerna"), purpose=LangText(sv="Vi vill veta."))
    Person.objects.filter(key="other").update(email="")
    body = look(world, "letter_invitation", activity)
    assert "5 personer får brevet" in body
    assert "Manager" in body
    assert "har ingen e-postadress här" in body
    days = ("till och med 19 mars", "Senast 2 april")
    for words in (
        "Lead frågar om du vill delta i ”Om lokalerna”.",
        "Vi vill veta.",
        *days,
        "Vi sparar inte vem du är.",
    ):
        assert words in body, words
    assert absolute(page("activity", activity)) in body
    world.client("lead").post(page("letter_invitation", activity), {"look": "1"})
    run_waiting()
    assert not server.letters, "never without the press of that button"
    assert not Mailing.objects.exists()


def test_each_gets_one_letter_in_their_language_with_the_same_address_in_it(world, server):
    activity = world.activity(state="open", title=LangText(sv="Om lokalerna", en="About the premises"))
    Person.objects.filter(key="staff").update(language="en")
    answer = press(world, "letter_invitation", activity, own_0="Jag hoppas att du vill.")
    assert answer["Location"] == page("letters", activity)
    assert got(server) == sorted(OURS), "guests and facilitators from outside have ways of their own"
    by = {to.partition("@")[0]: message for to, message in server.letters}
    assert by["staff"]["Subject"] == "Take part: About the premises"
    assert by["manager"]["Subject"] == "Inbjudan: Om lokalerna"
    assert text_of(by["manager"]).startswith("Hej Manager")
    assert by["manager"]["Reply-To"] == "lead@ankeby.example"
    links = {tuple(re.findall(r"https?://\S+", text_of(message).split("\n-- ")[0])) for message in by.values()}
    assert links == {(absolute(page("activity", activity)),)}
    html = by["staff"].get_body(["html"]).get_content()
    assert not re.search(r"<(img|link|script|style|iframe)|src=", html)


def test_what_is_written_down_of_it_is_ids_alone(world, server):
    activity = world.activity(state="open")
    press(world, "letter_invitation", activity)
    entry = Entry.objects.get(verb="mail.sent")
    assert (entry.actor_id, entry.object_id) == (world.person("lead").pk, Mailing.objects.get().pk)
    assert "@" not in str(list(Job.objects.values("arguments")))


def test_adding_one_person_never_writes_to_everybody_again(world, server):
    activity = world.activity(state="open")
    invite(world, activity, "staff")
    press(world, "letter_invitation", activity)
    Part.objects.create(organisation=world.organisation, activity=activity, person=world.person("other"))
    body = look(world, "letter_invitation", activity)
    assert "1 person får brevet" in body
    assert "har redan fått det" in body
    press(world, "letter_invitation", activity)
    press(world, "letter_invitation", activity)
    assert got(server) == ["other", "staff"]


def test_own_words_stand_first(world, server):
    activity = world.activity(state="open")
    form = look(world, "letter_invitation", activity)
    name = next(n for n in re.findall(r'name="(own[^"]*)"', form))
    answer = world.client("lead").post(page("letter_invitation", activity), {name: "Kom, du med.", "look": "1"})
    assert "Kom, du med." in answer.content.decode().split("<main")[1]
    press(world, "letter_invitation", activity, **{name: "Kom, du med."})
    assert "Kom, du med." in text_of(server.letters[0][1])


def test_with_a_code_no_account_is_needed_and_by_hand_nothing_is_promised(world, server):
    activity = world.activity(state="open", entry="code")
    assert f"/j/{activity.code}" in look(world, "letter_invitation", activity)
    assert "utan konto" in look(world, "letter_invitation", activity)
    step = world.activity(kind="steps", state="open", title=LangText(sv="Ledningsdag"))
    body = look(world, "letter_invitation", step)
    assert "När: 12–19 mars" in body
    assert "för hand" in look(world, "letters", step), "why nobody can be reminded"


@pytest.mark.parametrize(("name", "allowed"), [
    ("letter_invitation", {"lead", "facilitator"}),
    ("letter_reminder", {"lead", "facilitator"}),
    ("letters", {"lead", "facilitator", "owner"}),
])  # fmt: skip
def test_who_may_write_to_people(world, name, allowed):
    activity = world.activity(state="open", level="named")
    for role in ("owner", "lead", "facilitator", "manager", "staff", "member"):
        status = world.client(role).get(page(name, activity)).status_code
        assert status == (200 if role in allowed else 403), role
    with pytest.raises(RefusedError):
        actions_letters.ask_audience(world.activity(state="closed"), by=world.person("lead"))


# --- reminding --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["named", "facilitators"])
def test_where_names_are_known_only_those_who_have_done_nothing_are_reminded(world, server, level):
    activity = world.activity(state="open", level=level)
    question = ask(activity, author=world.person("staff"))
    liker = world.person("manager")
    world.client("manager").post(address("questions:like", activity=activity.pk, question=question.pk), {"on": "1"})
    body = look(world, "letter_reminder", activity)
    assert "4 personer får brevet" in body
    assert "Other" in body
    press(world, "letter_reminder", activity)
    assert got(server) == ["lead", "member", "other", "owner"]
    assert liker.email.partition("@")[0] not in got(server)
    assert server.letters[0][1]["Subject"].startswith("Påminnelse: ")
    press(world, "letter_reminder", activity)
    assert len(server.letters) == 4, "once each"
    assert "har redan fått det" in look(world, "letter_reminder", activity)


def test_where_it_is_anonymous_the_unspent_tickets_are_reminded_and_nobody_sees_who(world, server):
    activity = world.activity(state="open", level="anonymous")
    question = ask(activity)
    before = look(world, "letter_reminder", activity)
    like(world, activity, question, "staff", "manager")
    after = look(world, "letter_reminder", activity)
    assert re.sub(r"value=\"[^\"]{20,}\"", "", after) == re.sub(r"value=\"[^\"]{20,}\"", "", before), (
        "a vote does not show"
    )
    for name in ("Staff", "Other", "Manager"):
        assert name not in after.split("<main")[1]
    press(world, "letter_reminder", activity)
    assert got(server) == ["lead", "member", "other", "owner"]
    assert not Letter.objects.exists(), "nothing says who had not voted"
    assert Mailing.objects.get().person_ids == []
    job = Job.objects.get()
    assert (job.total, job.result) == (0, {})
    log = look(world, "letters", activity)
    assert "inget säger vilka de var" in log
    assert not re.search(r"\d skickad", log)
    mailing = Mailing.objects.get()
    assert world.client("lead").get(
        address("programmes:letter_log", activity=activity.pk, mailing=mailing.pk)
    ).status_code == 404  # fmt: skip


def test_where_it_is_anonymous_there_is_one_reminder(world, server):
    activity = world.activity(state="open", level="anonymous")
    like(world, activity, ask(activity), "staff")
    press(world, "letter_reminder", activity)
    assert press(world, "letter_reminder", activity)["Location"] == page("letters", activity)
    assert len(server.letters) == 5
    with pytest.raises(RefusedError):
        actions_letters.remind_silent(activity, by=world.person("lead"))
    assert "Påminnelsen gick den 12 mars" in look(world, "letters", activity)


def test_that_everybody_has_voted_shows_no_more_than_anything_else(world, server):
    activity = world.activity(state="open", level="anonymous")
    hand_out_tickets(activity)
    like(world, activity, ask(activity), *OURS)
    assert press(world, "letter_reminder", activity).status_code == 302
    assert not server.letters
    assert "Påminnelsen gick den 12 mars" in look(world, "letters", activity)


@pytest.mark.parametrize("values", [
    {"level": "anonymous", "entry": "code"},
    {"level": "named", "entry": "code"},
    {"level": "anonymous", "settings": {"likes": False}},
])  # fmt: skip
def test_where_nobody_can_tell_who_has_taken_part_no_reminder_is_offered(world, server, values):
    activity = world.activity(state="open", **values)
    body = look(world, "letters", activity)
    assert "vilka som har deltagit" in body
    assert page("letter_reminder", activity) not in body
    assert press(world, "letter_reminder", activity)["Location"] == page("letters", activity)
    assert not server.letters


# --- what came of it --------------------------------------------------------------------------------------------


def test_publishing_offers_to_tell_those_who_were_asked_and_sends_nothing_by_itself(world, server):
    activity = world.activity(state="open", title=LangText(sv="Om lokalerna"))
    answer = reply_to(world, activity)
    assert answer["Location"] == page("letter_reply", activity)
    run_waiting()
    assert not server.letters
    body = look(world, "letter_reply", activity, "owner")
    for words in ("6 personer får brevet", "Många vill veta.", "Vi svarar i maj.", "Owner", "Inte nu"):
        assert words in body, words
    press(world, "letter_reply", activity, "owner")
    assert got(server) == sorted(OURS)
    assert "Vi svarar i maj." in text_of(server.letters[0][1])
    assert world.client("staff").get(page("letter_reply", activity)).status_code == 403


def test_guests_who_took_part_hear_what_came_of_it(world, server):
    activity = world.activity(state="open", level="named")
    invite(world, activity, "guest")
    assert "ingen att skriva till" in look(world, "letter_invitation", activity).lower()
    reply_to(world, activity)
    press(world, "letter_reply", activity)
    assert got(server) == ["guest"]


def test_without_a_reply_there_is_nothing_to_tell(world):
    activity = world.activity(state="closed")
    actions.publish_without_reply(activity, reply_by=DAY + dt.timedelta(days=30), by=world.person("lead"))
    assert world.client("lead").get(page("letter_reply", activity))["Location"] == page("letters", activity)
    with pytest.raises(RefusedError):
        actions_letters.tell_audience(activity, by=world.person("lead"))


# --- the send log -----------------------------------------------------------------------------------------------


def test_the_log_says_who_was_sent_what_on_which_day_and_what_failed(world, elsewhere, server):
    server.answers["other@ankeby.example"] = ["550 no such person"]
    activity = world.activity(state="open", level="facilitators")
    press(world, "letter_invitation", activity)
    mailing = Mailing.objects.get()
    path = address("programmes:letter_log", activity=activity.pk, mailing=mailing.pk)
    overview = look(world, "letters", activity)
    assert "5 skickade" in overview
    assert "1 inte skickat" in overview
    assert path in overview
    log = world.client("lead").get(path).content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', log)
    assert rows[0] == ("Other", "12 mars", "inte skickat: adressen tar inte emot e-post")
    assert ("Staff", "12 mars", "skickat") in rows
    assert len(rows) == 6
    assert world.client("owner").get(path).status_code == 403, "who had done nothing is for those who facilitate"
    other = world.activity(state="open")
    assert world.client("lead").get(
        address("programmes:letter_log", activity=other.pk, mailing=mailing.pk)
    ).status_code == 404  # fmt: skip
    assert elsewhere.client("lead").get(path).status_code == 404


def test_a_long_log_is_read_a_page_at_a_time_in_a_few_queries(world, server, django_assert_max_num_queries):
    activity = world.activity(state="open")
    press(world, "letter_invitation", activity)
    mailing = Mailing.objects.get()
    people = Person.objects.bulk_create(
        Person(organisation=world.organisation, key=f"p{n}", name=f"P {n}", joined=DAY) for n in range(60)
    )
    common = {"organisation_id": world.organisation.pk, "mailing": mailing, "day": DAY, "state": "sent"}
    Letter.objects.bulk_create(
        Letter(person_id=person.pk, purpose=letters.ASKING, about_id=activity.pk, **common) for person in people
    )
    with django_assert_max_num_queries(4):
        assert len(list(queries_letters.log_of(mailing).object_list)) == queries_letters.ON_A_PAGE
    client = world.client("lead")
    with django_assert_max_num_queries(20):
        client.get(page("letters", activity))


def test_in_a_rehearsal_no_letter_leaves(world, server, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    world.organisation.synthetic = True
    world.organisation.save()
    activity = world.activity(state="open")
    assert "Det här är en provkörning" in look(world, "letter_invitation", activity)
    press(world, "letter_invitation", activity)
    assert not server.letters
    assert len(list((tmp_path / "mail").iterdir())) >= 1


def test_when_the_time_for_keeping_is_over_nothing_says_who_got_a_letter(world, server):
    activity = world.activity(state="open")
    press(world, "letter_invitation", activity)
    reply_to(world, activity)
    with clock.simulated(DAY + dt.timedelta(days=activity.retention_days + 1)):
        activity.refresh_from_db()
        dispose_of(activity)
    assert not Letter.objects.exists()
    assert Mailing.objects.exists()


def test_ones_own_data_names_the_letters_in_words(world, server):
    activity = world.activity(state="open")
    press(world, "letter_invitation", activity)
    told = str([group.rows for group in data_of(world.person("staff"))])
    assert "det du blir tillfrågad om" in told
