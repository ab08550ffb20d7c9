"""`samsyn demo`: an SQLite database with a programme in the middle, served at once."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from samsyn.cli.set_up import complain, migrate, start_django, writable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen; HOST=0.0.0.0 lets a phone in."""
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
    parser.add_argument("--no-serve", action="store_true", help="only make the database")


def run(arguments: argparse.Namespace) -> int:
    """Make the demo where it is not there yet, and serve it."""
    from samsyn.cli.serve import collect, no_port, port_of, serve, taken

    port = port_of(arguments.port)
    if port is None:
        return complain(no_port(arguments.port))
    folder = Path(os.environ.setdefault("SAMSYN_DATA_DIR", "var/demo"))
    if os.environ.pop("DATABASE_URL", None):
        print("The demo uses an SQLite file of its own; DATABASE_URL is left alone.")
    if not writable(folder):
        return complain(f"Nothing can be written in {folder.resolve()}. Run it from a folder of your own.")
    refusal = None if arguments.no_serve else taken(arguments.host, port)
    if refusal:
        return complain(refusal)
    lan = _lan_address() if arguments.host in {"0.0.0.0", "::"} else ""
    origin = f"http://{lan or 'localhost'}:{port}"
    os.environ["SAMSYN_ORIGIN"] = origin
    if lan:
        os.environ["SAMSYN_HOSTS"] = f"{lan},localhost,127.0.0.1"
    start_django()
    migrate()
    _fill()
    if arguments.no_serve:
        return 0
    collect()
    print(f"\nSamsyn is on {origin}  (stop it with Ctrl-C)")
    print(f"No letter leaves it: they become files in {folder / 'mail'}, codes for signing in too.\n", flush=True)
    if lan:
        _print_qr(origin)
    return serve(arguments.host, port, worker=True)


def _fill() -> None:
    from samsyn.organisations.models import Organisation
    from samsyn.rehearsal.actions import make_demo
    from samsyn.rehearsal.models import DemoMark

    if DemoMark.objects.filter(finished=True).exists():
        return
    if Organisation.objects.filter(synthetic=False).exists():
        raise SystemExit("This database holds a real organisation. The demo needs an empty one: set SAMSYN_DATA_DIR.")
    print("Rehearsing the demo: a region's IT unit of 300, in the middle of its programme.", flush=True)
    make_demo(_tell)


def _tell(done: int, total: int, what: str) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K  {'●' * done}{'○' * (total - done)}  {what}", end="\n" if done == total else "", flush=True)
    elif done == total:
        print(f"  {done} of {total}: {what}", flush=True)


def _lan_address() -> str:
    """This machine's address on its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _print_qr(origin: str) -> None:
    import segno

    segno.make(origin, error="l").terminal(compact=True)
