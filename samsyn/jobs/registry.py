"""What this part asks of the parts above it: where an organisation stands in time, who is asking, who gets mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils import timezone, translation

from samsyn.core import clock, tenancy
from samsyn.core.texts import LangText


@dataclass(frozen=True)
class Surroundings:
    """What holds while work is done for an organisation."""

    organisation_id: int
    slug: str
    name: LangText
    synthetic: bool
    simulated_day: dt.date | None
    time_zone: str
    language: str


class Addressee(Protocol):
    """A person as far as mail goes; the organisation's own rows fit."""

    pk: int
    name: str
    email: str
    language: str
    left: dt.date | None
    erased: bool


class Directory(Protocol):
    """The part that has the organisations and their people."""

    def organisation_ids(self) -> Iterable[int]:
        """Every organisation."""
        ...

    def surroundings(self, organisation_id: int) -> Surroundings | None:
        """The surroundings of one organisation; None where it is gone."""
        ...

    def person_of(self, request: Any) -> Any | None:
        """The person who is asking, in the active organisation."""
        ...

    def is_administrator(self, person: Any) -> bool:
        """Whether a person administers the active organisation."""
        ...

    def addressees(self, person_ids: Iterable[int]) -> Iterable[Addressee]:
        """People of the active organisation by id."""
        ...


_directory: list[Directory] = []


def register_directory(directory: Directory) -> None:
    """Tell this part where organisations and people are. There is one."""
    _directory[:] = [directory]


def directory() -> Directory:
    """The registered directory. Raises LookupError where there is none."""
    if not _directory:
        raise LookupError("no directory is registered with samsyn.jobs")
    return _directory[0]


@contextmanager
def within(organisation_id: int) -> Iterator[Surroundings]:
    """Work within an organisation: its rows, its clock, time zone and language. LookupError if it is gone."""
    found = directory().surroundings(organisation_id)
    if found is None:
        raise LookupError("the organisation is gone")
    with (
        tenancy.scope(organisation_id, found.slug),
        clock.simulated(found.simulated_day),
        timezone.override(found.time_zone),
        translation.override(found.language),
    ):
        yield found


def real_now() -> dt.datetime:
    """The present moment outside every rehearsal: signs of life follow the real clock."""
    return Context().run(clock.now)
