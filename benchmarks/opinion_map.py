"""What the map of a dialogue costs in CPU, beside red-dwarf in the same run: make bench

Both get the votes as they want them (arrays here, a list of one dict per vote there; neither is counted) and give
positions, groups and the statistics of the statements. They run in turn, on one thread; the figure is process time, the
median of the rounds, and the ratio is what can be carried from one machine to another. How sure the result is (axes,
factors and groups against chance worlds, hidden votes and samples) has no counterpart there and is printed apart. At
last: 40,000 people and 8 million votes.

The dialogues are those of SAMSYN_REFERENCE_DATA. red-dwarf is installed by `tools/install bench`, apart from the
product, from requirements/bench.txt.
"""

from __future__ import annotations

import os

for _library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"  # before numpy is imported

import importlib.util
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from samsyn.algorithms.opinion_map.analysis import analyse, draw_map
from samsyn.algorithms.opinion_map.groups import Groups, as_groups, no_groups
from samsyn.algorithms.opinion_map.polis import draw_polis_map
from samsyn.algorithms.opinion_map.polis_files import Conversation, read_conversation
from samsyn.algorithms.opinion_map.shares import Counts, count_groups
from samsyn.algorithms.opinion_map.statements import (
    Mark,
    find_consensus,
    find_divisive,
    find_hardly_seen,
    find_marks,
    find_unsure,
)
from samsyn.algorithms.opinion_map.votes import Votes, gather

DIALOGUES = ("small-brexit", "medium-biodiversity", "large-klimarat")
FILES = ("comments.csv", "votes.csv", "participants-votes.csv")
ROUNDS = 15
MUST, AIM = 5.0, 8.0  # on medium and large
PEOPLE, STATEMENTS, CAST = 40_000, 1_000, 0.2
MOST_SECONDS, MOST_GIGABYTES = 2.5, 1.2


def main() -> int:
    """Print the ratios and the large case; 1 where one of them is not what it must be."""
    if "--large" in sys.argv:
        return large()
    folder = os.environ.get("SAMSYN_REFERENCE_DATA", "")
    failed = 0
    if not folder:
        print("SAMSYN_REFERENCE_DATA is not set: nothing is compared.")
    elif importlib.util.find_spec("reddwarf") is None:
        print("red-dwarf is not installed here, so nothing is compared. It is installed apart by tools/install bench.")
    else:
        failed = compare(Path(folder) / "dialogues")
    return subprocess.run([sys.executable, __file__, "--large"], check=False).returncode or failed


def compare(folder: Path) -> int:
    """Each dialogue in both; 1 where the ratio is too small."""
    failed = 0
    print(f"{'dialogue':22}{'votes':>8}{'here':>10}{'as Polis':>10}{'red-dwarf':>11}{'ratio':>8}{'certainty':>11}")
    for name in DIALOGUES:
        conversation = read(folder / name)
        here, polis, other = in_turn(kinds_of(conversation))
        part = conversation.votes.on(~conversation.removed)
        drawn = draw_map(part)
        (sure,) = in_turn((lambda part=part, drawn=drawn: analyse(part, drawn),), rounds=1)
        failed |= name != DIALOGUES[0] and other / here < MUST
        print(
            f"{name:22}{len(conversation.votes):8d}{here * 1e3:7.1f} ms{polis * 1e3:7.1f} ms{other * 1e3:8.1f} ms"
            f"{other / here:7.1f}×{sure:9.2f} s"
        )
    print(f"Must: {MUST:g}× on {' and '.join(DIALOGUES[1:])}; the aim is {AIM:g}×.")
    return int(failed)


def kinds_of(conversation: Conversation) -> tuple[Callable[[], Any], ...]:
    """The three ways to the map of one dialogue: ours, ours as Polis draws it, red-dwarf's."""
    votes, removed = conversation.votes, conversation.removed
    columns = (votes.person.copy(), votes.statement.copy(), votes.value.copy())
    shape = {"people": votes.people, "statements": votes.statements}
    rows, away = as_dicts(votes), [int(one) for one in np.flatnonzero(removed)]
    return (
        lambda: ours(gather(*columns, **shape), np.flatnonzero(~removed)),
        lambda: as_polis(gather(*columns, **shape), removed),
        lambda: theirs(rows, away),
    )


def in_turn(kinds: tuple[Callable[[], Any], ...], *, rounds: int = ROUNDS) -> list[float]:
    """The median process time of each, run one after the other again and again."""
    took: list[list[float]] = [[] for _kind in kinds]
    for number in range(rounds + 1):
        for place, kind in enumerate(kinds):
            began = time.process_time()
            kind()
            if number or rounds == 1:  # the first round warms up
                took[place].append(time.process_time() - began)
    return [median(times) for times in took]


def ours(votes: Votes, kept: np.ndarray[Any, Any]) -> tuple[list[Any], list[Mark]]:
    """What the product does up to what it asks chance worlds: the map, the groups it would show were they found to be
    carried, and every figure and finding about statements, with their intervals.
    """
    part = votes.on(kept)
    drawn = draw_map(part)
    groups = no_groups(part)
    if drawn.proposed is not None:
        groups = as_groups(part, drawn.proposed, np.ones(drawn.proposed.count), 0.0)
    per_group = count_groups(part, groups.labels, groups.count)
    found = [
        find_consensus(drawn.counts, per_group),
        find_divisive(drawn.counts, drawn.model),
        find_unsure(drawn.counts),
        find_hardly_seen(drawn.counts),
    ]
    return found, find_marks(part, groups, per_group)


def as_polis(votes: Votes, removed: np.ndarray[Any, Any]) -> tuple[list[Counts], list[Mark]]:
    """The map that Polis would draw, with counts and marks of its groups."""
    drawn = draw_polis_map(votes, removed)
    per_group = count_groups(votes, drawn.labels, drawn.count)
    return per_group, find_marks(votes, Groups(drawn.labels, (1.0,) * drawn.count, 0.0), per_group)


def theirs(rows: list[dict[str, int]], removed: list[int]) -> Any:
    """red-dwarf's whole pipeline."""
    from reddwarf.implementations.polis import run_pipeline

    return run_pipeline(votes=rows, mod_out_statement_ids=removed, random_state=42)


def as_dicts(votes: Votes) -> list[dict[str, int]]:
    """One dict per vote, as red-dwarf wants it."""
    return [
        {"participant_id": int(person), "statement_id": int(statement), "vote": int(value), "modified": number}
        for number, (person, statement, value) in enumerate(
            zip(votes.person, votes.statement, votes.value, strict=True)
        )
    ]


def read(folder: Path) -> Conversation:
    """A dialogue from its folder."""
    return read_conversation({name: (folder / name).read_bytes() for name in FILES if (folder / name).exists()})


def large() -> int:
    """The large case in this process: made, then gathered and mapped; 1 where it takes too long or too much."""
    person, statement, value = make_large()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    began = time.process_time()
    votes = gather(person, statement, value, people=PEOPLE, statements=STATEMENTS)
    gathered = time.process_time()
    ours(votes, np.arange(STATEMENTS))
    done = time.process_time()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{PEOPLE:,} × {STATEMENTS:,}, {len(votes):,} votes: {done - began:.2f} s of CPU ({gathered - began:.2f} to "
        f"gather, {done - gathered:.2f} for map, clusters, counts and findings), at most {most:.2f} GB "
        f"({before:.2f} GB before it began). Must: {MOST_SECONDS:g} s, {MOST_GIGABYTES:g} GB."
    )
    return int(done - began > MOST_SECONDS or most > MOST_GIGABYTES)


def make_large() -> tuple[np.ndarray[Any, Any], ...]:
    """Votes of three groups of people who are differently busy, in no order."""
    random = np.random.default_rng(1)
    sides = random.choice([-1.0, 1.0], (3, STATEMENTS))
    busy = random.gamma(2.0, 0.5, PEOPLE).clip(0.05, 4.9)
    busy *= CAST / busy.mean()
    parts = []
    for first in range(0, PEOPLE, 2000):
        people = np.arange(first, first + 2000)
        who, what = np.nonzero(random.random((2000, STATEMENTS), np.float32) < busy[people, None])
        at = random.random(len(who))
        agreed = 0.9 * (0.5 + 0.3 * sides[people[who] % 3, what])
        vote = np.where(at < agreed, 1, np.where(at < 0.9, -1, 0)).astype(np.int8)
        parts.append((people[who].astype(np.int32), what.astype(np.int32), vote))
    whole = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    order = random.permutation(len(whole[0]))
    return tuple(column[order] for column in whole)


if __name__ == "__main__":
    sys.exit(main())
