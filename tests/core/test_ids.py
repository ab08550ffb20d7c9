"""Ids are random, fit the database, and survive an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.core.ids import BITS, decode_id, encode_id, new_id


@given(st.integers(1, (1 << BITS) - 1))
def test_an_id_survives_an_address(value):
    assert decode_id(encode_id(value)) == value


@given(st.text(max_size=20))
def test_anything_else_is_refused(text):
    try:
        value = decode_id(text)
    except ValueError:
        return
    assert encode_id(value) == text


@pytest.mark.parametrize("value", [0, -1, 1 << BITS])
def test_numbers_outside_the_range_are_refused(value):
    with pytest.raises(ValueError):
        encode_id(value)


def test_ids_do_not_count_upwards():
    drawn = [new_id() for _ in range(200)]
    assert len(set(drawn)) == 200
    assert drawn != sorted(drawn)
