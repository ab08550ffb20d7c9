"""What an earlier activity in the same series left open: it comes first in the next one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q

from samsyn.programmes.models import Activity, Part
from samsyn.thread.models import Item, Visibility
from samsyn.thread.registry import Telling, tell


def left_open(activity: Activity, before: Collection[int]) -> list[Telling]:
    """What somebody said, there or because of it, would be done by a day, and is not: the earliest first.

    `before`: ids of the earlier activities, of the same programme.
    """
    if not before:
        return []
    came_of = Q(activity_id__in=before) | Q(made_out_of__source__activity_id__in=before)
    rows = Item.objects.filter(came_of, programme_id=activity.programme_id, owner__isnull=False, due__isnull=False)
    items = list(rows.filter(state="open").select_related("owner").distinct().order_by("due", "id"))
    told = tell(items)
    return [told[item.pk] for item in items if item.pk in told]


def for_everybody_there(activity: Activity, before: Collection[int], told: Sequence[Telling]) -> list[Telling]:
    """Those that everybody in this activity may see: a room shows all of them the same."""
    open_to = {Visibility.PROGRAMME, Visibility.PUBLIC}
    if any(telling.item.visibility == Visibility.AUDIENCE for telling in told) and _same_people(activity, before):
        open_to.add(Visibility.AUDIENCE)
    return [telling for telling in told if telling.item.visibility in open_to]


def _same_people(activity: Activity, before: Collection[int]) -> bool:
    """Whether everybody here was among those of the earlier ones."""

    def audience(pk: int) -> set[tuple[object, ...]]:
        return set(Part.objects.filter(activity_id=pk).values_list("unit", "level", "team_of", "group", "person"))

    return activity.entry == Activity.Entry.AUDIENCE and all(
        earlier.everybody == activity.everybody and audience(activity.pk) <= audience(earlier.pk)
        for earlier in Activity.objects.filter(pk__in=before)
    )
