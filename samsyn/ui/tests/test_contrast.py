"""The tokens, measured: WCAG AA in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parent.parent / "static/ui/css/tokens.css").read_text()
_HEX = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})")


def block(opening: str) -> dict[str, str]:
    return dict(_HEX.findall(TOKENS.split(opening, 1)[1].split("}", 1)[0]))


THEMES = {
    "light": block(":root {"),
    "dark": block(":root:not([data-theme=light]) {"),
    "dark by choice": block(":root[data-theme=dark] {"),
}
GROUNDS = ("paper", "card", "deep-soft", "warm-soft", "bad-soft")
TEXT = [
    *[("ink", ground) for ground in (*GROUNDS, "line")],
    *[("quiet", ground) for ground in GROUNDS],
    *[("deep", ground) for ground in GROUNDS],
    *[("deep-strong", ground) for ground in ("paper", "card", "deep-soft", "warm-soft")],
    *[("bad", ground) for ground in ("paper", "card", "bad-soft")],
    *[("bad-strong", ground) for ground in ("paper", "card", "bad-soft")],
    *[("on-deep", ground) for ground in ("deep", "deep-strong", "bad", "bad-strong")],
    ("on-warm", "warm"),
]
GRAPHICS = [
    *[("edge", ground) for ground in GROUNDS],
    *[("focus", ground) for ground in GROUNDS],
    *[("deep", ground) for ground in GROUNDS],
    *[("warm-edge", ground) for ground in ("paper", "card", "warm-soft")],
    *[("bad", ground) for ground in ("paper", "card", "bad-soft")],
    ("overlap", "warm-soft"),
    ("deep", "line"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), TEXT)
def test_text_can_be_read(theme, front, ground):
    assert contrast(THEMES[theme][front], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), GRAPHICS)
def test_edges_focus_and_signs_can_be_seen(theme, front, ground):
    assert contrast(THEMES[theme][front], THEMES[theme][ground]) >= 3


def test_both_ways_into_the_dark_are_alike_and_miss_nothing():
    assert THEMES["dark"] == THEMES["dark by choice"]
    assert THEMES["dark"].keys() == THEMES["light"].keys()


def test_the_ruler_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
