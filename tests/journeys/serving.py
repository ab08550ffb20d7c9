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


def command(module: str, *words: str, steady: bool = False) -> list[str]:
    """A command that runs a module; `steady`: with the same chance every time (`steady.py`)."""
    return [sys.executable, "-m", *(["tests.journeys.steady"] if steady else []), module, *words]


def environment(folder: Path, port: int = 0, *, origin: str = "") -> dict[str, str]:
    """The environment of a command that works on the data in `folder`; `origin`: under which it is reached."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    more = {"SAMSYN_DATA_DIR": str(folder), "PORT": str(port), "HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    return {**kept, **more, **({"SAMSYN_ORIGIN": origin} if origin else {})}


def make_demo(folder: Path, *, steady: bool = False) -> None:
    """Make the demo's data by the product's own command."""
    made = command("samsyn", "demo", "--no-serve", steady=steady)
    subprocess.run(made, env=environment(folder), check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


@contextmanager
def serve(folder: Path, *, steady: bool = False, origin: str = "") -> Iterator[Site]:
    """Serve the demo in `folder` while the block runs; what the server says goes to server.log there.

    `origin`: the address that it believes to be reached under, whatever the port.
    """
    port = free_port()
    served = command("samsyn", "serve" if origin else "demo", steady=steady)
    with (folder / "server.log").open("w") as log:
        env = environment(folder, port, origin=origin)
        process = subprocess.Popen(served, env=env, cwd=ROOT, stdout=log, stderr=log)
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
