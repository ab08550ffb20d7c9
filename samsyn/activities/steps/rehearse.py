"""How a crowd behaves in a step: somebody writes down what came out of it."""

from __future__ import annotations

from samsyn.activities.steps.actions import write_outcome
from samsyn.core.texts import LangText
from samsyn.programmes.kinds import Crowd
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import lead_of


def rehearse(activity: Activity, crowd: Crowd) -> None:
    """Write the story's outcome, or a plain one."""
    script = crowd.script(activity)
    written = script.get("outcome")
    if script and not written and not script.get("closed"):
        return  # still going on
    outcome = written or {
        "text": {"sv": "Vi gjorde det som planerat.", "en": "We did it as planned."},
        "day": script.get("closed") or activity.ends,
    }
    by = lead_of(activity.programme)
    with crowd.on(outcome["day"]):
        written = write_outcome(activity, text=LangText(outcome["text"]), by=by)
    crowd.remember(activity.key, written.item)
