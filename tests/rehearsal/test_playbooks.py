"""Every playbook can be rehearsed before one real person is invited."""

from __future__ import annotations

import pytest
from django.db import connection

from samsyn.activities.questions.models import Question
from samsyn.core import tenancy
from samsyn.organisations.models import Organisation, Person
from samsyn.programmes.models import Activity
from samsyn.programmes.playbooks import all_playbooks
from samsyn.rehearsal.actions import rehearse
from samsyn.thread.models import Item, Promise, Reply
from tests.rehearsal.sessions import check_the_sessions
from tests.sampling import EVERYTHING

SLUGS = [playbook.slug for playbook in all_playbooks()]
DEMO = "leadership-and-culture"  # the one with a story written by hand
# The two that take longest are walked on SQLite alone; in `make prove` all of them on either.
LONG = {DEMO, "owned-transformation"}
WALKED = [slug for slug in SLUGS if EVERYTHING or connection.vendor == "sqlite" or slug not in LONG]


def test_the_four_programmes_are_shipped():
    assert set(SLUGS) == {
        "leadership-and-culture",
        "pilot-and-experiments",
        "collective-intelligence",
        "owned-transformation",
    }


@pytest.mark.sampled
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("slug", WALKED)
def test_a_playbook_is_walked_through(slug):
    told = []
    name = "alvmark" if slug == DEMO else "provkorning"
    organisation = rehearse(slug, slug=name, tell=lambda done, total, what: told.append((done, total)))
    assert organisation.synthetic
    assert organisation.simulated_day
    assert told[-1][0] == told[-1][1]
    with tenancy.scope(organisation.pk, organisation.slug):
        assert Person.objects.filter(external=False).count() == 300
        states = set(Activity.objects.values_list("state", flat=True))
        assert {"draft", "published"} <= states
        assert Item.objects.exists()
        assert Reply.objects.exists()
        late = Activity.objects.filter(state="draft", starts__lt=organisation.simulated_day)
        assert not late.exists(), list(late.values_list("key", flat=True))
    if slug == DEMO:
        check_the_story(organisation)
        check_the_sessions(organisation)


def check_the_story(organisation: Organisation) -> None:
    """The demo's programme stands in the middle: answered, promised, kept, overdue, open and waiting."""
    today = organisation.simulated_day
    with tenancy.scope(organisation.pk, organisation.slug):
        assert Question.objects.count() == 60
        assert set(Question.objects.exclude(end="").values_list("end", flat=True)) == {
            "live", "written", "promised", "declined",
        }  # fmt: skip
        promises = Promise.objects.select_related("item")
        assert promises.filter(item__state="kept").exists()
        assert promises.filter(item__state="open", item__due__lt=today).count() == 1
        assert Activity.objects.filter(state="open", kind="questions").count() == 1
        waiting = Activity.objects.filter(state="closed", kind="questions", reply_by__lt=today)
        assert waiting.count() == 1
        assert set(Item.objects.filter(visibility="public").values_list("kind", flat=True)) == {
            "questions.question", "promise", "steps.outcome", "reply",
        }  # fmt: skip
    assert Organisation.objects.filter(synthetic=True).count() == 1
