"""One room in the hub: what it shows to whom, rendered once and written to every stream."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, defaultdict

from samsyn.live import registry
from samsyn.live.presence import Presence
from samsyn.live.registry import PHONE, Room
from samsyn.live.streams import BEAT, Shown, Stream, push_to_all, show
from samsyn.live.threads import DatabaseThread

EVERY = 0.25  # seconds between two pushes, at least
_COUNTED = 1.0  # so long a change in the number of those present may wait
_FRESH = 0.05  # so old may be what is shown to who comes without a stream
_BEAT = 15.0
_NOTED = 3.0  # seconds between two notes of how many are there, while more come
_LOOKS_AGAIN = 10.0  # a change that nobody told is seen so much later at the latest
_AT_ONCE = 500  # streams written before others get their turn
logger = logging.getLogger(__name__)

Key = tuple[str, str]  # view, language


class LiveRoom:
    """A room that somebody is in."""

    def __init__(self, room: Room, reads: DatabaseThread, writes: DatabaseThread, presence: Presence) -> None:
        self.room = room
        self.last_used = time.monotonic()
        self.made_up = 0  # people of a rehearsal
        self._reads, self._writes, self._presence = reads, writes, presence
        self._streams: dict[Key, dict[Stream, None]] = defaultdict(dict)  # as they came: so they lie in memory, too
        self._by_mark: Counter[str] = Counter()
        self._shown: dict[Key, Shown] = {}
        self._pages: dict[Key, tuple[int, bytes]] = {}
        self._versions: dict[Key, int] = {}
        self._pushed: dict[Key, int] = {}
        self._written: dict[Key, float] = {}  # when all its streams were last written to
        self._rendered: dict[Key, tuple[int, float]] = {}  # after how many changes, and when
        self._changes = 0
        self._stale = asyncio.Event()
        self._locks: dict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._page_locks: dict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._count_later: asyncio.TimerHandle | None = None
        self._most = self._noted = 0  # phones at one time, over all processes; what of it is stored
        self._noting: asyncio.Task[None] | None = None
        self._task = asyncio.create_task(self._keep_fresh())

    # --- who is there -------------------------------------------------------------------------------------------

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return sum(len(streams) for streams in self._streams.values())

    @property
    def present(self) -> int:
        """How many phones are there, in this process."""
        phones = sum(len(streams) for (view, _language), streams in self._streams.items() if view == PHONE)
        return phones + self.made_up

    def streams_of(self, mark: str) -> int:
        """How many streams one browser has open."""
        return self._by_mark[mark]

    async def join(self, key: Key, stream: Stream) -> None:
        """Let a stream have what is shown now, and from then on what changes."""
        self._by_mark[stream.mark] += 1
        self._streams[key][stream] = None
        stream.push(await self.shown(key))
        self.count_soon()

    def leave(self, key: Key, stream: Stream) -> None:
        """The stream has ended."""
        self._streams[key].pop(stream, None)
        self._by_mark[stream.mark] -= 1
        if not self._by_mark[stream.mark]:
            del self._by_mark[stream.mark]
        self.last_used = time.monotonic()
        self.count_soon()

    def close_streams(self, person: int = 0) -> None:
        """End all streams, or those of one person; who still may comes again."""
        for streams in self._streams.values():
            for stream in list(streams):
                if not person or stream.person == person:
                    stream.end()

    def count_soon(self) -> None:
        """Somebody came or went: the number may be told in a moment."""
        if self._count_later is None:
            self._count_later = asyncio.get_running_loop().call_later(_COUNTED, self._count)

    def _count(self) -> None:
        self._count_later = None
        self._stale.set()

    async def _note_presence(self) -> None:
        """Have the source keep the highest number so far; beside everything else, for a write may have to wait."""
        most = self._most
        try:
            await self._writes.run(lambda: registry.source().note_presence(self.room.id, most))
            self._noted = max(self._noted, most)
        except Exception:
            logger.exception("how many are in a room could not be noted")  # it is tried again
        await asyncio.sleep(_NOTED)

    def _note_if_more(self) -> None:
        if self._most > self._noted and self.room.is_open and (self._noting is None or self._noting.done()):
            self._noting = asyncio.create_task(self._note_presence())

    # --- what it shows ------------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Something in the room changed: render again, soon."""
        self._changes += 1
        self._stale.set()

    async def shown(self, key: Key) -> Shown:
        """What a view shows; rendered where nobody has looked at it yet, or no stream keeps it fresh."""
        self.last_used = time.monotonic()
        if self._needs_rendering(key):
            async with self._locks[key]:
                if self._needs_rendering(key):
                    return await self._render(key)
        return self._shown[key]

    def _needs_rendering(self, key: Key) -> bool:
        if key not in self._shown:
            return True
        changes, when = self._rendered[key]
        fresh_enough = changes == self._changes or time.monotonic() - when < _FRESH
        return not fresh_enough and not self._streams.get(key)

    async def page(self, key: Key, *, newest: bool = False) -> bytes:
        """The whole page of a view, with what it shows now. Rendered once for everybody.

        `newest`: for somebody without scripts who has just sent something, and looks for it.
        """
        if newest and self._lags(key):
            async with self._locks[key]:
                if self._lags(key):
                    await self._render(key)
        shown = await self.shown(key)
        if self._page_lags(key, shown):
            async with self._page_locks[key]:  # who comes meanwhile waits for this one, and renders none of their own
                if self._page_lags(key, shown):
                    latest = self._shown.get(key, shown)
                    text = await self._reads.run(lambda: registry.source().page(self.room.id, *key, latest.parts))
                    self._pages[key] = (latest.version, text.encode())
        return self._pages[key][1]

    def _lags(self, key: Key) -> bool:
        """Whether something has changed since the view was rendered."""
        return self._rendered.get(key, (-1, 0.0))[0] != self._changes

    def _page_lags(self, key: Key, shown: Shown) -> bool:
        return self._pages.get(key, (-1, b""))[0] < shown.version

    async def _render(self, key: Key) -> Shown:
        here, now = self.present, time.time()
        rendered = (self._changes, time.monotonic())

        def render() -> dict[str, str]:
            present = self._presence.total(self.room.id, here, now)
            self._most = max(self._most, present)
            return dict(registry.source().render(self.room.id, *key, present))

        parts = await self._reads.run(render)
        before = self._shown.get(key)
        if before is None or before.parts != parts:
            self._shown[key] = show(parts, before, self._versions.get(key, int(now) % 1_000_000 * 1000))
            self._versions[key] = self._shown[key].version
        self._rendered[key] = rendered  # not before: until it is there, who looks waits for it
        return self._shown[key]

    async def _keep_fresh(self) -> None:
        """Render and push when something changed, at most every 250 ms; beat in between, so that dead streams end."""
        looked = time.monotonic()
        while True:
            try:
                await asyncio.wait_for(self._stale.wait(), timeout=_BEAT / 3)
            except TimeoutError:
                self._note_if_more()
                if time.monotonic() - looked < _LOOKS_AGAIN or not self.streams:
                    await self._beat()
                    continue
            started = looked = time.monotonic()
            self._stale.clear()
            try:
                await self._push_all()
            except Exception:
                logger.exception("a room could not be shown")
            self._note_if_more()
            await self._beat()
            await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - started)))

    async def _push_all(self) -> None:
        for key in list(self._shown):
            if not self._streams.get(key):
                del self._shown[key]  # the next one who looks has it rendered anew
                continue
            shown = await self._render(key)
            if shown.version != self._pushed.get(key):  # a page may have rendered it meanwhile
                self._pushed[key] = shown.version
                await self._write(key, shown)

    async def _write(self, key: Key, shown: Shown) -> None:
        streams, self._written[key] = list(self._streams[key]), time.monotonic()
        for start in range(0, len(streams), _AT_ONCE):
            push_to_all(streams[start : start + _AT_ONCE], shown)
            await asyncio.sleep(0)

    async def _beat(self) -> None:
        """Write to the streams to which nothing has been written for a while."""
        now = time.monotonic()
        for key, streams in list(self._streams.items()):
            if now - self._written.setdefault(key, now) < _BEAT:
                continue
            self._written[key] = now
            for number, stream in enumerate(list(streams), 1):
                stream.write(BEAT)
                if not number % _AT_ONCE:
                    await asyncio.sleep(0)

    def stop(self) -> None:
        """Show nothing more."""
        self._task.cancel()
        if self._noting is not None:
            self._noting.cancel()
        if self._count_later is not None:
            self._count_later.cancel()
