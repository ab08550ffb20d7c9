"""You said – we did: only what has voices, a page at a time."""

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions as questions
from samsyn.activities.steps import actions as steps
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.home.queries import REPLIES_ON_A_PAGE
from samsyn.programmes.actions import OurReply, close_activity, publish_activity
from samsyn.programmes.browsers import draw_key
from samsyn.thread.actions import link
from samsyn.thread.models import Item


def replied(world, title, kind="questions"):
    """An activity in which somebody has said something, with our reply."""
    activity = world.activity(kind=kind, state="open", title=LangText(sv=title))
    lead = world.person("lead")
    if kind == "questions":
        questions.ask(activity, text=f"Vad sa {title}?", language="sv", post_key=draw_key(), author=None)
    else:
        steps.write_outcome(activity, text=LangText(sv=f"Utfall av {title}"), by=lead)
    close_activity(activity, by=lead)
    reply = OurReply(LangText(sv="Vi hörde."), LangText(sv="Vi gör."), LangText(), None)
    publish_activity(activity, reply, signed_by=lead, by=lead)
    return activity


def said(world, **asked):
    path = address("home:said", programme=world.programme.pk)
    return world.client("staff").get(path, asked).content.decode()


def test_what_was_done_by_hand_has_no_voices(world):
    replied(world, "Frågestunden")
    replied(world, "Mötet", kind="steps")
    page = said(world)
    assert "Vad sa Frågestunden?" in page
    assert "Mötet" not in page


def test_the_replies_stand_a_page_at_a_time(world):
    for number in range(REPLIES_ON_A_PAGE + 1):
        replied(world, f"Stund {number:02d}")
    first, second = said(world), said(world, page="2")
    assert first.count("Vad sa") == REPLIES_ON_A_PAGE
    assert second.count("Vad sa") == 1
    assert "?page=2" in first
    assert said(world, page="nothing").count("Vad sa") == REPLIES_ON_A_PAGE


def publish(world, activity):
    close_activity(activity, by=world.person("lead"))
    reply = OurReply(LangText(sv="Vi hörde."), LangText(sv="Vi gör."), LangText(), None)
    publish_activity(activity, reply, signed_by=world.person("lead"), by=world.person("lead"))


def test_a_question_that_was_joined_with_another_is_no_voice_of_its_own(world):
    """What had come of it is still told."""
    activity = world.activity(kind="questions", state="open", title=LangText(sv="Frågestunden"))
    first, second = (
        questions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)
        for text in ("Vem svarar på natten?", "Vem svarar när det är natt?")
    )
    outcome = steps.write_outcome(
        world.activity(kind="steps", state="open"), text=LangText(sv="Nu är det gjort."), by=world.person("lead")
    )
    link(second.item, outcome.item)
    questions.merge(second, into=first, by=world.person("lead"))
    publish(world, activity)
    page = said(world)
    assert "Vem svarar på natten?" in page
    assert "Vem svarar när det är natt?" not in page
    assert "Vi gjorde</h3>" in page
    assert "and one more" not in page


def test_what_was_joined_is_not_told_as_something_that_we_did(world):
    activity = world.activity(kind="dialogue", state="open", title=LangText(sv="Var vi står"))
    lead = world.person("lead")
    first, second = (
        dialogue.add_statement(activity, text=text, language="sv", post_key=draw_key(), author=world.person("staff"))
        for text in ("Natten är lång.", "Lång är natten.")
    )
    for statement in (first, second):
        dialogue.let_in(statement, by=lead)
    dialogue.merge(second, into=first, by=lead)
    publish(world, activity)
    assert said(world).count("Natten är lång.") == 1


def test_what_is_only_to_come_does_not_stand_as_done(world):
    """The heading says that something was done only above what was."""
    activity = replied(world, "Frågestunden")
    assert "Vad vi gör" in said(world)
    assert "Vi gjorde</h3>" not in said(world)
    question = Item.objects.get(activity_id=activity.pk, kind="questions.question")
    outcome = steps.write_outcome(
        world.activity(kind="steps", state="open"), text=LangText(sv="Nu är det gjort."), by=world.person("lead")
    )
    link(question, outcome.item)
    assert "Vi gjorde</h3>" in said(world)
