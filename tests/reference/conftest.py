"""Real dialogues of others, which are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.lacking import leave_out


@pytest.fixture(scope="session")
def dialogues() -> Path:
    """The folder of dialogues, each in a folder of its own."""
    folder = os.environ.get("SAMSYN_REFERENCE_DATA", "")
    if not folder:
        leave_out("SAMSYN_REFERENCE_DATA is not set: the reference data is not part of the project")
    return Path(folder) / "dialogues"
