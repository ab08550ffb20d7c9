"""The demo as a running site: made once, copied, served on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


@dataclass(frozen=True)
class Site:
    """A running demo."""

    origin: str
    folder: Path

    def url(self, path: str = "/") -> str:
        return self.origin + path


def environment(folder: Path, port: int = 0) -> dict[str, str]:
    """The environment of a command that works on the data in `folder`."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return {**kept, "SAMSYN_DATA_DIR": str(folder), "PORT": str(port), "HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}


def make_demo(folder: Path) -> None:
    """Make the demo's data by the product's own command."""
    command = [sys.executable, "-m", "samsyn", "demo", "--no-serve"]
    subprocess.run(command, env=environment(folder), check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serve the demo in `folder` while the block runs; what the server says goes to server.log there."""
    port = free_port()
    command = [sys.executable, "-m", "samsyn", "demo"]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=environment(folder, port), cwd=ROOT, stdout=log, stderr=log)
        made = Site(f"http://localhost:{port}", folder)
        try:
            _wait_for(made, process)
            yield made
        finally:
            process.terminate()
            process.wait(timeout=20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(site: Site, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the demo ended before it answered:\n{(site.folder / 'server.log').read_text()}")
        try:
            urllib.request.urlopen(site.url(), timeout=5).read()
            return
        except OSError:  # not there yet, or too busy to answer
            time.sleep(0.1)
    raise RuntimeError("the demo did not answer within a minute")
