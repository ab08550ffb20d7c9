"""Rules of a board: the boards to begin from, what is chosen for it, the order of its phases, what dots come to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.activities.board.models import Board
from samsyn.core.declared import read_file
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes.models import Activity

LONGEST = 280
LONGEST_NAME = 80
MOST_COLUMNS = 8
MOST_TYPED = 100
MOST_DOTS = 10
LARGEST_TABLE = 30
FIRST_LAYOUT = "empty"
UNSEEN = LangText(sv="Ett kort som inte har visats än", en="A card that has not been shown yet")
_NUMBER = re.compile(r"[0-9]{1,3}")

Phase = Board.Phase


@cache
def layouts() -> dict[str, Any]:
    """The boards to begin from, by key, in the order in which they are offered: name, about, columns."""
    raw: dict[str, Any] = read_file(Path(__file__).with_name("layouts.yaml"))
    return {key: row | {name: LangText(row[name]) for name in ("name", "about")} for key, row in raw.items()}


def columns_of(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The columns that a board begins with."""
    found: list[dict[str, Any]] = layouts().get(str(settings.get("layout")), layouts()[FIRST_LAYOUT])["columns"]
    return found


@dataclass(frozen=True)
class Settings:
    """What a facilitator chooses. `dots`: so many each; none: no vote. `tables`: one device may write for a table.

    `before`: ids of the boards that came before in the same series.
    """

    dots: int = 3
    tables: bool = False
    before: tuple[int, ...] = ()

    @classmethod
    def of(cls, activity: Activity) -> Settings:
        chosen = activity.settings
        before = tuple(pk for pk in chosen.get("before") or () if isinstance(pk, int))
        return cls(int(chosen.get("dots", cls.dots)), bool(chosen.get("tables", cls.tables)), before)


def phases_of(activity: Activity) -> list[Board.Phase]:
    """The phases that a board goes through: no vote where there are no dots."""
    return [phase for phase in Phase if phase != Phase.VOTE or Settings.of(activity).dots]


def phase_after(board: Board, *, steps: int = 1) -> Board.Phase | None:
    """The next phase (`steps` -1: the one before); None at the end. Nobody can vote in what is closed."""
    phases = phases_of(board.activity)
    if board.activity.state != Activity.State.OPEN:
        phases = [phase for phase in phases if phase not in {Phase.WRITE, Phase.VOTE} or phase == board.phase]
    here = phases.index(Phase(board.phase)) if board.phase in phases else 0
    there = here + steps
    return phases[there] if 0 <= there < len(phases) else None


def takes_cards(board: Board) -> bool:
    """Cards are written while the board is open and nothing that is being written is shown."""
    return board.activity.state == Activity.State.OPEN and board.phase == Phase.WRITE


def takes_dots(board: Board) -> bool:
    """Dots are placed, and moved, until voting ends or the board is closed."""
    open_now = board.activity.state == Activity.State.OPEN
    return open_now and board.phase == Phase.VOTE and Settings.of(board.activity).dots > 0


def can_be_arranged(board: Board) -> bool:
    """Cards are moved once they are shown, and before the vote: whoever has placed a dot knows on what."""
    phases = {Phase.READ, Phase.GROUP} if Settings.of(board.activity).dots else set(Phase) - {Phase.WRITE}
    return board.phase in phases and board.activity.state in {Activity.State.OPEN, Activity.State.CLOSED}


def check_text(text: str) -> None:
    """Raises RefusedError for a card that is empty or too long."""
    if not text:
        raise RefusedError(_("Write something on the card."), "text")
    if len(text) > LONGEST:
        words = _("The card is %(length)d signs long. Shorten it to %(most)d.")
        raise RefusedError(words % {"length": len(text), "most": LONGEST}, "text")


def table_size(activity: Activity, given: Any) -> int:
    """How many stand behind a card; 0 for one alone, and where tables do not write together. Raises RefusedError."""
    written = str(given or "0").strip()
    if not Settings.of(activity).tables or written in {"0", "1"}:
        return 0
    if not _NUMBER.fullmatch(written) or not 2 <= int(written) <= LARGEST_TABLE:
        raise RefusedError(
            _("Give how many you are at the table, at most %(most)d.") % {"most": LARGEST_TABLE}, "table"
        )
    return int(written)
