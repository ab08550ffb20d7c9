"""The form that takes a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.core.errors import RefusedError
from samsyn.files.contents import NAMES, PICTURES, identify
from samsyn.ui.forms import FileField, Form, PairField

ALT_AT_MOST = 300


class AttachmentForm(Form):
    """A file and, for a picture, what it shows. `too_large`: `request.upload_too_large`, where it is set."""

    mark_optional = False
    file = FileField(label=_("File"), max_length=200)
    alt = PairField(
        label=_("What does the picture show?"),
        help_text=_("For those who cannot see it. Needed for pictures only."),
        max_length=ALT_AT_MOST,
        required=False,
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large
        self.fields["file"].help_text = format_lazy(_("At most {limit}. Types: {names}."), limit=_limit(), names=NAMES)

    def clean_file(self) -> UploadedFile[bytes]:
        """Look into the file; what it is counts, not what it is called."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            self.kind = identify(file, file.name or "")
        except RefusedError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return file

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.too_large:
            self.errors.pop("file", None)
            words = _("The file is larger than {limit}. Make it smaller or split it.")
            self.add_error("file", str(format_lazy(words, limit=_limit())))
        elif "file" in found and self.kind.slug in PICTURES and not found.get("alt"):
            self.add_error("alt", _("Describe the picture for those who cannot see it."))
        return found


def _limit() -> str:
    return filesizeformat(settings.FILE_UPLOAD_MAX_BYTES)
