"""What a file is, told by its content; pictures are written anew."""

from __future__ import annotations

import io

import pytest
from django.utils import translation
from PIL import Image

from samsyn.core.errors import RefusedError
from samsyn.files.contents import KINDS, clean_name, identify
from samsyn.files.pictures import rewrite
from samsyn.files.tests import samples


@pytest.mark.parametrize("name", samples.GOOD)
def test_a_good_file_is_known(name):
    kind, content = samples.GOOD[name]
    file = io.BytesIO(content)
    assert identify(file, name).slug == kind
    assert file.tell() == 0


@pytest.mark.parametrize("name", samples.BAD)
def test_a_file_that_lies_or_may_not_be_attached_is_refused_at_the_field(name):
    with pytest.raises(RefusedError) as refusal:
        identify(io.BytesIO(samples.BAD[name]), name)
    assert refusal.value.field == "file"


def test_the_refusal_says_what_it_is_and_what_may_be_attached():
    with pytest.raises(RefusedError, match=r"\.png.*JPEG"):
        identify(io.BytesIO(samples.picture("JPEG")), "bild.png")
    with pytest.raises(RefusedError, match=r"\(exe\).*docx.*png"):
        identify(io.BytesIO(b"\x7fELF" + b"\0" * 60), "program.exe")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_the_camera_noted_is_gone(kind):
    content = samples.photo_with_secrets()
    if kind != "JPEG":
        target = io.BytesIO()
        with Image.open(io.BytesIO(content)) as image:
            image.save(target, kind, exif=image.info["exif"], xmp=b"Kerstin")
        content = target.getvalue()
    assert b"Kerstin" in content
    found = rewrite(io.BytesIO(content))
    assert b"Kerstin" not in found.content
    assert b"Exif" not in found.content
    with Image.open(io.BytesIO(found.content)) as image:
        assert not image.getexif()
        assert image.format == kind
        assert image.size == (20, 40) == (found.width, found.height), "upright"


def test_nothing_hides_in_a_png():
    assert b"Kerstin" in samples.png_with_words()
    assert b"Kerstin" not in rewrite(io.BytesIO(samples.png_with_words())).content


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("GIF", "P"), ("WEBP", "RGBA")]
)
def test_every_mode_survives(kind, mode):
    target = io.BytesIO()
    Image.new(mode, (8, 8)).save(target, kind)
    assert rewrite(io.BytesIO(target.getvalue())).width == 8


def test_a_see_through_picture_stays_so():
    target = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(target, "PNG")
    with Image.open(io.BytesIO(rewrite(io.BytesIO(target.getvalue())).content)) as image:
        assert image.getpixel((0, 0))[3] == 0


def test_of_a_moving_picture_the_first_frame_stays():
    frames = [Image.new("P", (8, 8), colour) for colour in (1, 2, 3)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(rewrite(io.BytesIO(target.getvalue())).content)) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_a_damaged_picture_and_one_with_too_many_points_are_refused():
    with translation.override("en"), pytest.raises(RefusedError, match="damaged"):
        rewrite(io.BytesIO(samples.picture("JPEG", (400, 400))[:300]))
    with pytest.raises(RefusedError, match="50 mil"):
        rewrite(io.BytesIO(samples.picture("PNG", (9000, 6000))))


@pytest.mark.parametrize(
    ("typed", "kind", "stored"),
    [
        ("../../etc/passwd.txt", "txt", "passwd.txt"),
        ("C:\\bilder\\hund.png", "png", "hund.png"),
        ("a\u202egnp.exe", "png", "agnp.exe.png"),
        ("utan", "pdf", "utan.pdf"),
        (".txt", "txt", "txt.txt"),
        ("x" * 300 + ".pdf", "pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_made_harmless(typed, kind, stored):
    assert clean_name(typed, KINDS[kind]) == stored
