"""One row per act: plain ids, a verb and a moment, or the day alone. Rows are added, never changed."""

from __future__ import annotations

from typing import Any

from django.db import models

from samsyn.core.tenancy import TenantRow


class Entry(TenantRow):
    """An act. Actor and object are plain ids, so that erasing a person or a row leaves the record whole."""

    actor_id = models.BigIntegerField(null=True, db_index=True)  # a Person; empty where the system acted
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    day_only = models.BooleanField(default=False)  # `at` is the beginning of the day

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "at"], name="audit_entry_at"),
            models.Index(fields=["object_id"], name="audit_entry_object"),  # what was done with one thing
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("audit entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("audit entries are never deleted")
