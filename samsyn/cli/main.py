"""The `samsyn` command: each subcommand is a module with `add_arguments(parser)` and `run(arguments) -> int`."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

_COMMANDS = {
    "demo": ("demo", "make a demo in this folder and serve it"),
    "serve": ("serve", "serve the installation, with its worker beside it"),
    "worker": ("worker", "run the job worker alone, beside any number of servers"),
    "check": ("check", "say what a production set-up still lacks"),
    "migrate": ("migrate", "bring the database up to date"),
    "backup": ("backup", "write a backup into a folder, while it runs"),
    "restore": ("restore", "put a backup back; whoever was erased stays erased"),
    "export": ("export", "write an organisation, or one programme, as open files"),
    "operator": ("operator", "make an operator, or an organisation with its first administrator"),
    "import-people": ("import_people", "import people and units from CSV or XLSX"),
    "analyse": ("analyse", "say where people stand, from files, without a database"),
    "rehearse": ("rehearse", "walk a playbook through with a synthetic organisation"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run a subcommand. 0: done; 1: refused, with a sentence; 2: wrong arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    parser = argparse.ArgumentParser(prog="samsyn", description="Samsyn: people are asked, and hear what came of it.")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    chosen = next((word for word in (arguments if arguments is not None else sys.argv[1:]) if word in _COMMANDS), None)
    for name, (module, words) in _COMMANDS.items():
        subparser = commands.add_parser(name, help=words, description=words)
        if name == chosen:  # only the command that runs is imported
            import_module(f"samsyn.cli.{module}").add_arguments(subparser)
    options = parser.parse_args(arguments)
    try:
        return int(import_module(f"samsyn.cli.{_COMMANDS[options.command][0]}").run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
