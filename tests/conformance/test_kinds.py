"""One battery that every registered kind must pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

from samsyn.audit.models import Entry
from samsyn.core import clock, search
from samsyn.programmes import actions
from samsyn.programmes.kinds import Scene, Summary, all_kinds
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.models import Item
from tests.fixtures import DAY, World
from tests.rehearsals import SmallCrowd

KINDS = list(all_kinds().values())
ROOT = Path(__file__).resolve().parents[2] / "samsyn/activities"


@pytest.fixture(params=KINDS, ids=lambda kind: kind.slug)
def kind(request):
    return request.param


def rehearsed(world: World, kind, level: str | None = None) -> Activity:
    """An activity of the kind in which a small crowd has done what it does."""
    level = level or sorted(kind.levels)[0]
    activity = world.activity(kind=kind.slug, level=level, state="open", entry="audience")
    kind.rehearse(activity, SmallCrowd(world))
    activity.refresh_from_db()
    return activity


def home(activity: Activity) -> str:
    kind = all_kinds()[activity.kind]
    return reverse(
        f"{kind.slug}:{kind.home}", kwargs={"organisation": activity.organisation.slug, "activity": activity.pk}
    )


def test_a_rehearsal_makes_something(world, kind):
    activity = rehearsed(world, kind)
    assert Item.objects.filter(activity_id=activity.pk).exists()


@pytest.mark.parametrize("state", ["open", "closed"])
def test_its_home_answers_those_who_take_part_in_both_languages(world, kind, state):
    activity = rehearsed(world, kind)
    if state == "closed":
        actions.close_activity(activity, by=world.person("lead"))
    for language in ("sv", "en"):
        client = world.client("staff")
        client.cookies["language"] = language
        response = client.get(home(activity))
        assert response.status_code == 200
        assert f'<html lang="{language}"' in response.content.decode()


def test_what_is_done_is_audited_except_where_nothing_may_be(world, kind):
    for level in kind.levels - {"coded"}:
        activity = world.activity(kind=kind.slug, level=level, state="open")
        before = set(Entry.objects.values_list("pk", flat=True))
        kind.rehearse(activity, SmallCrowd(world))
        written = Entry.objects.exclude(pk__in=before)
        assert written.exists()
        took_part = kind.taken_part(activity)
        assert took_part is None or took_part <= {person.pk for person in SmallCrowd(world).people(activity)}
        organisers = {world.person(name).pk for name in ("lead", "owner", "facilitator")}
        if leaves_no_trace(activity):
            assert set(written.values_list("actor_id", flat=True)) <= organisers


@pytest.mark.parametrize("full", [False, True], ids=["empty", "full"])
def test_the_interface_holds_on_empty_and_on_full_data(world, kind, full):
    activity = rehearsed(world, kind) if full else world.activity(kind=kind.slug, level=sorted(kind.levels)[0])
    person = world.person("staff")
    for language in ("sv", "en"):
        with override(language):
            summary = kind.summary(activity)
            assert isinstance(summary, Summary)
            assert all("%" not in str(figure.sentence) for figure in summary.figures if figure.sentence)
            assert all(str(figure.one) for figure in summary.figures), "the label after the number one"
            for table in kind.tables(activity):
                rows = list(table.rows)
                assert all(len(row) == len(table.columns) for row in rows)
            assert all(str(lack.words) and lack.address for lack in kind.lacking_of([activity]).values())
            assert not (full and kind.lacking_of([activity])), "what is rehearsed in lacks nothing"
            assert kind.progress(activity).done <= kind.progress(activity).total
            assert isinstance(kind.snapshot(activity), Scene)
            assert isinstance(kind.waits_for(person), list)
            assert isinstance(kind.news(person, DAY - dt.timedelta(days=7)), list)
            assert str(kind.name)
            assert str(kind.purpose)
    copy = actions.copy_activity(activity, by=world.person("lead"))
    assert not Item.objects.filter(activity_id=copy.pk).exists(), "a copy holds no contributions"
    assert kind.refusal_to_delete(copy) is None
    assert bool(kind.refusal_to_delete(activity)) == full


def test_it_lets_go_of_a_person(world, kind):
    rehearsed(world, kind, level="named")
    for person in world.people.values():
        kind.erase(person)
        assert not kind.personal_data(person)


def test_every_item_can_be_told(world, kind):
    activity = rehearsed(world, kind)
    items = [item for item in Item.objects.filter(activity_id=activity.pk) if item.kind.startswith(kind.slug)]
    told = kind.tell(items)
    assert {item.pk for item in items} == set(told)
    for telling in told.values():
        assert telling.text
        assert kind.item_address(telling.item)


def test_its_items_are_found_by_what_they_say(world, kind):
    activity = rehearsed(world, kind)
    ids = list(Item.objects.filter(activity_id=activity.pk).values_list("pk", flat=True))

    def kept() -> set[tuple[int, bytes]]:
        return {(row.about_id, bytes(row.word)) for row in search.rows_of("item", ids)}

    before = kept()
    assert before
    search.refresh("item", ids)
    assert kept() == before, "an action has changed words and not said so"


def test_its_anonymous_rows_can_be_rewritten(world, kind):
    activity = rehearsed(world, kind)
    for rows in kind.anonymous_rows(activity):
        assert rows.model._meta.pk.name == "id"
        rows.count()


def test_its_folder_is_complete(kind):
    folder = ROOT / kind.slug
    for name in ("apps.py", "kind.py", "models.py", "actions.py", "views.py", "urls.py", "rehearse.py", "README.md"):
        assert (folder / name).exists(), f"{kind.slug} lacks {name}"
    allowed = "__init__ apps kind models rules queries actions forms views urls rehearse factories"
    assert {path.stem for path in folder.glob("*.py")} <= set(allowed.split())
    for path in folder.rglob("*.html"):
        assert path.relative_to(folder).parts[:2] == ("templates", kind.slug)


def test_a_simulated_day_reaches_its_rows(world, kind):
    activity = rehearsed(world, kind)
    assert {item.day for item in Item.objects.filter(activity_id=activity.pk)} <= {
        DAY + dt.timedelta(days=number) for number in range(8)
    }
    assert clock.today() == DAY
