"""What was said about how long things are kept is done: by the system, on its day."""

from __future__ import annotations

import datetime as dt

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Like, Question
from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.programmes import actions
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.duties import dispose_of_due
from samsyn.programmes.models import Ticket, VoterKey
from samsyn.thread import secrets
from samsyn.thread.actions import follow_up
from samsyn.thread.models import FollowUp, Item, Receipt, Reply
from tests.fixtures import DAY

KEPT = 30


def published(world, level="anonymous"):
    activity = world.activity(state="open", level=level, retention_days=KEPT)
    words = secrets.clean_words(secrets.draw_words("sv")) if level == "anonymous" else None
    staff = world.person("staff")
    question = questions.ask(activity, text="Vad?", language="sv", post_key=draw_key(), author=staff, words=words)
    key = draw_key() if level == "anonymous" else "p1"
    questions.like(question, key=key, person=staff, on=True)
    follow_up(question.item, answered=True, text="Tack", language="sv")
    actions.close_activity(activity, by=world.person("lead"))
    reply = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    actions.publish_activity(activity, reply, signed_by=world.person("owner"), by=world.person("lead"))
    return activity


def test_nothing_goes_before_its_day(world):
    published(world)
    with clock.simulated(DAY + dt.timedelta(days=KEPT)):
        assert dispose_of_due() == 0
    assert Receipt.objects.exists()


def test_what_ties_it_to_people_goes_and_the_record_stays(world):
    activity = published(world)
    published(world, level="named")
    with clock.simulated(DAY + dt.timedelta(days=KEPT + 1)):
        assert dispose_of_due() == 2
        assert dispose_of_due() == 0
    for gone in (Ticket, VoterKey, Receipt, FollowUp, Like):
        assert not gone.objects.exists(), gone
    assert not Question.objects.exclude(author=None).exists()
    assert Question.objects.filter(activity=activity).count() == 1
    assert Item.objects.filter(activity_id=activity.pk).exists()
    assert Reply.objects.count() == 2
    assert Entry.objects.filter(verb="activity.disposed", actor_id=None).count() == 2
