"""The mark of a database that a demo made: the only place with one-click sign-in."""

from __future__ import annotations

from django.db import models

from samsyn.core.ids import RandomIdField


class DemoMark(models.Model):
    """Present only where `samsyn demo` made the whole database."""

    id = RandomIdField()
    organisation_id = models.BigIntegerField()
    story = models.CharField(max_length=60)
    finished = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.story
