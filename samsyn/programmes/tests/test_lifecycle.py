"""Open, close, publish with our reply: which state allows what, and what people are told."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.programmes import actions, rules, words
from samsyn.programmes.models import Activity, Ticket
from samsyn.thread.models import Item, Reply
from tests.fixtures import DAY

STATES = ("draft", "open", "closed", "published")
ALLOWED = {("draft", "open"), ("open", "closed"), ("closed", "open"), ("closed", "published")}
HEARD = {"heard_sv": "Listorna hamnar i en låda", "doing_sv": "En dag i månaden", "doing_en": "A day a month"}


def _page(name, activity):
    return address(f"programmes:{name}", activity=activity.pk)


def _days(count):
    return DAY + dt.timedelta(days=count)


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_which_state_follows_which(before, after):
    assert rules.can_become(Activity(state=before), after) == ((before, after) in ALLOWED)


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("open", {"draft", "closed"}),
        ("wall", {"open"}),
        ("close", {"open"}),
        ("publish", {"closed", "published"}),
        ("publish_later", {"closed"}),
        ("put_off", {"open", "closed", "published"}),
    ],
)
@pytest.mark.parametrize("state", STATES)
def test_in_another_state_the_page_says_which_one_it_is(world, name, states, state):
    answer = world.client("lead").get(_page(name, world.activity("steps", state=state)))
    assert (answer.status_code == 409) == (state not in states)
    if answer.status_code == 409:
        heading = {"open": "Det här är öppet", "closed": "Det här är stängt", "published": "Resultatet är publicerat"}
        assert heading.get(state, "Det här har inte öppnat än") in answer.content.decode()


# --- opening ----------------------------------------------------------------------------------------------------


def test_opening_tells_what_cannot_change_and_asks_nothing(world):
    activity = world.activity("questions")
    content = world.client("facilitator").get(_page("open", activity)).content.decode()
    assert "Det här går inte att ändra sedan" in content
    assert 'type="date"' not in content
    answer = world.client("facilitator").post(_page("open", activity))
    activity.refresh_from_db()
    assert answer.url == _page("activity", activity)
    assert (activity.state, activity.opened) == ("open", DAY)
    assert len(activity.code) == 6


def test_the_owner_does_not_open(world):
    activity = world.activity("questions")
    assert world.client("owner").post(_page("open", activity)).status_code == 403
    assert world.client("staff").get(_page("open", activity)).status_code == 404  # a draft is the organisers' own


def test_opening_after_the_planned_days_asks_for_new_ones(world):
    activity = world.activity("questions")
    with clock.simulated(_days(30)):
        client = world.client("lead")
        assert client.get(_page("open", activity)).content.decode().count('type="date"') == 2
        late = client.post(_page("open", activity), {"ends": "2026-04-20", "reply_by": "2026-04-15"})
        assert late.status_code == 422
        client.post(_page("open", activity), {"ends": "2026-04-20", "reply_by": "2026-05-04"})
    activity.refresh_from_db()
    assert (activity.state, activity.ends, activity.reply_by) == ("open", dt.date(2026, 4, 20), dt.date(2026, 5, 4))
    assert activity.first_reply_by is None  # nobody had been told


def test_opening_again_keeps_the_code_and_the_day_first_promised(world):
    activity = world.activity("questions", state="closed")
    code = activity.code
    with clock.simulated(_days(10)):
        actions.open_activity(activity, by=world.person("lead"), ends=_days(15), reply_by=_days(30))
    activity.refresh_from_db()
    assert (activity.state, activity.code, activity.closed) == ("open", code, None)
    assert (activity.first_reply_by, activity.reply_by) == (_days(21), _days(30))


def test_the_wall_shows_the_way_in(world, settings):
    settings.ORIGIN = "https://samsyn.example.org"
    activity = world.activity("questions", entry="code", state="open")
    content = world.client("owner").get(_page("wall", activity)).content.decode()
    assert f"{activity.code[:3]} {activity.code[3:]}" in content
    assert "samsyn.example.org/j" in content
    assert f"https://samsyn.example.org/j/{activity.code}" in content  # what the QR code says
    assert "Vi sparar inte vem du är" in content
    assert world.client("staff").get(_page("wall", activity)).status_code == 403


# --- changing ---------------------------------------------------------------------------------------------------


def _form(activity, **values):
    return {
        "title_sv": "Frågestund",
        "starts": activity.starts.isoformat(),
        "ends": activity.ends.isoformat(),
        "reply_by": activity.reply_by.isoformat(),
        "level": activity.level,
        "entry": activity.entry,
        "lawful_basis": "public-task",
        "retention_days": "730",
        **values,
    }


def test_saving_goes_back_to_where_one_came_from(world):
    activity = world.activity("questions")
    lead, page = world.client("lead"), _page("activity_edit", activity)
    for back, to in (("page", _page("activity", activity)), ("open", _page("open", activity))):
        assert f'href="{to}"' in lead.get(f"{page}?back={back}").content.decode()
        assert lead.post(f"{page}?back={back}", _form(activity))["Location"] == to
    assert "/storyboard/" in lead.post(f"{page}?back=//evil.example", _form(activity))["Location"]
    assert f"{page}?back=open" in lead.get(_page("open", activity)).content.decode()


def test_everything_can_be_changed_before_anyone_has_contributed(world):
    activity = world.activity("questions", settings={"made_out_of": ["other"]})
    values = _form(activity, title_sv="Nytt", level="facilitators", by_itself="on", responsible="Owner")
    assert world.client("lead").post(_page("activity_edit", activity), values).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.level, activity.responsible) == (
        {"sv": "Nytt"},
        "facilitators",
        world.person("owner"),
    )
    assert activity.settings["by_itself"] is True
    assert activity.settings["made_out_of"] == ["other"]
    assert "let_in" in activity.settings  # the kind's own settings


def test_level_and_entry_are_fixed_by_the_first_contribution(world):
    activity = world.activity("questions", state="open")
    actions.note_contribution(activity)
    page = _page("activity_edit", activity)
    content = world.client("lead").get(page).content.decode()
    assert "Någon har redan bidragit" in content
    world.client("lead").post(page, _form(activity, level="named", entry="code"))
    activity.refresh_from_db()
    assert (activity.level, activity.entry) == ("anonymous", "audience")
    with pytest.raises(RefusedError) as caught:
        actions.change_activity(activity, by=world.person("lead"), level="named")
    assert caught.value.field == "level"


def test_a_code_is_only_for_anonymous_activities(world):
    activity = world.activity("questions", level="named")
    answer = world.client("lead").post(_page("activity_edit", activity), _form(activity, entry="code"))
    assert answer.status_code == 422
    assert "Med en kod vet ingen vem som kommer in" in answer.content.decode()


def test_turned_anonymous_while_open_everyone_invited_can_vote(world):
    activity = world.activity("questions", level="named", state="open")
    assert not Ticket.objects.filter(activity=activity).exists()
    actions.change_activity(activity, by=world.person("lead"), level="anonymous")
    assert Ticket.objects.filter(activity=activity).count() == 6


@pytest.mark.parametrize(
    ("values", "words_there"),
    [
        ({"ends": "2026-03-01"}, "Det stänger innan det öppnar"),
        ({"reply_by": "2026-03-19"}, "Välj en dag efter att det har stängt"),
        ({"retention_days": "0"}, "field-error"),
    ],
)
def test_days_that_cannot_be_are_told_at_their_field(world, values, words_there):
    activity = world.activity("questions")
    answer = world.client("lead").post(_page("activity_edit", activity), _form(activity, **values))
    assert answer.status_code == 422
    assert words_there in answer.content.decode()


def test_a_step_asks_nothing_about_anonymity(world):
    activity = world.activity("steps")
    content = world.client("lead").get(_page("activity_edit", activity)).content.decode()
    assert 'name="level"' not in content
    values = _form(activity)
    del values["level"], values["entry"]
    assert world.client("lead").post(_page("activity_edit", activity), values).status_code == 302


def test_an_activity_is_added_with_few_words(world):
    page = address("programmes:activity_add", programme=world.programme.pk)
    values = {
        "title": "Frågor",
        "kind": "questions",
        "frame": encode_id(world.frame.pk),
        "starts": "2026-03-16",
        "ends": "2026-03-20",
    }
    world.client("facilitator").post(page, values)
    activity = Activity.objects.get()
    assert (activity.level, activity.entry, activity.state) == ("anonymous", "code", "draft")
    assert activity.reply_by == dt.date(2026, 4, 3)
    assert activity.responsible is None  # a facilitator from outside answers for nothing in the organisation
    world.client("lead").post(page, values | {"kind": "steps"})
    assert Activity.objects.get(kind="steps").level == "named"


# --- replies ----------------------------------------------------------------------------------------------------


def test_publishing_takes_our_reply_signed_by_a_named_person(world):
    activity = world.activity("questions", state="closed")
    page = _page("publish", activity)
    values = HEARD | {"signed_by": encode_id(world.person("owner").pk), "next_date": "2026-05-04"}
    answer = world.client("facilitator").post(page, values)
    assert answer.url == _page("letter_reply", activity)  # the letter that tells of it is offered
    activity.refresh_from_db()
    reply = Reply.objects.get(activity_id=activity.pk)
    assert activity.state == "published"
    assert (reply.signed_by, reply.next_date) == (world.person("owner"), dt.date(2026, 5, 4))
    assert reply.doing == {"sv": "En dag i månaden", "en": "A day a month"}
    assert Item.objects.get(pk=reply.item_id).kind == "reply"
    again = world.client("owner").get(page)  # a second reply is not asked for
    assert again.url == _page("activity", activity)


@pytest.mark.parametrize(
    "values",
    [
        {"heard_sv": ""},
        {"doing_sv": "", "doing_en": ""},
        {"signed_by": "staff"},
        {"next_date": "2026-03-12"},
    ],
)
def test_a_reply_that_says_nothing_is_refused_and_kept(world, values):
    activity = world.activity("questions", state="closed")
    sent = HEARD | {"signed_by": encode_id(world.person("owner").pk)} | values
    if sent["signed_by"] == "staff":
        sent["signed_by"] = encode_id(world.person("staff").pk)
    answer = world.client("owner").post(_page("publish", activity), sent)
    assert answer.status_code == 422
    if sent["heard_sv"]:
        assert sent["heard_sv"] in answer.content.decode()
    assert not Reply.objects.exists()


def test_what_we_do_not_do_is_a_reply_too(world):
    activity = world.activity("questions", state="closed")
    values = {"heard_sv": "Ni vill ha mer folk", "not_doing_sv": "Det finns inga pengar i år"}
    world.client("owner").post(_page("publish", activity), values | {"signed_by": encode_id(world.person("owner").pk)})
    assert Reply.objects.get().not_doing == {"sv": "Det finns inga pengar i år"}


def test_members_and_staff_do_not_publish(world):
    activity = world.activity("questions", state="closed")
    for name in ("staff", "member", "manager"):
        assert world.client(name).post(_page("publish", activity), HEARD).status_code == 403


def test_publishing_without_a_reply_needs_another_day_that_all_see(world):
    activity = world.activity("questions", state="closed")
    page = _page("publish_later", activity)
    owner = world.client("owner")
    assert owner.post(page, {}).status_code == 422
    assert owner.post(page, {"reply_by": activity.reply_by.isoformat()}).status_code == 422
    assert owner.post(page, {"reply_by": "2026-03-12"}).status_code == 422
    activity.refresh_from_db()
    assert activity.state == "closed"
    assert owner.post(page, {"reply_by": "2026-04-20"}).status_code == 302
    activity.refresh_from_db()
    assert (activity.state, activity.reply_by, activity.first_reply_by) == (
        "published",
        dt.date(2026, 4, 20),
        dt.date(2026, 4, 2),
    )
    told = words.reply_words(activity).words
    assert told == "Svar senast den 20 april, först utlovat till den 2 april"


def test_the_reply_can_follow_and_its_day_be_put_off(world):
    activity = world.activity("questions", state="closed")
    actions.publish_without_reply(activity, reply_by=_days(30), by=world.person("owner"))
    owner = world.client("owner")
    owner.post(_page("put_off", activity), {"reply_by": _days(40).isoformat()})
    activity.refresh_from_db()
    assert (activity.reply_by, activity.first_reply_by) == (_days(40), _days(21))
    owner.post(_page("publish", activity), HEARD | {"signed_by": encode_id(world.person("owner").pk)})
    assert Reply.objects.filter(activity_id=activity.pk).count() == 1
    assert words.reply_words(activity).words == "Vårt svar har kommit"


def test_a_late_reply_says_by_how_many_days(world):
    activity = world.activity("questions", state="closed")
    with clock.simulated(_days(22)):
        assert words.reply_words(activity).words == "Svaret är 1 dag sent: det var utlovat till den 2 april"
        assert words.reply_words(activity).late
    with clock.simulated(_days(30)):
        assert words.reply_words(activity).short == "Svaret är 9 dagar sent"
    assert not words.reply_words(activity).late
    draft = Activity(state="draft", reply_by=_days(-1))
    assert not words.reply_words(draft).late  # nobody has been told


@pytest.mark.parametrize(
    ("state", "day", "told"),
    [
        ("draft", 0, "Öppnar i dag"),
        ("draft", -1, "Öppnar den 12 mars"),
        ("draft", 2, "Skulle ha öppnat den 12 mars"),
        ("open", 0, "Öppet till och med den 19 mars"),
        ("open", 7, "Öppet till i kväll"),
        ("open", 8, "Öppet, skulle ha stängt den 19 mars"),
        ("closed", 9, "Stängt den 12 mars"),
        ("published", 9, "Publicerat den 12 mars"),
    ],
)
def test_the_state_in_words(world, state, day, told):
    activity = world.activity("steps", state=state)
    with clock.simulated(_days(day)):
        assert words.state_words(activity) == told


def test_days_in_words(world):
    assert words.days(DAY, DAY) == "12 mars"
    assert words.days(DAY, _days(2)) == "12–14 mars"
    assert words.days(DAY, _days(30)) == "12 mars – 11 april"
    assert LangText(sv="x")


# --- the way to the kind ----------------------------------------------------------------------------------------


def test_the_activity_leads_to_its_kind_for_whoever_may_see_it(world, elsewhere):
    activity = world.activity("questions", state="open")
    page = _page("activity", activity)
    for name in ("lead", "owner", "staff", "member"):
        assert world.client(name).get(page).url == address("questions:page", activity=activity.pk)
    assert world.client("guest").get(page).status_code == 404
    assert elsewhere.client("lead").get(page).status_code == 404
    assert "login" in world.client().get(page).url


def test_everyone_there_can_read_who_sees_what(world):
    activity = world.activity("questions", state="open", disposal=LangText(sv="Gallras"))
    content = world.client("staff").get(_page("who_sees", activity)).content.decode()
    assert "Vi sparar inte vem du är" in content
    assert "allmän handling" in content
    assert "Gallras" in content


def test_opening_for_nobody_is_warned_of(world):
    activity = world.activity("steps", everybody=False)
    page = _page("open", activity)
    assert "Ingen finns i målgruppen än" in world.client("lead").get(page).content.decode()
    everybody = world.activity("steps")
    assert "Ingen finns i målgruppen än" not in world.client("lead").get(_page("open", everybody)).content.decode()


def test_what_we_do_and_do_not_do_are_not_called_optional_as_one_of_them_is_needed(world):
    page = world.client("owner").get(_page("publish", world.activity("questions", state="closed"))).content.decode()
    labels = re.findall(r"<(?:label|legend)[^>]*>(.*?)</(?:label|legend)>", page, re.S)
    marked = [label for label in labels if "optional" in label]
    assert any("När man får veta mer" in label for label in marked)
    assert not [label for label in marked if "gör" in label]
    assert "Fyll i det här eller vad vi inte gör, eller båda." in page
