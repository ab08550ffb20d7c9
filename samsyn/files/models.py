"""Attachments: what is known of a file. The file itself lies under MEDIA_ROOT, by organisation and random name."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models

from samsyn.core.ids import encode_id
from samsyn.core.tenancy import TenantRow
from samsyn.core.texts import LangTextField
from samsyn.files.contents import KINDS


class Attachment(TenantRow):
    """A file that belongs to something: its kind and id, since what it belongs to lies above this part."""

    owner_kind = models.CharField(max_length=60)
    owner_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)  # a key of contents.KINDS, told by the content
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    alt = LangTextField()  # what a picture shows, for those who cannot see it
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    place = models.CharField(max_length=40)  # the random name on disk
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "owner_kind", "owner_id"], name="files_attachment_of_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return folder_of(self.organisation_id) / self.place

    @property
    def label(self) -> str:
        """What kind of file it is, in words."""
        return str(KINDS[self.kind].label)

    @property
    def is_picture(self) -> bool:
        """Whether it is shown as a picture."""
        return self.width is not None


def folder_of(organisation_id: int) -> Path:
    """The folder of an organisation's files."""
    return Path(settings.MEDIA_ROOT) / encode_id(organisation_id)
