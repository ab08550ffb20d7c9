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
    if script and not script.get("outcome"):
        return
    outcome = script.get("outcome") or {
        "text": {"sv": "Vi gjorde det som planerat.", "en": "We did it as planned."},
        "day": activity.ends,
    }
    by = _writer(activity)
    with crowd.on(outcome["day"]):
        written = write_outcome(activity, text=LangText(outcome["text"]), by=by)
    crowd.remember(activity.key, written.item)


def _writer(activity: Activity) -> Person:
    role = Role.objects.filter(programme=activity.programme, name=Role.Name.LEAD).select_related("person").first()
    assert role is not None
    return role.person
