"""Every template must parse, stay short, and hold no inline script, style or handler."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 120
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=[\"']", re.IGNORECASE)


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    sys.path.insert(0, str(ROOT))
    import django
    from django.template import TemplateSyntaxError, engines

    django.setup()
    wrong = 0
    for path in sorted((ROOT / "samsyn").rglob("templates/**/*.html")):
        source = path.read_text("utf-8")
        found = []
        if source.count("\n") > LONGEST:
            found.append(f"longer than {LONGEST} lines")
        if match := _INLINE.search(source):
            found.append(f"inline: {match[0].strip()}")
        try:
            engines["django"].from_string(source)
        except TemplateSyntaxError as error:
            found.append(str(error))
        for words in found:
            wrong += 1
            print(f"{path.relative_to(ROOT)}: {words}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
