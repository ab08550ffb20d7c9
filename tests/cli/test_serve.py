"""What the server asks of the system before a full room comes."""

from __future__ import annotations

import resource
import subprocess
import sys


def test_it_may_have_as_many_files_open_as_the_system_allows():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    shown = "import resource; print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    raised = f"from samsyn.cli.serve import raise_file_limit; raise_file_limit(); {shown}"
    done = subprocess.run(
        ["sh", "-c", 'ulimit -Sn 64 && exec "$0" -c "$1"', sys.executable, raised],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    soft, same = map(int, done.stdout.split())
    assert same == hard
    assert soft == hard or (hard == resource.RLIM_INFINITY and soft >= 65_536)
