"""The workspace: who and what is in it, and what can happen to its conversations; each change is told to watchers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.sandbox.clock import SandboxClock
from bot.sandbox.files import File
from bot.sandbox.installed import InstalledApp
from bot.sandbox.records import Channel, Group, Json, Kind, Message, Note, User, View, stamp
from bot.sandbox.refusals import Refused

TEAM_ID = "T0SANDBOX"
SLACKBOT = "USLACKBOT"
MAX_CHANNEL_NAME = 80
MAX_TOPIC = 250
NO_SPACE_IN_NAMES = "-_"


@dataclass(frozen=True)
class SeedUser:
    """A person who is there from the start; `name` is the handle."""

    id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "UTC"
    title: str = ""


@dataclass(frozen=True)
class SeedChannel:
    """A channel that is there from the start; `members` are user ids."""

    name: str
    members: tuple[str, ...] = ()
    private: bool = False
    topic: str = ""
    purpose: str = ""
    id: str = ""


@dataclass(frozen=True)
class SeedGroup:
    handle: str
    users: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Change:
    """Something that may be seen (`what`, `channel`, `users`), and the event that Slack would send for it."""

    what: str
    channel: str | None = None
    users: tuple[str, ...] = ()
    events: tuple[Json, ...] = ()


@dataclass
class Workspace:
    """State behind one lock. Everything that changes it runs on the server's loop; readers take the lock."""

    app: InstalledApp
    clock: SandboxClock
    team_name: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    has_canvases: bool = True  # a matter of the workspace's plan and settings
    lock: threading.RLock = field(default_factory=threading.RLock)
    watchers: list[Callable[[Change], None]] = field(default_factory=list)
    _by_name: dict[str, str] = field(default_factory=dict)
    _direct: dict[tuple[str, ...], str] = field(default_factory=dict)
    _last_ts: int = 0
    _minted: int = 0

    @property
    def domain(self) -> str:
        return "".join(char for char in self.team_name.lower() if char.isalnum()) or "sandbox"

    def tell(self, what: str, channel: Channel | None = None, *events: Json, users: Iterable[str] = ()) -> None:
        change = Change(what, None if channel is None else channel.id, tuple(users), events)
        for watcher in self.watchers:
            watcher(change)

    def mint(self, letter: str) -> str:
        """A fresh id in Slack's manner."""
        self._minted += 1
        return f"{letter}0SB{self._minted:07d}"

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    def new_ts(self) -> str:
        """The sandbox's time, unique and growing even while the clock stands still."""
        now = self.clock.now()
        at = int(now.timestamp()) * 1_000_000 + now.microsecond
        self._last_ts = max(at, self._last_ts + 1)
        return stamp(self._last_ts)

    # -- looking things up ---------------------------------------------------------------------------------------

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise Refused("user_not_found")
        return self.users[user_id]

    def deactivate(self, user_id: str, deactivated: bool = True) -> None:
        """Somebody leaves, or comes back. Their messages, channels and user groups stay as they are."""
        user = self.user(user_id)
        if user.is_bot:
            raise Refused("cant_deactivate_bot")
        if user.deactivated is not deactivated:
            user.deactivated = deactivated
            shown = user.shown(TEAM_ID, self.clock.now())
            event = {"type": "user_change", "user": shown, "cache_ts": self.seconds(), "event_ts": self.new_ts()}
            self.tell("people", None, event)

    def group_named(self, handle: str) -> Group | None:
        handle = handle.removeprefix("@")
        return next((group for group in self.groups.values() if group.handle == handle and not group.deleted), None)

    def user_named(self, handle: str) -> User | None:
        return next((user for user in self.users.values() if user.name == handle), None)

    def channel_named(self, name: str) -> Channel | None:
        channel_id = self._by_name.get(name.removeprefix("#"))
        return None if channel_id is None else self.channels[channel_id]

    def may_see(self, channel: Channel, user_id: str) -> bool:
        return channel.kind == "public" or user_id in channel.members

    def message(self, channel: Channel, ts: str) -> Message:
        if ts not in channel.messages:
            raise Refused("message_not_found")
        return channel.messages[ts]

    # -- conversations -------------------------------------------------------------------------------------------

    def seed(self, users: Sequence[SeedUser], channels: Sequence[SeedChannel], groups: Sequence[SeedGroup]) -> None:
        app = self.app
        self.users[app.bot_user_id] = User(app.bot_user_id, app.name.lower(), app.name, is_bot=True)
        self.users[SLACKBOT] = User(SLACKBOT, "slackbot", "Slackbot", is_bot=True)
        for person in users:
            self.users[person.id] = User(
                person.id, person.name, person.real_name, person.email, person.tz, person.title
            )
            self.direct((person.id, app.bot_user_id))
        for given in channels:
            self._seed_channel(given)
        for group in groups:
            group_id = self.mint("S")
            made = self.seconds()
            self.groups[group_id] = Group(group_id, group.handle, list(group.users), group.name, created=made)

    def _seed_channel(self, given: SeedChannel) -> None:
        unknown = [member for member in given.members if member not in self.users]
        if unknown:
            raise ValueError(f"#{given.name} has members who are not among the users: {', '.join(unknown)}")
        channel = self._new_channel(given.name, "private" if given.private else "public", given.id)
        channel.members = dict.fromkeys(given.members)
        channel.creator = given.members[0] if given.members else ""
        channel.topic = Note(given.topic, channel.creator, channel.created)
        channel.purpose = Note(given.purpose, channel.creator, channel.created)

    def _new_channel(self, name: str, kind: Kind, channel_id: str = "") -> Channel:
        channel_id = channel_id or self.mint("D" if kind == "im" else "C")
        channel = Channel(channel_id, name, kind, self.seconds())
        self.channels[channel_id] = channel
        if name:
            self._by_name[name] = channel_id
        return channel

    def check_name(self, name: str) -> None:
        """Slack takes a channel's name as it is given or refuses it; it mends nothing."""
        if not name:
            raise Refused("invalid_name_required")
        if len(name) > MAX_CHANNEL_NAME:
            raise Refused("invalid_name_maxlength")
        if all(char in NO_SPACE_IN_NAMES for char in name):
            raise Refused("invalid_name_punctuation")
        if any(not (char.isalnum() or char in NO_SPACE_IN_NAMES) or char != char.lower() for char in name):
            raise Refused("invalid_name_specials")
        if name in self._by_name:
            raise Refused("name_taken")

    def create_channel(self, name: str, creator: str, private: bool) -> Channel:
        self.check_name(name)
        channel = self._new_channel(name, "private" if private else "public")
        channel.creator = creator
        if not private:
            shown = {"id": channel.id, "name": name, "created": channel.created, "creator": creator}
            self.tell("channel", channel, {"type": "channel_created", "channel": shown, "event_ts": self.new_ts()})
        self.join(channel, creator)
        return channel

    def direct(self, parties: tuple[str, ...]) -> Channel:
        """The direct message between these people, made when it is not there."""
        key = tuple(sorted(set(parties)))
        if key not in self._direct:
            kind: Kind = "im" if len(key) <= 2 else "mpim"
            name = "" if kind == "im" else f"mpdm-{'--'.join(self.users[party].name for party in key)}-1"
            channel = self._new_channel(name, kind)
            channel.members = dict.fromkeys(parties)
            self._direct[key] = channel.id
            self.tell("channel", channel)
        return self.channels[self._direct[key]]

    def join(self, channel: Channel, user_id: str, inviter: str = "") -> None:
        channel.members[user_id] = None
        joined: Json = {
            "type": "member_joined_channel",
            "user": user_id,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "public" else "G",
            "team": TEAM_ID,
            "event_ts": self.new_ts(),
        }
        further = {"inviter": inviter} if inviter else {}
        self.tell("channel", channel, joined | further)
        self.announce(channel, user_id, "channel_join", f"<@{user_id}> has joined the channel", **further)

    def leave(self, channel: Channel, user_id: str) -> None:
        self.announce(channel, user_id, "channel_leave", f"<@{user_id}> has left the channel")
        channel.members.pop(user_id, None)
        event = {"type": "member_left_channel", "user": user_id, "channel": channel.id, "team": TEAM_ID}
        self.tell("channel", channel, event | {"channel_type": "C", "event_ts": self.new_ts()})

    def set_topic(self, channel: Channel, user_id: str, topic: str) -> None:
        if len(topic) > MAX_TOPIC:
            raise Refused("too_long")
        if topic != channel.topic.value:
            channel.topic = Note(topic, user_id, self.seconds())
            text = (
                f"<@{user_id}> set the channel topic: {topic}" if topic else f"<@{user_id}> cleared the channel topic"
            )
            self.announce(channel, user_id, "channel_topic", text, topic=topic)

    def set_purpose(self, channel: Channel, user_id: str, purpose: str) -> None:
        if len(purpose) > MAX_TOPIC:
            raise Refused("too_long")
        if purpose != channel.purpose.value:
            channel.purpose = Note(purpose, user_id, self.seconds())
            text = f"<@{user_id}> set the channel description: {purpose}"
            self.announce(channel, user_id, "channel_purpose", text, purpose=purpose)

    def rename(self, channel: Channel, user_id: str, name: str) -> None:
        self.check_name(name)
        old = channel.name
        channel.previous_names.insert(0, old)
        del self._by_name[old]
        channel.name = name
        self._by_name[name] = channel.id
        shown = {"id": channel.id, "name": name, "created": channel.created}
        self.tell("channel", channel, {"type": "channel_rename", "channel": shown, "event_ts": self.new_ts()})
        text = f'<@{user_id}> has renamed the channel from "{old}" to "{name}"'
        self.announce(channel, user_id, "channel_name", text, old_name=old, name=name)

    def archive(self, channel: Channel, user_id: str) -> None:
        """After this the bot is out of the channel, as it is in Slack."""
        if channel.archived:
            raise Refused("already_archived")
        self.announce(channel, user_id, "channel_archive", f"<@{user_id}> archived the channel")
        channel.archived = True
        event = {"type": "channel_archive", "channel": channel.id, "user": user_id, "event_ts": self.new_ts()}
        self.tell("channel", channel, event)
        channel.members.pop(self.app.bot_user_id, None)

    def announce(self, channel: Channel, user_id: str, subtype: str, text: str, **further: object) -> None:
        """A small message of the system itself, such as who joined."""
        ts = self.new_ts()
        body: Json = {"type": "message", "subtype": subtype, "ts": ts, "user": user_id, "text": text, **further}
        self.keep(channel, Message(ts, body))
        self.tell("message", channel, body | self.event_address(channel, ts))

    def keep(self, channel: Channel, message: Message) -> None:
        channel.messages[message.ts] = message
        if not message.is_reply or message.body.get("subtype") == "thread_broadcast":
            channel.top.append(self._last_ts)

    def event_address(self, channel: Channel, ts: str) -> Json:
        return {"channel": channel.id, "event_ts": ts, "channel_type": channel.channel_type}
