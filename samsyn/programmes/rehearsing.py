"""How a crowd contributes the texts of a story: through the kind's own actions, on the story's days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import actions, contributing, rules
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.kinds import Crowd
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread import secrets


def send_as_told(activity: Activity, row: dict[str, Any], crowd: Crowd, send: Callable[..., Any], by: Person) -> Any:
    """Let somebody in the crowd send a text; `by` translates it and lets it in, unless the story says that it waits."""
    chance, people = crowd.random(activity, row["key"]), list(crowd.people(activity))
    with crowd.on(row["day"]):
        sent = send(
            activity,
            text=row["text"][row["lang"]],
            language=row["lang"],
            post_key=f"{chance.getrandbits(128):032x}",
            author=chance.choice(people) if people else by,
            words=secrets.clean_words(secrets.draw_words(row["lang"])) if leaves_no_trace(activity) else None,
        )
        translate_as_told(sent, row, by)
        if sent.state == Contribution.State.WAITING and row.get("state") != "waiting":
            contributing.let_in(sent, by=by)
    return sent


def translate_as_told(sent: Contribution, row: dict[str, Any], by: Person) -> None:
    """Give a text of the story in its other language."""
    others = {lang: text for lang, text in row["text"].items() if lang != row["lang"]}
    contributing.translate(sent, LangText(others), by=by)


def sort_as_told(row: dict[str, Any], made: Mapping[str, Any], merge: Callable[..., None], by: Person) -> None:
    """Hide a text, or join it with another, where the story says so."""
    if row.get("state") == "hidden":
        contributing.hide(made[row["key"]], reason=LangText(row["reason"]), by=by)
    elif row.get("state") == "merged":
        merge(made[row["key"]], into=made[row["merged_into"]], by=by)


def publish_as_told(activity: Activity, reply: dict[str, Any], crowd: Crowd, by: Person) -> None:
    """Publish an activity with the reply of the story, on its day and signed by its person, who does it if they may."""
    texts = [LangText(reply[name] or {}) for name in ("heard", "doing", "not_doing")]
    said = actions.OurReply(*texts, reply.get("next_date"))
    signer = crowd.person(reply["by"])
    with crowd.on(reply["day"]):
        by = signer if rules.can_organise(signer, activity.programme) else by
        actions.publish_activity(activity, said, signed_by=signer, by=by)
