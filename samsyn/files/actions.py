"""Attaching and removing files."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock, tenancy
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.files import changes, queries
from samsyn.files.contents import PICTURES, clean_name, identify
from samsyn.files.models import Attachment, folder_of
from samsyn.files.pictures import rewrite

_PIECE = 256 * 1024
_LEFT_BEHIND_AFTER = 60 * 60 * 24


def attach(owner_kind: str, owner_id: int, file: UploadedFile[bytes], *, alt: LangText, by: Any | None) -> Attachment:
    """Keep a file with its owner. The caller has authorised.

    Raises RefusedError (field "file" or "alt") for a type that may not be attached, a file that is not what its name
    says, a damaged picture, one without a description, and where the organisation's room for files is used up.
    """
    content: IO[bytes] = file
    kind = identify(content, file.name or "")
    width = height = None
    if kind.slug in PICTURES:
        if not alt:
            raise RefusedError(_("Describe the picture for those who cannot see it."), "alt")
        picture = rewrite(content)
        content, width, height = io.BytesIO(picture.content), picture.width, picture.height
    folder = folder_of(tenancy.active_id())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / secrets.token_hex(16)
    size, digest = _write(content, path)
    try:
        with transaction.atomic():
            if queries.bytes_used() + size > queries.quota():
                words = _("There is no room for more files here. {quota} is the limit for the whole organisation.")
                raise RefusedError(format_lazy(words, quota=filesizeformat(queries.quota())), "file")
            attachment: Attachment = Attachment.objects.create(
                organisation_id=tenancy.active_id(),
                owner_kind=owner_kind,
                owner_id=owner_id,
                name=clean_name(file.name or "", kind),
                kind=kind.slug,
                size=size,
                sha256=digest,
                alt=alt if kind.slug in PICTURES else LangText(),
                width=width,
                height=height,
                place=path.name,
                day=clock.today(),
            )
            changes.tell("file.added", attachment, by)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return attachment


def remove(attachment: Attachment, *, by: Any | None) -> None:
    """Delete a file for good. The caller has authorised."""
    with transaction.atomic():
        path = attachment.path
        changes.tell("file.removed", attachment, by)
        attachment.delete()
        transaction.on_commit(partial(path.unlink, missing_ok=True))


def remove_all(owner_kind: str, owner_id: int, *, by: Any | None) -> None:
    """Delete every file of an owner, as the owner itself goes."""
    for attachment in queries.attachments_of(owner_kind, owner_id):
        remove(attachment, by=by)


def forget_organisation(organisation_id: int) -> None:
    """Delete all files of an organisation that is going, as a rehearsal does that starts again."""
    Attachment.across.filter(organisation_id=organisation_id).delete()
    transaction.on_commit(partial(shutil.rmtree, folder_of(organisation_id), ignore_errors=True))


def sweep() -> int:
    """Take away files on disk that no row knows (a server was stopped between the two) and return how many."""
    known = set(Attachment.across.values_list("place", flat=True))
    before = clock.now().timestamp() - _LEFT_BEHIND_AFTER
    root = Path(settings.MEDIA_ROOT)
    forgotten = [
        path
        for path in (root.glob("*/*") if root.is_dir() else ())
        if path.name not in known and path.is_file() and path.stat().st_mtime < before
    ]
    for path in forgotten:
        path.unlink(missing_ok=True)
    return len(forgotten)


def _write(content: IO[bytes], path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while piece := content.read(_PIECE):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()
