"""Socket Mode: slack_sdk's aiohttp client on an event loop of its own, Bolt in threads.

The client that Bolt would use is deaf for three seconds at each reconnect, past Slack's deadline; this
one is not. When it connects again is decided here: left to itself it looks for a cut wire every few
seconds only, and knocks for ever at an address that was good for one time.
"""

import asyncio
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.health import Health

ENVELOPE = "envelope"  # where a listener finds what is the same when Slack sends the same request again
log = logging.getLogger(__name__)

DISPATCHERS = 40
PING_EVERY = 5  # seconds
LOOK_EVERY = 0.05  # seconds, whether the connection still stands
CONNECT_WITHIN = 3  # seconds; less than slack_sdk's own pause before it tries the same address again
AGAIN_AFTER = 2  # seconds between attempts to connect
ANSWER_WITHIN = 3  # seconds for what is being answered when the bot stops; Slack waits no longer
STOP_WITHIN = 10  # seconds


class _Client(SocketModeClient):
    """Notes that Slack wants it to go, and leaves the coming again to `Socket`."""

    told_to_go = False

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        self.told_to_go = True


class Socket:
    def __init__(self, app: App, app_token: str, api_url: str, health: Health) -> None:
        self._app = app
        self._health = health
        self._app_token = app_token
        self._api_url = api_url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="socket-mode", daemon=True)
        self._dispatchers = ThreadPoolExecutor(DISPATCHERS, "dispatch")
        self._client: _Client | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()
        self._answering: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Connects in the background, as often as it takes."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        if self._stopping is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(STOP_WITHIN)
        self._dispatchers.shutdown(wait=True)

    def is_connected(self) -> bool:
        client = self._client
        session = client.current_session if client else None
        return session is not None and not session.closed

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        self._client = client = _Client(
            app_token=self._app_token,
            web_client=AsyncWebClient(base_url=self._api_url),
            auto_reconnect_enabled=False,
            ping_interval=PING_EVERY,
            loop=self._loop,
        )
        client.socket_mode_request_listeners.append(self._receive)
        self._ready.set()
        connecting = asyncio.create_task(self._keep_connected(client))
        await self._stopping.wait()
        connecting.cancel()
        if self._answering:
            await asyncio.wait(self._answering, timeout=ANSWER_WITHIN)
        await client.close()  # type: ignore[no-untyped-call]  # slack_sdk leaves it unannotated

    async def _keep_connected(self, client: _Client) -> None:
        while True:
            stands = not client.told_to_go and await client.is_connected()
            self._health.socket(stands)
            await asyncio.sleep(LOOK_EVERY if stands or await self._connect(client) else AGAIN_AFTER)

    async def _connect(self, client: _Client) -> bool:
        async with client.connect_operation_lock:  # who has an answer to send waits for the new connection
            client.told_to_go, client.last_ping_pong_time = False, None
            try:
                client.wss_uri = await client.issue_new_wss_url()
                connecting = client.connect()  # type: ignore[no-untyped-call]  # slack_sdk leaves it unannotated
                await asyncio.wait_for(connecting, CONNECT_WITHIN)
            except Exception as fault:  # whatever it is, the bot must hear again
                log.warning("no Socket Mode connection (%s); trying again", fault or type(fault).__name__)
                return False
        return True

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Hands the request to a thread and goes on reading; the thread's answer is the acknowledgement."""
        if self._stopping is not None and self._stopping.is_set():
            return  # not acknowledged, so that Slack sends it to another bot
        task = asyncio.create_task(self._answer(client, request))
        self._answering.add(task)  # the loop itself keeps no hold of its tasks
        task.add_done_callback(self._answering.discard)

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        payload = await self._loop.run_in_executor(self._dispatchers, self._dispatch, request)
        if payload is not None:
            try:
                await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload or None))
            except ConnectionError:
                log.info("an acknowledgement could not be sent; Slack asks again")

    def _dispatch(self, request: SocketModeRequest) -> dict[str, Any] | None:
        """What to acknowledge with; None when Bolt did not accept the request, so that Slack sends it again."""
        headers = {
            "x-slack-retry-num": str(request.retry_attempt or 0),
            "x-slack-retry-reason": request.retry_reason or "",
        }
        context = {ENVELOPE: request.envelope_id}
        answer = self._app.dispatch(
            BoltRequest(mode="socket_mode", body=request.payload, headers=dict(headers), context=context)
        )
        if answer.status != 200:
            return None
        if not answer.body:
            return {}
        if answer.first_headers().get("content-type", "").startswith("application/json"):
            facts: dict[str, Any] = json.loads(answer.body)
            return facts
        return {"text": answer.body}
