"""Whom letters about an activity are for, who may be reminded, and what has been sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from samsyn.jobs.mail.preview import REASONS
from samsyn.jobs.models import Letter, Mailing
from samsyn.organisations.models import Person
from samsyn.programmes import audiences, letters
from samsyn.programmes.kinds import Words, kind_of
from samsyn.programmes.models import Activity, Role
from samsyn.programmes.rules import leaves_no_trace

ON_A_PAGE = 50
_NAMED = ("name", "email", "language", "left", "erased", "sort_name")


def addressees(activity: Activity, *, guests: bool) -> QuerySet[Person]:
    """Those whom an activity is for, by name. Guests have invitations of their own, but hear what came of it."""
    rows = audiences.people_of_activity(activity).only(*_NAMED).order_by("sort_name", "id")
    if guests:
        return rows
    invited = Role.objects.filter(programme=activity.programme_id, person=OuterRef("pk"), name=Role.Name.GUEST)
    return rows.exclude(Exists(invited))


@dataclass(frozen=True)
class Silence:
    """Who has not taken part. `known`: False where nobody can tell, and `why` says why.

    `discreet`: it is known from tickets alone. Nobody may see who or how many: each voting would show.
    """

    known: bool = True
    discreet: bool = False
    why: str = ""
    ids: frozenset[int] = field(default=frozenset(), repr=False)


def silence(activity: Activity) -> Silence:
    """Who of the audience has not taken part, where that is known without breaking anonymity."""
    if kind_of(activity).by_hand:
        return Silence(known=False, why=_("It is done by hand, so it is not known here who has taken part."))
    if activity.entry == Activity.Entry.CODE:
        words = _("People come in with a code. It is not known who has taken part, so it would be everybody or nobody.")
        return Silence(known=False, why=words)
    taken_part = kind_of(activity).taken_part(activity)
    if taken_part is None:
        return Silence(known=False, why=_("Nobody votes here, so it is not known who has taken part."))
    ids = frozenset(addressees(activity, guests=False).values_list("pk", flat=True)) - taken_part
    return Silence(discreet=leaves_no_trace(activity), ids=ids)


def reminder_made(activity: Activity) -> Mailing | None:
    """The reminder that nobody may see into, where one has been made: there is one in an activity."""
    found = Mailing.objects.filter(purpose=letters.REMINDING, about_id=activity.pk, discreet=True)
    return found.order_by("day", "id").first()


@dataclass(frozen=True)
class Sent:
    """A mailing in the send log. No numbers where it is discreet."""

    mailing: Mailing
    by: Person | None
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    under_way: bool = False

    @property
    def what(self) -> str:
        """What kind of letter it was."""
        return what_of(self.mailing)


def what_of(mailing: Mailing) -> str:
    """What kind of letter a mailing is, in words."""
    if mailing.purpose == letters.TELLING:
        return _("What came of it")
    return _("Reminder") if mailing.purpose == letters.REMINDING else _("Invitation")


def sent_about(activity: Activity) -> list[Sent]:
    """What has been sent about an activity, the newest first. Three queries."""
    mailings = list(mailings_about(activity).select_related("job").order_by("-day", "-id"))
    people = Person.objects.in_bulk({mailing.sent_by for mailing in mailings if mailing.sent_by})
    counts: dict[int, dict[str, int]] = {mailing.pk: {} for mailing in mailings}
    rows = Letter.objects.filter(mailing__in=mailings).order_by().values_list("mailing_id", "state")
    for pk, state, number in rows.annotate(number=Count("id")):
        counts[pk][state] = number
    return [_sent(mailing, people.get(mailing.sent_by or 0), counts[mailing.pk]) for mailing in mailings]


def mailings_about(activity: Activity) -> QuerySet[Mailing]:
    """Every mailing about an activity."""
    return Mailing.objects.filter(
        purpose__in=[letters.ASKING, letters.REMINDING, letters.TELLING], about_id=activity.pk
    )


def reminders_of(item_ids: Iterable[int]) -> QuerySet[Mailing]:
    """The reminders of promises, by the ids of their items."""
    return Mailing.objects.filter(purpose__startswith=f"{letters.PROMISED}.", about_id__in=list(item_ids))


def days_reminded(item_ids: Iterable[int]) -> dict[int, dt.date]:
    """When somebody was last reminded of a promise, by item; those alone of which anybody was."""
    rows = reminders_of(item_ids).order_by().values_list("about_id")
    return dict(rows.annotate(last=Max("day")))


def _sent(mailing: Mailing, by: Person | None, counts: dict[str, int]) -> Sent:
    under_way = mailing.job is not None and not mailing.job.ended
    if mailing.discreet:
        return Sent(mailing, by, under_way=under_way)
    state = Letter.State
    return Sent(
        mailing,
        by,
        sent=counts.get(state.SENT, 0),
        failed=counts.get(state.FAILED, 0) + counts.get(state.UNSURE, 0),
        waiting=counts.get(state.QUEUED, 0) + counts.get(state.SENDING, 0) + len(mailing.person_ids),
        under_way=under_way,
    )


def log_of(mailing: Mailing, number: str | None = None) -> Page[tuple[Letter, Person | None, Words]]:
    """A page of the letters of a mailing, each with its receiver and why it was not sent; those that failed first."""
    failed = When(state__in=[Letter.State.FAILED, Letter.State.UNSURE], then=Value(0))
    names = Person.objects.filter(pk=OuterRef("person_id")).values("sort_name")
    rows = Letter.objects.filter(mailing=mailing)
    rows = rows.annotate(rank=Case(failed, default=1, output_field=IntegerField()), sort_name=Subquery(names))
    page = Paginator(rows.order_by("rank", "sort_name", "id"), ON_A_PAGE).get_page(number)
    found = list(page.object_list)
    people = Person.objects.only(*_NAMED).in_bulk({letter.person_id for letter in found})
    page.object_list = [(letter, people.get(letter.person_id), REASONS.get(letter.reason, "")) for letter in found]
    return page
