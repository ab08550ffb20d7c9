"""A poll in a test: its questions, and answers as the room and the pages send them."""

from __future__ import annotations

from typing import Any

from samsyn.activities.polls import actions, rules
from samsyn.activities.polls.models import PollQuestion, Run
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending, Taken
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.models import Activity
from tests.fixtures import World


def poll(world: World, **values: Any) -> Activity:
    """An open anonymous poll that one comes into with a code."""
    return world.activity(**{"kind": "polls", "state": "open", "level": "anonymous", "entry": "code", **values})


def ask(world: World, activity: Activity, form: str = "single", options: int = 3, **values: Any) -> PollQuestion:
    """Add a question."""
    labels = [LangText(sv=f"svar {number}", en=f"answer {number}") for number in range(options)]
    if form == "scale":
        labels = rules.scale(options, LangText(sv="lågt", en="low"), LangText(sv="högt", en="high"))
    text = LangText(sv="Vad tycker du?", en="What do you think?")
    values = {"text": text, "by": world.person("lead"), "options": labels if form != "words" else (), **values}
    question = actions.add_question(activity, form=form, **values)
    question.activity = activity
    return question


def run_of(question: PollQuestion) -> Run:
    """The run that goes on, as it is stored."""
    return Run.objects.select_related("question").get(question=question, over=False)


def sending(question: PollQuestion, key: str = "", do: str = "answer", **values: str) -> Sending:
    """Something sent from the room."""
    more = {"language": values.pop("language", "sv"), "person": int(values.pop("person", "0"))}
    values = {"run": values.pop("run", run_of(question).rid), **values}
    return Sending(question.activity_id, do, values, key or draw_key(), **more)


def answer(question: PollQuestion, choice: int | str, key: str = "", **values: str) -> Taken:
    """One answer from the room."""
    (taken,) = actions.take_answers(question.activity, [sending(question, key, choice=str(choice), **values)])
    return taken


def write(question: PollQuestion, text: str, **values: str) -> Taken:
    """One text from the room."""
    (taken,) = actions.take_texts(question.activity, [sending(question, do="text", text=text, **values)])
    return taken


def picked(question: PollQuestion) -> list[int]:
    """What may be shown: people by answer; nothing where that is too little."""
    return run_of(question).shown.get("picked", [])
