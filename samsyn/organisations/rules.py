"""Rules of people and units: who may administer them, and how deep units lie."""

from __future__ import annotations

from samsyn.accounts.models import User
from samsyn.core import clock
from samsyn.organisations.models import Person

MOST_LEVELS = 40  # of units below each other: their path must fit its column

Actor = Person | User | None  # None: the system itself (command line, rehearsal, a job)


def is_present(person: Person) -> bool:
    """Whether somebody is there today: neither gone nor erased."""
    return not person.erased and (person.left is None or person.left > clock.today())


def can_administer(user: User | None, person: Person | None) -> bool:
    """Whether a visitor may look after people and units: an operator, or a person who is marked as administrator.

    Owners, leads and facilitators of programmes get the mark with their role (`actions.set_administrator`).
    """
    operator = bool(user is not None and getattr(user, "is_operator", False) and user.is_active)
    return operator or (person is not None and person.administrator and is_present(person))


def may_change(actor: Actor) -> bool:
    """Whether an actor may change people and units. The system may."""
    if actor is None:
        return True
    if isinstance(actor, User):
        return can_administer(actor, None)
    return can_administer(None, actor)
