"""Other ways in which somebody might read, or reckon out, what is not for them: each was tried, and leads nowhere."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.dialogue import queries as dialogue_queries
from samsyn.activities.dialogue.models import Statement
from samsyn.activities.questions import actions as questions
from samsyn.activities.steps import actions as steps
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.jobs.running import run_waiting
from samsyn.programmes import actions, contributing
from samsyn.programmes.browsers import draw_key, key_of
from samsyn.programmes.kinds import all_kinds
from samsyn.thread import secrets
from samsyn.thread.actions import link
from samsyn.thread.models import Item
from tests.access.test_audience import REPLY, SECRET, for_managers, publish
from tests.fixtures import invite

REASON = LangText(sv="Det pekar ut någon")


def body(world, who, path, **asked):
    return world.client(who).get(path, asked).content.decode()


def ask(activity, text=SECRET, words=None):
    return questions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None, words=words)


def study(world, who):
    return body(world, who, address("casestudy:page", programme=world.programme.pk)) + body(
        world, who, address("casestudy:print", programme=world.programme.pk)
    )


# --- what waits and what is hidden ------------------------------------------------------------------------------


def test_a_facilitator_reads_what_waits_before_others_see_it_the_owner_too(world):
    activity = world.activity(state="open", settings={"let_in": True})
    waiting, hidden = ask(activity, "Detta väntar"), ask(activity, "Detta döljs")
    contributing.hide(hidden, reason=REASON, by=world.person("lead"))
    talk = world.activity("dialogue", state="open", settings={"let_in": True, "add": True})
    sent = {"text": "Också detta väntar", "language": "sv", "post_key": draw_key(), "author": None}
    dialogue.add_statement(talk, **sent)
    for place in ("", "waiting", "unanswered", "answered", "away", "visible"):
        for kind, of in (("questions", activity), ("dialogue", talk)):
            page = body(world, "owner", address(f"{kind}:desk", activity=of.pk), show=place)
            for words in ("Detta väntar", "Detta döljs", "Också detta", 'href="?show=waiting"', 'href="?show=away"'):
                assert words not in page, (kind, place)
    for row in (waiting, hidden):
        path = address("questions:answer", activity=activity.pk, question=row.pk)
        assert world.client("owner").get(path).status_code == 404
        assert world.client("lead").get(path).status_code == 200
    for role in ("lead", "facilitator"):
        assert "Detta väntar" in body(world, role, address("questions:desk", activity=activity.pk), show="waiting")


def test_what_is_joined_without_having_been_let_in_is_not_read_by_others(world):
    activity = world.activity(state="open", settings={"let_in": True})
    into, waiting = ask(activity, "Får vi vara med?"), ask(activity, "Kim får vara med")
    contributing.let_in(into, by=world.person("lead"))
    questions.merge(waiting, into=into, by=world.person("lead"))
    publish(world, activity)
    path = address("home:item", item=waiting.item_id)
    assert world.client("staff").get(path).status_code == 404
    assert world.client("lead").get(path).status_code == 200
    for page in (body(world, "staff", address("home:said", programme=world.programme.pk)), study(world, "staff")):
        assert "Får vi vara med?" in page
        assert "Kim får vara med" not in page


def test_hiding_hides_also_what_is_joined_with_it(world):
    activity = world.activity(state="open")
    into, same = ask(activity, "Kim får allt"), ask(activity, "Kim får allting")
    questions.merge(same, into=into, by=world.person("lead"))
    contributing.hide(into, reason=REASON, by=world.person("lead"))
    publish(world, activity)
    for row in (into, same):
        assert world.client("staff").get(address("home:item", item=row.item_id)).status_code == 404
    for page in (body(world, "staff", address("home:said", programme=world.programme.pk)), study(world, "staff")):
        assert "Kim" not in page


# --- a dialogue's result ----------------------------------------------------------------------------------------


def closed_dialogue(world, level="anonymous", people=12):
    """A dialogue of three statements, with which everyone agreed; closed, its result worked out."""
    entry = "code" if level == "anonymous" else "audience"
    activity = world.activity(kind="dialogue", state="open", level=level, entry=entry)
    texts = ["Mötena hjälper mig.", "Kim är sen.", "Vi säger nej i tid."]
    dialogue.seed(activity, texts, language="sv", by=world.person("lead"))
    ids = list(dialogue_queries.visible_statements(activity).values_list("pk", flat=True))
    known = list(world.people.values())
    for number in range(people if level == "anonymous" else 6):
        person, key = (None, draw_key()) if level == "anonymous" else (known[number], key_of(known[number].pk))
        dialogue.cast_ballot(activity, dict.fromkeys(ids, (1, False)), key=key, person=person)
    actions.close_activity(activity, by=world.person("lead"))
    run_waiting()
    activity.refresh_from_db()
    return activity


@pytest.mark.parametrize("level", ["anonymous", "named"])
def test_a_statement_that_is_hidden_after_the_close_is_in_no_result(world, level):
    activity = closed_dialogue(world, level)
    statement = Statement.objects.select_related("item", "activity__programme").get(text="Kim är sen.")
    contributing.hide(statement, reason=REASON, by=world.person("lead"))
    publish_closed(world, activity)
    for who in ("staff", "owner"):
        for name in ("result", "statements"):
            page = body(world, who, address(f"dialogue:{name}", activity=activity.pk))
            assert "Mötena hjälper mig." in page
            assert "Kim" not in page
        assert "Kim" not in study(world, who)
    export = address("dialogue:export", activity=activity.pk)
    for form in ("csv", "json", "xlsx"):
        content = world.client("owner").get(export, {"form": form}).content
        if form == "xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as files:
                content = b"".join(files.read(name) for name in files.namelist())
        assert b"Kim" not in content, form
        assert b"tena hj" in content, form
    if level == "named":
        assert world.client("owner").get(export, {"form": "zip"}).status_code == 404, "it holds what is hidden"
        assert world.client("lead").get(export, {"form": "zip"}).status_code == 200
    assert all("Kim" not in str(finding.text) for finding in all_kinds()["dialogue"].summary(activity).findings)


def publish_closed(world, activity):
    actions.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=world.person("lead"))


def test_the_case_study_tells_no_result_before_it_is_published(world):
    """Before publishing, the result is for those who are to answer; who takes part hears it with the others."""
    activity = closed_dialogue(world)
    assert world.client("staff").get(address("dialogue:result", activity=activity.pk)).status_code == 302
    assert "håller med om ”" not in study(world, "staff")
    assert "personer har röstat" not in study(world, "staff").lower()
    publish_closed(world, activity)
    assert "håller med om ”" in study(world, "staff")


@pytest.mark.parametrize("people", [0, 1, 4])
def test_fewer_than_five_are_told_to_nobody(world, people):
    activity = closed_dialogue(world, people=people)
    publish_closed(world, activity)
    figures = {str(figure.label): figure.value for figure in all_kinds()["dialogue"].summary(activity).figures}
    assert set(figures.values()) <= {3, None}, figures  # three statements, and nothing of who voted
    told = json.loads(
        world.client("lead").get(address("dialogue:export", activity=activity.pk), {"form": "json"}).content
    )
    assert told["few"]
    assert "people" not in told
    assert "votes" not in told


# --- promises, receipts, counts ---------------------------------------------------------------------------------


def promised(world, item, owner="owner", title="Lönen ses över"):
    given = questions.Answer(
        "promised", LangText(sv="Vi gör det"), title=LangText(sv=title),
        due=dt.date(2026, 5, 6), owner=world.person(owner),
    )  # fmt: skip
    questions.answer(item.question, given, answered_by=world.person("owner"), by=world.person("lead"))
    return next(item for item in Item.objects.filter(kind="promise") if item.title["sv"] == title)


def test_promises_to_some_are_not_counted_for_others(world):
    activity, item = for_managers(world)
    promised(world, item)
    programme = address("home:programme", programme=world.programme.pk)
    assert "1 löfte gavs" in study(world, "lead")
    assert "1 löfte gavs" in study(world, "manager")
    for page in (study(world, "staff"), body(world, "staff", programme)):
        assert "Lönen" not in page
        assert "löfte gavs" not in page
    publish(world, activity)
    assert "1 löfte gavs" in study(world, "staff")
    assert "Lönen" in body(world, "staff", programme)


def test_who_has_promised_sees_the_promise_but_not_what_it_came_of(world):
    """A promise may be given to somebody outside of the audience: they answer for it."""
    activity, item = for_managers(world)
    promise = promised(world, item)
    other = promised_by(world, activity, "staff")
    client = world.client("staff")
    assert client.get(address("home:settle", item=other.pk)).status_code == 200
    page = client.get(address("home:item", item=other.pk))
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert client.get(address("home:item", item=promise.pk)).status_code == 404
    assert client.get(address("questions:page", activity=activity.pk)).status_code == 403


def promised_by(world, activity, name):
    asked = questions.ask(
        activity, text=SECRET + "?", language="sv", post_key=draw_key(), author=world.person("manager")
    )
    return promised(world, asked.item, owner=name, title="Något annat")


def test_six_words_open_what_one_may_see_and_nothing_of_others(world):
    words = secrets.draw_words("sv")
    kept = secrets.clean_words(words)
    mine = ask(world.activity(state="open", entry="code"), "Vad gör ni?", words=kept)
    managers, secret = for_managers(world)
    steps_for_some, outcome = for_managers(world, "steps")
    for_all = world.activity("steps", state="open")
    told = steps.write_outcome(
        for_all, text=LangText(sv="Alla hör detta"), by=world.person("lead"), made_out_of=[mine.item]
    )
    link(mine.item, secret)
    link(mine.item, outcome)

    def look(who):
        return world.client(who).post(address("home:receipts"), {"words": words}).content.decode()

    for who in (None, "staff", "guest"):
        page = look(who)
        assert "Vad gör ni?" in page
        assert str(told.activity.title) in page, who
        assert SECRET not in page, who
        assert "Chefernas stund" not in page, who
    publish(world, managers)
    publish(world, steps_for_some)
    assert SECRET in look(None), "what everyone in the programme reads, who took part reads too"


def test_who_took_part_sees_by_receipt_what_is_for_those_who_took_part(world):
    words = secrets.draw_words("sv")
    activity = world.activity(state="open", level="anonymous", everybody=False)
    invite(world, activity, "staff")
    mine = ask(activity, "Vad gör ni?", words=secrets.clean_words(words))
    promised(world, mine.item)
    page = world.client().post(address("home:receipts"), {"words": words}).content.decode()
    assert "Lönen ses över" in page


# --- by code, by being a guest, by another organisation ---------------------------------------------------------


def test_who_comes_in_by_code_reads_one_activity_and_no_names_of_those_asked(world):
    activity = world.activity(state="open", entry="code", everybody=False)
    invite(world, activity, "other")
    _managers, secret = for_managers(world)
    mine = ask(activity, "Vad gör ni?")
    link(secret, mine.item)
    client = world.client()
    client.get(f"/j/{activity.code}")
    pages = [
        address("questions:page", activity=activity.pk),
        address("programmes:who_sees", activity=activity.pk),
        address("programmes:sheet", activity=activity.pk),
    ]
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Other" not in answer.content.decode(), path
    # The cookie is for the activity's own addresses alone: an item of it asks for a sign-in.
    assert client.get(address("home:item", item=secret.pk)).status_code == 302
    for name in ("home:programme", "programmes:storyboard", "home:said", "casestudy:page", "casestudy:print"):
        assert client.get(address(name, programme=world.programme.pk)).status_code == 302, name


def test_a_guest_reads_nothing_beside_what_they_are_invited_to(world):
    activity = world.activity(state="open", level="named")
    invite(world, activity, "guest")
    _managers, secret = for_managers(world)
    inside = world.activity(state="open")
    own = ask(activity, "Vad gör ni?").item
    link(secret, own)
    everyone = ask(inside, "Alla läser detta")
    client = world.client("guest")
    assert client.get(address("questions:page", activity=activity.pk)).status_code == 200
    for item in (secret, everyone.item):
        assert client.get(address("home:item", item=item.pk)).status_code == 404
    page = client.get(address("home:item", item=own.pk)).content.decode()
    assert "Hur det började får bara de läsa som det var till för" in page
    assert SECRET not in page
    today = client.get(address("home:today")).content.decode()
    assert "Chefernas stund" not in today
    assert str(inside.pk) not in today


@pytest.mark.parametrize("who", ["staff", "other", "member"])
def test_lists_that_gather_things_tell_nothing_of_what_is_for_others(world, who):
    activity, _item = for_managers(world)
    for path in (
        address("home:today"),
        address("home:programme", programme=world.programme.pk),
        address("home:said", programme=world.programme.pk),
    ):
        page = body(world, who, path)
        assert SECRET not in page
        assert "Chefernas stund" not in page, path
    page = study(world, who)
    assert SECRET not in page
    assert "frågor" not in page.split("Chefernas stund")[-1][:200]
    assert activity.state == "open"
