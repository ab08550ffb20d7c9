"""What somebody has written under their name, by account: state, reason, answer, promise. For nobody else."""

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.forms_contributions import HideForm
from samsyn.thread.models import FollowUp, Promise
from tests.fixtures import DAY

SETTINGS = {"let_in": True, "likes": True, "add": True}


def page(world, name="staff"):
    return world.client(name).get(address("home:mine")).content.decode()


def ask(world, activity, text="När får vi veta?", author="staff"):
    person = world.person(author) if author else None
    return actions.ask(activity, text=text, language="sv", post_key=draw_key(), author=person)


def post(world, kind, activity, text, name="staff"):
    verb = {"questions": "ask", "dialogue": "add"}[kind]
    sent = {"text": text, "post_key": draw_key(), "sure": "1"}
    return world.client(name).post(address(f"{kind}:{verb}", activity=activity.pk), sent).content.decode()


@pytest.mark.parametrize("kind", ["questions", "dialogue"])
def test_the_page_after_sending_leads_to_what_is_open_while_it_waits(world, kind):
    activity = world.activity(kind=kind, state="open", level="named", settings=SETTINGS)
    body = post(world, kind, activity, "Får vi vara med om det här?")
    assert f'href="{address("home:mine")}#i' in body
    assert "home:item" not in body
    found = page(world)
    assert "Får vi vara med om det här?" in found
    assert "väntar på att släppas fram" in found
    assert "Svar senast den 2 april" in found


def test_who_came_in_by_code_without_signing_in_is_shown_no_way_that_is_closed(world):
    activity = world.activity(state="open", level="named", entry="code")
    client = world.client()
    client.get(f"/j/{activity.code}")
    body = client.post(
        address("questions:ask", activity=activity.pk), {"text": "Vem är jag?", "post_key": draw_key()}
    ).content.decode()
    assert "Din fråga har kommit fram" in body
    assert "Följ" not in body.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("level", ["named", "facilitators"])
def test_after_hiding_the_author_reads_the_reason_beside_their_own_words(world, level):
    activity = world.activity(state="open", level=level, settings=SETTINGS)
    question = ask(world, activity, "Varför gör Bosse aldrig något?")
    contributing.hide(question, reason=LangText(sv="Den nämner en person."), by=world.person("lead"))
    found = page(world)
    assert "Varför gör Bosse aldrig något?" in found
    assert "Den nämner en person." in found
    for role in ("other", "owner", "lead"):
        assert "Bosse" not in page(world, role), role


def test_a_joined_question_shows_the_one_it_was_joined_with_its_answer_and_promise(world):
    lead = world.person("lead")
    activity = world.activity(state="open", level="named")
    mine, theirs = ask(world, activity, "Får vi det?"), ask(world, activity, "Får vi verktyget?", author="other")
    actions.merge(mine, into=theirs, by=lead)
    given = actions.Answer(
        "promised", LangText(sv="Ja, i maj."), title=LangText(sv="Verktyget i maj"), due=DAY + dt.timedelta(days=60),
        owner=world.person("manager"),
    )  # fmt: skip
    actions.answer(theirs, given, answered_by=world.person("owner"), by=lead)
    found = page(world)
    assert "hopslagen med en annan fråga" in found
    assert "Får vi verktyget?" in found
    assert "Ja, i maj." in found
    assert "Verktyget i maj" in found
    assert Promise.objects.get().item.title["sv"] == "Verktyget i maj"


def test_the_one_who_asked_says_by_account_whether_it_answers(world):
    activity = world.activity(state="open", level="named")
    question = ask(world, activity)
    given = actions.Answer("written", LangText(sv="I maj."))
    actions.answer(question, given, answered_by=world.person("owner"), by=world.person("lead"))
    sent = {"item": str(question.item_id), "answered": "no", "text": "Vilket år?"}
    assert world.client("other").post(address("home:mine_reply"), sent).status_code == 404
    assert world.client("staff").post(address("home:mine_reply"), {"item": "x"}).status_code == 422
    assert world.client("staff").post(address("home:mine_reply"), sent | {"item": "9" * 30}).status_code == 404
    assert world.client("staff").post(address("home:mine_reply"), sent | {"answered": ""}).status_code == 422
    assert not FollowUp.objects.exists()
    assert world.client("staff").post(address("home:mine_reply"), sent).status_code == 302
    assert FollowUp.objects.get().text == "Vilket år?"
    assert "det är inte svar på min fråga" in page(world)


def test_several_forms_on_the_page_have_ids_of_their_own(world):
    activity = world.activity(state="open", level="named")
    for text in ("Ett?", "Två?"):
        given = actions.Answer("written", LangText(sv="Ja."))
        actions.answer(ask(world, activity, text), given, answered_by=world.person("owner"), by=world.person("lead"))
    found = page(world)
    ids = [part.split('"')[0] for part in found.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_what_was_written_anonymously_is_not_there(world):
    activity = world.activity(state="open", level="anonymous")
    ask(world, activity, "Hemligt?")
    assert "Hemligt?" not in page(world)


def test_a_statement_of_ones_own_stands_there_too(world):
    stand = world.activity(kind="dialogue", state="open", level="named", settings=SETTINGS)
    text = "Vi hörs för sällan"
    made = dialogue.add_statement(stand, text=text, language="sv", post_key=draw_key(), author=world.person("staff"))
    contributing.hide(made, reason=LangText(sv="Sägs redan"), by=world.person("lead"))
    found = page(world)
    assert text in found
    assert "Sägs redan" in found


def test_the_form_says_how_the_one_who_wrote_it_hears_of_the_reason(world):
    def hint(activity, **values):
        question = ask(world, activity, **values)
        return world.client("lead").get(address("questions:hide", activity=activity.pk, question=question.pk))

    named = world.activity(state="open", level="named")
    assert "på sin egen sida" in hint(named).content.decode()
    assert "med sin kvittens" not in hint(named).content.decode()
    assert "ingen kan få veta skälet" in hint(named, author=None).content.decode().lower()
    anonymous = world.activity(state="open", level="anonymous")
    page = world.client("staff")
    body = page.post(
        address("questions:ask", activity=anonymous.pk), {"text": "Med kvittens?", "post_key": draw_key()}
    ).content.decode()
    assert "data-receipt" in body
    from samsyn.activities.questions.models import Question

    question = Question.objects.get(text="Med kvittens?")
    found = world.client("lead").get(address("questions:hide", activity=anonymous.pk, question=question.pk))
    assert "med sin kvittens" in found.content.decode()
    assert "ingen kan få veta skälet" in hint(anonymous, author=None).content.decode().lower(), "no receipt, no way"
    assert HideForm.base_fields["reason"].label
