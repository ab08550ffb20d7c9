"""Find a browser for the tests; as root on Debian, install it. Says which command helps where it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_browser() -> str | None:
    """The path of a Chromium or Chrome; SAMSYN_BROWSER names another."""
    named = os.environ.get("SAMSYN_BROWSER")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or (MAC if os.path.exists(MAC) else None)


def main() -> int:
    """0 where there is a browser, or where its absence may be borne."""
    if find_browser():
        return 0
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        print("Installing a browser for the tests …", flush=True)
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], check=False, **quiet)
        if find_browser():
            return 0
    helps = "brew install --cask google-chrome" if sys.platform == "darwin" else "sudo apt-get install chromium"
    print(f"No browser was found: the tests in tests/journeys do not run. This helps: {helps}", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
