"""A world to play in: the whole bot on a local Slack, a clock that is held, and people who act and read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.effects import Record
from bot.core.incident import Incident
from bot.demo.stage import Stage
from bot.demo.workspace import slack_id
from bot.policy.model import Policy
from bot.sandbox.clock import SandboxClock
from bot.store.store import Store
from tests.flows.people import Someone
from tests.flows.reading import Json, Reader
from tests.flows.seen import Message

# A Monday evening in Nairobi and afternoon in Bogotá. The first line is Luis until 02:00 UTC and then Sita, the
# second Andrés until 02:15 and then Prakash; Amina leads the support team.
MONDAY = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)


class World:
    """Opened as a context. `database` is the address of a database that is migrated, or of none."""

    def __init__(self, policy: Policy, database: str, at: datetime = MONDAY) -> None:
        self.policy = policy
        self.clock = SandboxClock(held_at=at)
        self.stage = Stage(policy, database, self.clock)
        self.reader = Reader(self._person_name, self.channel_name)
        self._database = database
        self._store: Store | None = None
        self._people: dict[str, Someone] = {}

    def __enter__(self) -> World:
        self.stage.__enter__()
        return self

    def __exit__(self, *of: Any) -> None:
        self.stage.__exit__(*of)
        if self._store is not None:
            self._store.close()

    # Time

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def passes(self, **span: float) -> None:
        """`passes(minutes=5)`: everything happens when it falls due, and all is quiet afterwards."""
        self.stage.passes(timedelta(**span))

    def reaches(self, at: datetime) -> None:
        """Passes until that instant."""
        self.stage.passes(at - self.now)

    def settle(self) -> None:
        self.stage.settle()

    # The bot

    def stops_the_bot(self) -> None:
        self.stage.stop_bot()

    def starts_the_bot(self) -> None:
        self.stage.start_bot()
        self.settle()

    def jumps(self, **span: float) -> None:
        """Time passes at once, as while the bot is down."""
        self.clock.advance(timedelta(**span))

    # People and places

    def person(self, key: str) -> Someone:
        if key not in self._people:
            self._people[key] = Someone(self, key)
        return self._people[key]

    def channel(self, name: str) -> Place:
        """By its name; `inc-1` is enough for `inc-1-scores-are-stale`."""
        return Place(self, self.channel_id(name))

    def channel_id(self, name: str) -> str:
        known = {str(each["name"]): str(each["id"]) for each in self.stage.sandbox.channels()}
        if name in known.values():
            return name
        plain = name.removeprefix("#")
        found = [known[each] for each in known if each == plain] or [
            known[each] for each in known if each.startswith(f"{plain}-")
        ]
        assert found, f"There is no channel #{plain}, but {', '.join(known)}"
        return found[0]

    def channel_name(self, channel_id: str) -> str:
        with self.stage.sandbox.workspace.lock:
            known = self.stage.sandbox.workspace.channels.get(channel_id)
            return channel_id if known is None else known.name or "direct message"

    def has_a_channel(self, name: str, of: Someone) -> None:
        """Somebody makes a channel of that name."""

        async def make() -> None:
            with self.stage.sandbox.workspace.lock:
                self.stage.sandbox.workspace.create_channel(name, of.id, private=False)

        self.stage.sandbox.run(make())

    def puts_back(self, message: Message) -> None:
        """The message looks again as it did when it was seen, as in a window that has not caught up."""
        with self.stage.sandbox.workspace.lock:
            kept = self.stage.sandbox.workspace.channels[message.channel].messages[message.ts]
            kept.body["blocks"] = message.raw["blocks"]

    def incident_channels(self) -> list[str]:
        return [str(each["name"]) for each in self.stage.sandbox.channels() if str(each["name"]).startswith("inc-")]

    def _person_name(self, user_id: str) -> str:
        keys = (key for key in self.policy.people if slack_id(self.policy, key) == user_id)
        return next((self.policy.people[key].name for key in keys), user_id)

    # What is kept

    def incident(self, number: int = 1) -> Incident:
        with self.store.reading() as read:
            found = read.incident(number)
        assert found is not None, f"INC-{number} is not in the database"
        return found

    def incidents(self) -> list[Incident]:
        """All there are, newest first."""
        with self.store.reading() as read:
            return read.recent_incidents(1000)

    def timeline(self, number: int = 1) -> list[Record]:
        with self.store.reading() as read:
            return read.timeline(number)

    @property
    def store(self) -> Store:
        """To read with: the bot's own, or while it is down another."""
        if self.stage.bot is not None:
            return self.stage.bot.store
        if self._store is None:
            self._store = Store(self._database)
        return self._store


class Place:
    """A channel as it stands."""

    def __init__(self, world: World, channel_id: str) -> None:
        self._world = world
        self.id = channel_id

    @property
    def _shown(self) -> Json:
        return next(each for each in self._world.stage.sandbox.channels() if each["id"] == self.id)

    @property
    def name(self) -> str:
        return str(self._shown["name"])

    @property
    def topic(self) -> str:
        return self._world.reader.plain(str(self._shown["topic"]["value"]))

    @property
    def members(self) -> set[str]:
        """By their keys in the configuration."""
        inside = set(self._shown["members"])
        return {key for key in self._world.policy.people if slack_id(self._world.policy, key) in inside}

    @property
    def bookmarks(self) -> dict[str, str]:
        """Title to link."""
        return {str(mark["title"]): str(mark["link"]) for mark in self._shown["bookmarks"]}

    @property
    def messages(self) -> list[Message]:
        """What everybody there sees that somebody wrote, oldest first."""
        return self._messages_for(self._anybody)

    @property
    def card(self) -> Message:
        return self.card_for(self._anybody)

    def card_for(self, someone: Someone) -> Message:
        written = self._messages_for(someone)
        assert written, f"#{self.name} is empty"
        return written[0]

    def sees(self, words: str) -> Message:
        """The newest message there that says these words."""
        found = [message for message in self.messages if message.says(words)]
        assert found, f"Nothing in #{self.name} says “{words}”, but:\n{self.text}"
        return found[-1]

    def does_not_see(self, words: str) -> None:
        found = [message for message in self.messages if message.says(words)]
        assert not found, f"#{self.name} says “{words}”:\n{found[-1].text}"

    def counts(self, words: str) -> int:
        return sum(message.says(words) for message in self.messages)

    @property
    def text(self) -> str:
        return "\n·\n".join(message.text for message in self.messages)

    @property
    def _anybody(self) -> Someone:
        return self._world.person(next(iter(sorted(self.members)), next(iter(self._world.policy.people))))

    def _messages_for(self, someone: Someone) -> list[Message]:
        raw = [each for each in self._world.stage.sandbox.messages(self.id) if not each.get("subtype")]
        return [Message(someone, self.id, each) for each in raw]
