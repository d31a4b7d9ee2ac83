"""One Web API call while it is carried out: its arguments, who calls, and the checks that many methods share."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot.sandbox.arguments import Arguments
from bot.sandbox.installed import InstalledApp
from bot.sandbox.records import SCOPE_FAMILY, Channel, Json, Message, micros
from bot.sandbox.refusals import Refused
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import Workspace

Item = TypeVar("Item")


class Server(Protocol):
    """What methods need beside the workspace itself."""

    url: str
    triggers: Triggers

    def socket_url(self, debug_reconnects: bool) -> str: ...

    def schedule(self, post_at: int, run: Callable[[], None]) -> None: ...


@dataclass(frozen=True)
class MethodCall:
    """A call by the bot (or by the app token), ready to be carried out."""

    workspace: Workspace
    server: Server
    args: Arguments

    @property
    def app(self) -> InstalledApp:
        return self.workspace.app

    @property
    def bot(self) -> str:
        return self.workspace.app.bot_user_id

    def need_scope(self, *any_of: str) -> None:
        need_scope(self.app, any_of)

    def family_scope(self, channel: Channel, *rights: str) -> None:
        """The scope for this kind of conversation, such as channels:history or groups:history."""
        family = SCOPE_FAMILY[channel.kind]
        self.need_scope(*(f"{family}:{right}" for right in rights))

    def manage(self, channel: Channel, narrower: str = "") -> None:
        """channels:manage or groups:write, or a narrower scope where Slack has one (`.topic`, `.invites`)."""
        if channel.is_direct:
            raise Refused("method_not_supported_for_channel_type")
        broad = "channels:manage" if channel.kind == "public" else "groups:write"
        names = (broad,) if not narrower else (broad, f"{_write_family(channel)}.{narrower}")
        self.need_scope(*names)

    def channel(self, argument: str = "channel") -> Channel:
        """The conversation named by its id, if the bot may know of it."""
        channel = self.workspace.channels.get(self.args.text(argument))
        if channel is None or not self.workspace.may_see(channel, self.bot):
            raise Refused("channel_not_found")
        return channel

    def channel_inside(self, argument: str = "channel") -> Channel:
        """The same, where the bot must be a member of a conversation that is not archived."""
        channel = self.channel(argument)
        self.must_be_open(channel)
        self.must_be_member(channel)
        return channel

    def must_be_member(self, channel: Channel) -> None:
        if self.bot not in channel.members:
            raise Refused("not_in_channel")

    def must_be_open(self, channel: Channel) -> None:
        if channel.archived:
            raise Refused("is_archived")

    def message(self, channel: Channel, argument: str = "timestamp") -> Message:
        return self.workspace.message(channel, self.args.text(argument))

    def instant(self, argument: str, default: int) -> int:
        """A message timestamp as microseconds."""
        text = self.args.text(argument)
        if not text:
            return default
        try:
            return micros(text)
        except ValueError:
            raise Refused(f"invalid_ts_{argument}") from None

    def shown_channel(self, channel: Channel) -> Json:
        return {"channel": channel.shown(self.bot)}

    def page(self, items: Sequence[Item], default: int = 100, most: int = 1000) -> tuple[list[Item], Json]:
        """The part of the list that was asked for, and the cursor to the next."""
        limit = self.args.number("limit", default, "invalid_limit")
        if not 0 < limit <= most:
            raise Refused("invalid_limit")
        start = read_cursor(self.args.text("cursor"))
        part = list(items[start : start + limit])
        more = write_cursor(start + limit) if start + limit < len(items) else ""
        return part, {"response_metadata": {"next_cursor": more}}


@dataclass(frozen=True)
class Method:
    """A row of the table: how the method runs, its rate tier (0 is special), and scopes of which one will do."""

    run: Callable[[MethodCall], Json]
    tier: int
    scopes: tuple[str, ...] = ()
    app_token: bool = False


def _write_family(channel: Channel) -> str:
    return "channels:write" if channel.kind == "public" else "groups:write"


def need_scope(app: InstalledApp, any_of: Sequence[str]) -> None:
    if any_of and not app.scopes.intersection(any_of):
        raise Refused("missing_scope", needed=",".join(any_of), provided=app.granted())


def write_cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word != "next":
            raise Refused("invalid_cursor")
        return int(start)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Refused("invalid_cursor") from None


def with_messages(error: str, messages: Sequence[str], **further: Any) -> Refused:
    """A refusal with Slack's list of what is wrong, as for blocks and views."""
    return Refused(
        error,
        errors=list(messages),
        response_metadata={"messages": [f"[ERROR] {message}" for message in messages]},
        **further,
    )
