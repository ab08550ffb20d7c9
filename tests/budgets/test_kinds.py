"""What the pages of a kind cost: the same queries however much they hold. Each registered kind must pass."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.core.addresses import address
from samsyn.programmes import actions
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from samsyn.thread.actions import add_item, link
from samsyn.thread.models import Item
from tests.architecture.addresses import all_addresses
from tests.budgets.test_pages import MOST_QUERIES
from tests.conformance.test_kinds import kind, rehearsed
from tests.fixtures import World
from tests.sampling import EVERYTHING

__all__ = ["kind"]  # the fixture: each kind in turn
# Who takes part while it goes on, and who answers afterwards; in `make prove` both of them in both states.
LOOKS = [("staff", "open"), ("lead", "closed"), *([("staff", "closed"), ("lead", "open")] if EVERYTHING else [])]


def grow(world: World, activity: Activity, times: int) -> None:
    """Give the activity what as many others of its kind hold, each thing with two that it came of."""
    kind = all_kinds()[activity.kind]
    models = [model for model in apps.get_app_config(kind.slug).get_models() if hasattr(model, "activity")]
    for _time in range(times):
        other = rehearsed(world, kind, activity.level)
        for model in models:
            if not model._meta.get_field("activity").unique:
                for row in model.objects.filter(activity=other):
                    anew = {"post_key": draw_key()} if hasattr(row, "post_key") else {}  # drawn from the kind's chance
                    model.objects.filter(pk=row.pk).update(activity=activity, **anew)
        Item.objects.filter(activity_id=other.pk).update(activity_id=activity.pk)
    for item in Item.objects.filter(activity_id=activity.pk, kind__startswith=kind.slug):
        for made in (add_item(programme_id=world.programme.pk, kind="theme", title=item.title) for _each in range(2)):
            link(made, item)


def pages_of(kind, activity: Activity) -> list[str]:
    """The addresses of a kind that need nothing but the activity."""
    names = [one.name for one in all_addresses() if set(one.parts) == {"organisation", "activity"}]
    return [address(name, activity=activity.pk) for name in names if name.startswith(f"{kind.slug}:")]


@pytest.mark.sampled
@pytest.mark.parametrize(("role", "state"), LOOKS)
def test_its_pages_cost_the_same_queries_however_much_they_hold(world, kind, role, state):
    activity = rehearsed(world, kind)
    grow(world, activity, 1)
    if state == "closed":
        actions.close_activity(activity, by=world.person("lead"))
    client, held = world.client(role), Item.objects.filter(activity_id=activity.pk).count()

    def measure() -> dict[str, list[str]]:
        found = {}
        for path in pages_of(kind, activity):
            client.get(path)
        for path in pages_of(kind, activity):
            with CaptureQueriesContext(connection) as captured:
                if client.get(path).status_code == 200:
                    found[path] = [query["sql"][:200] for query in captured.captured_queries]
        return found

    few = measure()
    assert few
    grow(world, activity, 3)
    assert Item.objects.filter(activity_id=activity.pk).count() >= 2 * held
    for path, queries in measure().items():
        assert len(queries) == len(few[path]), "\n".join((path, *queries))
        assert len(queries) <= MOST_QUERIES, "\n".join((path, *queries))
