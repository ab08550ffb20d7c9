"""Files as people have them, and as they should not have them."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **saving) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "#305070").save(target, kind, **saving)
    return target.getvalue()


def photo_with_secrets() -> bytes:
    """A phone's photo, lying on its side, that tells where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it
    exif[0x010F] = "Kerstins telefon"
    exif.get_ifd(0x8825)[2] = (59.0, 19.0, 45.0)
    target = io.BytesIO()
    xmp = b"<x:xmpmeta>Kerstin var har</x:xmpmeta>"
    Image.new("RGB", (40, 20)).save(target, "JPEG", exif=exif, comment=b"Kerstin skrev detta", xmp=xmp)
    return target.getvalue()


def png_with_words() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "Kerstin skrev detta")
    return picture("PNG", pnginfo=notes) + b"<script>Kerstin</script>"


def packed(*names: str, mime: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as pack:
        if mime:
            pack.writestr("mimetype", mime)
        for name in names:
            pack.writestr(name, "<x/>")
    return target.getvalue()


_OPEN = "application/vnd.oasis.opendocument."
GOOD = {
    "bild.png": ("png", picture("PNG")),
    "bild.JPG": ("jpeg", picture("JPEG")),
    "bild.jpeg": ("jpeg", picture("JPEG")),
    "bild.webp": ("webp", picture("WEBP")),
    "bild.gif": ("gif", picture("GIF")),
    "beslut.pdf": ("pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"),
    "underlag.docx": ("docx", packed("[Content_Types].xml", "word/document.xml")),
    "siffror.xlsx": ("xlsx", packed("[Content_Types].xml", "xl/workbook.xml")),
    "visning.pptx": ("pptx", packed("[Content_Types].xml", "ppt/presentation.xml")),
    "underlag.odt": ("odt", packed("content.xml", mime=_OPEN + "text")),
    "siffror.ods": ("ods", packed("content.xml", mime=_OPEN + "spreadsheet")),
    "visning.odp": ("odp", packed("content.xml", mime=_OPEN + "presentation")),
    "lista.csv": ("csv", "namn;år\nÅsa;2026\n".encode()),
    "anteckning.txt": ("txt", "Vi ses på torsdag.\n".encode("cp1252")),
}
BAD = {
    "bild.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "sida.html": b"<!DOCTYPE html><p>hej",
    "sida.txt": b"  \n<html><script>alert(1)</script>",
    "bild.png": picture("JPEG"),
    "underlag.pdf": picture("PNG"),
    "bild2.png": b"%PDF-1.7 1 0 obj",
    "bild3.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "program.exe": b"MZ\x90\x00" + b"\0" * 100,
    "program.txt": b"MZ\x90\x00" + b"\0" * 100,
    "lista.csv": packed("[Content_Types].xml", "xl/workbook.xml"),
    "siffror.xlsx": packed("[Content_Types].xml", "word/document.xml"),
    "makron.docx": packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "arkiv.zip": packed("vad-som-helst.exe"),
    "arkiv.docx": packed("vad-som-helst.exe"),
    "trasig.docx": b"PK\x03\x04 nothing more",
    "tom.txt": b"",
}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")
