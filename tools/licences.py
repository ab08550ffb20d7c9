"""What Samsyn runs on must be free to pass on with it: permissive or weak copyleft."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|LGPL|Lesser General|HPND|CMU|Zlib|Unlicense|Public Domain",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|(?<!Lesser )General Public License|Proprietary", re.IGNORECASE)
# Packages whose own words mislead, and what their licence file says.
READ = {"qrcode": "BSD-3-Clause"}


def licence_of(name: str) -> str:
    """What a package says of its licence; empty where it says nothing."""
    data = metadata.metadata(name)
    said = [data.get("License-Expression") or "", (data.get("License") or "")[:200]]
    said += [line for line in data.get_all("Classifier") or [] if line.startswith("License")]
    return " | ".join(text for text in said if text)


def main() -> int:
    """Print each package whose licence will not do, or that says nothing; 1 if there is any."""
    wrong = 0
    lines = (ROOT / "requirements/run.txt").read_text().splitlines()
    for line in lines:
        match = re.match(r"([A-Za-z0-9_.-]+)==", line)
        if not match:
            continue
        try:
            said = READ.get(match[1]) or licence_of(match[1])
        except metadata.PackageNotFoundError:
            continue  # for another platform or Python
        if not ALLOWED.search(said) or (FORBIDDEN.search(said) and not re.search("LGPL|Lesser", said)):
            wrong += 1
            print(f"{match[1]}: {said or 'says nothing of its licence'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
