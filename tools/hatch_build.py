"""Compiles the translations when a package is built, so that an installed Samsyn is complete."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))


class TranslationsHook(BuildHookInterface):
    """Runs before the files are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        import messages

        messages.compile_all()
