"""The templates and blocks that come with the product, and those an organisation keeps."""

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.core.addresses import address
from samsyn.core.declared import WrongFileError
from samsyn.core.texts import LangText
from samsyn.gatherings import library
from samsyn.gatherings.library import read_template
from samsyn.gatherings.tests.making import make_session
from samsyn.ui.templatetags.ui import lasting

WANTED = {"leadership-day", "unit-day", "question-time", "retrospective", "pilot-session", "training-day"}


def test_every_template_is_whole_and_says_where_it_comes_from():
    assert {template.slug for template in library.shipped()} >= WANTED
    for template in library.shipped():
        assert template.licence == "EUPL-1.2"
        assert set(template.origin) == {"sv", "en"}
        assert 30 <= template.minutes <= 600
        for block in template.blocks:
            assert set(block.title) == {"sv", "en"}
            assert bool(block.kind) == (block.form == "activity"), f"{template.slug}: {block.title}"


def test_lunch_is_when_people_eat_and_a_full_day_is_one():
    for template in library.shipped():
        at = dt.datetime.combine(dt.date(2026, 3, 2), template.begins)
        for block in template.blocks:
            if str(block.title) == "Lunch":
                assert dt.time(11, 30) <= at.time() <= dt.time(12, 30), template.slug
            at += dt.timedelta(minutes=block.minutes)
        if "heldag" in template.suits["sv"]:
            assert template.minutes >= 420, template.slug


def test_a_pattern_is_several_blocks_that_know_it():
    blocks = library.patterns()["alone-pair-table-all"].blocks
    assert len(blocks) == 4
    assert {block.pattern for block in blocks} == {"alone-pair-table-all"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("licence: EUPL-1.2\n", ""), "licence: is missing"),
        (("licence:", "licens: x\nlicence:"), "licens: is not a key"),
        (("use: question-time", "use: nothing"), "'nothing' is none of"),
        (("minutes: 5", "minutes: 0"), "at least 1"),
        (("entry: code", "entry: door"), "'door' is none of"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path, change, said):
    text = (library.FOLDER / "sessions" / "question-time.yaml").read_text("utf-8")
    assert change[0] in text
    path = tmp_path / "question-time.yaml"
    path.write_text(text.replace(*change), "utf-8")
    with pytest.raises(WrongFileError, match=said):
        read_template(path)


def test_a_template_says_in_hours_how_long_it_is(world):
    page = world.client("lead").get(address("gatherings:add", programme=world.programme.pk)).content.decode()
    every = [template.minutes for template in library.shipped()]
    assert [lasting(minutes) for minutes in (45, 60, 306)] == ["45\xa0min", "1\xa0h", "5\xa0h 6\xa0min"]
    assert max(every) >= 60
    for minutes in every:
        assert lasting(minutes) in page
    assert f"{max(every)} minuter" not in page


def test_the_page_says_once_what_the_licence_allows_and_a_card_what_is_its_own(world):
    page = world.client("lead").get(address("gatherings:add", programme=world.programme.pk)).content.decode()
    assert page.count("EUPL-1.2") == page.count("fria att använda och ändra (licens EUPL-1.2).") == 1
    assert page.count("kriven för Samsyn") == 1, "the one whose form comes from elsewhere"
    assert "Norman Kerth" in page


def test_whoever_names_a_template_is_told_of_both_names(world):
    session = make_session(world, title=LangText(sv="Träff", en="Meeting"))
    page = world.client("lead").get(address("gatherings:keep", session=session.pk)).content.decode()
    assert 'value="Träff"' in page
    assert 'value="Meeting"' in page
    assert "ändrar du det ena, ändra det andra också" in page
