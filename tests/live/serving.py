"""A served room: a database of its own, the product's own server, and phones that talk to it over HTTP."""

from __future__ import annotations

import contextlib
import functools
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "samsyn.sqlite3"
PROVE = bool(os.environ.get("SAMSYN_PROVE"))  # the long forms: `make prove` runs them, and CI short ones
KEPT = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SAMSYN_DATA_DIR", "SAMSYN_ORIGIN", "REDIS_URL"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Hall:
    """What a room stands on, and the processes that serve it."""

    folder: Path
    database_url: str = ""
    redis_url: str = ""
    prepared_by: str = "tests.live.prepare"  # the module that makes and changes what it stands on
    made: dict[str, Any] = field(default_factory=dict)
    servers: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def environment(self, port: int = 8000) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in KEPT}
        more = {
            "SAMSYN_DATA_DIR": str(self.folder), "SAMSYN_ORIGIN": f"http://localhost:{port}",
            "PYTHONPATH": str(ROOT), "DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url,
        }  # fmt: skip
        return {**kept, **{name: value for name, value in more.items() if value}}

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *command], env=self.environment(), cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def prepare(self, *what: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.run(self.prepared_by, *what).splitlines()[-1])
        return told

    def start(self, port: int = 0) -> int:
        """Serve on a port (a free one), and wait until it answers."""
        port = port or free_port()
        command = [sys.executable, "-m", "samsyn", "serve", "--port", str(port), "--without-worker"]
        with (self.folder / f"server-{port}.log").open("a") as log:
            self.servers[port] = subprocess.Popen(
                command, env=self.environment(port), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return port
            assert self.servers[port].poll() is None, self.log(port)
        raise AssertionError(f"no answer within a minute:\n{self.log(port)}")

    def log(self, port: int) -> str:
        return (self.folder / f"server-{port}.log").read_text()

    def kill(self, port: int) -> None:
        """Without a warning, in the middle of whatever it does."""
        server = self.servers.pop(port)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()

    def stop(self) -> None:
        for server in self.servers.values():
            server.terminate()
        for server in self.servers.values():
            server.wait(timeout=20)
        self.servers.clear()


@functools.cache
def migrated() -> bytes:
    """An SQLite database with every table and nothing in it: made once, since that takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        Hall(Path(folder)).run("samsyn", "migrate")
        return (Path(folder) / DATABASE).read_bytes()


@contextlib.contextmanager
def hall(
    folder: Path,
    *,
    database_url: str = "",
    redis_url: str = "",
    prepared_by: str = "tests.live.prepare",
    **settings: str,
) -> Iterator[Hall]:
    """A room in a database of its own; `settings` go to the `make` of the module that prepares it."""
    made = Hall(folder, database_url, redis_url, prepared_by)
    if not database_url:  # the other kind comes with its tables
        (folder / DATABASE).write_bytes(migrated())
    made.made = made.prepare("make", *settings.values())
    try:
        yield made
    finally:
        made.stop()


class Phone:
    """A browser of its own: its cookies, its key."""

    def __init__(self, port: int, language: str = "sv", patience: float = 20) -> None:
        self.port, self.language, self.patience = port, language, patience
        self.cookies: dict[str, str] = {}
        self.key = secrets.token_hex(16)
        self.room = ""

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) of one request."""
        connection = self.connection()
        sent = {
            "Host": f"localhost:{self.port}", "Accept-Language": self.language,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers,
        }  # fmt: skip
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _semicolon, _rest = value.partition(";")
                self.cookies[cookie.partition("=")[0]] = cookie.partition("=")[2]
        content = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)

    def join(self, code: str) -> int:
        """Scan the code; the status of the last page."""
        status, headers, _body = self.ask("GET", f"/j/{code}")
        if status != 303:
            return status
        self.room = headers["location"]
        return self.ask("GET", self.room)[0]

    def send(self, do: str, activity: str, *, origin: str | None = None, **values: str) -> tuple[int, dict[str, Any]]:
        """(status, what was answered) of a form sent from the room."""
        body = urlencode({"activity": activity, "do": do, "key": self.key, **values})
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        headers["Origin"] = f"http://localhost:{self.port}" if origin is None else origin
        status, _headers, content = self.ask("POST", f"{self.room}send", body, **headers)
        return status, json.loads(content) if content[:1] == b"{" else {}

    def question(self, activity: str, text: str, post_key: str = "") -> tuple[int, dict[str, Any]]:
        return self.send("ask", activity, text=text, post_key=post_key or secrets.token_hex(16))

    def stream(self, view: str = "phone") -> Stream:
        return Stream(self, view)


class Stream:
    """An open stream of server-sent events."""

    def __init__(self, phone: Phone, view: str = "phone") -> None:
        self.socket = socket.create_connection(("127.0.0.1", phone.port), timeout=20)
        cookies = "; ".join(f"{name}={value}" for name, value in phone.cookies.items())
        head = f"GET {phone.room}stream?view={view}&lang={phone.language} HTTP/1.1\r\nHost: localhost:{phone.port}\r\n"
        self.socket.sendall(f"{head}Cookie: {cookies}\r\n\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline().strip():
            pass
        self.parts: dict[str, str] = {}
        self.bytes = b""

    def next(self) -> dict[str, str]:
        """The parts of the next event; what came is remembered in `parts` and `bytes`."""
        while True:
            line = self.file.readline()
            if not line:
                raise EOFError
            self.bytes += line
            if line.startswith(b"data: "):
                told = json.loads(line[6:])
                if told.get("all"):
                    self.parts = {}
                self.parts |= told["parts"]
                return dict(told["parts"])

    def until(self, text: str) -> None:
        """Read on until a text is shown."""
        while text not in "".join(self.parts.values()):
            self.next()

    def read_to_the_end(self) -> None:
        """Read until the server ends the stream."""
        with contextlib.suppress(EOFError):
            while True:
                self.next()

    def close(self) -> None:
        self.file.close()
        self.socket.close()
