"""chat.*: what the app says, changes and takes back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.sandbox import file_links, messages
from bot.sandbox.api.call import Method, MethodCall, with_messages
from bot.sandbox.blocks import ONE_TABLE, check_blocks, fill_in_ids
from bot.sandbox.files import Share, faults_of_pictures
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import TEAM_ID

MAX_TEXT = 40_000
MAX_UPDATED_TEXT = 4_000
MAX_MARKDOWN = 12_000
MAX_ATTACHMENTS = 100
MAX_BLOCK_JSON = 13_200
MAX_METADATA = 8_000
FARTHEST_SECONDS = 120 * 24 * 3600


def post_message(call: MethodCall) -> Json:
    channel = _destination(call)
    call.must_be_open(channel)
    if call.bot not in channel.members and "chat:write.public" not in call.app.scopes:
        raise Refused("not_in_channel")
    content = read_content(call)
    if any(name in call.args for name in ("username", "icon_emoji", "icon_url")):
        call.need_scope("chat:write.customize")
        content |= {name: call.args.text(name) for name in ("username", "icon_emoji", "icon_url") if name in call.args}
    files = file_links.linked(call.workspace.files, call.server.url, content)
    if files:
        content["files"] = [file.shown(call.server.url, TEAM_ID) for file in files]
    message = messages.post(
        call.workspace,
        channel,
        call.bot,
        content,
        thread_ts=call.args.text("thread_ts"),
        broadcast=call.args.flag("reply_broadcast"),
        metadata=read_metadata(call),
    )
    for file in files:
        file.shares.append(Share(channel, message.ts))
    answer = {"channel": channel.id, "ts": message.ts, "message": message.shown(with_metadata=True)}
    if len(call.args.text("text")) > MAX_TEXT:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def _destination(call: MethodCall) -> Channel:
    """A channel by id or by name, or a person, which means the direct message with them."""
    given = call.args.text("channel")
    workspace = call.workspace
    if given in workspace.users:
        if given == call.bot:
            raise Refused("cannot_dm_bot")
        return workspace.direct((given, call.bot))
    channel = workspace.channels.get(given) or workspace.channel_named(given)
    if channel is None or not workspace.may_see(channel, call.bot):
        raise Refused("channel_not_found")
    return channel


def read_content(call: MethodCall, before: Sequence[Json] = ()) -> Json:
    """Text, blocks and attachments of a message, checked; `before` are the blocks that it had."""
    text = call.args.text("text")[:MAX_TEXT]
    blocks = read_blocks(call)
    attachments = call.args.json("attachments")
    content: Json = {"text": text}
    if "markdown_text" in call.args:
        if text or blocks:
            raise Refused("markdown_text_conflict")
        content["text"] = text = call.args.text("markdown_text")
        if len(text) > MAX_MARKDOWN:
            raise Refused("msg_too_long")
    if attachments and len(attachments) > MAX_ATTACHMENTS:
        raise Refused("too_many_attachments")
    if not (text or blocks or attachments):
        raise Refused("no_text")
    if blocks:
        content["blocks"] = fill_in_ids(blocks, before)
    if attachments:
        content["attachments"] = attachments
    return content


def read_blocks(call: MethodCall) -> list[Any] | None:
    blocks = call.args.json("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    faults = check_blocks(blocks, "message") or faults_of_pictures(call.workspace.files, blocks)
    if faults:
        raise with_messages("invalid_attachments" if faults[0].startswith(ONE_TABLE) else "invalid_blocks", faults)
    if len(json.dumps(blocks, separators=(",", ":"), ensure_ascii=False)) > MAX_BLOCK_JSON:
        raise Refused("msg_blocks_too_long")
    return blocks


def read_metadata(call: MethodCall) -> Json | None:
    metadata = call.args.json("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, dict):
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata)) > MAX_METADATA:
        raise Refused("metadata_too_large")
    return metadata


def update(call: MethodCall) -> Json:
    """Only own messages. Text without blocks removes the blocks; with blocks there is no `edited` mark."""
    channel = call.channel()
    message = _own_message(call, channel, "cant_update_message")
    if channel.archived:
        raise Refused("is_inactive")
    if len(call.args.text("text")) > MAX_UPDATED_TEXT:
        raise Refused("msg_too_long")
    content = read_content(call, message.body.get("blocks") or ())
    gone = tuple(name for name in ("blocks", "attachments") if name not in content)
    if "text" not in call.args and "markdown_text" not in call.args:
        content["text"] = message.body.get("text", "")
    if "blocks" not in content:
        content["edited"] = {"user": call.bot, "ts": call.workspace.new_ts()}
    metadata = read_metadata(call)
    if metadata is not None:
        message.metadata = metadata
    messages.edit(call.workspace, channel, message, content, gone=gone)
    shown = message.shown(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.body["text"], "message": shown}


def delete(call: MethodCall) -> Json:
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    messages.delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _own_message(call: MethodCall, channel: Channel, refusal: str) -> Message:
    message = call.message(channel, "ts")
    if message.user != call.bot or ("subtype" in message.body and "bot_id" not in message.body):
        raise Refused(refusal)
    return message


def post_ephemeral(call: MethodCall) -> Json:
    channel = call.channel()
    call.must_be_open(channel)
    call.must_be_member(channel)
    user = call.args.text("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    content = read_content(call)
    message = messages.post_ephemeral(call.workspace, channel, user, content, call.args.text("thread_ts"))
    return {"message_ts": message.ts}


def get_permalink(call: MethodCall) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.server.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def schedule_message(call: MethodCall) -> Json:
    channel = _destination(call)
    call.must_be_open(channel)
    if call.bot not in channel.members and "chat:write.public" not in call.app.scopes:
        raise Refused("not_in_channel")
    post_at = call.args.number("post_at", 0, "invalid_time")
    now = call.workspace.seconds()
    if post_at <= now:
        raise Refused("time_in_past")
    if post_at > now + FARTHEST_SECONDS:
        raise Refused("time_too_far")
    content = read_content(call)
    thread_ts = call.args.text("thread_ts")

    def post() -> None:
        if not channel.archived:
            messages.post(call.workspace, channel, call.bot, content, thread_ts=thread_ts)

    call.server.schedule(post_at, post)
    return {
        "channel": channel.id,
        "scheduled_message_id": call.workspace.mint("Q"),
        "post_at": post_at,
        "message": {"type": "delayed_message", "user": call.bot, "bot_id": call.app.bot_id, **content},
    }


METHODS = {
    "chat.postMessage": Method(post_message, tier=0, scopes=("chat:write",)),
    "chat.update": Method(update, tier=3, scopes=("chat:write",)),
    "chat.delete": Method(delete, tier=3, scopes=("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, tier=4, scopes=("chat:write",)),
    "chat.getPermalink": Method(get_permalink, tier=0),
    "chat.scheduleMessage": Method(schedule_message, tier=3, scopes=("chat:write",)),
}
