"""Reading attachments."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Sum

from samsyn.files.models import Attachment


def attachments_of(owner_kind: str, owner_id: int) -> list[Attachment]:
    """The files of one owner, by name."""
    return list(Attachment.objects.filter(owner_kind=owner_kind, owner_id=owner_id).order_by("name", "id"))


def attachments_of_many(owner_kind: str, owner_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """The files of many owners in one query."""
    found: dict[int, list[Attachment]] = {owner_id: [] for owner_id in owner_ids}
    for row in Attachment.objects.filter(owner_kind=owner_kind, owner_id__in=list(found)).order_by("name", "id"):
        found[row.owner_id].append(row)
    return found


def quota() -> int:
    """How many bytes an organisation's files may take (SAMSYN_FILES_QUOTA_GB)."""
    return int(settings.FILES_QUOTA_BYTES)


def bytes_used() -> int:
    """How many bytes the active organisation's files take."""
    return int(Attachment.objects.aggregate(used=Sum("size"))["used"] or 0)
