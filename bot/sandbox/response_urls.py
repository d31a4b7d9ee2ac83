"""response_url: where the app may answer an interaction, five times within thirty minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox import messages
from bot.sandbox.blocks import check_blocks, fill_in_ids
from bot.sandbox.records import Channel, Json
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import Workspace

USES = 5
LIFE = timedelta(minutes=30)


@dataclass
class ResponseUrl:
    channel: str
    user: str
    message_ts: str
    thread_ts: str
    issued: datetime
    left: int = USES


class ResponseUrls:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, channel: Channel, user: str, message_ts: str = "", thread_ts: str = "") -> str:
        """The path of a new one, answering to this person and, if one was clicked, this message."""
        key = secrets.token_hex(12)
        self._issued[key] = ResponseUrl(channel.id, user, message_ts, thread_ts, self._workspace.clock.now())
        return f"/response/{key}"

    def use(self, key: str, answer: Json) -> None:
        given = self._issued.get(key)
        if given is None or self._workspace.clock.now() - given.issued > LIFE:
            raise Refused("expired_url")
        if given.left == 0:
            raise Refused("used_url")
        given.left -= 1
        channel = self._workspace.channels[given.channel]
        if answer.get("delete_original"):
            self._delete_original(channel, given)
        elif answer.get("replace_original"):
            self._replace_original(channel, given, answer)
        else:
            answer.setdefault("thread_ts", given.thread_ts or None)
            self.respond(channel, given.user, answer)

    def respond(self, channel: Channel, user: str, answer: Json) -> None:
        """Show the app's answer to a person, or to all of the channel if it says so."""
        content = read_answer(answer)
        if answer.get("response_type") == "in_channel":
            bot = self._workspace.app.bot_user_id
            messages.post(self._workspace, channel, bot, content, thread_ts=answer.get("thread_ts") or "")
        else:
            messages.post_ephemeral(self._workspace, channel, user, content, answer.get("thread_ts") or "")

    def _delete_original(self, channel: Channel, given: ResponseUrl) -> None:
        if channel.ephemeral.get(given.user, {}).pop(given.message_ts, None) is not None:
            self._workspace.tell("message", channel, users=[given.user])
        elif given.message_ts in channel.messages:
            messages.delete(self._workspace, channel, channel.messages[given.message_ts])

    def _replace_original(self, channel: Channel, given: ResponseUrl, answer: Json) -> None:
        content = read_answer(answer)
        gone = ("blocks", "attachments")
        shown = channel.ephemeral.get(given.user, {}).get(given.message_ts)
        if shown is not None:
            shown.body = {key: value for key, value in shown.body.items() if key not in gone} | content
            self._workspace.tell("message", channel, users=[given.user])
        elif given.message_ts in channel.messages:
            messages.edit(self._workspace, channel, channel.messages[given.message_ts], content, gone=gone)


def read_answer(answer: Json) -> Json:
    blocks = answer.get("blocks")
    if not (answer.get("text") or blocks or answer.get("attachments")):
        raise Refused("no_text")
    content: Json = {"text": answer.get("text") or ""}
    if blocks:
        if check_blocks(blocks, "message"):
            raise Refused("invalid_blocks")
        content["blocks"] = fill_in_ids(blocks)
    if answer.get("attachments"):
        content["attachments"] = answer["attachments"]
    return content
