"""What the server asks of the system before a full room comes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest


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


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize("written", ["abc", "99999", "-1"])
def test_a_port_that_is_none_is_refused_with_one_sentence(command, written, tmp_path):
    for words, port in (([], written), ([f"--port={written}"], "8000")):
        done = subprocess.run(
            [sys.executable, "-m", "samsyn", command, *words],
            env=os.environ | {"PORT": port, "SAMSYN_DATA_DIR": str(tmp_path)},
            capture_output=True, text=True, check=False, timeout=20,
        )  # fmt: skip
        assert done.returncode == 1
        assert done.stderr == f"“{written}” is no port. Choose a number from 1 to 65535: PORT=8000.\n"
