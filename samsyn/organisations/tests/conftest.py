from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from samsyn.core import clock, tenancy
from samsyn.core.texts import LangText
from samsyn.organisations.models import Organisation

TODAY = dt.date(2026, 3, 12)


@pytest.fixture
def organisation(db: None) -> Iterator[Organisation]:
    """An empty organisation, entered, on 12 March 2026."""
    made = Organisation.objects.create(slug="ankeby", name=LangText(sv="Ankeby kommun", en="Ankeby"))
    with tenancy.scope(made.pk, made.slug), clock.simulated(TODAY), timezone.override("Europe/Stockholm"):
        yield made


@pytest.fixture(autouse=True)
def _own_folder_and_english(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with translation.override("en"):
        yield
