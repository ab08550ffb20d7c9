"""Write docs/programmes.md from the playbooks, or with --check say whether it is up to date."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "programmes.md"


def main() -> int:
    """Return 1 where --check finds the page out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if the page is out of date")
    check = parser.parse_args().check
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    os.environ.setdefault("SAMSYN_SECRET_KEY", "only for making a page of documentation")
    import django

    django.setup()
    from samsyn.programmes.overview import render

    wanted = render()
    if PAGE.exists() and PAGE.read_text("utf-8") == wanted:
        return 0
    if check:
        print(f"{PAGE.relative_to(ROOT)} is out of date: run python tools/programmes_doc.py")
        return 1
    PAGE.write_text(wanted, "utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
