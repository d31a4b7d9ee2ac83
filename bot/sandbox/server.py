"""The sandbox: a Slack on localhost, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI
from starlette.websockets import WebSocket

from bot.sandbox import seen
from bot.sandbox.clock import SandboxClock
from bot.sandbox.deliveries import RETRY_AFTER, Deliveries
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.http_delivery import HttpDelivery
from bot.sandbox.installed import read_manifest
from bot.sandbox.interactions import Interactions
from bot.sandbox.later import Later
from bot.sandbox.live import Live
from bot.sandbox.page_api import PageApi
from bot.sandbox.people import Person, run_on
from bot.sandbox.quiet import Quiet
from bot.sandbox.records import Json
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.triggers import Triggers
from bot.sandbox.web_api import Call, Hook, WebApi
from bot.sandbox.wires import Wires
from bot.sandbox.workspace import TEAM_ID, Change, SeedChannel, SeedGroup, SeedUser, Workspace

Answer = TypeVar("Answer")

QUIET_FOR = 0.03
LAST_WORDS = 0.2
TURNS = 5  # of the loop, from an accepted connection to one that is known
A_MOMENT = 0.1


class Sandbox:
    """A workspace with one installed app. `events_url` means delivery over HTTP instead of Socket Mode.

    `ack_within` and `trigger_life` are seconds of real time; `retry_after` are the waits before an event is sent
    again, on the sandbox clock.
    """

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any],
        users: Sequence[SeedUser],
        channels: Sequence[SeedChannel] = (),
        groups: Sequence[SeedGroup] = (),
        clock: SandboxClock | None = None,
        events_url: str | None = None,
        team_name: str = "Sandbox",
        ack_within: float = 3.0,
        trigger_life: float = 3.0,
        retry_after: Sequence[timedelta] = RETRY_AFTER,
    ) -> None:
        self.clock = clock or SandboxClock()
        self.faults = Faults()
        self.app = read_manifest(manifest)
        self.workspace = Workspace(self.app, self.clock, team_name)
        self.workspace.seed(users, channels, groups)
        self.triggers = Triggers(trigger_life)
        self.live = Live(self.workspace)
        self.response_urls = ResponseUrls(self.workspace)
        self.interactions: Interactions
        self.url = ""
        self._quiet = Quiet()
        self._wires = Wires()
        self._later = Later(self.clock)
        self._socket_mode = SocketMode(self.app.app_id, ack_within, self._connection_changed)
        self._http = None if events_url is None else HttpDelivery(events_url, self.app.signing_secret, ack_within)
        road = self._http or self._socket_mode
        self._deliveries = Deliveries(road, self.faults, self._quiet, self._later, retry_after)
        self._api = WebApi(self.workspace, self, self.faults, self._quiet, self._wires)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    # -- what the app needs to know ------------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.app.bot_token

    @property
    def app_token(self) -> str:
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.app.signing_secret

    @property
    def bot_user_id(self) -> str:
        return self.app.bot_user_id

    @property
    def calls(self) -> list[Call]:
        """Every Web API call so far, oldest first."""
        return self._api.calls

    # -- life ----------------------------------------------------------------------------------------------------

    def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Returns when the server answers."""
        if self._thread is not None:
            raise RuntimeError("This sandbox runs already")
        listener = socket.create_server((host, port), backlog=2048)
        self.url = f"http://{host}:{listener.getsockname()[1]}"
        self.interactions = Interactions(self.workspace, self._deliveries, self.triggers, self.response_urls, self.url)
        ready = threading.Event()
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(listener, ready),), name="sandbox", daemon=True
        )
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self.clock.stop()
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = None

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = uvicorn.Server(self._config())
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup(sockets=[listener])
        self._later.start()
        self.workspace.watchers += [Events(self.workspace, self._deliveries.tell).watch, self.live.watch]
        self.clock.subscribe(self._clock_moved)
        ready.set()
        await self._stopping.wait()
        self.clock.unsubscribe(self._clock_moved)
        self.workspace.watchers.clear()
        self._later.stop()
        self._deliveries.stop()
        self._loop.remove_reader(listener.fileno())
        for _ in range(TURNS):  # who is being let in would be lost, and never closed, if the server closed before
            await asyncio.sleep(0)
        for listening in server.servers:
            listening.close()
        self._wires.cut_all()
        if server.server_state.tasks:
            await asyncio.wait(list(server.server_state.tasks), timeout=LAST_WORDS)
        if self._http is not None:
            await self._http.close()
        for _ in range(TURNS):  # in which what was cut is closed
            self._wires.cut_all()
            await asyncio.sleep(0 if self._wires.are_gone else A_MOMENT / TURNS)

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._routes(),
            http=self._wires.protocol(),
            ws_per_message_deflate=False,
            lifespan="off",
            proxy_headers=False,
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=60,
        )

    def _routes(self) -> FastAPI:
        app = FastAPI(openapi_url=None)
        app.add_route("/api/{method}", self._api.handle, methods=["GET", "POST"])
        app.add_api_websocket_route("/link/", self._link)
        PageApi(self).add_to(app)
        return app

    async def _link(self, websocket: WebSocket) -> None:
        client = None if websocket.client is None else (websocket.client.host, websocket.client.port)
        try:
            await self._socket_mode.serve(websocket, lambda: self._wires.cut(client))
        finally:
            self._wires.forget(client)

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Run it on the server's loop and wait for what comes of it."""
        if self._loop is None:
            work.close()
            raise RuntimeError("Start the sandbox first")
        return run_on(self._loop, work)

    # -- for the Web API and the page ----------------------------------------------------------------------------

    def socket_url(self, debug_reconnects: bool) -> str:
        ticket = self._socket_mode.ticket()
        flag = "&debug_reconnects=true" if debug_reconnects else ""
        return f"{self.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self.app.app_id}{flag}"

    def schedule(self, post_at: int, run: Callable[[], None]) -> None:
        def locked() -> None:
            with self.workspace.lock:
                run()

        self._later.at(datetime.fromtimestamp(post_at, UTC), locked)

    @property
    def connected(self) -> bool:
        return (self._http or self._socket_mode).connected

    def _connection_changed(self) -> None:
        self.live.watch(Change("connection"))

    def _clock_moved(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.live.watch, Change("clock"))

    # -- for tests -----------------------------------------------------------------------------------------------

    def person(self, user_id: str) -> Person:
        return Person(self, user_id)

    def on_call(self, hook: Hook) -> None:
        """`hook(method, args, "before" | "after")` runs in the server around each Web API call that is carried out."""
        self._api.hooks.append(hook)

    def wait_connected(self, timeout: float = 10) -> None:
        """Until an app is connected by Socket Mode, or its request URL has answered the challenge."""
        if self._http is not None:
            self.run(self._http.wait_connected(timeout))
        else:
            self._socket_mode.wait_connected(timeout)

    def settle(self, timeout: float = 10, quiet_for: float = QUIET_FOR) -> None:
        """Until no delivery to the app is under way and no API call in progress, and for a moment none has begun."""
        self._quiet.wait(timeout, quiet_for)

    def wait_a_moment(self) -> None:
        """Until nothing is under way, but never for long: for a clock that runs forward."""
        with suppress(TimeoutError):
            self._quiet.wait(A_MOMENT, quiet_for=0)

    def deactivate(self, user_id: str) -> None:
        """Somebody has left: still listed, but nobody can open a conversation with them or put them into a group."""
        self.run(self._set_deactivated(user_id, True))

    def reactivate(self, user_id: str) -> None:
        self.run(self._set_deactivated(user_id, False))

    async def _set_deactivated(self, user_id: str, deactivated: bool) -> None:
        with self.workspace.lock:
            self.workspace.deactivate(user_id, deactivated)

    def switch_canvases(self, on: bool) -> None:
        """Whether the workspace has canvases, as its plan and its settings have it."""
        with self.workspace.lock:
            self.workspace.has_canvases = on

    def canvas(self, channel_name: str) -> str | None:
        """The Markdown in the canvas of a channel; None if it has none."""
        with self.workspace.lock:
            channel = self.workspace.channel_named(channel_name)
            return channel.canvas.markdown if channel is not None and channel.canvas is not None else None

    def group_named(self, handle: str) -> Json | None:
        """A user group by its handle, with or without @, as Slack shows it with its people; disabled ones are not."""
        with self.workspace.lock:
            group = self.workspace.group_named(handle)
            return None if group is None else group.shown(TEAM_ID)

    def drop_sockets(self, reason: str = "refresh_requested") -> None:
        """Tell the app's connections to go; it comes again."""
        self.run(self._socket_mode.drop(reason))

    def kill_sockets(self) -> None:
        """Cut the app's connections without a word."""
        self.run(self._socket_mode.kill())

    def channels(self) -> list[Json]:
        """Every channel that is not a direct message, as the app would be shown it, with its members."""
        with self.workspace.lock:
            kept = [channel for channel in self.workspace.channels.values() if not channel.is_direct]
            return [self._snapshot(channel.id) for channel in kept]

    def channel_named(self, name: str) -> Json | None:
        with self.workspace.lock:
            channel = self.workspace.channel_named(name)
            return None if channel is None else self._snapshot(channel.id)

    def _snapshot(self, channel_id: str) -> Json:
        channel = self.workspace.channels[channel_id]
        return channel.shown(self.bot_user_id) | {
            "members": list(channel.members),
            "pins": list(channel.pins),
            "bookmarks": [dict(bookmark) for bookmark in channel.bookmarks.values()],
        }

    def messages(self, channel_id: str, include_ephemeral_for: str | None = None) -> list[Json]:
        """All messages of a channel, thread replies among them, oldest first; metadata is included."""
        with self.workspace.lock:
            channel = self.workspace.channels.get(channel_id) or self.workspace.channel_named(channel_id)
            if channel is None:
                raise KeyError(f"No channel {channel_id!r}; there are {', '.join(self.workspace.channels)}")
            kept = list(channel.messages.values())
            if include_ephemeral_for:
                kept += channel.ephemeral.get(include_ephemeral_for, {}).values()
            kept.sort(key=lambda message: message.ts)
            return [
                seen.shown(message) | ({"metadata": message.metadata} if message.metadata else {}) for message in kept
            ]
