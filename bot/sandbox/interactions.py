"""What people do, as the server carries it out: the app is told, and its answer has its effect."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import file_inputs, messages, modals, payloads, typed
from bot.sandbox.api.views import read_view
from bot.sandbox.blocks import find_element
from bot.sandbox.deliveries import Ack, Deliveries
from bot.sandbox.elements import SELECTS
from bot.sandbox.installed import Command
from bot.sandbox.records import Channel, Json, Message, View
from bot.sandbox.refusals import Refused
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.triggers import Triggers
from bot.sandbox.values import entered, first_values, missing
from bot.sandbox.workspace import TEAM_ID, Workspace

MOST_SUGGESTIONS = 100

Entries = dict[str, dict[str, Any]]  # by block id and action id: text, an option's value, an id, or a list of them
Values = dict[str, Json]


@dataclass(frozen=True)
class Reply:
    """What a person gets for what they did; `took` is the time in seconds until the app acknowledged."""

    ok: bool
    error: str | None = None
    text: str | None = None
    blocks: list[Json] | None = None
    took: float = 0.0
    errors: dict[str, str] = field(default_factory=dict)
    ts: str = ""
    options: list[Json] = field(default_factory=list)


def refused(ack: Ack) -> Reply:
    return Reply(False, error=ack.error, took=ack.took)


class Interactions:
    """Runs on the server's loop; every method names the person first. Raises Refused for what Slack does not allow."""

    def __init__(
        self, workspace: Workspace, deliveries: Deliveries, triggers: Triggers, urls: ResponseUrls, base_url: str
    ) -> None:
        self._workspace = workspace
        self._deliveries = deliveries
        self._triggers = triggers
        self._urls = urls
        self._base_url = base_url
        self._suggested: dict[str, list[Json]] = {}
        self._in_messages: dict[tuple[str, str, str], tuple[list[Json], Values]] = {}

    # -- messages and commands -----------------------------------------------------------------------------------

    async def types(self, user: str, channel_id: str, text: str, thread_ts: str = "") -> Reply:
        """What was entered in the composer: a command of the app, or a message."""
        name, *rest = text.split(maxsplit=1) or [""]
        command = self._workspace.app.command(name) if text.startswith("/") else None
        if command is not None:
            if thread_ts:
                raise Refused("not_supported_in_threads")
            return await self.command(user, channel_id, command, *rest)
        return self.say(user, channel_id, text, thread_ts)

    def say(self, user: str, channel_id: str, text: str, thread_ts: str = "") -> Reply:
        with self._workspace.lock:
            channel = self._writable(user, channel_id)
            if not text.strip():
                raise Refused("no_text")
            content = {"text": typed.as_message(self._workspace, text), "client_msg_id": self._workspace.mint("cm")}
            return Reply(True, ts=messages.post(self._workspace, channel, user, content, thread_ts=thread_ts).ts)

    async def command(self, user: str, channel_id: str, command: Command, text: str = "") -> Reply:
        workspace = self._workspace
        with workspace.lock:
            channel = self._writable(user, channel_id)
            said = typed.as_command(workspace, text.strip(), command.should_escape)
            payload = payloads.slash_command(workspace, channel, user, command.name, said) | {
                "response_url": self._base_url + self._urls.issue(channel, user),
                "trigger_id": self._triggers.issue(user),
            }
        ack = await self._deliveries.ask("slash_commands", payload)
        if not ack.ok:
            return refused(ack)
        answer = ack.payload or {}
        if not (answer.get("text") or answer.get("blocks")):
            return Reply(True, took=ack.took)
        with workspace.lock:
            self._urls.respond(channel, user, answer)
        return Reply(True, text=answer.get("text"), blocks=answer.get("blocks"), took=ack.took)

    def _writable(self, user: str, channel_id: str) -> Channel:
        channel = self._readable(user, channel_id)
        if channel.archived:
            raise Refused("is_archived")
        if user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _readable(self, user: str, channel_id: str) -> Channel:
        if self._workspace.user(user).deactivated:
            raise Refused("account_inactive")
        channel = self._workspace.channels.get(channel_id)
        if channel is None or not self._workspace.may_see(channel, user):
            raise Refused("channel_not_found")
        return channel

    def _seen_message(self, user: str, channel: Channel, ts: str) -> Message:
        return channel.ephemeral.get(user, {}).get(ts) or self._workspace.message(channel, ts)

    # -- elements ------------------------------------------------------------------------------------------------

    async def click(
        self,
        user: str,
        channel_id: str,
        message_ts: str,
        action_id: str,
        value: Any,
        block_id: str | None,
        entered_before: Entries | None = None,
    ) -> Reply:
        """A button or menu in a message; what stood in its other inputs by then goes with it."""
        workspace = self._workspace
        with workspace.lock:
            channel = self._readable(user, channel_id)
            message = self._seen_message(user, channel, message_ts)
            blocks = message.body.get("blocks") or []
            block, element, state = self._used(user, blocks, action_id, block_id, value)
            values = self._values_in(user, channel, message)
            self._keep(user, blocks, values, entered_before)
            if action_id in values.get(block["block_id"], {}):
                values[block["block_id"]][action_id] = state
            if block["type"] == "input" and not block.get("dispatch_action"):
                return Reply(True)
            action = payloads.action(workspace, block, element, state)
            path = self._urls.issue(channel, user, message.ts, message.thread_ts)
            payload = payloads.message_actions(workspace, user, channel, message, action, values) | {
                "response_url": self._base_url + path,
                "trigger_id": self._triggers.issue(user),
            }
        return self._plain(await self._deliveries.ask("interactive", payload))

    async def click_in_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        value: Any,
        block_id: str | None = None,
        entered_before: Entries | None = None,
    ) -> Reply:
        """A button or menu in a modal or on the Home tab; what was chosen and entered stays in the view's state."""
        workspace = self._workspace
        with workspace.lock:
            view = self._own_view(user, view_id)
            blocks = view.given["blocks"]
            self._keep(user, blocks, view.values, entered_before)
            block, element, state = self._used(user, blocks, action_id, block_id, value)
            kept = view.values.get(block["block_id"], {})
            if action_id in kept:
                kept[action_id] = state
            if block["type"] == "input" and not block.get("dispatch_action"):
                return Reply(True)
            action = payloads.action(workspace, block, element, state)
            shown = modals.shown(workspace, view)
            payload = payloads.view_actions(workspace, user, shown, action)
            payload["trigger_id"] = self._triggers.issue(user, "" if view.is_home else view.id)
        return self._plain(await self._deliveries.ask("interactive", payload))

    def _values_in(self, user: str, channel: Channel, message: Message) -> Values:
        """What stands in the inputs of a message for this person; begun anew when the app changes its blocks."""
        key, blocks = (user, channel.id, message.ts), message.body.get("blocks") or []
        kept = self._in_messages.get(key)
        if kept is None or kept[0] != blocks:
            kept = self._in_messages[key] = (blocks, first_values(blocks))
        return kept[1]

    def _keep(self, user: str, blocks: list[Json], values: Values, entered_before: Entries | None) -> None:
        """What was entered and not yet sent; what no longer fits the blocks is left out."""
        for block_id, actions in (entered_before or {}).items():
            for action_id, raw in actions.items():
                if action_id in values.get(block_id, {}):
                    with suppress(Refused):
                        values[block_id][action_id] = self._used(user, blocks, action_id, block_id, raw)[2]

    def _used(
        self, user: str, blocks: list[Json], action_id: str, block_id: str | None, value: Any
    ) -> tuple[Json, Json, Json]:
        found = find_element(blocks, action_id, block_id, value)
        if found is None:
            raise Refused("no_such_action")
        block, element = found
        if element["type"] == "file_input":
            value = file_inputs.chosen(self._workspace.files, self._base_url, user, value)
        try:
            return block, element, entered(element, value, self._suggested.get(action_id, ()))
        except ValueError:
            raise Refused("no_such_option") from None

    def _plain(self, ack: Ack) -> Reply:
        return Reply(True, took=ack.took) if ack.ok else refused(ack)

    async def suggest(
        self, user: str, channel_id: str, place_id: str, action_id: str, block_id: str | None, text: str
    ) -> Reply:
        """The options of an external select; `place_id` is a view's id, or a message's ts in the channel."""
        workspace = self._workspace
        with workspace.lock:
            if channel_id:
                channel = self._readable(user, channel_id)
                message = self._seen_message(user, channel, place_id)
                blocks = message.body.get("blocks") or []
                place: Json = {
                    "container": payloads.message_container(channel, message),
                    "channel": {"id": channel.id, "name": payloads.channel_name(channel)},
                    "message": message.shown(),
                }
            else:
                view = self._own_view(user, place_id)
                blocks = view.given["blocks"]
                place = {"container": {"type": "view", "view_id": view.id}, "view": modals.shown(workspace, view)}
            found = find_element(blocks, action_id, block_id, None)
            if found is None:
                raise Refused("no_such_action")
            payload = payloads.suggestion(workspace, user, *found, text, place)
        ack = await self._deliveries.ask("interactive", payload)
        answer = ack.payload or {}
        groups = answer.get("option_groups") or ()
        options = [*(answer.get("options") or ()), *(option for group in groups for option in group["options"])]
        self._suggested[action_id] = options[:MOST_SUGGESTIONS]
        return Reply(ack.ok, error=ack.error, took=ack.took, options=self._suggested[action_id])

    # -- modals and home -----------------------------------------------------------------------------------------

    def _own_view(self, user: str, view_id: str) -> View:
        view = modals.find_view(self._workspace, view_id)
        if view.user != user:
            raise Refused("not_found")
        if self._workspace.user(user).deactivated:
            raise Refused("account_inactive")
        return view

    async def submit(self, user: str, view_id: str, values: Entries) -> Reply:
        workspace = self._workspace
        with workspace.lock:
            view = self._own_view(user, view_id)
            self._enter(view, values)
            errors = missing(view.given["blocks"], view.values)
            if errors:
                return Reply(False, error="missing_values", errors=errors)
            shown = modals.shown(workspace, view)
            payload = payloads.view_submission(workspace, user, shown, self._view_urls(user, view))
            payload["trigger_id"] = self._triggers.issue(user, view.id)
        ack = await self._deliveries.ask("interactive", payload)
        if not ack.ok:
            return refused(ack)
        with workspace.lock:
            return self._answered(view, ack)

    def _enter(self, view: View, values: Entries) -> None:
        for block_id, actions in values.items():
            for action_id, raw in actions.items():
                block, _, state = self._used(view.user, view.given["blocks"], action_id, block_id, raw)
                view.values.setdefault(block["block_id"], {})[action_id] = state

    async def upload(self, user: str, name: str, content: bytes) -> Json:
        """A file for a file input, before the form is sent."""
        file = await file_inputs.upload(self._workspace, user, name, content)
        return file.shown(self._base_url, TEAM_ID)

    def _view_urls(self, user: str, view: View) -> list[Json]:
        """A response_url for each channel chosen in an element that asked for one."""
        urls = []
        for block in view.given["blocks"]:
            element = block.get("element") or {}
            if element.get("type") in SELECTS and element.get("response_url_enabled"):
                state = view.values[block["block_id"]][element["action_id"]]
                chosen = state.get("selected_conversation") or state.get("selected_channel")
                if chosen in self._workspace.channels:
                    path = self._urls.issue(self._workspace.channels[chosen], user)
                    place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": chosen}
                    urls.append(place | {"response_url": self._base_url + path})
        return urls

    def _answered(self, view: View, ack: Ack) -> Reply:
        """Closes the view, or does what the app's response_action says."""
        answer = ack.payload or {}
        action = answer.get("response_action")
        if action == "errors":
            return Reply(False, error="errors", errors=dict(answer.get("errors") or {}), took=ack.took)
        if action == "update":
            modals.replace(self._workspace, view, read_view(self._workspace, answer.get("view"), "modal"))
        elif action == "push":
            modals.push_modal(self._workspace, view.user, read_view(self._workspace, answer.get("view"), "modal"))
        else:
            modals.close(self._workspace, view, whole_stack=action == "clear")
        return Reply(True, took=ack.took)

    async def close(self, user: str, view_id: str) -> Reply:
        """The person closes a view; the app is told where it asked to be."""
        workspace = self._workspace
        with workspace.lock:
            view = self._own_view(user, view_id)
            cleared = bool(view.given.get("clear_on_close"))
            closed = modals.close(workspace, view, whole_stack=cleared)
            told = [
                payloads.view_closed(workspace, user, modals.shown(workspace, gone), cleared)
                for gone in closed
                if gone.given.get("notify_on_close")
            ]
        await asyncio.gather(*(self._deliveries.ask("interactive", payload) for payload in told))
        return Reply(True)

    def open_home(self, user: str) -> Reply:
        workspace = self._workspace
        with workspace.lock:
            channel = workspace.direct((user, workspace.app.bot_user_id))
            event: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
            if user in workspace.homes:
                event["view"] = modals.shown(workspace, workspace.homes[user])
            workspace.tell("home", None, event | {"event_ts": workspace.new_ts()}, users=[user])
        return Reply(True)

    # -- the rest ------------------------------------------------------------------------------------------------

    def reacts(self, user: str, channel_id: str, ts: str, name: str) -> Reply:
        """Puts the reaction on, or takes it off."""
        with self._workspace.lock:
            channel = self._readable(user, channel_id)
            message = self._workspace.message(channel, ts)
            if user in message.reactions.get(name, ()):
                messages.unreact(self._workspace, channel, message, user, name)
            else:
                messages.react(self._workspace, channel, message, user, name)
        return Reply(True)

    async def shortcut(self, user: str, callback_id: str, channel_id: str, message_ts: str) -> Reply:
        workspace = self._workspace
        with workspace.lock:
            known = workspace.app.shortcut(callback_id)
            if known is None:
                raise Refused("no_such_shortcut")
            if known.kind == "message":
                channel = self._readable(user, channel_id)
                message = workspace.message(channel, message_ts)
                payload = payloads.message_shortcut(workspace, user, callback_id, channel, message)
                path = self._urls.issue(channel, user, message.ts, message.thread_ts)
                payload["response_url"] = self._base_url + path
            else:
                payload = payloads.global_shortcut(workspace, user, callback_id)
            payload["trigger_id"] = self._triggers.issue(user)
        return self._plain(await self._deliveries.ask("interactive", payload))

    def join(self, user: str, channel_id: str) -> Reply:
        with self._workspace.lock:
            channel = self._readable(user, channel_id)
            if channel.kind != "public":
                raise Refused("method_not_supported_for_channel_type")
            if channel.archived:
                raise Refused("is_archived")
            if user not in channel.members:
                self._workspace.join(channel, user)
        return Reply(True)

    def open_im(self, user: str, other: str) -> Channel:
        with self._workspace.lock:
            self._workspace.user(other)
            return self._workspace.direct((user, other))

    def read(self, user: str, channel_id: str) -> Reply:
        with self._workspace.lock:
            channel = self._readable(user, channel_id)
            channel.read[user] = channel.top[-1] if channel.top else 0
            self._workspace.tell("channel", channel, users=[user])
        return Reply(True)
