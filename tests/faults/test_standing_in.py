"""Standing in, though the bot is killed or two act at once: one stands, and everybody concerned is told once."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from bot.core.oncall_events import CoverAsked, OverrideSet, ShiftFellDue, StandInAccepted, StandInEvent
from bot.engine.engine import Engine, Outcome
from bot.policy.model import Policy
from bot.sandbox.clock import SandboxClock
from bot.sandbox.refusals import Refused
from bot.store.store import Store
from tests.databases import Postgres
from tests.engine.build import wait_for_locks
from tests.faults.lives import Lives, bot_at, wait_for
from tests.faults.worlds import ImpatientWorld, env, has_no_double
from tests.flows.people import Someone
from tests.flows.reading import buttons, label
from tests.flows.seen import Message
from tests.flows.world import MONDAY


def takes_it(offer: Message) -> None:
    """Clicks; whether an answer comes back is not for them to say, for the bot may die over it."""
    (button,) = (each for each in buttons(offer.raw["blocks"]) if label(each) == "I take it")
    acts = offer.someone.world.stage.person(offer.someone.key)
    acts.click(offer.channel, offer.ts, button["action_id"], button["value"])


@pytest.mark.parametrize(
    ("method", "when"),
    [("chat.postMessage", "before"), ("chat.postMessage", "after"), ("usergroups.users.update", "before")],
)
def test_killed_after_a_cover_was_accepted_everybody_is_told_once_and_the_group_follows(
    method: str, when: str, world: ImpatientWorld, luis: Someone, database: str, lives: Lives
) -> None:
    luis.types("/oncall cover me l1 now for 2h")
    brian = world.person("brian")
    offer = brian.sees("@Luis Herrera asks you to cover First line")
    world.stops_the_bot()
    sandbox = world.stage.sandbox
    life = lives.of(bot_at, world.now, env=env(sandbox, database))
    life.is_ready()
    wait_for(lambda: world.backlog() == (0, 0, 0), "an empty outbox")
    died: list[str] = []

    def kill(called: str, args: dict[str, Any], at: str) -> None:
        if not died and (called, at) == (method, when):
            died.append(called)
            life.kill()
            if when == "before":
                raise Refused("internal_error")  # to nobody: it was never carried out

    sandbox.on_call(kill)
    takes_it(offer)
    assert life.ends() == -signal.SIGKILL, life.log
    world.starts_the_bot()
    assert world.backlog() == (0, 0, 0)
    assert luis.counts("@Brian Kiprop took the cover on First line") == 1
    assert offer.now().shows("You took the cover on First line").labels == ["Undo"]
    world.person("camila").sees("@Brian Kiprop took the cover")
    has_no_double(sandbox)
    group = sandbox.group_named("@oncall-l1")
    assert group is not None
    assert group["users"] == [brian.id]


# Two processes


@pytest.fixture
def two(policy: Policy, postgres: Postgres) -> Iterator[tuple[Engine, Engine]]:
    """On one PostgreSQL, as two processes have it open."""
    address = postgres.migrated()
    with ExitStack() as closing:
        stores = (Store(address), Store(address))
        for store in stores:
            closing.callback(store.close)
        first, second = (Engine(store, policy, SandboxClock(held_at=MONDAY)) for store in stores)
        yield first, second


def at_once(two: tuple[Engine, Engine], *events: StandInEvent) -> list[Outcome]:
    """Each is in the middle of it when the other begins."""
    with ThreadPoolExecutor(2) as threads:
        with two[0].store.transaction() as work:
            work.lock(ShiftFellDue(schedule="l1"))
            begun = [threads.submit(engine.handle, event) for engine, event in zip(two, events, strict=True)]
            wait_for_locks(two[1].store, 2)
        return [each.result() for each in begun]


def test_of_two_overrides_that_overlap_one_stands(two: tuple[Engine, Engine]) -> None:
    brian, bikash = (
        OverrideSet(schedule="l1", by="amina", person=person, start=start, end=start + timedelta(hours=3))
        for person, start in (("brian", MONDAY), ("bikash", MONDAY + timedelta(hours=1)))
    )
    refusals = [outcome.refusal for outcome in at_once(two, brian, bikash)]
    assert refusals.count(None) == 1
    with two[0].store.reading() as read:
        (standing,) = read.overrides(MONDAY)
        made = read.stand_ins("l1", 10)
    assert standing.person == ("brian", "bikash")[refusals.index(None)]
    assert [each.overrides() for each in made] == [(standing,)]
    (refusal,) = (each for each in refusals if each is not None)
    assert refusal.startswith(f"@[{standing.person}] stands in for a part of that time already (change {standing.id})")


def test_of_two_who_take_a_cover_one_has_it(two: tuple[Engine, Engine]) -> None:
    asked = two[0].handle(CoverAsked(schedule="l1", by="luis", start=MONDAY, end=MONDAY + timedelta(hours=2)))
    assert asked.refusal is None
    brian, camila = (StandInAccepted(schedule="l1", id=1, by=person) for person in ("brian", "camila"))
    refusals = [outcome.refusal for outcome in at_once(two, brian, camila)]
    winner = ("brian", "camila")[refusals.index(None)]
    assert sorted(refusals, key=str) == [f"@[{winner}] was first and has it already.", None]
    with two[1].store.reading() as read:
        assert [each.person for each in read.overrides(MONDAY)] == [winner]
