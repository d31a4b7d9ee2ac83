"""How commands, clicks and events reach the app, whichever road they take, and when they are sent again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from bot.sandbox.faults import Faults
from bot.sandbox.later import Later
from bot.sandbox.quiet import Quiet
from bot.sandbox.records import Json

Kind = Literal["slash_commands", "interactive", "events_api"]

#  Slack sends an unacknowledged event again nearly at once, after a minute and after five.
RETRY_AFTER = (timedelta(), timedelta(minutes=1), timedelta(minutes=5))


@dataclass(frozen=True)
class Retry:
    """Which attempt this is, and why it is made; 0 is the first."""

    attempt: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Ack:
    """The app's answer: a payload if it gave one, or the error that the person sees and the reason for a retry."""

    ok: bool
    payload: Json | None = None
    error: str | None = None
    reason: str = ""
    took: float = 0.0
    may_retry: bool = True


class Road(Protocol):
    """Socket Mode or signed HTTP."""

    @property
    def connected(self) -> bool: ...

    async def send(self, kind: Kind, payload: Json, retry: Retry, twice: bool) -> Ack: ...


class Deliveries:
    """Sends things to the app by its road; events again when they were not acknowledged."""

    def __init__(
        self, road: Road, faults: Faults, quiet: Quiet, later: Later, retry_after: Sequence[timedelta] = RETRY_AFTER
    ) -> None:
        self.road = road
        self._faults = faults
        self._quiet = quiet
        self._later = later
        self._retry_after = tuple(retry_after)
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, kind: Kind, payload: Json) -> Ack:
        """A command or an interaction: delivered once, and a person waits for what comes of it."""
        with self._quiet.busy():
            return await self._send(kind, payload, Retry())

    def tell(self, payload: Json) -> None:
        """An event: nobody waits, and it is sent again up to three times."""
        self._start(payload, Retry())

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _start(self, payload: Json, retry: Retry) -> None:
        task = asyncio.get_running_loop().create_task(self._tell(payload, retry))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, payload: Json, retry: Retry) -> None:
        with self._quiet.busy():
            ack = await self._send("events_api", payload, retry)
        if ack.ok or not ack.may_retry or retry.attempt >= len(self._retry_after):
            return
        again = Retry(retry.attempt + 1, ack.reason)
        due = self._later.now() + self._retry_after[retry.attempt]
        self._later.at(due, lambda: self._start(payload, again))

    async def _send(self, kind: Kind, payload: Json, retry: Retry) -> Ack:
        started = time.monotonic()
        ack = await self.road.send(kind, payload, retry, twice=self._faults.take_duplicate())
        return Ack(ack.ok, ack.payload, ack.error, ack.reason, time.monotonic() - started, ack.may_retry)
