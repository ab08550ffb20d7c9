"""The index that is searched. Written by `core/search.py` alone."""

from __future__ import annotations

from django.db import models

from samsyn.core.tenancy import TenantRow


class SearchWord(TenantRow):
    """A word of something: `of` says what it is, `about_id` which one.

    The word is kept as bytes, so that the beginning of a word is a range in every database, whatever its language.
    The row's place is a random id, as that of every row: the index says no more about who came when than the rest.
    """

    of = models.CharField(max_length=12)
    about_id = models.BigIntegerField()
    word = models.BinaryField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about_id", "word"], name="core_searchword_once")]
        indexes = [models.Index(fields=["organisation_id", "of", "word"], name="core_searchword_word")]

    def __str__(self) -> str:
        return bytes(self.word).decode()
