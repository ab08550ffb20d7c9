"""Reading the send log."""

from __future__ import annotations

from django.db.models import Count

from samsyn.jobs.models import Letter, OptOut


def declined_by(person_id: int) -> set[str]:
    """The purposes of which a person wants no letters; "" stands for all that can be done without."""
    return set(OptOut.objects.filter(person_id=person_id).values_list("purpose", flat=True))


def counts(purpose: str, about: int) -> dict[str, int]:
    """How many letters of this purpose about this are in each state."""
    rows = Letter.objects.filter(purpose=purpose, about_id=about).order_by().values_list("state")
    return dict(rows.annotate(count=Count("pk")))


def not_reached(purpose: str, about: int) -> list[tuple[int, str]]:
    """(person id, key of preview.REASONS) of those whose letter did not go out."""
    failed = Letter.objects.filter(
        purpose=purpose, about_id=about, state__in=[Letter.State.FAILED, Letter.State.UNSURE]
    )
    return list(failed.order_by("id").values_list("person_id", "reason"))
