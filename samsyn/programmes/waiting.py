"""What waits for those who run activities, as far as it is the same in every kind: texts that wait to be let in."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.organisations.models import Person
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.kinds import Waiting
from samsyn.programmes.models import Role
from samsyn.programmes.standing import FACILITATION, ORGANISING, Standing


def programmes_led_by(person: Person, roles: Standing = ORGANISING) -> QuerySet[Role]:
    """The ids of the programmes in which a person has one of the roles today: for `…__in`, no query of its own."""
    today = clock.today()
    held = Role.objects.filter(person=person, name__in=roles)
    return held.exclude(until__lt=today).exclude(partner__until__lt=today).order_by().values("programme_id")


def texts_to_let_in(
    model: type[Contribution], person: Person, *, desk: str, words: Callable[[int], str]
) -> list[Waiting]:
    """One row for each activity in which texts wait for this person to let them in. One query.

    `desk`: the name of the desk's address. `words`: how many, in the kind's own words.
    """
    rows = model._default_manager.filter(state=Contribution.State.WAITING)
    rows = rows.filter(activity__programme_id__in=programmes_led_by(person, FACILITATION)).order_by()
    counted = rows.values("activity_id", "activity__title").annotate(number=Count("id"), since=Min("item__day"))
    return [
        Waiting(
            title=words(row["number"]),
            address=address(desk, activity=row["activity_id"]) + "?show=waiting",
            verb=_("Read"),
            about=row["activity__title"],
            note=ngettext("Nobody else sees it yet", "Nobody else sees them yet", row["number"]),
            since=row["since"],
        )
        for row in counted
    ]
