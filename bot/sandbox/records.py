"""People, channels, messages and views as the workspace keeps them, and the JSON in which Slack shows them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]

#  What Slack calls each kind of conversation in event payloads, in scopes and in `types`.
CHANNEL_TYPE = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
SCOPE_FAMILY = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
TYPE_ARGUMENT = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
COLORS = ("4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "9f69e7", "d58247", "2b6836", "385a86", "99a949")


def micros(ts: str) -> int:
    """Slack's `1596530361.000100` as whole microseconds; ValueError when it is not one."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6] if fraction else 0)


def stamp(at: int) -> str:
    return f"{at // 1_000_000}.{at % 1_000_000:06d}"


@dataclass
class User:
    id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "UTC"
    title: str = ""
    is_bot: bool = False
    deactivated: bool = False

    @property
    def color(self) -> str:
        return COLORS[hashlib.sha256(self.id.encode()).digest()[0] % len(COLORS)]

    def zone(self, now: datetime) -> Json:
        local = now.astimezone(ZoneInfo(self.tz))
        offset = local.utcoffset()
        return {
            "tz": self.tz,
            "tz_label": local.tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
        }

    def shown(self, team_id: str, now: datetime, with_email: bool = True) -> Json:
        profile = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "title": self.title,
            "phone": "",
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "team": team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "deleted": self.deactivated,
            "color": self.color,
            "real_name": self.real_name,
            **({} if self.deactivated else self.zone(now)),
            "profile": profile,
            "is_admin": False,
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }


@dataclass
class Message:
    """One message; `body` holds the keys that Slack keeps with it, blocks included."""

    ts: str
    body: Json
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    repliers: list[str] = field(default_factory=list)
    pinned: bool = False
    ephemeral_for: str = ""

    @property
    def user(self) -> str:
        return str(self.body.get("user", ""))

    @property
    def thread_ts(self) -> str:
        return str(self.body.get("thread_ts", ""))

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts

    def shown(self, with_metadata: bool = False) -> Json:
        shown = dict(self.body)
        if self.metadata is not None and with_metadata:
            shown["metadata"] = self.metadata
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "count": len(users), "users": list(users)} for name, users in self.reactions.items()
            ]
        if self.replies:
            shown |= {
                "thread_ts": self.ts,
                "reply_count": len(self.replies),
                "reply_users": list(self.repliers),
                "reply_users_count": len(self.repliers),
                "latest_reply": self.replies[-1],
                "is_locked": False,
            }
        return shown


@dataclass
class Note:
    """A topic or a purpose: what it says, who set it and when."""

    value: str = ""
    creator: str = ""
    last_set: int = 0

    def shown(self) -> Json:
        return {"value": self.value, "creator": self.creator, "last_set": self.last_set}


@dataclass
class Canvas:
    """The canvas of a channel."""

    id: str
    title: str
    markdown: str

    def shown(self) -> Json:
        return {"file_id": self.id, "is_empty": not self.markdown.strip(), "quip_thread_id": f"SB{self.id}"}


@dataclass
class Channel:
    id: str
    name: str
    kind: Kind
    created: int
    creator: str = ""
    members: dict[str, None] = field(default_factory=dict)
    topic: Note = field(default_factory=Note)
    purpose: Note = field(default_factory=Note)
    archived: bool = False
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    top: list[int] = field(default_factory=list)
    ephemeral: dict[str, dict[str, Message]] = field(default_factory=dict)
    pins: dict[str, Json] = field(default_factory=dict)
    bookmarks: dict[str, Json] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    canvas: Canvas | None = None

    @property
    def is_direct(self) -> bool:
        return self.kind in ("im", "mpim")

    @property
    def channel_type(self) -> str:
        return CHANNEL_TYPE[self.kind]

    def other(self, user_id: str) -> str:
        """The other party of a direct message; oneself in a note to self."""
        return next((member for member in self.members if member != user_id), user_id)

    def shown(self, viewer: str) -> Json:
        """The conversation object of conversations.info and its like, as the viewer gets it."""
        shown: Json = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_org_shared": False,
        }
        if self.canvas is not None:
            shown["properties"] = {"canvas": self.canvas.shown()}
        if self.kind == "im":
            return shown | {"user": self.other(viewer), "is_user_deleted": False, "priority": 0}
        return shown | {
            "name": self.name,
            "name_normalized": self.name,
            "is_private": self.kind != "public",
            "is_general": False,
            "is_shared": False,
            "is_ext_shared": False,
            "unlinked": 0,
            "creator": self.creator,
            "is_member": viewer in self.members,
            "topic": self.topic.shown(),
            "purpose": self.purpose.shown(),
            "previous_names": list(self.previous_names),
            "num_members": len(self.members),
            "priority": 0,
        }


@dataclass
class Group:
    """A user group; `deleted` is the instant at which it was disabled, 0 while it is not."""

    id: str
    handle: str
    users: list[str]
    name: str = ""
    description: str = ""
    created: int = 0
    created_by: str = ""
    updated: int = 0
    updated_by: str = ""
    deleted: int = 0

    def shown(self, team_id: str, with_users: bool = True, with_count: bool = True) -> Json:
        shown: Json = {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name or self.handle,
            "description": self.description,
            "handle": self.handle,
            "is_external": False,
            "date_create": self.created,
            "date_update": self.updated,
            "date_delete": self.deleted,
            "auto_type": None,
            "created_by": self.created_by,
            "updated_by": self.updated_by,
            "deleted_by": self.updated_by if self.deleted else None,
            "prefs": {"channels": [], "groups": []},
        }
        if with_users:
            shown["users"] = list(self.users)
        return shown | {"user_count": len(self.users)} if with_count else shown


@dataclass
class View:
    """An open modal or a published Home tab; `given` is the view as the app sent it, with block ids filled in."""

    id: str
    user: str
    given: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, Json] = field(default_factory=dict)

    @property
    def is_home(self) -> bool:
        return bool(self.given.get("type") == "home")

    def shown(self, team_id: str, app_id: str, bot_id: str) -> Json:
        return {
            "id": self.id,
            "team_id": team_id,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
            **self.given,
            "state": {"values": {block: dict(actions) for block, actions in self.values.items()}},
            "hash": self.hash,
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": app_id,
            "app_installed_team_id": team_id,
            "bot_id": bot_id,
        }
