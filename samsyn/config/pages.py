"""Django's pages behind the web server: so many at once, and no more."""

from __future__ import annotations

import asyncio
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.db import connections


class Pages(ASGIHandler):
    """Answers at most `at_once` requests at the same time; the others wait for their turn, first come, first served.

    Django gives each request a thread and a database connection of its own. Without a limit a hundred people who follow
    a link at the same moment would take every connection that PostgreSQL has, and the rest would get an error. Whoever
    sends or reads slowly holds no turn: it begins when all of a request has come, and ends before the answer is sent.
    """

    def __init__(self, at_once: int) -> None:
        super().__init__()
        self._turns = asyncio.Semaphore(at_once)

    async def run_get_response(self, request: ASGIRequest) -> Any:
        async with self._turns:
            response = await super().run_get_response(request)
            if not response.streaming:  # what is read while it is sent needs its connection for longer
                await sync_to_async(connections.close_all)()
            return response
