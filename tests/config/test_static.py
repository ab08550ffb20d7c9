"""What is sent where the static files have been collected: the whole site's style in one request."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders

from samsyn.config.static import StaticStorage

SOURCES = Path(__file__).resolve().parents[2] / "samsyn/ui/static/ui/css"


def collect(into: Path) -> StaticStorage:
    """Collect the sheets as `collectstatic` does; the storage knows their names afterwards."""
    storage = StaticStorage(location=into)
    paths = {}
    for finder in get_finders():
        for path, source in finder.list([]):
            if path.startswith("ui/css/"):
                with source.open(path) as file:
                    storage._save(path, file)
                paths[path] = (source, path)
    for name, _hashed, processed in storage.post_process(paths):
        assert not isinstance(processed, Exception), name
    return storage


@pytest.fixture
def collected(tmp_path, settings) -> StaticStorage:
    settings.STATIC_ROOT = tmp_path
    return collect(tmp_path)


def site_sheet(storage: StaticStorage) -> str:
    return Path(storage.path(storage.stored_name("ui/css/site.css"))).read_text("utf-8")


def test_the_collected_sheet_asks_for_no_other(collected):
    text = site_sheet(collected)
    assert "@import" not in text
    assert "url(" not in text
    assert text.count("{") == text.count("}")


def test_every_sheet_stands_in_it_once_in_its_layer_and_in_order(collected):
    text = site_sheet(collected)
    imports = re.findall(r'@import url\("([^"]+)"\) layer\((\w+)\)', (SOURCES / "site.css").read_text("utf-8"))
    assert len(imports) > 10
    places = []
    for name, layer in imports:
        body = (SOURCES / name).read_text("utf-8").strip()
        assert text.count(body) == 1, name
        places.append(text.index(body))
        assert re.search(rf"@layer {layer} {{ @media (all|print) {{\n$", text[: places[-1]]), name
    assert places == sorted(places)
    assert text.index("@layer reset, tokens, base, layout, components, kinds, print;") < places[0]
    assert text[: places[-1]].endswith("@layer print { @media print {\n")


def test_a_change_in_a_part_gives_the_sheet_a_new_name(collected, tmp_path, monkeypatch):
    before = collected.stored_name("ui/css/site.css")
    again = tmp_path / "css"
    again.mkdir()
    for sheet in SOURCES.glob("*.css"):
        (again / sheet.name).write_text(sheet.read_text("utf-8").replace("#fbf8f2", "#fbf8f3"), "utf-8")
    source = StaticStorage(location=tmp_path)
    paths = {f"ui/css/{sheet.name}": (source, f"css/{sheet.name}") for sheet in again.glob("*.css")}
    list(collected.post_process(paths))
    assert collected.stored_name("ui/css/site.css") != before
    assert "#fbf8f3" in site_sheet(collected)


def test_the_sources_stay_as_they_were(collected):
    assert Path(collected.path("ui/css/site.css")).read_text("utf-8") == (SOURCES / "site.css").read_text("utf-8")
