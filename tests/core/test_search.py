"""The index that is searched: words by their beginnings, in any case, with å ä ö as the letters they are."""

from __future__ import annotations

import pytest

from samsyn.core import search, tenancy
from samsyn.core.models import SearchWord
from samsyn.core.texts import LangText
from samsyn.programmes.actions_search import fill_indexes
from samsyn.thread.actions import add_item
from samsyn.thread.models import Item


def item(world, **title) -> Item:
    return add_item(programme_id=world.programme.pk, kind="theme", title=LangText(**title))


def found(text: str) -> set[str]:
    return {str(row.title) for row in Item.objects.filter(search.holding("item", text))}


@pytest.mark.parametrize(
    ("sought", "hit"),
    [
        ("årsmötet", True), ("ÅRSMÖTET", True), ("årsmö", True), ("arsmotet", False), ("års möte", False),
        ("möte", False), ("när årsmötet", True), ("NÄR är", True), ("när höst", False), ("annual", True),
        ("årsmötet, annual!", True), ("a\u030arsmo\u0308tet", True), ("2026", True), ("%", False), ("_rs", False),
        ("", False), ("  ,.", False),
    ],
)  # fmt: skip
def test_words_are_found_by_their_beginning(world, sought, hit):
    item(world, sv="När är Årsmötet 2026?", en="When is the annual meeting?")
    assert bool(found(sought)) is hit


def test_what_changes_is_found_by_what_it_says_now(world):
    one = item(world, sv="Ett äpple")
    one.title = LangText(sv="Ett päron")
    one.save()
    search.refresh("item", [one.pk])
    assert not found("äpple")
    assert found("päron")
    search.forget("item", [one.pk])
    assert not found("päron")


def test_another_organisation_finds_nothing_of_it(world, elsewhere):
    item(world, sv="Hemligheten")
    with tenancy.scope(elsewhere.organisation.pk, elsewhere.organisation.slug):
        assert not found("hemligheten")
        assert not SearchWord.objects.filter(of="item").exists()


def test_a_database_from_before_there_was_an_index_gets_one(world):
    item(world, sv="Ett äpple")
    before = set(SearchWord.objects.values_list("about_id", "word"))
    SearchWord.objects.all().delete()
    assert fill_indexes() == 1
    assert set(SearchWord.objects.values_list("about_id", "word")) == before
    assert fill_indexes() == 0


def test_a_long_text_keeps_its_first_words_and_a_long_word_its_beginning(world):
    words = [f"ord{number}" for number in range(300)]
    item(world, sv=" ".join(["x" * 500, *words]))
    assert SearchWord.objects.filter(of="item").count() == search.MOST_WORDS
    assert found("x" * 300)
    assert found("ord7")
