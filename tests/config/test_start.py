"""What a process of Samsyn loads before it does anything: nothing that only some of its work needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"numpy", "scipy", "highspy", "networkx", "typst", "docx", "pptx", "openpyxl", "icalendar", "playwright"}
TELL = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "samsyn.config.settings"
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_what_only_some_work_needs_is_loaded_by_that_work(tmp_path):
    """A page must not pay for a solver, nor a command for a file that it does not write."""
    told = subprocess.run(
        [sys.executable, "-c", TELL],
        env={"SAMSYN_DATA_DIR": str(tmp_path), "PATH": ""},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert not HEAVY & set(told.stdout.split())
