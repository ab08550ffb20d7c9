"""What every test of bad input needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.robustness.estate import Estate, make_estate


@pytest.fixture
def estate(db: None) -> Iterator[Estate]:
    """An organisation with one of everything, entered, on its day."""
    made = make_estate("ankeby")
    with made.entered():
        yield made


@pytest.fixture
def neighbour(db: None) -> Estate:
    """Another organisation with one of everything."""
    return make_estate("gaseborg")
