"""One organisation at a time: rows are read through the active tenant, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from samsyn.core.ids import RandomIdField

_active: ContextVar[tuple[int, str] | None] = ContextVar("active_organisation", default=None)


class UnscopedReadError(RuntimeError):
    """A tenant's table was read without saying whose rows."""


def active_id() -> int:
    """The id of the organisation whose rows may be read now. Raises UnscopedReadError where there is none."""
    active = _active.get()
    if active is None:
        raise UnscopedReadError("no organisation is active; enter one with tenancy.scope(...)")
    return active[0]


def active_slug() -> str:
    """The active organisation's name in addresses; empty where none is active."""
    active = _active.get()
    return active[1] if active else ""


def is_active() -> bool:
    """Whether an organisation is active."""
    return _active.get() is not None


@contextmanager
def scope(organisation_id: int, slug: str = "") -> Iterator[None]:
    """Read and write within one organisation; `slug` is its name in addresses, needed where addresses are made."""
    token = _active.set((organisation_id, slug))
    try:
        yield
    finally:
        _active.reset(token)


class TenantManager(models.Manager[Any]):
    """Default manager of every tenant's table: sees the active organisation's rows, refuses otherwise."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(organisation_id=active_id())


class TenantTable(models.Model):
    """Base of all tables that belong to an organisation; subclasses add `organisation` or `organisation_id`."""

    id = RandomIdField()

    objects = TenantManager()
    across = models.Manager()  # noqa: DJ012  (every organisation's rows: for jobs, proofs and the operator)

    class Meta:
        abstract = True


class TenantRow(TenantTable):
    """A tenant's row in a part that lies below `organisations/`: the organisation is a plain indexed column."""

    organisation_id = models.BigIntegerField(db_index=True)

    class Meta:
        abstract = True
