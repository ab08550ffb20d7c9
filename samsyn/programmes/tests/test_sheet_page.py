"""The information sheet: on one page, in the card's own words, for everyone who sees the activity."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from samsyn.core.addresses import address
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.programmes import anonymity, information_sheet
from samsyn.programmes.actions_people import set_audience
from samsyn.programmes.audience_choice import in_words
from samsyn.programmes.forms import LAWFUL_BASES
from samsyn.programmes.models import Activity
from samsyn.programmes.tests.people_world import guest, person_key, stand_still, tongue  # noqa: F401


def told(world, activity, lang="en"):
    with translation.override(lang):
        lines = information_sheet.sheet_of(activity, world.organisation)
    return {line.question: line.answers for line in lines}


@pytest.mark.parametrize("level", Activity.Level.values)
def test_every_level_in_the_words_of_the_card(world, level):
    activity = world.activity("questions")
    activity.level = level  # coded has its words, and no activity yet
    lines = told(world, activity)
    card = anonymity.describe(activity)
    assert lines["Who sees what"] == (f"{card.headline}. {card.short}", *card.lines)
    assert len(lines) == 10
    for question, answers in lines.items():
        assert all(answers), question


def test_what_is_done_by_hand_says_so(world):
    activity = world.activity("steps", level="named")
    stored = told(world, activity)["What is stored, and where"][0]
    assert "write down afterwards" in stored


def test_every_ground_has_plain_words(world):
    activity = world.activity("steps")
    for basis in LAWFUL_BASES:
        activity.lawful_basis = basis
        assert "article 6.1" in information_sheet.lawful_basis(activity), basis


def test_single_people_are_counted_not_named(world):
    activity = world.activity("steps")
    keys = [person_key(world.person("staff")), f"unit:{encode_id(world.units['b'].pk)}"]
    set_audience(activity, everybody=False, keys=keys, by=world.person("lead"))
    asked = told(world, activity)["Who is asked, and when"][0]
    assert "Staff" not in asked
    assert "1 person by name" in asked
    assert "Enhet b" in asked


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (["manager", "top", "senior"], "chefer på alla nivåer"),
        (["top", "staff", "senior", "manager"], "medarbetare som inte är chefer och chefer på alla nivåer"),
        (["top", "manager"], "chefer och högsta ledningen"),
    ],
)
def test_levels_are_told_from_the_one_to_the_other_and_all_who_lead_as_one(world, levels, words):
    activity = world.activity("steps")
    keys = [f"level:{level}" for level in levels]
    set_audience(activity, everybody=False, keys=keys, by=world.person("lead"))
    with translation.override("sv"):
        assert in_words(activity) == words


def test_how_long_it_is_kept_is_told_in_years_where_they_are_whole(world):
    assert (
        told(world, world.activity("steps"))["How long it is kept"][0] == "2 years after the result has been published."
    )


def test_the_disposal_of_the_activity_is_told(world):
    activity = world.activity("steps", disposal=LangText(en="Deleted, says plan 7."), retention_days=90)
    kept = told(world, activity)["How long it is kept"]
    assert kept[0] == "90 days after the result has been published."
    assert kept[1].startswith("Then the system itself deletes names")
    assert kept[2] == "Deleted, says plan 7."


def test_the_page_for_everyone_who_sees_the_activity(world, settings, django_assert_max_num_queries):
    stand_still(world)
    settings.CONTACT = "IT support, 08-123"
    activity = world.activity("questions", state="open", purpose=LangText(sv="Därför <b>frågar</b> vi"))
    path = address("programmes:sheet", activity=activity.pk)
    for who, status in (("staff", 200), ("owner", 200), ("lead", 200), ("guest", 404), (None, 302)):
        assert world.client(who).get(path).status_code == status, who
    client = world.client("staff")
    with django_assert_max_num_queries(20):
        shown = client.get(path).content.decode()
    assert escape("Därför <b>frågar</b> vi") in shown
    assert "IT support" in shown
    invited = guest(world, activity)
    visitor = Client()
    visitor.post(address("programmes:invitation", secret=_secret(invited)))
    assert visitor.get(path).status_code == 200


def _secret(invitation):
    from samsyn.programmes.invitation_links import secret_for

    return secret_for(invitation.pk)
