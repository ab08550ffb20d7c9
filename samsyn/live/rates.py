"""How much one ticket, or one address, may send: buckets that fill up with time. In memory alone."""

from __future__ import annotations

_MOST_KEPT = 50_000


class Rates:
    """Buckets of `burst` drops that fill again at `each_second`."""

    def __init__(self, *, burst: float, each_second: float) -> None:
        self.burst, self.each_second = burst, each_second
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, who: str, now: float) -> bool:
        """Whether one more is allowed; `now` in seconds of any clock that only goes forwards."""
        left, since = self._left.get(who, (self.burst, now))
        left = min(self.burst, left + (now - since) * self.each_second)
        if left < 1:
            self._left[who] = (left, now)
            return False
        if len(self._left) >= _MOST_KEPT:
            self._forget(now)
        self._left[who] = (left - 1, now)
        return True

    def _forget(self, now: float) -> None:
        """Leave out those whose buckets are full again: they are as if they had never sent anything."""
        full = self.burst / self.each_second
        self._left = {who: (left, since) for who, (left, since) in self._left.items() if now - since < full}
        while len(self._left) >= _MOST_KEPT:
            del self._left[next(iter(self._left))]
