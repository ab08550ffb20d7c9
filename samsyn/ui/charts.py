"""Numbers made ready to be drawn: shares that add up, and points fitted into a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


def whole_per_cent(counts: Sequence[int]) -> list[int]:
    """Shares in whole per cent that add up to a hundred (largest remainder); noughts where nothing was counted."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    exact = [100 * count / total for count in counts]
    whole = [int(share) for share in exact]
    for place in sorted(range(len(counts)), key=lambda place: whole[place] - exact[place])[: 100 - sum(whole)]:
        whole[place] += 1
    return whole


@dataclass(frozen=True)
class Picture:
    """A picture of `wide` × `high` measures into which points are fitted, both directions by the same measure."""

    wide: int
    high: int
    middle: tuple[float, float]
    scale: float
    margin: float = 12

    @classmethod
    def around(
        cls, points: Sequence[tuple[float, float]], *, wide: int = 640, high: int = 420, edge: int = 40
    ) -> Picture:
        """The picture that holds the points with an edge around them."""
        xs, ys = [x for x, _y in points] or [0.0], [y for _x, y in points] or [0.0]
        across, up = max(max(xs) - min(xs), 1e-6), max(max(ys) - min(ys), 1e-6)
        scale = min((wide - 2 * edge) / across, (high - 2 * edge) / up)
        return cls(wide, high, ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2), scale)

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies, from the left and from the top; what lies outside is moved to the edge."""
        across = self.wide / 2 + (x - self.middle[0]) * self.scale
        down = self.high / 2 - (y - self.middle[1]) * self.scale
        return round(min(max(across, self.margin), self.wide - self.margin), 1), round(
            min(max(down, self.margin), self.high - self.margin), 1
        )
