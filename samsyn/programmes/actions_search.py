"""The index that is searched, made anew: for a database from before there was one, or one that came back without."""

from __future__ import annotations

from samsyn.core import search, tenancy
from samsyn.core.models import SearchWord
from samsyn.organisations.models import Organisation
from samsyn.programmes.models import Activity, Programme
from samsyn.thread.models import Item


def fill_indexes() -> int:
    """Index everything in every organisation that has no index. How many those were."""
    filled = 0
    for organisation in Organisation.objects.order_by("id"):
        with tenancy.scope(organisation.pk, organisation.slug):
            if SearchWord.objects.exists() or not Programme.objects.exists():
                continue
            for of, model in (("programme", Programme), ("activity", Activity), ("item", Item)):
                search.refresh(of, model.objects.order_by("id").values_list("pk", flat=True))
            filled += 1
    return filled
