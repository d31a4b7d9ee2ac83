"""Socket Mode: tickets, connections, envelopes and their acknowledgements, and what becomes of them at a disconnect."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.sandbox.deliveries import Ack, Kind, Retry
from bot.sandbox.records import Json

MOST_CONNECTIONS = 10
LIFE = 18_060.0
DEBUG_LIFE = 360.0
WARNED_BEFORE = 10.0
LINGER = 10.0
RECONNECT_WITHIN = 3.0


@dataclass(eq=False)
class Connection:
    """One WebSocket of the app; `leaving` once it was told to go."""

    socket: WebSocket
    cut: Callable[[], None]
    leaving: bool = False
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, frame: Json) -> bool:
        """One unfragmented text frame; False when the connection is gone."""
        async with self.sending:
            if self.socket.application_state is not WebSocketState.CONNECTED:
                return False
            try:
                await self.socket.send_text(json.dumps(frame))
            except (RuntimeError, WebSocketDisconnect):
                return False
        return True


class Lost(Exception):
    """The connection ended before the envelope was acknowledged."""


class SocketMode:
    """Up to ten connections of one app; each envelope goes to any of them."""

    def __init__(self, app_id: str, deadline: float, changed: Callable[[], None]) -> None:
        self._app_id = app_id
        self._deadline = deadline
        self._told = changed
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._arrived = asyncio.Event()
        self._expecting_until = 0.0
        self._changed = threading.Condition()

    # -- connecting ----------------------------------------------------------------------------------------------

    def ticket(self) -> str:
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    @property
    def connected(self) -> bool:
        return any(not connection.leaving for connection in self._connections)

    def wait_connected(self, timeout: float) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self.connected, timeout):
                raise TimeoutError(f"No app has connected by Socket Mode within {timeout} s")

    async def serve(self, socket: WebSocket, cut: Callable[[], None]) -> None:
        """The life of one connection."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close()
            return
        self._tickets.discard(ticket)
        await socket.accept()
        connection = Connection(socket, cut)
        if len(self._connections) >= MOST_CONNECTIONS:
            await self._say_goodbye(connection, "too_many_websockets")
            await socket.close()
            return
        debug = socket.query_params.get("debug_reconnects") == "true"
        await connection.send(self._hello(debug))
        self._add(connection, DEBUG_LIFE if debug else LIFE)
        try:
            while True:
                self._acknowledged(connection, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._remove(connection)

    def _hello(self, debug: bool) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections) + 1,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": int(DEBUG_LIFE if debug else LIFE),
            },
        }

    def _add(self, connection: Connection, life: float) -> None:
        loop = asyncio.get_running_loop()
        connection.timers += [
            loop.call_later(life - WARNED_BEFORE, self._disconnect_soon, connection, "warning", WARNED_BEFORE * 2),
            loop.call_later(life, self._disconnect_soon, connection, "refresh_requested", LINGER),
        ]
        self._connections.append(connection)
        self._arrived.set()
        self._notice()

    def _remove(self, connection: Connection) -> None:
        for timer in connection.timers:
            timer.cancel()
        if connection in self._connections:
            self._connections.remove(connection)
        for future in connection.waiting.values():
            if not future.done():
                future.set_exception(Lost)
        self._notice()

    def _notice(self) -> None:
        with self._changed:
            self._changed.notify_all()
        self._told()

    def _acknowledged(self, connection: Connection, frame: str) -> None:
        try:
            ack = json.loads(frame)
        except ValueError:
            return
        future = connection.waiting.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
        if future is not None and not future.done():
            future.set_result(ack.get("payload"))

    # -- going away ----------------------------------------------------------------------------------------------

    async def drop(self, reason: str) -> None:
        """Tell every connection to go; each is closed a little later if the app has not closed it."""
        self._expecting_until = time.monotonic() + RECONNECT_WITHIN
        for connection in list(self._connections):
            await self._say_goodbye(connection, reason)

    async def kill(self) -> None:
        """Cut the wires without a word."""
        self._expecting_until = time.monotonic() + RECONNECT_WITHIN
        for connection in list(self._connections):
            connection.leaving = True
            connection.cut()

    def _disconnect_soon(self, connection: Connection, reason: str, linger: float) -> None:
        self._expecting_until = time.monotonic() + RECONNECT_WITHIN
        connection.timers.append(asyncio.get_running_loop().call_later(linger, connection.cut))
        task = asyncio.get_running_loop().create_task(self._say_goodbye(connection, reason))
        task.add_done_callback(lambda _: None)

    async def _say_goodbye(self, connection: Connection, reason: str) -> None:
        connection.leaving = True
        connection.timers.append(asyncio.get_running_loop().call_later(LINGER, connection.cut))
        await connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})

    # -- envelopes -----------------------------------------------------------------------------------------------

    async def send(self, kind: Kind, payload: Json, retry: Retry, twice: bool) -> Ack:
        """Until one connection acknowledges it; what a lost connection left unanswered goes to another."""
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry.attempt, "retry_reason": retry.reason}
        end = time.monotonic() + self._deadline
        while True:
            connection = await self._pick(end)
            if connection is None:
                return Ack(False, error="dispatch_failed", reason="connection_failed")
            try:
                return Ack(True, await self._ask(connection, envelope, end, twice))
            except TimeoutError:
                return Ack(False, error="operation_timeout", reason="timeout")
            except Lost:
                continue

    async def _pick(self, end: float) -> Connection | None:
        """Any live connection; when the app was told to come again, it is waited for."""
        while True:
            live = [connection for connection in self._connections if not connection.leaving]
            if live:
                return random.choice(live)  # noqa: S311  # no secret hangs on it
            self._arrived.clear()
            wait = min(end, self._expecting_until) - time.monotonic()
            if wait <= 0:
                return None
            try:
                await asyncio.wait_for(self._arrived.wait(), wait)
            except TimeoutError:
                return None

    async def _ask(self, connection: Connection, envelope: Json, end: float, twice: bool) -> Json | None:
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = future
        try:
            for _ in range(2 if twice else 1):
                if not await connection.send(envelope):
                    raise Lost
            return await asyncio.wait_for(future, max(0.0, end - time.monotonic()))
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)
            if future.done() and not future.cancelled():
                future.exception()
