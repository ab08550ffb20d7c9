"""`python -m tests.journeys.survey FILE [once]`: write the list of pages of the demo in SAMSYN_DATA_DIR."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Start Django on the demo's data; what reads it can only be imported then."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    django.setup()
    from tests.journeys.finding import write

    write(Path(sys.argv[1]), once="once" in sys.argv[2:])


if __name__ == "__main__":
    main()
