"""Statements: likely duplicates are shown first; the rest is taken, seeded and handed over."""

from __future__ import annotations

import pytest

from samsyn.activities.dialogue import actions
from samsyn.activities.dialogue.models import Statement
from samsyn.algorithms.text.similar import likeness, most_alike
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.handover import offers
from samsyn.programmes.queries_contributions import history_of


@pytest.fixture
def talk(world):
    activity = world.activity(
        kind="dialogue", state="open", level="anonymous", entry="code", settings={"add": True, "let_in": False}
    )
    texts = ["Mötena tar för mycket tid.", "Vi behöver en gemensam beredskapslista."]
    actions.seed(activity, texts, language="sv", by=world.person("lead"))
    return activity


def send(client, activity, text, **more):
    return client.post(address("dialogue:add", activity=activity.pk), {"text": text, "post_key": draw_key(), **more})


def test_one_that_says_nearly_the_same_is_shown_before_it_is_sent(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    shown = send(client, talk, "Möten tar för mycket av vår tid")
    page = shown.content.decode()
    assert "Mötena tar för mycket tid." in page
    assert "Möten tar för mycket av vår tid" in page, "what was typed is kept"
    assert Statement.objects.count() == 2
    sent = send(client, talk, "Möten tar för mycket av vår tid", sure="1")
    assert len(sent.context["words"].split()) == 6
    assert Statement.objects.filter(text="Möten tar för mycket av vår tid").exists()


def test_what_is_written_in_the_other_language_is_found_by_its_translation(world, talk):
    first = Statement.objects.get(text="Mötena tar för mycket tid.")
    first.translation = LangText(en="The meetings take too much time.")
    first.save()
    client = world.client()
    client.get(f"/j/{talk.code}")
    page = client.post(
        address("dialogue:add", activity=talk.pk),
        {"text": "Meetings take too much time", "post_key": draw_key()},
        headers={"accept-language": "en"},
    ).content.decode()
    assert "The meetings take too much time." in page
    assert page.count("Answer this one") == 1, "one statement is shown once, whatever languages it is in"


def test_another_thought_goes_straight_in_and_waits_where_it_should(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    send(client, talk, "Chefen lyssnar på oss.")
    assert Statement.objects.get(text="Chefen lyssnar på oss.").state == "visible"
    talk.settings["let_in"] = True
    talk.save()
    send(client, talk, "Lönen är rättvis.")
    assert Statement.objects.get(text="Lönen är rättvis.").state == "waiting"


@pytest.mark.parametrize("text", ["", "   ", "x" * 201])
def test_what_cannot_be_a_statement_is_told_at_its_field(world, talk, text):
    client = world.client()
    client.get(f"/j/{talk.code}")
    answer = send(client, talk, text)
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert Statement.objects.count() == 2


def test_seeds_are_put_in_once_and_long_ones_named(world, talk):
    lead = world.client("lead")
    path = address("dialogue:seed", activity=talk.pk)
    lines = "Mötena tar för mycket tid.\n\n  Ett nytt   påstående. \nEtt nytt påstående.\n"
    assert lead.post(path, {"statements": lines, "language": "sv"}).status_code == 302
    assert Statement.objects.filter(activity=talk).count() == 3
    refused = lead.post(path, {"statements": f"Kort.\n{'x' * 201}", "language": "sv"})
    assert refused.status_code == 422
    assert "Kort." in refused.content.decode(), "what was typed is kept"
    assert not Statement.objects.filter(text="Kort.").exists()


def test_a_question_becomes_a_statement_that_waits_and_is_linked(world, talk):
    from samsyn.activities.questions import actions as questions

    asked = world.activity(state="open", entry="code")
    question = questions.ask(asked, text="Varför så många möten?", language="sv", post_key=draw_key(), author=None)
    offer = next(found for found in offers(question.item) if found.activity == talk)
    item = offer.receiver.make(talk, question.item, by=world.person("lead"))
    made = Statement.objects.get(item=item)
    assert (made.text, made.state) == ("Varför så många möten?", "waiting")
    assert question.item.led_to.get().target == item


def test_the_desk_tells_what_a_statement_is_joined_with_in_the_readers_language(world, talk):
    first, second = Statement.objects.filter(activity=talk).order_by("text")
    first.translation = LangText(en="The meetings take too long.")
    first.save()
    actions.merge(second, into=first, by=world.person("lead"))
    path = address("dialogue:desk", activity=talk.pk) + "?show=away"
    page = world.client("lead").get(path, headers={"accept-language": "en"}).content.decode()
    assert '<q lang="en">The meetings take too long.</q>' in page


def test_how_alike_two_texts_are():
    assert likeness("Mötena tar för mycket tid", "mötena tar för mycket tid!") == pytest.approx(1.0)
    assert likeness("Mötena tar för mycket tid", "Möten tar alldeles för mycket tid") > 0.5
    assert likeness("Mötena tar för mycket tid", "Vi behöver bättre datorer") < 0.2
    assert likeness("", "något") == 0.0
    assert most_alike("We have too many meetings", ["Pay is fair", "There are too many meetings"]) == [1]


def test_the_desk_tells_what_was_done_and_by_whom_but_not_who_wrote(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    send(client, talk, "Chefen lyssnar på oss.")
    made = Statement.objects.select_related("activity__programme", "item").get(text="Chefen lyssnar på oss.")
    contributing.hide(made, reason=LangText(sv="Ett namn"), by=world.person("facilitator"))
    page = world.client("lead").get(address("dialogue:desk", activity=talk.pk) + "?show=away").content.decode()
    assert "doldes med en motivering, Facilitator" in page
    assert [act.by for act in history_of([made])[made.pk]] == ["Facilitator"]


def test_what_became_of_a_statement_is_found_by_its_receipt(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    words = send(client, talk, "Chefen lyssnar på oss.").context["words"]
    fates = client.post(address("home:receipts"), {"words": words}).content.decode()
    assert "Chefen lyssnar på oss." in fates
    made = Statement.objects.select_related("activity__programme", "item").get(text="Chefen lyssnar på oss.")
    contributing.hide(made, reason=LangText(sv="Det pekar ut någon."), by=world.person("lead"))
    fates = client.post(address("home:receipts"), {"words": words}).content.decode()
    assert "Det pekar ut någon." in fates


@pytest.mark.parametrize("let_in", [True, False])
def test_a_dialogue_without_statements_counts_none_and_says_what_happens_to_ones_own(world, let_in):
    activity = world.activity(kind="dialogue", state="open", settings={"let_in": let_in})
    page = world.client("staff").get(address("dialogue:page", activity=activity.pk)).content.decode()
    assert "0 av 0" not in page
    assert ("läses först" in page) == let_in
