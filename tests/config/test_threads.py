"""How many threads a process of Samsyn has when it reckons."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORK = "import os, samsyn, numpy; a = numpy.ones((900, 900)); a @ a; "
TELL = WORK + "print(len(os.listdir('/proc/self/task')))"


def count_threads(**more: str) -> int:
    surroundings = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
    told = subprocess.run(
        [sys.executable, "-c", TELL], env=surroundings | more, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return int(told.stdout)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc, which Linux has")
def test_linear_algebra_takes_one_thread_unless_the_operator_says_otherwise():
    assert count_threads() == 1
    if (os.cpu_count() or 1) > 1:
        assert count_threads(OPENBLAS_NUM_THREADS="2") == 2
