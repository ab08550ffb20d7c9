"""The weight and the manners of what is sent: CSS, script and templates."""

import re
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parent.parent
CSS = sorted((UI / "static/ui/css").glob("*.css"))
TEMPLATES = sorted((UI / "templates").rglob("*.html"))
SCRIPT = UI / "static/ui/js/site.js"


def test_the_css_leaves_room_for_the_kinds():
    """What a room shows of a kind stands here too: the room's page cannot know which kinds will come."""
    assert sum(path.stat().st_size for path in CSS) <= 48_500


def test_the_script_is_small():
    assert SCRIPT.stat().st_size <= 12_000


def test_every_sheet_is_imported_into_a_layer():
    site = (UI / "static/ui/css/site.css").read_text()
    layers = re.search(r"@layer ([^;]+);", site)[1].split(", ")
    assert layers == ["reset", "tokens", "base", "layout", "components", "kinds", "print"]
    imports = re.findall(r'@import url\("([^"]+)"\) layer\(([a-z]+)\)', site)
    assert {name for name, _layer in imports} == {path.name for path in CSS} - {"site.css"}
    assert all(layer in layers for _name, layer in imports)


@pytest.mark.parametrize("path", [*CSS, SCRIPT], ids=lambda path: path.name)
def test_files_are_short_and_ask_no_other_host(path):
    text = path.read_text()
    assert text.count("\n") <= 250
    assert not re.search(r"https?:|//[a-z]", re.sub(r"^\s*//.*|/\*.*?\*/", "", text, flags=re.MULTILINE))
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_every_custom_property_is_defined_somewhere(path):
    defined = {name for sheet in CSS for name in re.findall(r"(--[a-z0-9-]+)\s*:", sheet.read_text())}
    assert set(re.findall(r"var\((--[a-z0-9-]+)", path.read_text())) <= defined


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_inline(path):
    text = path.read_text()
    assert text.count("\n") <= 120
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(?:src|href)=["']https?:""", text)


def test_what_is_drawn_by_code_holds_no_style():
    for path in (UI / "icons.py", UI / "templatetags/ui.py", UI / "static/ui/mark.svg"):
        assert not re.search(r"\sstyle=", path.read_text())
