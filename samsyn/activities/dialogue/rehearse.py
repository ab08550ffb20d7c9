"""How a crowd behaves in a dialogue: what the story says of each camp, else statements that any workplace knows."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from samsyn.activities.dialogue import actions, queries
from samsyn.activities.dialogue.models import Statement
from samsyn.organisations.models import Person
from samsyn.programmes.browsers import key_of
from samsyn.programmes.kinds import Crowd
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import lead_of
from samsyn.programmes.rehearsing import send_as_told, sort_as_told, translate_as_told
from samsyn.programmes.rules import leaves_no_trace

_ANYWHERE = [
    ("Jag vet vad vi är till för.", "I know what we are here for.", (0.8, 0.7)),
    ("Vi lägger tid på rätt saker.", "We spend our time on the right things.", (0.7, 0.2)),
    ("Jag vågar säga när något inte fungerar.", "I dare to say when something does not work.", (0.8, 0.3)),
    ("Beslut fattas där kunskapen finns.", "Decisions are made where the knowledge is.", (0.6, 0.1)),
    ("Vi får veta vad det blev av det vi sa.", "We are told what came of what we said.", (0.5, 0.2)),
    ("Vi borde ändra hur vi är organiserade nu.", "We should change how we are organised now.", (0.2, 0.8)),
    ("Nya verktyg gör jobbet lättare.", "New tools make the work easier.", (0.7, 0.5)),
    ("Mötena hjälper mig i mitt arbete.", "The meetings help me in my work.", (0.3, 0.3)),
]
_SHARE_TAKING_PART = 0.7


def rehearse(activity: Activity, crowd: Crowd) -> None:
    """Put statements in, let people write and vote, sort: through the kind's own actions.

    In a draft only what is laid out beforehand is put in.
    """
    script = crowd.script(activity)
    rows = script.get("statements") or _by_chance(activity)
    people, planner = list(crowd.people(activity)), lead_of(activity.programme)
    if activity.state == Activity.State.DRAFT:
        for row in rows:
            if row.get("seeded"):
                _add(activity, row, crowd, planner)
        return
    made = {row["key"]: _add(activity, row, crowd, planner) for row in rows}
    _vote(activity, rows, made, crowd, people, script.get("camps") or {"a": 0.6, "b": 0.4}, script.get("mood") or 0.1)
    for row in rows:
        with crowd.on(row["day"]):
            sort_as_told(row, made, actions.merge, planner)
        crowd.remember(row["key"], made[row["key"]].item)
    if script.get("lead"):
        crowd.remember(activity.key, made[script["lead"]].item)


def improvise(activity: Activity, key: str, chance: Random) -> tuple[str, dict[str, str]] | None:
    """What somebody made up sends from a room: a stand on a statement that they have not voted on."""
    done = queries.my_votes(activity, key)
    left = [one for one in queries.visible_statements(activity) if one.pk not in done]
    if not left:
        return None
    one = chance.choice(left)
    agrees = 0.75 if one.pk % 2 == int(key[-1], 16) % 2 else 0.35  # two camps, by what their keys end in
    return "vote", {"statement": one.rid, "value": chance.choices(["1", "0", "-1"], [agrees, 0.15, 0.85 - agrees])[0]}


def _by_chance(activity: Activity) -> list[dict[str, Any]]:
    return [
        {"key": f"{activity.key or activity.kind}-{number}",
         "lang": "sv", "text": {"sv": sv, "en": en}, "day": activity.starts,
         "seeded": number < 5, "agree": {"a": agree[0], "b": agree[1]}, "pass": 0.1}
        for number, (sv, en, agree) in enumerate(_ANYWHERE)
    ]  # fmt: skip


def _add(activity: Activity, row: dict[str, Any], crowd: Crowd, planner: Person) -> Statement:
    if not row.get("seeded"):
        sent: Statement = send_as_told(activity, row, crowd, actions.add_statement, planner)
        return sent
    with crowd.on(row["day"]):
        text = row["text"][row["lang"]]
        actions.seed(activity, [text], language=row["lang"], by=planner)
        rows = Statement.objects.select_related("item", "activity__programme")
        seeded = rows.get(activity=activity, text=text)
        translate_as_told(seeded, row, planner)
    return seeded


def _vote(
    activity: Activity,
    rows: list[dict[str, Any]],
    made: dict[str, Statement],
    crowd: Crowd,
    people: list[Person],
    camps: dict[str, float],
    mood: float,
) -> None:
    """Everyone who takes part meets some of the statements, and answers as people of their camp do."""
    anonymous = leaves_no_trace(activity)
    last: dt.date = max(row["day"] for row in rows)
    with crowd.on(last):
        for person in people:
            chance = crowd.random(activity, person.key, "stand")
            if chance.random() > _SHARE_TAKING_PART:
                continue
            key = f"{chance.getrandbits(128):032x}" if anonymous else key_of(person.pk)
            camp = chance.choices(list(camps), list(camps.values()))[0]
            readiness = chance.gauss(0, mood)
            met = chance.sample(rows, round(len(rows) * chance.uniform(0.3, 0.9)))
            stands = {made[row["key"]].pk: _stand(row, camp, readiness, chance) for row in met}
            actions.cast_ballot(activity, stands, key=key, person=person)


def _stand(row: dict[str, Any], camp: str, readiness: float, chance: Any) -> tuple[int, bool]:
    if chance.random() < row.get("pass", 0.1):
        return 0, False
    agrees = chance.random() < row["agree"].get(camp, 0.5) + readiness
    return (1 if agrees else -1), chance.random() < row.get("important", 0.1)
