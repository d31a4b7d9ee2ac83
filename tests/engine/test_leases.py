"""Leases: who is slow keeps what it has, who is dead loses it, and nobody's late answer counts."""

import os
import platform
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.effects import CreateChannel, Entry, PublishHome
from bot.core.events import ChannelCreated
from bot.engine.deliver import LEASE, Answer, Deliverer, GiveUp, Sent, TryAgain
from bot.engine.engine import Engine
from tests.engine.build import HeldClock, World, declared, failing, outbox, receipt, stored
from tests.engine.conftest import Deliver

HOME = PublishHome(person="amina")
HERE = platform.node()


@pytest.fixture
def other_world() -> World:
    return World()


@pytest.fixture
def others(another_engine: Engine, other_world: World, deliver: Deliver) -> Deliverer:
    """The deliverer of another process; it looks into the outbox when it is woken."""
    deliverer = deliver(another_engine, other_world)
    deliverer.settle()
    return deliverer


@pytest.fixture
def dead() -> int:
    """The number of a process that no longer runs."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


@pytest.fixture
def alive() -> Iterator[int]:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:  # ends when nobody writes to it any more
        yield process.pid


def claim(engine: Engine, owner: str) -> None:
    """Posts one message and leaves it claimed, as a process that was killed leaves it."""
    engine.post(HOME)
    with engine.store.transaction() as work:
        (parcel,) = work.claim(engine.clock.now(), LEASE, owner, 1, False)
    assert parcel.attempt == 1


def channel(engine: Engine) -> tuple[str, int]:
    found = outbox(engine.store, "kind", "state", "attempt")
    ((state, attempt),) = ((state, attempt) for kind, state, attempt in found if kind == "CreateChannel")
    return state, attempt


# Slow


def slowly_making_the_channel(
    engine: Engine, clock: HeldClock, world: World, deliver: Deliver, answer: Answer
) -> Deliverer:
    """At the second attempt to make the channel of INC-1, with nothing else under way; then it will answer so."""
    world.answers(CreateChannel, TryAgain("internal_error", timedelta(minutes=1)), answer)
    deliverer = deliver(engine, world)
    engine.handle(declared())
    deliverer.settle()
    slow = world.holds(CreateChannel)
    clock.passes(minutes=1)
    deliverer.wake()
    slow.wait_for()
    return deliverer


@pytest.mark.parametrize(
    "late", [Sent(ChannelCreated(number=1, channel="C-late", name="late")), TryAgain("timeout"), GiveUp("timeout")]
)
def test_a_lease_that_ran_out_is_taken_over_and_the_late_answer_is_ignored(
    engine: Engine,
    clock: HeldClock,
    world: World,
    deliver: Deliver,
    others: Deliverer,
    other_world: World,
    late: Answer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    deliverer = slowly_making_the_channel(engine, clock, world, deliver, late)
    clock.passes(seconds=30)
    others.wake()
    others.settle()
    assert other_world.times(CreateChannel) == 1
    assert channel(engine) == ("sent", 3)
    world.opens_all()
    deliverer.settle()
    assert channel(engine) == ("sent", 3)
    assert stored(engine.store).channel == "C1"
    with engine.store.reading() as read:
        assert Entry.GIVEN_UP not in [entry.what for entry in read.timeline(1)]
    assert "given up" not in caplog.text


def test_nothing_is_taken_over_before_its_lease_has_run_out(
    engine: Engine, clock: HeldClock, world: World, deliver: Deliver, others: Deliverer, other_world: World
) -> None:
    slow = world.holds(PublishHome)
    deliver(engine, world)
    engine.post(HOME)
    slow.wait_for()
    clock.passes(seconds=29)
    others.wake()
    others.settle()
    assert other_world.asked == []


def test_an_answer_that_comes_late_counts_if_nobody_has_taken_over(
    engine: Engine, clock: HeldClock, world: World, deliver: Deliver
) -> None:
    deliverer = slowly_making_the_channel(engine, clock, world, deliver, Sent(receipt(CreateChannel(number=1))))
    clock.passes(minutes=2)
    world.opens_all()
    deliverer.settle()
    assert channel(engine)[1] == 2
    assert stored(engine.store).channel == "C1"


def test_renewed_a_slow_call_is_not_taken_over(
    engine: Engine, clock: HeldClock, world: World, deliver: Deliver, others: Deliverer, other_world: World
) -> None:
    slow = world.holds(PublishHome)
    deliverer = deliver(engine, world)
    engine.post(HOME)
    slow.wait_for()
    for _ in range(3):
        clock.passes(seconds=20)
        deliverer.renew()
        others.wake()
        others.settle()
    assert other_world.asked == []
    world.opens_all()
    deliverer.settle()
    assert outbox(engine.store, "state", "attempt") == [("sent", 1)]


def test_only_what_is_under_way_is_renewed(
    engine: Engine, clock: HeldClock, world: World, deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    """What could not be noted is carried again when its lease ends, however busy the rest is."""
    made = world.holds(CreateChannel)
    made.opened.set()
    deliverer = deliver(engine, world)
    with failing(engine.store, "timeline_entry", "NEW.what = 'channel'"):
        engine.handle(declared())
        deliverer.settle()
    made.wait_for()
    assert "could not be noted" in caplog.text
    slow = world.holds(PublishHome)
    engine.post(HOME)
    slow.wait_for()
    clock.passes(seconds=20)
    deliverer.renew()
    clock.passes(seconds=10)
    deliverer.wake()
    made.wait_for()


# Dead


def test_what_a_dead_process_had_claimed_is_taken_over_at_the_start(
    engine: Engine, world: World, deliver: Deliver, dead: int
) -> None:
    claim(engine, f"{HERE}/{dead}/0a1b2c3d")
    deliver(engine, world).settle()
    assert [parcel.attempt for parcel in world.asked] == [2]
    assert outbox(engine.store, "state") == [("sent",)]


def test_what_an_earlier_life_of_this_process_number_had_claimed_is_taken_over(
    engine: Engine, world: World, deliver: Deliver
) -> None:
    """In a container the bot is process number 1 in each of its lives."""
    claim(engine, f"{HERE}/{os.getpid()}/0a1b2c3d")
    deliver(engine, world).settle()
    assert [parcel.attempt for parcel in world.asked] == [2]


def test_what_a_living_process_has_claimed_is_left_to_it(
    engine: Engine, world: World, deliver: Deliver, alive: int
) -> None:
    claim(engine, f"{HERE}/{alive}/0a1b2c3d")
    deliver(engine, world).settle()
    assert world.asked == []


def test_what_another_machine_has_claimed_is_left_to_it_until_the_lease_ends(
    engine: Engine, clock: HeldClock, world: World, deliver: Deliver, dead: int
) -> None:
    claim(engine, f"elsewhere/{dead}/0a1b2c3d")
    deliverer = deliver(engine, world)
    deliverer.settle()
    assert world.asked == []
    clock.passes(seconds=30)
    deliverer.wake()
    deliverer.settle()
    assert [parcel.attempt for parcel in world.asked] == [2]


# Side by side


def test_two_processes_share_the_work_and_do_nothing_twice(
    engine: Engine, world: World, deliver: Deliver, others: Deliverer, other_world: World
) -> None:
    deliverer = deliver(engine, world)
    posted = [PublishHome(person=f"person-{count}") for count in range(40)]
    for home in posted:
        engine.post(home)
        others.wake()
    deliverer.settle()
    others.settle()
    deliverer.wake()  # what the other one had looked at, and left, at the very end
    deliverer.settle()
    done = [
        parcel.effect.person for parcel in world.asked + other_world.asked if isinstance(parcel.effect, PublishHome)
    ]
    assert sorted(done) == sorted(home.person for home in posted)
    assert {state for (state,) in outbox(engine.store, "state")} == {"sent"}
