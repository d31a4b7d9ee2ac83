"""What falls due at an instant of the sandbox clock: redeliveries, scheduled messages, a slow real clock included."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import datetime

from bot.sandbox.clock import SandboxClock


class Later:
    """Runs callbacks on the server's loop once the clock has reached their instant."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alarm: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._clock.subscribe(self._moved)

    def stop(self) -> None:
        self._clock.unsubscribe(self._moved)
        if self._alarm is not None:
            self._alarm.cancel()
        self._due.clear()

    def now(self) -> datetime:
        return self._clock.now()

    def at(self, when: datetime, callback: Callable[[], None]) -> None:
        """To be called on the server's loop."""
        heapq.heappush(self._due, (when, next(self._order), callback))
        self._run_due()

    def _moved(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._run_due)

    def _run_due(self) -> None:
        now = self._clock.now()
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2]()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._due and not self._clock.held and self._loop is not None:
            wait = (self._due[0][0] - now).total_seconds()
            self._alarm = self._loop.call_later(wait, self._run_due)
