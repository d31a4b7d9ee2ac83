"""A small workspace with one app, and Bolt connected to it by either of slack_sdk's clients."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import SeedChannel, SeedGroup, SeedUser

AMINA, LUIS, SITA = "U0AMINA", "U0LUIS", "U0SITA"
BOT = "U0SANDBOXBOT"

SCOPES = (
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "canvases:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "usergroups:write",
    "users:read",
    "users:read.email",
)

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "subteam_updated",
)

USERS = (
    SeedUser(AMINA, "amina", "Amina Otieno", "amina@example.com", "Africa/Nairobi", "Support engineer"),
    SeedUser(LUIS, "luis", "Luis Rojas", "luis@example.com", "America/Bogota"),
    SeedUser(SITA, "sita", "Sita Gurung", "", "Asia/Kathmandu"),
)


def manifest(without: Sequence[str] = (), **features: Any) -> dict[str, Any]:
    """The app's manifest, with fewer scopes if asked."""
    return {
        "display_information": {"name": "Baton"},
        "features": {
            "bot_user": {"display_name": "Baton"},
            "app_home": {"home_tab_enabled": True},
            "slash_commands": [
                {"command": "/incident", "description": "Incidents", "usage_hint": "declare"},
                {"command": "/escaped", "description": "Ids for mentions", "should_escape": True},
            ],
            "shortcuts": [
                {"name": "Declare", "type": "global", "callback_id": "declare", "description": "Declare an incident"},
                {"name": "Add", "type": "message", "callback_id": "add", "description": "Add to the timeline"},
            ],
            **features,
        },
        "oauth_config": {"scopes": {"bot": [scope for scope in SCOPES if scope not in without]}},
        "settings": {"event_subscriptions": {"bot_events": list(EVENTS)}},
    }


def workspace(**options: Any) -> Sandbox:
    """#general has amina, luis and the app; #ops has only amina; #secret is private and has only sita."""
    given: dict[str, Any] = {
        "manifest": manifest(),
        "users": USERS,
        "channels": (
            SeedChannel("general", (AMINA, LUIS, BOT), topic="Everything"),
            SeedChannel("ops", (AMINA,)),
            SeedChannel("secret", (SITA,), private=True),
        ),
        "groups": (SeedGroup("support", (AMINA, LUIS)),),
    }
    return Sandbox(**(given | options))


def client(sandbox: Sandbox, token: str | None = None) -> WebClient:
    return WebClient(token=sandbox.bot_token if token is None else token, base_url=sandbox.api_url, timeout=5)


def channel_id(sandbox: Sandbox, name: str = "general") -> str:
    found = sandbox.channel_named(name)
    assert found is not None
    return str(found["id"])


def refusal(act: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The error with which Slack refuses this call."""
    return str(refused(act, *args, **kwargs)["error"])


def refused(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        act(*args, **kwargs)
    except SlackApiError as no:
        return no.response
    raise AssertionError("This call was not refused")


def bolt(sandbox: Sandbox) -> App:
    return App(name="sandbox", client=client(sandbox), token_verification_enabled=False)


@contextmanager
def builtin(sandbox: Sandbox, app: App) -> Iterator[None]:
    """Bolt's own Socket Mode handler."""
    handler = SocketModeHandler(app, sandbox.app_token)
    handler.connect()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
    try:
        sandbox.wait_connected()
        yield
    finally:
        handler.close()  # type: ignore[no-untyped-call]  # the same


@contextmanager
def connected(sandbox: Sandbox, app: App) -> Iterator[None]:
    """slack_sdk's aiohttp client on a loop of its own, each request handed to the synchronous app."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listeners = ThreadPoolExecutor(20)

    async def dispatch(by: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        asked = BoltRequest(mode="socket_mode", body=request.payload)
        answer = await loop.run_in_executor(listeners, app.dispatch, asked)
        await send_async_response(by, request, answer, 0)

    async def connect() -> SocketModeClient:
        web = AsyncWebClient(token=sandbox.app_token, base_url=sandbox.api_url)
        socket = SocketModeClient(app_token=sandbox.app_token, web_client=web)
        socket.socket_mode_request_listeners.append(dispatch)
        await socket.connect()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped
        return socket

    async def close(socket: SocketModeClient) -> None:
        await socket.close()  # type: ignore[no-untyped-call]  # the same
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    socket = asyncio.run_coroutine_threadsafe(connect(), loop).result()
    try:
        sandbox.wait_connected()
        yield
    finally:
        asyncio.run_coroutine_threadsafe(close(socket), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        listeners.shutdown()


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str, value: str = "", text: str = "Press") -> dict[str, Any]:
    shown = {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}}
    return shown | {"value": value} if value else shown


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def asks(block_id: str, element: dict[str, Any] | None = None, **further: Any) -> dict[str, Any]:
    """An input block; a line of text unless another element is given."""
    element = element or {"type": "plain_text_input", "action_id": "typed"}
    return {"type": "input", "block_id": block_id, "label": plain("Say"), "element": element, **further}


def modal(*blocks: dict[str, Any], **further: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [section("Hello")],
        **further,
    }
