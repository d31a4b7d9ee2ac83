"""A person of the workspace, for tests: types, clicks, submits, and sees what Slack would show."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from bot.sandbox import modals, seen
from bot.sandbox.interactions import Entries, Interactions, Reply
from bot.sandbox.records import Channel, Json
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import Workspace

Answer = TypeVar("Answer")

__all__ = ["Person", "Reply"]


class Host(Protocol):
    """What a person needs of the server."""

    workspace: Workspace
    interactions: Interactions

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer: ...


class Person:
    """Everything here is done as this person would do it in Slack; refusals come back as `Reply(ok=False)`.

    Channels are given by id or by name. To be called from any thread but the server's own.
    """

    def __init__(self, host: Host, user_id: str) -> None:
        self._host = host
        self.id = user_id
        self.name = host.workspace.user(user_id).name

    def types(self, text: str, channel: str, thread_ts: str | None = None) -> Reply:
        """A message, or a slash command when the text begins with one of the app's."""
        return self._reply(self._actions.types(self.id, self._channel(channel), text, thread_ts or ""))

    def click(
        self,
        channel: str,
        message_ts: str,
        action_id: str,
        value: Any = None,
        block_id: str | None = None,
        values: Entries | None = None,
    ) -> Reply:
        """`value` is what is chosen in a menu; for buttons that share an action id it says which one is meant.

        `values` is what was entered in the message's other inputs, as in `submit`.
        """
        work = self._actions.click(self.id, self._channel(channel), message_ts, action_id, value, block_id, values)
        return self._reply(work)

    def click_in_view(
        self,
        view_id: str,
        action_id: str,
        value: Any = None,
        block_id: str | None = None,
        values: Entries | None = None,
    ) -> Reply:
        """`values` is what was entered in the view's other inputs and not yet submitted."""
        return self._reply(self._actions.click_in_view(self.id, view_id, action_id, value, block_id, values))

    def views(self) -> list[Json]:
        """The modals that are open, the top one last."""
        workspace = self._host.workspace
        with workspace.lock:
            return [modals.shown(workspace, view) for view in modals.stack(workspace, self.id)]

    def submit(self, view_id: str, values: Entries | None = None) -> Reply:
        """`values` are by block id and action id: text, an option's value, an id, or a list of them.

        A file input takes what `uploads` answered, in a list.
        """
        return self._reply(self._actions.submit(self.id, view_id, values or {}))

    def uploads(self, name: str, content: bytes) -> Json:
        """The file object to put into a list for a file input in `submit`. Raises Refused."""
        return self._host.run(self._actions.upload(self.id, name, content))

    def close(self, view_id: str) -> Reply:
        return self._reply(self._actions.close(self.id, view_id))

    def reacts(self, channel: str, ts: str, name: str) -> Reply:
        """Puts a reaction on a message, or takes it off."""
        return self._reply(_at_once(self._actions.reacts, self.id, self._channel(channel), ts, name))

    def shortcut(self, callback_id: str, channel: str | None = None, message_ts: str | None = None) -> Reply:
        place = self._channel(channel) if channel else ""
        return self._reply(self._actions.shortcut(self.id, callback_id, place, message_ts or ""))

    def suggestions(self, view_id: str, action_id: str, text: str) -> Reply:
        """What an external select in a view offers for this text, in `Reply.options`."""
        return self._reply(self._actions.suggest(self.id, "", view_id, action_id, None, text))

    def joins(self, channel: str) -> Reply:
        return self._reply(_at_once(self._actions.join, self.id, self._channel(channel)))

    def open_home(self) -> Reply:
        return self._reply(_at_once(self._actions.open_home, self.id))

    def home(self) -> Json | None:
        """The Home tab that the app has published for this person."""
        workspace = self._host.workspace
        with workspace.lock:
            view = workspace.homes.get(self.id)
            return None if view is None else modals.shown(workspace, view)

    def dm(self, other_user_id: str | None = None) -> str:
        """The id of the direct message with this person, or with the app."""
        other = other_user_id or self._host.workspace.app.bot_user_id
        channel: Channel = self._host.run(_at_once(self._actions.open_im, self.id, other))
        return channel.id

    def sees(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """The messages of a channel or thread, those only for this person among them; oldest first."""
        workspace = self._host.workspace
        with workspace.lock:
            return seen.messages(workspace, workspace.channels[self._channel(channel)], self.id, thread_ts or "")

    @property
    def _actions(self) -> Interactions:
        return self._host.interactions

    def _channel(self, given: str) -> str:
        """By id or by name."""
        workspace = self._host.workspace
        with workspace.lock:
            named = None if given in workspace.channels else workspace.channel_named(given)
            return given if named is None else named.id

    def _reply(self, work: Coroutine[Any, Any, Reply]) -> Reply:
        try:
            return self._host.run(work)
        except Refused as no:
            return Reply(False, error=no.error)


async def _at_once(act: Any, *args: Any) -> Any:
    """Runs a short action on the server's loop."""
    return act(*args)


def run_on(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it on the server's loop and wait; refuses from the loop itself, where waiting would never end."""
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        running = None
    if running is loop:
        work.close()
        raise RuntimeError("A person cannot act from within the server's own thread")
    return asyncio.run_coroutine_threadsafe(work, loop).result()
