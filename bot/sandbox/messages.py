"""What can happen to messages: posted, edited, deleted, reacted to, pinned; and bookmarks beside them."""

from __future__ import annotations

from bisect import bisect_left

from bot.sandbox.records import Channel, Json, Message, micros
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import SLACKBOT, TEAM_ID, Workspace

MAX_PINS = 100
MAX_BOOKMARKS = 100
MAX_EMOJI = 23


def bot_profile(workspace: Workspace) -> Json:
    app = workspace.app
    return {
        "id": app.bot_id,
        "deleted": False,
        "name": app.name,
        "updated": 0,
        "app_id": app.app_id,
        "icons": {},
        "team_id": TEAM_ID,
    }


def author(workspace: Workspace, user_id: str) -> Json:
    """The keys that say who wrote a message."""
    app = workspace.app
    if user_id != app.bot_user_id:
        return {"user": user_id}
    return {
        "user": user_id,
        "bot_id": app.bot_id,
        "app_id": app.app_id,
        "bot_profile": bot_profile(workspace),
    }


def post(
    workspace: Workspace,
    channel: Channel,
    user_id: str,
    content: Json,
    *,
    thread_ts: str = "",
    broadcast: bool = False,
    metadata: Json | None = None,
) -> Message:
    """Post `content` (text, blocks, files …) as this user; a reply when `thread_ts` is given."""
    parent = None
    if thread_ts:
        parent = channel.messages.get(thread_ts)
        if parent is None:
            raise Refused("thread_not_found")
        if parent.is_reply:
            raise Refused("cannot_reply_to_message")
    ts = workspace.new_ts()
    body: Json = {"type": "message", **author(workspace, user_id), "ts": ts, "team": TEAM_ID, **content}
    if parent is not None:
        body |= {"thread_ts": thread_ts, "parent_user_id": parent.user}
        if broadcast:
            body["subtype"] = "thread_broadcast"
        parent.replies.append(ts)
        if user_id not in parent.repliers:
            parent.repliers.append(user_id)
    message = Message(ts, body, metadata)
    workspace.keep(channel, message)
    channel.read[user_id] = micros(ts)
    event = body | workspace.event_address(channel, ts)
    if metadata is not None:
        event["metadata"] = metadata
    workspace.tell("message", channel, event, *_mention(workspace, channel, event))
    return message


def _mention(workspace: Workspace, channel: Channel, event: Json) -> list[Json]:
    """A mention of the app in a channel is told a second time, as an event of its own."""
    bot = workspace.app.bot_user_id
    if channel.is_direct or event.get("user") == bot or f"<@{bot}>" not in str(event.get("text", "")):
        return []
    event = {key: value for key, value in event.items() if key != "channel_type"}
    return [event | {"type": "app_mention"}]


def edit(
    workspace: Workspace, channel: Channel, message: Message, changed: Json, *, gone: tuple[str, ...] = ()
) -> None:
    before = message.shown()
    for key in gone:
        message.body.pop(key, None)
    message.body |= changed
    ts = workspace.new_ts()
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": message.shown(),
        "previous_message": before,
        "ts": ts,
    }
    workspace.tell("message", channel, event | workspace.event_address(channel, ts))


def delete(workspace: Workspace, channel: Channel, message: Message) -> None:
    del channel.messages[message.ts]
    at = micros(message.ts)
    place = bisect_left(channel.top, at)
    if place < len(channel.top) and channel.top[place] == at:
        del channel.top[place]
    channel.pins.pop(message.ts, None)
    parent = channel.messages.get(message.thread_ts)
    if parent is not None:
        parent.replies.remove(message.ts)
        parent.repliers = list(dict.fromkeys(channel.messages[ts].user for ts in parent.replies))
    ts = workspace.new_ts()
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": message.ts,
        "previous_message": message.shown(),
        "ts": ts,
    }
    workspace.tell("message", channel, event | workspace.event_address(channel, ts))


def post_ephemeral(workspace: Workspace, channel: Channel, user_id: str, content: Json, thread_ts: str = "") -> Message:
    """Only this person sees it; it is in no history and makes no event."""
    ts = workspace.new_ts()
    body: Json = {
        "type": "message",
        **author(workspace, workspace.app.bot_user_id),
        "ts": ts,
        "team": TEAM_ID,
        **content,
    }
    if thread_ts:
        body["thread_ts"] = thread_ts
    message = Message(ts, body, ephemeral_for=user_id)
    channel.ephemeral.setdefault(user_id, {})[ts] = message
    workspace.tell("message", channel, users=[user_id])
    return message


def notice(workspace: Workspace, channel: Channel, user_id: str, text: str) -> None:
    """What Slack itself tells one person in a channel."""
    message = post_ephemeral(workspace, channel, user_id, {"text": text})
    message.body = {"type": "message", "user": SLACKBOT, "ts": message.ts, "team": TEAM_ID, "text": text}


def react(workspace: Workspace, channel: Channel, message: Message, user_id: str, name: str) -> None:
    users = message.reactions.get(name, [])
    if user_id in users:
        raise Refused("already_reacted")
    if name not in message.reactions and len(message.reactions) >= MAX_EMOJI:
        raise Refused("too_many_emoji")
    message.reactions.setdefault(name, []).append(user_id)
    workspace.tell("message", channel, _reaction("reaction_added", workspace, channel, message, user_id, name))


def unreact(workspace: Workspace, channel: Channel, message: Message, user_id: str, name: str) -> None:
    users = message.reactions.get(name, [])
    if user_id not in users:
        raise Refused("no_reaction")
    users.remove(user_id)
    if not users:
        del message.reactions[name]
    workspace.tell("message", channel, _reaction("reaction_removed", workspace, channel, message, user_id, name))


def _reaction(kind: str, workspace: Workspace, channel: Channel, message: Message, user_id: str, name: str) -> Json:
    return {
        "type": kind,
        "user": user_id,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
        "event_ts": workspace.new_ts(),
    }


def pin(workspace: Workspace, channel: Channel, message: Message, user_id: str) -> None:
    if message.ts in channel.pins:
        raise Refused("already_pinned")
    if len(channel.pins) >= MAX_PINS:
        raise Refused("too_many_pins")
    message.pinned = True
    channel.pins[message.ts] = {
        "type": "message",
        "channel": channel.id,
        "created": workspace.seconds(),
        "created_by": user_id,
    }
    workspace.tell("channel", channel, _pinning("pin_added", workspace, channel, message, user_id))


def unpin(workspace: Workspace, channel: Channel, message: Message, user_id: str) -> None:
    if channel.pins.pop(message.ts, None) is None:
        raise Refused("no_pin")
    message.pinned = False
    workspace.tell("channel", channel, _pinning("pin_removed", workspace, channel, message, user_id))


def _pinning(kind: str, workspace: Workspace, channel: Channel, message: Message, user_id: str) -> Json:
    item = {"type": "message", "channel": channel.id, "message": message.shown(), "created_by": user_id}
    return {"type": kind, "user": user_id, "channel_id": channel.id, "item": item, "event_ts": workspace.new_ts()}


def add_bookmark(workspace: Workspace, channel: Channel, user_id: str, given: Json) -> Json:
    if len(channel.bookmarks) >= MAX_BOOKMARKS:
        raise Refused("too_many_bookmarks")
    bookmark: Json = {
        "id": workspace.mint("Bk"),
        "channel_id": channel.id,
        "title": "",
        "link": "",
        "emoji": "",
        "icon_url": "",
        "type": "link",
        "entity_id": None,
        "date_created": workspace.seconds(),
        "date_updated": 0,
        "rank": f"{len(channel.bookmarks):04d}",
        "last_updated_by_user_id": user_id,
        "last_updated_by_team_id": TEAM_ID,
        **given,
    }
    channel.bookmarks[bookmark["id"]] = bookmark
    workspace.tell("channel", channel)
    return bookmark
