"""How a crowd behaves in a step: somebody writes down what came out of it."""

from __future__ import annotations

from samsyn.activities.steps.actions import write_outcome
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import Crowd
from samsyn.programmes.models import Activity, Role


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
    by = _writer(activity)
    with crowd.on(outcome["day"]):
        written = write_outcome(activity, text=LangText(outcome["text"]), by=by)
    crowd.remember(activity.key, written.item)


def _writer(activity: Activity) -> Person:
    role = Role.objects.filter(programme=activity.programme, name=Role.Name.LEAD).select_related("person").first()
    assert role is not None
    return role.person
