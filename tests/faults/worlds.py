"""Worlds to go wrong in: a bot of little patience, a Slack for bots that are processes, and what must stand there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import current_thread
from typing import Any, Self

from bot.core.incident import Incident
from bot.demo.stage import Stage
from bot.demo.workspace import channels, slack_id, users
from bot.policy.model import Policy
from bot.sandbox.clock import SandboxClock
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.slack.manifest import manifest
from bot.store.store import Store
from tests.faults.lives import ROOT, wait_for
from tests.flows.world import MONDAY, World

FEW_RUNBOOKS = ROOT / "tests" / "faults" / "runbooks"  # every life reads them anew
IMPATIENT = 1  # seconds that the bot waits for an answer from Slack
DECLARE = "/incident declare sev2 churn-scoring Scores are stale"
_OF_NO_PAGE = ("of the time has passed", "and is late", "🤝", "handoff", "Your shift")
_LATER = re.compile(r"[▰▱]+ \d+%( used)?|\nAs of .*")


class ImpatientWorld(World):
    def __init__(self, policy: Policy, database: str, at: datetime = MONDAY) -> None:
        super().__init__(policy, database, at)
        self.stage = Stage(policy, database, self.clock, slack_timeout=IMPATIENT)

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def picture(self) -> dict[str, Any]:
        """All that can be seen in Slack, but for how much of a clock's time had run when a card was drawn."""
        return {
            self._place(channel.id): {
                "topic": self.reader.plain(channel.topic.value),
                "archived": channel.archived,
                "members": sorted(channel.members),
                "bookmarks": sorted((mark["title"], mark["link"]) for mark in channel.bookmarks.values()),
                "messages": [
                    (_LATER.sub("", self.reader.message(each)), each["pinned"])
                    for each in self.stage.sandbox.messages(channel.id)
                    if not each.get("subtype")
                ],
            }
            for channel in list(self.stage.sandbox.workspace.channels.values())
        }

    def backlog(self) -> tuple[int, int, int]:
        """Waiting, on its way, given up."""
        with self.store.reading() as read:
            backlog = read.backlog()
        return backlog.waiting, backlog.sending, backlog.given_up

    def loses_the_next_acknowledgement(self) -> None:
        """The wire is cut between what a listener commits and its acknowledgement; Slack sends the envelope again."""
        assert self.stage.bot is not None
        left = ["one"]

        def cut() -> None:
            if current_thread().name.startswith("listener") and left:
                left.clear()
                self.stage.sandbox.kill_sockets()

        self.stage.bot.engine.on_commit(cut)

    def forgets(self, person: str) -> None:
        """They have left the workspace."""
        workspace = self.stage.sandbox.workspace
        with workspace.lock:
            del workspace.users[slack_id(self.policy, person)]

    def spoils_the_next_ticket(self) -> None:
        """Slack gives the bot an address for its socket, and knows nothing of it when the bot comes."""
        tickets = self.stage.sandbox._socket_mode._tickets  # which nobody else can take away
        left = ["one"]

        def spoil(method: str, args: dict[str, Any], when: str) -> None:
            if (method, when) == ("apps.connections.open", "after") and left:
                left.clear()
                tickets.clear()

        self.stage.sandbox.on_call(spoil)

    def _place(self, channel_id: str) -> str:
        channel = self.stage.sandbox.workspace.channels[channel_id]
        return channel.name or f"direct: {', '.join(sorted(channel.members))}"


class Elsewhere:
    """A Slack and a database for bots that run as processes of their own, in real time unless it is held."""

    def __init__(self, policy: Policy, database: str, clock: SandboxClock | None = None) -> None:
        self.policy = policy
        self.clock = clock or SandboxClock()
        self.sandbox = Sandbox(manifest=manifest(), users=users(policy), channels=channels(policy), clock=self.clock)
        self.store = Store(database)
        self._database = database

    @property
    def env(self) -> dict[str, str]:
        return env(self.sandbox, self._database)

    def person(self, key: str) -> Person:
        return self.sandbox.person(slack_id(self.policy, key))

    def incident(self, number: int = 1) -> Incident:
        with self.store.reading() as read:
            found = read.incident(number)
        assert found is not None
        return found

    def incidents(self) -> list[Incident]:
        with self.store.reading() as read:
            return read.recent_incidents(1000)

    def is_done(self) -> bool:
        """Nothing waits that could be sent, nothing is on its way."""
        with self.store.reading() as read:
            backlog = read.backlog()
        return backlog.waiting == backlog.sending == 0

    def wait_until_done(self) -> None:
        wait_for(self.is_done, "an empty outbox")
        self.sandbox.settle()


def env(sandbox: Sandbox, database: str) -> dict[str, str]:
    """What `bot run` needs."""
    return {
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "DATABASE_URL": database,
        "BATON_CONFIG": str(ROOT / "config"),
        "BATON_RUNBOOKS": str(FEW_RUNBOOKS),
        "BATON_HTTP": "127.0.0.1:0",
    }


@contextmanager
def elsewhere(
    policy: Policy, database: str, clock: SandboxClock | None = None, started: bool = True
) -> Iterator[Elsewhere]:
    opened = Elsewhere(policy, database, clock)
    if started:
        opened.sandbox.start()
    try:
        yield opened
    finally:
        opened.sandbox.stop()
        opened.store.close()


def stands_once(sandbox: Sandbox, policy: Policy, incident: Incident) -> None:
    """Everything that declaring an incident shows in Slack is there, and once."""
    made = [channel for channel in sandbox.channels() if channel["name"].startswith(f"inc-{incident.number}-")]
    assert [channel["id"] for channel in made] == [incident.channel]
    channel = made[0]
    said = [each for each in sandbox.messages(channel["id"]) if not each.get("subtype")]
    assert incident.card is not None
    assert said[0]["ts"] == incident.card.ts, "the card comes first"
    assert channel["pins"] == [incident.card.ts]
    assert channel["topic"]["value"].endswith(incident.title)
    service = policy.services[incident.service or ""]
    assert sorted(mark["link"] for mark in channel["bookmarks"]) == sorted(list(service.links.values())[:6])
    team = policy.teams[service.support or ""]
    paged = {page.person for page in incident.pages}
    asked = {slack_id(policy, each) for each in {incident.declared_by, *team.members, *paged}}
    assert set(channel["members"]) == asked | {sandbox.bot_user_id}
    announced = [each for each in sandbox.messages("incidents") if incident.name in each["text"]]
    assert [each["ts"] for each in announced] == [incident.announcement and incident.announcement.ts]
    _is_paged_once(sandbox, policy, incident)
    has_no_double(sandbox)


def _is_paged_once(sandbox: Sandbox, policy: Policy, incident: Incident) -> None:
    assert incident.pages
    for person in {page.person for page in incident.pages}:
        mine = [page for page in incident.pages if page.person == person]
        dm = sandbox.person(slack_id(policy, person)).dm()
        about = (each for each in sandbox.messages(dm) if incident.name in str(each) and is_page(each))
        standing = {each["ts"]: each for each in about}
        assert sorted(standing) == sorted(page.message.ts for page in mine if page.message)
        for page in mine:
            assert page.message is not None
            assert str(incident.channel) in str(standing[page.message.ts]), "the page leads to the channel"


def is_page(message: dict[str, Any]) -> bool:
    """Direct messages bring reminders of clocks, shifts and handoffs, too; it depends on the time of day of which."""
    return not any(words in message["text"] for words in _OF_NO_PAGE)


def has_no_double(sandbox: Sandbox) -> None:
    """No delivery stands in Slack twice, wherever."""
    with sandbox.workspace.lock:
        marks = [
            str(message.metadata["event_payload"])
            for channel in sandbox.workspace.channels.values()
            for message in channel.messages.values()
            if message.metadata
        ]
    assert [mark for mark, count in Counter(marks).items() if count > 1] == []
