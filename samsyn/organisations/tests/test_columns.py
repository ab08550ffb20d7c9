from __future__ import annotations

import pytest
from django.utils import translation

from samsyn.organisations.imports import columns as c


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Anställningsnummer", c.KEY),
        ("ANST.NR", c.KEY),
        ("Employee ID", c.KEY),
        ("Namn", c.NAME),
        ("First name", c.FIRST),
        ("efternamn ", c.LAST),
        ("E-postadress", c.EMAIL),
        ("e_mail", c.EMAIL),
        ("Befattning", c.TITLE),
        ("Enhet", c.UNIT),
        ("Enhets-kod", c.UNIT_KEY),
        ("Överordnad enhet", c.PARENT),
        ("O\u0308verordnad enhet", c.PARENT),  # the same, as another machine spells Ö
        ("Närmaste chef", c.MANAGER),
        ("Manager e-mail", c.MANAGER),
        ("Nivå", c.LEVEL),
        ("Anställd fr.o.m.", c.JOINED),
        ("Slutdatum", c.LAST_DAY),
        ("Språk", c.LANGUAGE),
        ("Yrkesgrupp", c.ATTRIBUTE),
        ("Personnummer", c.SKIPPED),
        ("", c.SKIPPED),
    ],
)
def test_headings_are_known_in_any_spelling(heading, field):
    assert c.map_header([heading]).meanings == (field,)


def test_the_better_of_two_headings_wins_and_the_other_is_kept_as_an_attribute():
    mapping = c.map_header(["Id", "Namn", "Anställningsnummer"])
    assert mapping.meanings == (c.ATTRIBUTE, c.NAME, c.KEY)
    assert mapping.attributes == [(0, "Id")]


@pytest.mark.parametrize("header", [["Enhetskod", "Namn", "Överordnad"], ["Id", "Namn", "Överordnad enhet"]])
def test_in_a_file_of_units_the_name_is_the_units(header):
    assert c.map_header(header).meanings == (c.UNIT_KEY, c.UNIT, c.PARENT)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_template_is_understood(language):
    with translation.override(language):
        header = c.template()
    assert c.is_header(header)
    assert not {c.ATTRIBUTE, c.SKIPPED} & set(c.map_header(header).meanings)
