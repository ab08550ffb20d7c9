"""Rules of a dialogue: what is chosen for it, who may take part, who sees what when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes.importing import is_imported
from samsyn.programmes.kinds_contributions import Chosen
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import leaves_no_trace

LONGEST = 200
LONGEST_IMPORTED, LONGEST_ID = 1000, 40
MOST_SEEDS = 200


@dataclass(frozen=True)
class Settings(Chosen):
    """What a facilitator chooses.

    `let_in`: statements wait until somebody lets them in. `add`: those who take part may add their own.
    """

    DEFAULTS = {"let_in": True, "add": True}
    let_in: bool = True
    add: bool = True


def can_contribute(activity: Activity) -> bool:
    """Votes and statements are taken while the activity is open, unless they came from elsewhere."""
    return activity.state == Activity.State.OPEN and not is_imported(activity)


def fills_itself(activity: Activity) -> bool:
    """Whether those who take part write the statements themselves, and all see them at once."""
    settings = Settings.of(activity)
    return settings.add and not settings.let_in


def told(activity: Activity) -> dict[str, Any]:
    """What pages and the room say of a dialogue."""
    settings = Settings.of(activity)
    return {
        "activity": activity,
        "is_open": can_contribute(activity),
        "may_add": settings.add,
        "let_in": settings.let_in,
        "receipts": leaves_no_trace(activity),
        "longest": LONGEST,
    }


def has_result(activity: Activity) -> bool:
    """There is a result once nothing can change any more."""
    return activity.state in {Activity.State.CLOSED, Activity.State.PUBLISHED}


def may_leave_row_by_row(activity: Activity) -> bool:
    """Votes leave row by row only where names are known anyway or the data came from elsewhere; else in sums."""
    return activity.level == Activity.Level.NAMED or is_imported(activity)


AWAY = {  # why a statement that is brought in is not shown
    "removed": LangText(sv="Borttaget där det kom ifrån", en="Removed where it came from"),
    "unknown": LangText(sv="Texten fanns inte i filerna", en="The text was not in the files"),
}


def why_away(one: Any) -> str:
    """Why a statement of an export is not shown here; empty where it is."""
    return "removed" if one.removed else "" if one.text else "unknown"


def check_conversation(conversation: Any) -> None:
    """Refuse an export that does not fit in here. Raises RefusedError, in words."""
    for one in conversation.statements:
        if len(one.text) > LONGEST_IMPORTED:
            words = _("Statement %(id)s is %(length)d signs long. At most %(most)d can be brought in.")
            values = {"id": one.id[:20], "length": len(one.text), "most": LONGEST_IMPORTED}
            raise RefusedError(words % values, "export")
        if len(one.id) > LONGEST_ID:
            words = _("The id of a statement is too long: %(id)s. At most %(most)d signs can be brought in.")
            raise RefusedError(words % {"id": f"{one.id[:20]}…", "most": LONGEST_ID}, "export")


def split_seeds(text: str) -> list[str]:
    """The statements of a text with one on each line; the same one twice counts once."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def too_long(lines: Sequence[str]) -> list[str]:
    """Those that are longer than a statement may be."""
    return [line for line in lines if len(line) > LONGEST]
