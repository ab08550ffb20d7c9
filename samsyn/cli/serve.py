"""`samsyn serve`: the web server, and the job worker as a process of its own beside it."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys

from samsyn.cli.set_up import complain, migrate, start_django

_MANY_FILES = 65_536
_LAST_PORT = 65_535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
    parser.add_argument("--without-worker", action="store_true", help="the worker runs elsewhere (samsyn worker)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    port = port_of(arguments.port)
    if port is None:
        return complain(no_port(arguments.port))
    refusal = taken(arguments.host, port)
    if refusal:
        return complain(refusal)
    start_django()
    migrate()
    collect()
    return serve(arguments.host, port, worker=not arguments.without_worker)


def port_of(written: str) -> int | None:
    """The port that somebody wrote; None where it is none. 0: any that is free."""
    is_number = written.isascii() and written.isdigit() and len(written) < 6
    return int(written) if is_number and int(written) <= _LAST_PORT else None


def no_port(written: str) -> str:
    """A sentence for what cannot be a port."""
    return f"“{written}” is no port. Choose a number from 1 to {_LAST_PORT}: PORT=8000."


def taken(host: str, port: int) -> str | None:
    """A sentence where the port cannot be had; None where it can."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        other = port + 1 if port < _LAST_PORT else port - 1
        return f"Port {port} on {host} is taken. Stop what uses it, or choose another: PORT={other}."
    return None


def collect() -> None:
    """Put the static files, with names that change when they do, where the server reads them."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def serve(host: str, port: int, *, worker: bool) -> int:
    """Run the web server in this process, the worker beside it; end both together."""
    import uvicorn
    from django.conf import settings
    from django.utils.module_loading import import_string

    from samsyn.live.connections import Connection

    live = import_string(settings.ASGI_APPLICATION)

    class Server(uvicorn.Server):
        """Ends the open streams of the live room first: a browser would keep them for ever."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            live.stop()
            await super().shutdown(sockets)

    beside = _start_worker() if worker else None
    raise_file_limit()
    config = uvicorn.Config(
        live,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # no line per request: addresses and times would tell
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=5,
        backlog=4096,  # a full room comes at once
        http=Connection,
    )
    try:
        Server(config).run()
    finally:
        if beside is not None:
            beside.send_signal(signal.SIGTERM)
            try:
                beside.wait(timeout=10)
            except subprocess.TimeoutExpired:
                beside.kill()
    return 0


def raise_file_limit() -> None:
    """Let this process have as many files open as the system allows: each phone in a room is one."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MANY_FILES if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _start_worker() -> subprocess.Popen[bytes]:
    """The worker as a process of its own; it ends by itself when this one is gone, however it went."""
    start = f"from samsyn.jobs import worker; worker.run(parent={os.getpid()})"
    return subprocess.Popen([sys.executable, "-c", start])
