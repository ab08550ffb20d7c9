"""Who sees whose name, before and after publishing, and what the card says of it: code and card agree."""

from __future__ import annotations

import inspect
import re

import pytest
from django.utils import translation

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions as questions
from samsyn.core.addresses import address
from samsyn.jobs.running import run_waiting
from samsyn.programmes import actions, anonymity, contributing, invitation_mail
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from samsyn.programmes.tests.people_world import guest, path_of
from tests.access.test_audience import REPLY
from tests.conformance.test_kinds import rehearsed

TEXT = "Vi borde ha färre möten"
LEVELS = ("named", "facilitators", "anonymous")
EVERYONE = ("staff", "manager", "member", "owner", "facilitator", "lead")


@pytest.fixture(params=["questions", "dialogue"])
def kind(request):
    return request.param


def said_by_other(world, kind, level, state):
    """An activity in which the person Other has written one text that everyone there sees."""
    activity = world.activity(kind=kind, level=level, state="open")
    sent = {"text": TEXT, "language": "sv", "post_key": draw_key(), "author": world.person("other")}
    row = questions.ask(activity, **sent) if kind == "questions" else dialogue.add_statement(activity, **sent)
    if row.state == "waiting":
        contributing.let_in(row, by=world.person("lead"))
    if state != "open":
        actions.close_activity(activity, by=world.person("lead"))
        run_waiting()
    if state == "published":
        actions.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=world.person("lead"))
    activity.refresh_from_db()
    return activity, row


def pages(activity, row):
    yield address(f"{activity.kind}:page", activity=activity.pk)
    yield address("home:item", item=row.item_id)
    yield address("home:said", programme=activity.programme_id)
    yield address("casestudy:page", programme=activity.programme_id)
    yield address("programmes:storyboard", programme=activity.programme_id)
    if activity.kind == "dialogue":
        yield address("dialogue:result", activity=activity.pk)
        yield address("dialogue:statements", activity=activity.pk)


def read(world, role, paths):
    found = [world.client(role).get(path) for path in paths]
    assert {answer.status_code for answer in found} <= {200, 302}
    return " ".join(answer.content.decode() for answer in found)


def names_other(page):
    return bool(re.search(r"\bOther\b", page))


@pytest.mark.parametrize("state", ["open", "published"])
@pytest.mark.parametrize("level", LEVELS)
def test_pages_that_all_read_name_who_wrote_only_where_names_are_for_all(world, kind, level, state):
    activity, row = said_by_other(world, kind, level, state)
    for role in EVERYONE:
        page = read(world, role, pages(activity, row))
        assert TEXT in page, role
        assert names_other(page) is (level == "named"), role


@pytest.mark.parametrize("state", ["open", "published"])
@pytest.mark.parametrize("level", LEVELS)
def test_the_desk_names_who_wrote_as_the_card_says(world, kind, level, state):
    activity, _row = said_by_other(world, kind, level, state)
    for role, sees in (
        ("lead", level != "anonymous"),
        ("facilitator", level != "anonymous"),
        ("owner", level == "named"),
    ):
        path = address(f"{kind}:desk", activity=activity.pk)
        shown = "unanswered" if kind == "questions" else "visible"
        page = read(world, role, [f"{path}?show={shown}"])
        assert TEXT in page
        assert names_other(page) is sees, role


@pytest.mark.parametrize("level", LEVELS)
def test_no_file_that_leaves_names_who_wrote(world, kind, level):
    activity, _row = said_by_other(world, kind, level, "published")
    for form in ("csv", "json"):
        answer = world.client("lead").get(address(f"{kind}:export", activity=activity.pk), {"form": form})
        assert b"Other" not in answer.content


def published_line(level, lang):
    with translation.override(lang):
        return anonymity.card(level, "audience").published


def test_the_card_says_what_publishing_does():
    assert "med ditt namn" in published_line("named", "sv")
    assert "utan ditt namn" in published_line("facilitators", "sv")
    assert "Inget namn" in published_line("anonymous", "sv")
    assert "with your name" in published_line("named", "en")
    assert "without your name" in published_line("facilitators", "en")
    assert "No name" in published_line("anonymous", "en")
    for level in Activity.Level.values:
        for lang, words in (("sv", "alla i programmet"), ("en", "everyone in the programme")):
            assert words in published_line(level, lang)
            with translation.override(lang):
                assert published_line(level, lang) in anonymity.card(level, "code").lines


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("level", [*LEVELS, "by hand"])
def test_invitation_form_and_result_say_it_in_the_same_words(world, level, lang):
    by_hand = level == "by hand"
    kind = "steps" if by_hand else "questions"
    activity = world.activity(kind, state="open", level="named" if by_hand else level)
    invitation = guest(world, activity)
    with translation.override(lang):
        line = anonymity.describe(activity).published
        _subject, letter = invitation_mail.words(invitation, link="https://…")
        assert line in letter.pick(lang)[0]
        client, outside = world.client("staff"), world.client()
        for browser in (client, outside):
            browser.cookies["language"] = lang
        for name in (f"{kind}:page", "programmes:who_sees", "programmes:sheet"):
            assert line in client.get(address(name, activity=activity.pk)).content.decode(), name
        assert line in outside.get(path_of(invitation)).content.decode()
        actions.close_activity(activity, by=world.person("lead"))
        actions.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=world.person("lead"))
        assert line in client.get(address(f"{kind}:page", activity=activity.pk)).content.decode()


# --- figures are for all who were asked, never for a part of them -----------------------------------------------


@pytest.mark.parametrize("slug", list(all_kinds()))
def test_figures_are_those_of_the_whole_audience(slug):
    """Until there is disclosure control nothing asks for the figures of a part: there is no place to say which."""
    kind = all_kinds()[slug]
    assert list(inspect.signature(kind.summary).parameters) == ["activity"]
    assert list(inspect.signature(kind.tables).parameters) == ["activity"]
    assert list(inspect.signature(kind.progress).parameters) == ["activity"]


@pytest.mark.parametrize("slug", [slug for slug, kind in all_kinds().items() if "anonymous" in kind.levels])
def test_nothing_that_is_stored_could_tell_one_part_of_the_audience_from_another(world, slug):
    """A sub-group's figure would need a unit, a level or a person beside the votes: there is none."""
    kind = all_kinds()[slug]
    activity = rehearsed(world, kind, "anonymous")
    known = {str(person.pk) for person in world.people.values()} | {str(unit.pk) for unit in world.units.values()}
    for rows in kind.anonymous_rows(activity):
        to = {field.related_model._meta.label for field in rows.model._meta.get_fields() if field.many_to_one}
        assert not to & {"organisations.Unit", "programmes.Part", "programmes.Group"}
        for row in rows.values_list():
            for value in row:
                assert str(value) not in known - {str(world.person("lead").pk)}, rows.model
