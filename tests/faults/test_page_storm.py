"""kill -9 at random instants of a storm of pages: every page arrives, and in one message."""

import random
import re
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.effects import SendPage
from bot.core.events import EscalationAsked, IncidentDeclared
from bot.core.incident import Page
from bot.engine.engine import Engine
from bot.policy.model import Policy
from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import Kind
from bot.sandbox.refusals import Refused
from bot.store.rows import table
from tests.faults.lives import Life, Lives, bot_run, wait_for
from tests.faults.worlds import Elsewhere, elsewhere, has_no_double, is_page

STORM = 24  # incidents
KILLS = 4
KINDS: tuple[Kind, ...] = ("lost_reply", "429", "500")
SEVERITIES = ("sev1", "sev2")


class Killer:
    """Kills a life when it has made so many calls: before Slack does the last, or when it is done and not answered."""

    def __init__(self, place: Elsewhere, life: Life, calls: int, when: str) -> None:
        self.struck = False
        self._life = life
        self._left = calls
        self._when = when
        place.sandbox.on_call(self._hear)

    def _hear(self, method: str, args: dict[str, Any], when: str) -> None:
        if self.struck or when != self._when or method not in ("chat.postMessage", "conversations.history"):
            return
        self._left -= 1
        if self._left > 0:
            return
        self.struck = True
        self._life.kill()
        if when == "before":
            raise Refused("internal_error")  # to nobody: it was never carried out


@pytest.mark.parametrize("seed", [1])
def test_after_a_storm_in_which_the_bot_was_killed_again_and_again_each_page_stands_once(
    seed: int, policy: Policy, database: str, lives: Lives
) -> None:
    dice = random.Random(seed)
    with elsewhere(policy, database) as place:
        clock = SandboxClock()
        engine = Engine(place.store, policy, clock)
        for number in range(STORM):
            severity = SEVERITIES[number % len(SEVERITIES)]
            engine.handle(IncidentDeclared(by="noor", title=f"Table {number} is late", severity=severity))
        for kill in range(KILLS):
            for each in range(STORM // KILLS):  # the second line is paged for these, and one of them a second time
                engine.handle(EscalationAsked(number=1 + kill * (STORM // KILLS) + each, by="noor"))
            for kind in KINDS:
                place.sandbox.faults.add("chat.postMessage", kind, times=dice.randrange(3) + 1)
            life = lives.of(bot_run, env=place.env)
            killer = Killer(place, life, dice.randrange(1, 15), dice.choice(["before", "after"]))
            assert life.ends() == -signal.SIGKILL, life.log
            assert killer.struck
        place.sandbox.faults.clear()
        last = lives.of(bot_run, env=place.env)
        wait_for(lambda: not _left(place), "every page sent and drawn", within=30)
        last.kill()  # it has other things to do still
        _each_page_stands_once(place)
        has_no_double(place.sandbox)


def _left(place: Elsewhere) -> bool:
    rows = table("outbox")
    pages = rows.select().where(rows.c.due_at.is_not(None), rows.c.kind.in_(["SendPage", "RefreshPage"]))
    with place.store.reading() as read:
        return read._connection.execute(pages.limit(1)).first() is not None


def _each_page_stands_once(place: Elsewhere) -> None:
    marked = Counter(key for _, message in _messages(place) for key in _marks(message))
    rows = table("outbox")
    with place.store.reading() as read:
        sent = list(read._connection.execute(rows.select().where(rows.c.kind == SendPage.__name__)))
    assert {row.state for row in sent} == {"sent"}
    assert {marked[f"{row.id}@{row.enqueued_at.isoformat()}"] for row in sent} == {1}

    pages = [page for incident in place.incidents() for page in incident.pages]
    assert len(pages) == len(sent) > STORM
    for person in {page.person for page in pages}:
        _has_each_once(place, person, [page for page in pages if page.person == person])


def _has_each_once(place: Elsewhere, person: str, pages: list[Page]) -> None:
    dm = place.person(person).dm()
    said = {str(each["ts"]): str(each["blocks"]) for each in place.sandbox.messages(dm) if is_page(each)}
    for number in {_number(page) for page in pages}:
        standing = sorted(ts for ts, text in said.items() if re.search(rf"\bINC-{number}\b", text))
        assert standing == sorted(page.message.ts for page in pages if page.message and _number(page) == number)
    for page in pages:
        assert page.message is not None
        if page.is_open:
            assert f'"{page.id}"' in said[page.message.ts], "it has its button there"


def _number(page: Page) -> str:
    return page.id.split("-")[0]


def _messages(place: Elsewhere) -> Iterator[tuple[str, Any]]:
    with place.sandbox.workspace.lock:
        for channel in place.sandbox.workspace.channels.values():
            for message in channel.messages.values():
                yield channel.id, message


def _marks(message: Any) -> list[str]:
    return str(message.metadata["event_payload"]["key"]).split() if message.metadata else []
