"""Every string of this layer has its Swedish, and none is left over."""

import re
from pathlib import Path

UI = Path(__file__).resolve().parent.parent
PO = "\n".join(path.read_text() for path in sorted((UI / "locale/sv/LC_MESSAGES").glob("*.po")))
_IN_TEMPLATE = re.compile(r"""\{%\s*translate\s+(["'])(.+?)\1""")
_BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.+?)\{%\s*endblocktranslate", re.DOTALL)
_IN_CODE = re.compile(r"""\b(?:_|gettext_lazy)\(\s*"((?:[^"\\]|\\.)+)"\s*\)""")


def written() -> set[str]:
    found = set()
    for path in (UI / "templates").rglob("*.html"):
        text = path.read_text()
        found |= {match[1] for match in _IN_TEMPLATE.findall(text)}
        found |= {re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", body) for body in _BLOCK.findall(text)}
    for path in [*UI.glob("*.py"), *(UI / "templatetags").glob("*.py")]:
        found |= set(_IN_CODE.findall(path.read_text()))
    return found


def translated() -> dict[str, str]:
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', PO, re.MULTILINE))


def test_every_string_has_its_swedish():
    assert {words for words in written() if not translated().get(words)} == set()


def test_nothing_is_left_over():
    assert set(translated()) - written() == set()


def test_placeholders_are_kept():
    for english, swedish in translated().items():
        assert set(re.findall(r"%\(\w+\)s|\{\w+\}", english)) == set(re.findall(r"%\(\w+\)s|\{\w+\}", swedish))


def test_nobody_shouts():
    assert not [words for pair in translated().items() for words in pair if "!" in words]
