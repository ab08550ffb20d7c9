"""You said – we did: only what has voices, a page at a time."""

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
