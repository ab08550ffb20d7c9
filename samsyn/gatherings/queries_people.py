"""Reads about who comes to a session: who is to be told, how many come, who stands in line."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from samsyn.core.rows import one
from samsyn.gatherings.models import Invitee, Session
from samsyn.organisations.models import Person
from samsyn.programmes import audience_choice
from samsyn.ui.words import count_in_words

Answer = Invitee.Answer


@dataclass(frozen=True)
class Numbers:
    """Invited, coming, in line, not coming, came: counts alone."""

    invited: int = 0
    coming: int = 0
    waiting: int = 0
    declined: int = 0


def audience(session: Session) -> QuerySet[Person]:
    """Everyone the session is for."""
    return audience_choice.people_now(session)


def to_tell(session: Session) -> list[Person]:
    """Those who have not heard of the session as it is now. A cancelled one concerns those alone who were invited.

    Who has said that they cannot come hears of changes too: the new day may suit them.
    """
    told = Invitee.objects.filter(session=session, person=OuterRef("pk"))
    if session.state == Session.State.CANCELLED:
        people = Person.objects.filter(Exists(told.filter(sent__isnull=False, sent__lt=session.sequence)))
    else:
        here = Q(pk__in=audience(session).values("pk")) | Exists(told)
        people = Person.objects.filter(here).exclude(Exists(told.filter(sent=session.sequence)))
    return list(people.filter(erased=False).order_by("sort_name", "id"))


def to_hear(session: Session) -> list[Person]:
    """Those who hear what came of it: the audience, and whoever was invited by name or came."""
    invited = Invitee.objects.filter(session=session).values("person_id")
    people = Person.objects.filter(Q(pk__in=audience(session).values("pk")) | Q(pk__in=invited), erased=False)
    return list(people.order_by("sort_name", "id"))


def people_to_tick(session: Session) -> QuerySet[Person]:
    """Those who may be ticked as having come."""
    invited = Invitee.objects.filter(session=session).values("person_id")
    wanted = Q(pk__in=audience(session).values("pk")) | Q(pk__in=invited)
    return Person.objects.filter(wanted, erased=False).order_by("sort_name", "id")


def number_coming(session: Session) -> int:
    """How many have said that they come."""
    return Invitee.objects.filter(session=session, answer=Answer.COMING).count()


def numbers(session: Session) -> Numbers:
    """How many are invited and what they have answered. One query."""
    of = {name: Count("id", filter=Q(answer=answer)) for name, answer in _COUNTED.items()}
    return Numbers(**Invitee.objects.filter(session=session).aggregate(invited=Count("id"), **of))


_COUNTED = {"coming": Answer.COMING, "waiting": Answer.WAITING, "declined": Answer.DECLINED}


def invitee_of(session: Session, person: Person | None) -> Invitee | None:
    """A person's own invitation and answer."""
    return one(Invitee.objects.filter(session=session, person=person)) if person is not None else None


def place_in_line(invitee: Invitee) -> int:
    """How many stand before this one in line, and this one."""
    ahead = Invitee.objects.filter(session_id=invitee.session_id, answer=Answer.WAITING, place__lt=invitee.place or 0)
    return ahead.count() + 1


def answered(session: Session, answer: str) -> QuerySet[Invitee]:
    """Those who gave an answer, by name; those in line in their order."""
    rows = Invitee.objects.filter(session=session, answer=answer).select_related("person__unit")
    return rows.order_by("place", "person__sort_name", "id")


def has_untold(session: Session) -> bool:
    """Whether some of those who were invited have not heard of the session as it is now."""
    return Invitee.objects.filter(session=session, sent__isnull=False, sent__lt=session.sequence).exists()


def phones_in_words(session: Session) -> str:
    """How many came at one time, as the room counted them."""
    return count_in_words(
        "At most %(number)s phone was there at the same time.",
        "At most %(number)s phones were there at the same time.",
        session.most_present,
    )
