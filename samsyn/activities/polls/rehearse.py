"""How a crowd behaves in a poll: what the story says, else a mood check that any workplace knows."""

from __future__ import annotations

from random import Random
from typing import Any

from django.utils.translation import get_language

from samsyn.activities.polls import actions, queries, rules
from samsyn.activities.polls.models import OpenAnswer, PollQuestion
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import contributing
from samsyn.programmes.browsers import key_of
from samsyn.programmes.kinds import Crowd
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import lead_of
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread import secrets

Form = PollQuestion.Form
_SHARE_TAKING_PART = 0.6
_WRITES, _CHANGES = 0.3, 0.1  # of those in a room who have answered already
_WORDS = [
    LangText(sv="hoppfullt", en="hopeful"),
    LangText(sv="för långt", en="too long"),
    LangText(sv="tydligare än förra gången", en="clearer than last time"),
    LangText(sv="vi får väl se", en="we will see"),
    LangText(sv="samma frågor som i höstas", en="the same questions as last autumn"),
    LangText(sv="trött men glad", en="tired but glad"),
]


def improvise(activity: Activity, key: str, chance: Random) -> tuple[str, dict[str, str]] | None:
    """What somebody made up sends to the question that the room shows: an answer, or now and then a few words."""
    one = queries.in_the_room(queries.asked(activity, key=key))
    if one is None or ((one.in_words or one.mine) and chance.random() > (_WRITES if one.in_words else _CHANGES)):
        return None
    if one.in_words:
        text = chance.choice(_WORDS).pick(get_language())[0]
        return "text", {"run": one.run.rid, "text": text, "post_key": f"{chance.getrandbits(128):032x}"}
    most = len(one.question.options) - 1
    place = min(max(round(chance.gauss(0.6, 0.25) * most), 0), most)
    return "answer", {"run": one.run.rid, **_picking(one.question, place, chance.randint(0, most))}


def _picking(question: PollQuestion, *places: int) -> dict[str, str]:
    """The fields of somebody who picks this; of several places the first where there is one answer."""
    if question.form == Form.MANY:
        return {f"choice{place}": "1" for place in places}
    return {"choice": str(places[0])}


def rehearse(activity: Activity, crowd: Crowd) -> None:
    """Make the questions, let people answer, show what came out: through the kind's own actions."""
    script, planner = crowd.script(activity), lead_of(activity.programme)
    people = list(crowd.people(activity))
    with crowd.on(script.get("day") or activity.starts):
        for number, row in enumerate(script.get("questions") or _mood_check(script)):
            text, options = LangText(row["question"]), [LangText(option) for option in row.get("options") or []]
            question = actions.add_question(activity, form=row["form"], text=text, options=options, by=planner)
            question.activity = activity
            if question.form == Form.WORDS:
                _write(question, number, row.get("texts") or [], crowd, people, planner)
            else:
                _answer(question, number, row, crowd, people)
            if row.get("show", True):
                actions.show(question, on=True, by=planner)


def _mood_check(script: dict[str, Any]) -> list[dict[str, Any]]:
    """The ready check of the mood, with the story's own words and shares where it has them."""
    (scale, how, steps), (words, word, _none) = rules.SETS["mood"]
    said = script.get("texts") or [{"lang": "sv", "text": text} for text in _WORDS]
    weights = script.get("weights") or [1, 2, 6, 9, 4]
    share = script.get("share", _SHARE_TAKING_PART)
    return [
        {"form": scale, "question": how, "options": steps, "weights": weights, "share": share},
        {"form": words, "question": word, "texts": said},
    ]


def _answer(question: PollQuestion, number: int, row: dict[str, Any], crowd: Crowd, people: list[Person]) -> None:
    """Those who take part pick by the weights of the story."""
    activity, anonymous = question.activity, leaves_no_trace(question.activity)
    places, run = range(len(question.options)), question.runs.get(over=False)
    for person in people:
        drawn = crowd.random(activity, person.key, "key").getrandbits(128)
        key = f"{drawn:032x}" if anonymous else key_of(person.pk)
        chance = crowd.random(activity, number, person.key)
        if chance.random() < row.get("share", _SHARE_TAKING_PART):
            picked = chance.choices(places, row.get("weights"), k=2)
            values = {"run": run.rid, **_picking(question, *picked)}
            actions.answer(question, values, key=key, person=person, language="sv")


def _write(
    question: PollQuestion,
    number: int,
    texts: list[dict[str, Any]],
    crowd: Crowd,
    people: list[Person],
    planner: Person,
) -> None:
    for place, said in enumerate(texts):
        chance = crowd.random(question.activity, number, "text", place)
        text = actions.write(
            question,
            text=said["text"][said["lang"]],
            language=said["lang"],
            post_key=f"{chance.getrandbits(128):032x}",
            author=chance.choice(people) if people else planner,
            words=secrets.clean_words(secrets.draw_words("sv")) if leaves_no_trace(question.activity) else None,
        )
        contributing.translate(text, LangText(said["text"]), by=planner)
        if text.state == OpenAnswer.State.WAITING:
            actions.let_in(text, by=planner)
        if said.get("key"):
            crowd.remember(said["key"], text.item)
