"""Who stands above whom: circles, and how deep everybody stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def circles(above: Mapping[str, str]) -> list[list[str]]:
    """Every circle in a graph in which each has at most one above ("" or missing: none). Each begins with its least."""
    found: list[list[str]] = []
    finished: set[str] = set()
    for start in above:
        path: list[str] = []
        places: dict[str, int] = {}
        at = start
        while at and at in above and at not in finished and at not in places:
            places[at] = len(path)
            path.append(at)
            at = above[at]
        if at in places:
            circle = path[places[at] :]
            least = circle.index(min(circle))
            found.append(circle[least:] + circle[:least])
        finished.update(path)
    return sorted(found)


def break_circles(above: dict[str, str], before: Mapping[str, str], refuse: Callable[[str, list[str]], None]) -> None:
    """Put those who stand in a circle, and were not there before, back to where they were, until no circle is left.

    `before` holds only those who may be put back; `refuse` is told of each of them and of the circle.
    """
    returned: set[str] = set()
    while True:
        moved = False
        for circle in circles(above):
            for one in circle:
                if one in before and one not in returned and above[one] != before[one]:
                    refuse(one, circle)
                    returned.add(one)
                    above[one] = before[one]
                    moved = True
        if not moved:
            return


def depths(above: Mapping[str, str]) -> dict[str, int]:
    """How many stand above each. The graph has no circles."""
    found: dict[str, int] = {}
    for start in above:
        path = []
        at = start
        while at and at in above and at not in found:
            path.append(at)
            at = above[at]
        depth = found[at] + 1 if at in found else 0
        for one in reversed(path):
            found[one] = depth
            depth += 1
    return found
