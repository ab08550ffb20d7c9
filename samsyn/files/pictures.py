"""Pictures are written anew: what the camera noted (place, time, device) goes, and whatever else hides there."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from samsyn.core.errors import RefusedError

MOST_POINTS = 50_000_000
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_SAVING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "WEBP": {"quality": 88},
    "PNG": {"optimize": False},
    "GIF": {},
}
_MODES = {
    "JPEG": {"L", "RGB"},
    "WEBP": {"RGB", "RGBA"},
    "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
    "GIF": {"L", "P"},
}


@dataclass(frozen=True)
class Picture:
    """A picture written anew."""

    content: bytes
    width: int
    height: int


def format_of(file: IO[bytes]) -> str:
    """png, jpeg, webp or gif; empty for anything else."""
    file.seek(0)
    try:
        with Image.open(file, formats=_FORMATS) as image:
            return (image.format or "").lower()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
    finally:
        file.seek(0)


def rewrite(file: IO[bytes]) -> Picture:
    """The picture in the same format, upright, in ordinary colours, without anything else. Of a moving picture the
    first frame stays. Raises RefusedError (field "file") for one that is damaged or has too many points.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=_FORMATS) as image:
            if image.width * image.height > MOST_POINTS:
                raise RefusedError(_("The picture has more than 50 million points. Make it smaller."), "file")
            kind = image.format or "PNG"
            image.load()
            clean = _bare(_in_ordinary_colours(ImageOps.exif_transpose(image)), kind)
            target = io.BytesIO()
            clean.save(target, kind, **_SAVING[kind])
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise RefusedError(_("The picture is damaged and cannot be read."), "file") from error
    return Picture(target.getvalue(), clean.width, clean.height)


def _in_ordinary_colours(image: Image.Image) -> Image.Image:
    """Colours as the picture's own profile means them, since the profile goes too."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _bare(image: Image.Image, kind: str) -> Image.Image:
    clean = image.copy()
    transparency = clean.info.get("transparency")
    clean.info = {} if transparency is None else {"transparency": transparency}
    if clean.mode not in _MODES[kind]:
        see_through = "A" in clean.getbands() or transparency is not None
        wanted = "RGBA" if see_through and kind in {"PNG", "WEBP"} else "P" if kind == "GIF" else "RGB"
        clean = clean.convert(wanted)
        clean.info = {}
    return clean
