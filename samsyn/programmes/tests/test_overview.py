"""docs/programmes.md lists every step of every playbook, and is up to date."""

from __future__ import annotations

from pathlib import Path

from samsyn.programmes.overview import render
from samsyn.programmes.playbooks import all_playbooks

PAGE = Path(__file__).parents[3] / "docs" / "programmes.md"


def test_every_step_stands_there_in_both_languages():
    page = render()
    for playbook in all_playbooks():
        for step in playbook.steps():
            row = next(line for line in page.splitlines() if line.startswith(f"| {step.name['en']} |"))
            assert step.name["sv"] in row
            assert step.people_do["en"] in row
            assert ("**by hand**" in row) == bool(step.planned_kind)
            assert f"a/<activity>/{step.kind_today}/" in row


def test_the_page_is_up_to_date():
    assert PAGE.read_text("utf-8") == render(), "run python tools/programmes_doc.py"
