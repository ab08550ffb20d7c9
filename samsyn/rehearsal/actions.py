"""Running a rehearsal: an organisation is made, a playbook started, and the crowd walks through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from samsyn.core import clock, tenancy
from samsyn.jobs.housekeeping import forget_organisation
from samsyn.jobs.running import run_waiting
from samsyn.organisations.models import Organisation, Person
from samsyn.programmes import actions as programmes
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity, Group, GroupMember, News, Partner, Programme, Role
from samsyn.programmes.playbooks import find_playbook
from samsyn.programmes.queries import lead_of
from samsyn.programmes.rehearsing import publish_as_told
from samsyn.programmes.starting import start_from_playbook
from samsyn.rehearsal.actions_sessions import StorySessions
from samsyn.rehearsal.crowd import StoryCrowd
from samsyn.rehearsal.models import DemoMark
from samsyn.rehearsal.people import make_organisation, make_people, make_units
from samsyn.rehearsal.story import Story, pair, read_story, story_for
from samsyn.thread.actions import link
from samsyn.thread.models import Item, Visibility

Tell = Callable[[int, int, str], None]
_ROLES = {"owner": Role.Name.OWNER, "lead": Role.Name.LEAD, "facilitator": Role.Name.FACILITATOR}


def _silent(done: int, total: int, what: str) -> None:
    """Say nothing."""


def rehearse(playbook_slug: str, *, slug: str, tell: Tell = _silent) -> Organisation:
    """Make a synthetic organisation of its own and walk a playbook through the kinds' own actions.

    Where a story is written for the playbook the people say what stands there, up to its day; elsewhere they behave by
    chance, half-way through. Raises LookupError where there is no such playbook.
    """
    story = story_for(playbook_slug)
    with transaction.atomic():
        organisation = make_organisation(story, slug)
    with (
        tenancy.scope(organisation.pk, organisation.slug),
        timezone.override(organisation.time_zone),
        translation.override("sv"),
    ):
        scripts = story.activities()
        total = len(scripts) + 2
        tell(0, total, str(organisation.name))
        with clock.simulated(story.start), transaction.atomic():
            named = make_people(story, make_units(story))
            programme = _start(story, named)
        crowd = StoryCrowd(story, named)
        sessions = StorySessions(story, programme, crowd)
        sessions.plan()
        tell(1, total, str(programme.title))
        for number, activity in enumerate(_begun(programme, scripts), start=2):
            sessions.hold(before=activity.key)
            _walk(activity, scripts[activity.key], crowd, story)
            tell(number, total, str(activity.title))
        sessions.hold()
        with clock.simulated(story.today), transaction.atomic():
            _tie(scripts, crowd)
            _show_voice(story, crowd)
        run_waiting()  # the minutes tell what came out of a dialogue
        sessions.publish_tied()
        run_waiting()
        tell(total, total, str(organisation.name))
    return organisation


def make_demo(tell: Tell = _silent) -> Organisation:
    """Fill an empty database with the demo, and mark it so. A demo that was cut off is taken away and made anew."""
    story = read_story("leadership-and-culture")
    DemoMark.objects.filter(finished=False).delete()
    for left_over in Organisation.objects.filter(slug=story.raw["organisation"]["slug"], synthetic=True):
        forget_organisation(left_over.pk)
        left_over.delete()
    mark = DemoMark.objects.create(organisation_id=0, story=story.slug)
    organisation = rehearse(story.slug, slug=story.raw["organisation"]["slug"], tell=tell)
    mark.organisation_id, mark.finished = organisation.pk, True
    mark.save()
    return organisation


def _start(story: Story, named: dict[str, Person]) -> Programme:
    raw = story.raw
    lead = next(named[row["key"]] for row in raw["people"] if row["role"] == "lead")
    owner = next(named[row["key"]] for row in raw["people"] if row["role"] == "owner")
    playbook = find_playbook(story.playbook)
    assert playbook is not None
    lead.administrator = True
    programme = start_from_playbook(
        playbook, title=pair(raw["programme"]["title"]), starts=story.start, owner=owner, by=lead
    )
    words = raw["programme"]
    programmes.change_programme(
        programme,
        by=lead,
        from_state=pair(words["from"]),
        to_state=pair(words["to"]),
        ambition=pair(words["ambition"]),
        decided=pair(words["decided"]),
        open_matters=pair(words["open"]),
        not_discussed=pair(words["not_discussed"]),
        contact=named[raw["contact"]],
    )
    _appoint(raw, programme, named)
    News.objects.bulk_create(
        News(
            organisation_id=programme.organisation_id,
            programme=programme,
            day=row["day"],
            title=pair(row["title"]),
            text=pair(row["text"]),
            signed_by=named[row["by"]],
        )
        for row in raw["news"]
    )
    return programme


def _appoint(raw: dict[str, Any], programme: Programme, named: dict[str, Person]) -> None:
    organisation_id, partners = programme.organisation_id, {}
    groups = {group.name.get("en"): group for group in Group.objects.filter(programme=programme)}
    for row in raw["people"]:
        partner = None
        if row["partner"]:
            if row["partner"] not in partners:
                partners[row["partner"]] = Partner.objects.create(
                    organisation_id=organisation_id, programme=programme, name=row["partner"], until=programme.ends
                )
            partner = partners[row["partner"]]
        person, role = named[row["key"]], row["role"]
        if role == "facilitator":
            _role(programme, person, Role.Name.FACILITATOR, partner)
        elif role == "guest":
            _role(programme, person, Role.Name.GUEST, partner)
            _put_in(groups.get("Guests"), person)
        elif role == "working-group":
            _role(programme, person, Role.Name.MEMBER, partner)
            _put_in(groups.get("Working group"), person)


def _put_in(group: Group | None, person: Person) -> None:
    """Into one of the playbook's groups, where it has that one."""
    if group is not None:
        GroupMember.objects.create(organisation_id=group.organisation_id, group=group, person=person)


def _role(programme: Programme, person: Person, name: str, partner: Partner | None) -> None:
    until = programme.ends if name == Role.Name.GUEST or partner else None
    Role.objects.create(
        organisation_id=programme.organisation_id,
        programme=programme,
        person=person,
        name=name,
        partner=partner,
        until=until,
    )


def _begun(programme: Programme, scripts: dict[str, Any]) -> list[Activity]:
    rows = {activity.key: activity for activity in Activity.objects.filter(programme=programme)}
    missing = set(scripts) - set(rows)
    if missing:
        raise ValueError(f"the story names steps that the playbook has not: {', '.join(sorted(missing))}")
    return [rows[key] for key in scripts]


def _walk(activity: Activity, script: dict[str, Any], crowd: StoryCrowd, story: Story) -> None:
    """Open, let the crowd behave, close and publish, each on its own day."""
    by = lead_of(activity.programme)
    with transaction.atomic():
        ends = script["closed"] or activity.ends
        with crowd.on(script["opened"]):
            programmes.change_activity(
                activity, by=by, starts=script["opened"], ends=ends, reply_by=max(script["reply_by"], ends)
            )
            programmes.open_activity(activity, by=by)
        kind_of(activity).rehearse(activity, crowd)
        if script["closed"]:
            with crowd.on(script["closed"]):
                programmes.close_activity(activity, by=by)
        reply = script.get("reply")
        if script["state"] == "published" and reply:
            publish_as_told(activity, reply, crowd, by)
            with crowd.on(reply["day"]):
                item = Item.objects.filter(activity_id=activity.pk, kind="reply").first()
                if item is not None:
                    crowd.remember(f"reply:{activity.key}", item)


def _tie(scripts: dict[str, Any], crowd: StoryCrowd) -> None:
    """Draw the links of the story, once everything that they point at is there."""
    for key, script in scripts.items():
        outcome = script.get("outcome")
        here = crowd.recall(key)
        if not outcome or here is None:
            continue
        for source in outcome.get("made_out_of") or []:
            found = crowd.recall(source)
            if found is not None:
                link(_promise_of(found, outcome) or found, here)
        for target in outcome.get("led_to") or []:
            found = crowd.recall(target)
            if found is not None:
                link(here, found)


def _promise_of(item: Item, outcome: dict[str, Any]) -> Item | None:
    """A step that came of a question which ended in a promise came of the promise."""
    return Item.objects.filter(made_out_of__source=item, kind="promise", day__lte=outcome["day"]).first()


def _show_voice(story: Story, crowd: StoryCrowd) -> None:
    """The one voice of the front page and what came of it may be read by everyone."""
    voice = story.raw["voice"]
    if not voice:
        return
    question = crowd.recall(voice["question"])
    stations = [question, crowd.recall(voice["step"]), crowd.recall(f"reply:{voice['reply']}")]
    found = [item for item in stations if item is not None]
    if question is not None:
        found += list(Item.objects.filter(made_out_of__source=question, kind="promise"))
    Item.objects.filter(pk__in=[item.pk for item in found]).update(visibility=Visibility.PUBLIC)
