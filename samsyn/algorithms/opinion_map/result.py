"""The result of a dialogue as it is stored: from single votes to figures, findings and circles, and nobody's votes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from samsyn.algorithms.opinion_map.analysis import analyse
from samsyn.algorithms.opinion_map.expectation import make_keys
from samsyn.algorithms.opinion_map.release import recall, release
from samsyn.algorithms.opinion_map.votes import gather

Cast = Sequence[tuple[str, Hashable, int, bool]]  # who, on what, the vote, whether it matters


def work_out(
    names: Mapping[Any, str], cast: Cast, *, least: int, exact: bool, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Analyse the votes. Takes seconds where there are many. The same votes give the same, whatever their order.

    Args:
        names: what each statement is called in the result, in its order.
        least: how many people a figure or circle stands for at least. exact: names are known, figures are as they are.
        before: the result that was stored until now: groups keep their letters, the map its way round.
    """
    people = {who: number for number, who in enumerate(sorted({row[0] for row in cast}))}
    data: dict[str, Any] = {"people": len(people), "votes": len(cast), "names": list(names.values()), "exact": exact}
    if not cast:
        return data | {"few": True}
    place = {statement: number for number, statement in enumerate(names)}
    what = np.array([place[row[1]] for row in cast])
    who, values = [people[row[0]] for row in cast], [row[2] for row in cast]
    important = np.bincount(what, [row[3] for row in cast], len(names)).astype(np.int64)
    previous = recall(before, list(names.values())) if before else None
    votes = gather(who, what, values, people=len(people), statements=len(names))
    analysis = analyse(votes, previous=previous, keys=(make_keys(people), make_keys(names.values())))
    return data | release(analysis, list(names.values()), important, least=least, exact=exact)
