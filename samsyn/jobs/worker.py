"""The worker process: `samsyn.jobs.worker.run()`. Django is loaded when it starts, not when it is imported."""

from __future__ import annotations

import os


def run(
    *,
    settings: str = "samsyn.config.settings",
    parent: int | None = None,
    interval: float = 0.5,
    stale_after: float = 60.0,
    heartbeat_every: float = 10.0,
    until_empty: bool = False,
) -> None:
    """Do jobs and duties until SIGTERM or SIGINT comes; the current step is finished first.

    `parent`: end also when this process (the server) is gone. `interval`: seconds between looks at an empty queue.
    `stale_after`: seconds of silence after which another worker's job is started again. `until_empty`: end when
    nothing waits (for tests and for the end of a rehearsal).
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    import django

    django.setup()
    from samsyn.jobs.loop import Loop

    loop = Loop(
        parent=parent,
        interval=interval,
        stale_after=stale_after,
        heartbeat_every=heartbeat_every,
        until_empty=until_empty,
    )
    loop.run()
