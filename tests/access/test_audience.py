"""An activity's audience limits reading until it is published: pages, items, files, exports and lists agree."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions as questions
from samsyn.activities.steps import actions as steps
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.files.queries import attachments_of
from samsyn.programmes import actions
from samsyn.programmes.actions_people import add_group, put_in_group
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.models import Part
from samsyn.programmes.standing import Visitor
from samsyn.thread.registry import visible_ids
from tests.fixtures import invite

REPLY = actions.OurReply(LangText(sv="Vi hörde er"), LangText(sv="Vi gör det"), LangText(), None)
SECRET = "Varför fick Kim tjänsten?"
KINDS = ("questions", "dialogue", "steps")
OUTSIDE = ("staff", "other", "member")


def for_managers(world, kind="questions", **values):
    """An open activity for managers only, with one text in it; the text's item."""
    level = "named" if kind == "steps" else values.pop("level", "named")
    values = {"title": LangText(sv="Chefernas stund", en="The managers' hour"), **values}
    activity = world.activity(kind=kind, level=level, everybody=False, **values)
    Part.objects.create(organisation=world.organisation, activity=activity, level="manager")
    actions.open_activity(activity, by=world.person("lead"))
    return activity, write(world, activity)


def write(world, activity):
    """One text in an activity, by the manager where people write themselves."""
    by = world.person("manager")
    if activity.kind == "questions":
        return questions.ask(activity, text=SECRET, language="sv", post_key=draw_key(), author=by).item
    if activity.kind == "dialogue":
        dialogue.seed(activity, [SECRET], language="sv", by=world.person("lead"))
        return activity.statements.get().item
    return steps.write_outcome(activity, text=LangText(sv=SECRET), by=world.person("lead")).item


def publish(world, activity):
    lead = world.person("lead")
    actions.close_activity(activity, by=lead)
    actions.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=lead)


def pages_of(activity):
    """The pages that show what an activity holds, or how it is kept."""
    yield address("programmes:activity", activity=activity.pk)
    yield address(f"{activity.kind}:page", activity=activity.pk)
    yield address("programmes:who_sees", activity=activity.pk)
    yield address("programmes:sheet", activity=activity.pk)
    if activity.kind == "dialogue":
        yield address("dialogue:result", activity=activity.pk)
        yield address("dialogue:statements", activity=activity.pk)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", OUTSIDE)
def test_who_is_not_asked_reads_nothing_before_it_is_published(world, kind, role):
    activity, item = for_managers(world, kind)
    client = world.client(role)
    for state in ("open", "closed"):
        for path in pages_of(activity):
            answer = client.get(path)
            assert answer.status_code == 403, (path, state)
            assert SECRET not in answer.content.decode()
            assert "Manager" not in answer.content.decode()
        assert client.get(address("home:item", item=item.pk)).status_code == 404
        assert not visible_ids(Visitor(world.person(role)), [item])
        if state == "open":
            actions.close_activity(activity, by=world.person("lead"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ["manager", "owner", "lead", "facilitator"])
def test_who_is_asked_and_who_runs_it_read_it(world, kind, role):
    activity, item = for_managers(world, kind)
    client = world.client(role)
    for path in pages_of(activity):
        assert client.get(path, follow=True).status_code == 200, path
    assert client.get(address("home:item", item=item.pk)).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_when_it_is_published_everyone_in_the_programme_reads_it(world, kind):
    activity, item = for_managers(world, kind)
    publish(world, activity)
    for role in (*OUTSIDE, "manager", "lead"):
        client = world.client(role)
        for path in pages_of(activity):
            assert client.get(path, follow=True).status_code == 200, (role, path)
        assert client.get(address("home:item", item=item.pk)).status_code == 200, role
    assert world.client("guest").get(address(f"{kind}:page", activity=activity.pk)).status_code == 404
    assert world.client("guest").get(address("home:item", item=item.pk)).status_code == 404


def test_the_page_says_calmly_who_it_is_for_when_it_ends_and_what_comes(world):
    activity, _item = for_managers(world)
    invite(world, activity, "other")  # a single person is counted, never named
    answer = world.client("staff").get(address("questions:page", activity=activity.pk))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Chefernas stund" in page
    assert "chefer och 1 namngiven person" in page.lower()
    assert "Other" not in page
    assert "Öppet till och med den 19 mars" in page
    assert "2 april" in page
    assert "alla i programmet" in page
    assert address("home:programme", programme=world.programme.pk) in page


def test_what_was_typed_is_not_lost_when_the_audience_is_another(world):
    activity, _item = for_managers(world)
    sent = {"text": "Får jag också fråga?", "post_key": draw_key()}
    answer = world.client("staff").post(address("questions:ask", activity=activity.pk), sent)
    assert answer.status_code == 403
    assert "Får jag också fråga?" in answer.content.decode()


def test_a_working_group_member_counts_only_in_the_audience(world):
    activity, item = for_managers(world)
    path = address("questions:page", activity=activity.pk)
    assert world.client("member").get(path).status_code == 403
    Part.objects.create(organisation=world.organisation, activity=activity, person=world.person("member"))
    assert world.client("member").get(path).status_code == 200
    assert visible_ids(Visitor(world.person("member")), [item])


def test_what_is_for_a_group_is_for_its_members_and_guests_in_it(world):
    lead = world.person("lead")
    group = add_group(world.programme, name=LangText(sv="Provgruppen"), by=lead)
    put_in_group(group, [world.person("staff"), world.person("guest")], by=lead)
    activity = world.activity(everybody=False, level="named")
    Part.objects.create(organisation=world.organisation, activity=activity, group=group)
    actions.open_activity(activity, by=lead)
    item = write(world, activity)
    for role, status in (("staff", 200), ("guest", 200), ("other", 403), ("manager", 403), ("member", 403)):
        assert world.client(role).get(address("questions:page", activity=activity.pk)).status_code == status, role
        expected = 200 if status == 200 else 404
        assert world.client(role).get(address("home:item", item=item.pk)).status_code == expected, role


@pytest.mark.parametrize("role", OUTSIDE)
def test_files_follow_the_audience(world, role, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    activity, _item = for_managers(world, "steps")
    path = address("files:add", owner_kind="activity", owner=activity.pk)
    sent = {"file": SimpleUploadedFile("löner.csv", b"namn;lon\nKim;1\n", "text/csv")}
    assert world.client("lead").post(path, sent).status_code == 302
    (attachment,) = attachments_of("activity", activity.pk)
    file = address("files:file", attachment=attachment.pk)
    assert world.client(role).get(file).status_code == 404
    assert world.client("manager").get(file).status_code == 200
    publish(world, activity)
    assert world.client(role).get(file).status_code == 200


def test_the_storyboard_shows_that_it_exists_and_not_how_far_it_has_come(world):
    activity, item = for_managers(world)
    given = questions.Answer("written", LangText(sv="Så här var det"))
    questions.answer(item.question, given, answered_by=world.person("owner"), by=world.person("lead"))
    path = address("programmes:storyboard", programme=world.programme.pk)
    told = "frågor har ett svar"
    staff, manager, lead = (world.client(role).get(path).content.decode() for role in ("staff", "manager", "lead"))
    for page in (staff, manager, lead):
        assert "Chefernas stund" in page
        assert SECRET not in page
    assert told in manager
    assert told in lead
    assert told not in staff
    publish(world, activity)
    assert told in world.client("staff").get(path).content.decode()
