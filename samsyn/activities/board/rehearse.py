"""How a crowd behaves on a board: what the story says, else what is said at any workplace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from django.utils.translation import get_language

from samsyn.activities.board import actions, queries, rules
from samsyn.activities.board.models import Card, CardGroup, Column
from samsyn.activities.board.rules import Phase, Settings
from samsyn.core.declared import read_file
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import contributing
from samsyn.programmes.browsers import key_of
from samsyn.programmes.contributing import Sent
from samsyn.programmes.kinds import Crowd
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import lead_of
from samsyn.programmes.rules import is_anonymous, leaves_no_trace
from samsyn.thread import secrets
from samsyn.thread.actions import settle_promise
from samsyn.thread.models import Item

_SHARE_VOTING = 0.6


def improvise(activity: Activity, chance: Random) -> tuple[str, dict[str, str]] | None:
    """Write a card that nobody has written yet, or place dots, as the phase is."""
    board = queries.board_of(activity)
    if rules.takes_dots(board):
        ballot = _ballot(activity, chance, dict.fromkeys(queries.targets(activity), 1))
        return "vote", {f"dots-{target}": str(number) for target, number in ballot.items()}
    if not rules.takes_cards(board):
        return None
    told, columns = _by_chance(activity), list(queries.columns(activity))
    row = chance.choice(told["layouts"].get(str(activity.settings.get("layout"))) or told["cards"])
    text, column = row["text"][get_language() or "sv"], columns[row["column"] % len(columns)]
    if Card.objects.filter(activity=activity, text=text).exists():
        return None
    return "write", {"text": text, "column": str(column.pk), "post_key": f"{chance.getrandbits(128):032x}"}


def rehearse(activity: Activity, crowd: Crowd) -> None:
    """Write, reveal, group, vote and take further, through the kind's own actions."""
    script = crowd.script(activity)
    told = script if script.get("cards") else _by_chance(activity)
    planner = lead_of(activity.programme)
    people = [crowd.person(key) for key in told.get("people") or ()] or list(crowd.people(activity))
    columns = list(queries.columns(activity))
    cards = {row["key"]: _write(row, columns, crowd, people or [planner], planner) for row in told["cards"]}
    with crowd.on(max(row["day"] for row in told["cards"])):
        actions.set_phase(activity, Phase.READ, by=planner)
        for row in told["cards"]:
            _sort(row, cards, planner)
        actions.set_phase(activity, Phase.GROUP, by=planner)
        groups = {}
        for row in told["groups"]:
            chosen, name = [cards[key] for key in row["cards"]], LangText(row["name"])
            groups[row["key"]] = actions.arrange(activity, chosen, to=name, by=planner)
        if Settings.of(activity).dots:
            actions.set_phase(activity, Phase.VOTE, by=planner)
            weights = {groups[row["key"]].pk: row.get("weight", 1) for row in told["groups"]}
            _vote(activity, crowd, people, weights, share=1.0 if told.get("people") else _SHARE_VOTING)
        actions.set_phase(activity, Phase.TAKE_ON, by=planner)
        if change := told.get("change"):
            _change({**cards, **groups}[change["on"]], change, crowd, planner)
    for key, mark in {**cards, **groups}.items():
        crowd.remember(key, mark.item)
    crowd.remember(activity.key, groups[told["lead"]].item)


def _by_chance(activity: Activity) -> dict[str, Any]:
    told: dict[str, Any] = read_file(Path(__file__).with_suffix(".yaml"))
    told["cards"] = [{"lang": "sv", "day": activity.starts, **row} for row in told["cards"]]
    return told


def _write(
    row: dict[str, Any], columns: Sequence[Column], crowd: Crowd, people: Sequence[Person], planner: Person
) -> Card:
    column, lang = columns[row["column"] % len(columns)], row["lang"]
    activity, text = column.activity, row["text"][lang]
    chance = crowd.random(activity, row["key"])
    with crowd.on(row["day"]):
        if row.get("typed"):
            actions.type_cards(column, [text], language=lang, by=planner)
            return Card.objects.select_related("item", "activity__programme").get(column=column, text=text)
        words = secrets.clean_words(secrets.draw_words(lang)) if leaves_no_trace(activity) else None
        author = crowd.person(row["by"]) if row.get("by") else chance.choice(people)
        sent = Sent(text, lang, f"{chance.getrandbits(128):032x}", author, words)
        return actions.write(column, sent, table=row.get("table"))


def _sort(row: dict[str, Any], cards: dict[str, Card], planner: Person) -> None:
    card = cards[row["key"]]
    card.refresh_from_db()
    others = LangText({lang: text for lang, text in row["text"].items() if lang != row["lang"]})
    contributing.translate(card, others, by=planner)
    if row.get("reason"):
        actions.hide(card, reason=LangText(row["reason"]), by=planner)
    elif row.get("merged_into"):
        actions.merge(card, into=cards[row["merged_into"]], by=planner)


def _change(mark: Card | CardGroup, told: dict[str, Any], crowd: Crowd, planner: Person) -> None:
    """Promise the one thing that changes; where the story says how that went, it is settled on its day."""
    owner = crowd.person(told["owner"])
    text = LangText(told["text"])
    item = actions.promise(mark, text=text, owner=owner, due=told["due"], the_one=True, by=planner)
    if settled := told.get("settled"):
        with crowd.on(settled["day"]):
            settle_promise(item.promise, state=settled["state"], note=LangText(settled["note"]), by=owner)


def _ballot(activity: Activity, chance: Random, open_to: dict[int, int]) -> dict[int, int]:
    """Where somebody places their dots: mostly on what the story says matters, now and then on a single card."""
    return dict(Counter(chance.choices(list(open_to), list(open_to.values()), k=Settings.of(activity).dots)))


def _vote(activity: Activity, crowd: Crowd, people: Sequence[Person], weights: dict[int, int], *, share: float) -> None:
    targets = queries.targets(activity)
    words = dict(Item.objects.filter(pk__in=targets.values()).values_list("pk", "title"))
    in_order = sorted(targets, key=lambda target: str(words[targets[target]]))  # ids are drawn anew each time
    open_to = {target: weights.get(target, 1) for target in in_order}
    for person in people:
        chance = crowd.random(activity, person.key, "dots")
        if chance.random() < share:
            key = f"{chance.getrandbits(128):032x}" if is_anonymous(activity) else key_of(person.pk)
            actions.place_dots(activity, _ballot(activity, chance, open_to), key=key, person=person)
