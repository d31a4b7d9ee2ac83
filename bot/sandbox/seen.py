"""What a person sees: the channels at the left, and the messages of one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from bot.sandbox.records import Channel, Json, Message, micros, stamp
from bot.sandbox.workspace import Workspace

#  Unread messages beyond this are not looked through for mentions.
MOST_LOOKED_THROUGH = 500


def messages(workspace: Workspace, channel: Channel, user: str, thread_ts: str = "") -> list[Json]:
    """Oldest first; of a thread the parent and its replies, otherwise what stands in the channel itself."""
    if not workspace.may_see(channel, user):
        return []
    own = [message for message in channel.ephemeral.get(user, {}).values() if message.thread_ts == thread_ts]
    if thread_ts:
        parent = channel.messages.get(thread_ts)
        public = [] if parent is None else [parent, *(channel.messages[ts] for ts in parent.replies)]
    else:
        public = [channel.messages[stamp(at)] for at in channel.top]
    if own:
        public = sorted([*public, *own], key=lambda message: micros(message.ts))
    return [shown(message) for message in public]


def shown(message: Message) -> Json:
    """A message with what the page shows beside it."""
    entry = message.shown()
    entry.setdefault("reply_count", 0)
    entry.setdefault("reply_users", [])
    entry.setdefault("reactions", [])
    entry["pinned"] = message.pinned
    if message.ephemeral_for:
        entry["ephemeral"] = True
    return entry


def channels(workspace: Workspace, user: str) -> list[Json]:
    """Public channels, and the private ones and direct messages that this person is in."""
    return [
        _channel(workspace, channel, user)
        for channel in workspace.channels.values()
        if workspace.may_see(channel, user)
    ]


def _channel(workspace: Workspace, channel: Channel, user: str) -> Json:
    kind = {"public": "channel", "mpim": "private"}.get(channel.kind, channel.kind)
    unread, mentions = _unread(workspace, channel, user)
    entry: Json = {
        "id": channel.id,
        "name": channel.name,
        "kind": kind,
        "is_member": user in channel.members,
        "is_archived": channel.archived,
        "topic": channel.topic.value,
        "purpose": channel.purpose.value,
        "unread": unread,
        "mentions": mentions,
        "members": len(channel.members),
        "bookmarks": [
            {name: bookmark[name] for name in ("title", "link", "emoji")} for bookmark in channel.bookmarks.values()
        ],
        "pins": list(channel.pins),
        "canvas": None if channel.canvas is None else {"id": channel.canvas.id, "title": channel.canvas.title},
    }
    return entry | {"user": channel.other(user)} if channel.kind == "im" else entry


def _unread(workspace: Workspace, channel: Channel, user: str) -> tuple[int, int]:
    """How many new messages by others, and how many of them are for this person."""
    if user not in channel.members:
        return 0, 0
    start = max(bisect_right(channel.top, channel.read.get(user, 0)), len(channel.top) - MOST_LOOKED_THROUGH)
    new = [channel.messages[stamp(at)] for at in channel.top[start:]]
    new = [message for message in new if message.user != user and not _is_system(message)]
    marks = (f"<@{user}>", f"'user_id': '{user}'", "<!channel>", "<!here>", "<!everyone>", *_groups_of(workspace, user))
    mentions = [message for message in new if any(mark in str(message.body) for mark in marks)]
    return len(new), len(new) if channel.is_direct else len(mentions)


def _groups_of(workspace: Workspace, user: str) -> Iterator[str]:
    """How messages name the user groups that this person is in."""
    for group in workspace.groups.values():
        if user in group.users:
            yield f"<!subteam^{group.id}"
            yield f"'usergroup_id': '{group.id}'"


def _is_system(message: Message) -> bool:
    return str(message.body.get("subtype", "")).startswith("channel_")
