"""The pulse: it beats when something falls due, outlives its faults, and is known to be dead when it is."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event

import pytest

from bot.core.effects import PublishHome
from bot.core.events import SilenceFellDue
from bot.engine.deliver import Deliverer, TryAgain
from bot.engine.engine import Engine
from bot.engine.pulse import ALIVE_WITHIN, BEAT, FORGET_AFTER, Pulse
from tests.engine.build import HeldClock, World, declared, hidden, incident, outbox, stored, timers
from tests.engine.conftest import Deliver

HARMLESS = SilenceFellDue(number=1)  # there is no such incident, so nothing comes of it
SOONER = BEAT.total_seconds() - 1  # seconds: whatever comes within them does not come from the regular beat

Start = Callable[[Pulse], None]


@pytest.fixture
def deliverer(engine: Engine, world: World, deliver: Deliver) -> Deliverer:
    return deliver(engine, world)


@pytest.fixture
def pulse(engine: Engine, deliverer: Deliverer) -> Pulse:
    """Not started: it beats when the test says so."""
    return Pulse(engine, deliverer)


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Pulse] = []

    def started(pulse: Pulse) -> None:
        pulse.start()
        running.append(pulse)

    yield started
    for pulse in running:
        pulse.stop()


def set_timer(engine: Engine, after: timedelta) -> None:
    with engine.store.transaction() as work:
        work.set_timer("harmless", engine.clock.now() + after, HARMLESS)


def test_a_beat_handles_what_is_due(engine: Engine, clock: HeldClock, pulse: Pulse) -> None:
    engine.handle(declared())
    clock.passes(minutes=5)
    pulse.beat()
    assert [page.person for page in stored(engine.store).pages] == ["luis", "brian"]


def test_a_beat_wakes_the_deliverer_for_what_may_be_tried_again(
    engine: Engine, clock: HeldClock, world: World, deliverer: Deliverer, pulse: Pulse
) -> None:
    world.answers(PublishHome, TryAgain("ratelimited", timedelta(minutes=1)))
    engine.post(PublishHome(person="amina"))
    deliverer.settle()
    clock.passes(minutes=1)
    pulse.beat()
    deliverer.settle()
    assert world.times(PublishHome) == 2


def test_beats_keep_a_slow_call_from_being_taken_over(
    engine: Engine,
    another_engine: Engine,
    clock: HeldClock,
    world: World,
    deliver: Deliver,
    deliverer: Deliverer,
    pulse: Pulse,
) -> None:
    other_world = World()
    others = deliver(another_engine, other_world)
    others.settle()
    slow = world.holds(PublishHome)
    engine.post(PublishHome(person="amina"))
    slow.wait_for()
    for _ in range(12):
        clock.passes(seconds=BEAT.total_seconds())
        pulse.beat()
        others.wake()
        others.settle()
    assert other_world.asked == []
    assert world.times(PublishHome) == 1


# Waking


def test_it_wakes_when_the_next_timer_falls_due(engine: Engine, clock: HeldClock, pulse: Pulse, start: Start) -> None:
    """Counted on the engine's clock, which may be another than the machine's."""
    clock.passes(days=36525)
    set_timer(engine, timedelta(milliseconds=50))
    handled = Event()
    engine.on_commit(handled.set)
    start(pulse)
    assert not handled.is_set()
    clock.passes(milliseconds=50)
    assert handled.wait(SOONER)
    assert timers(engine.store) == []


def test_what_is_decided_while_it_runs_moves_the_alarm(
    engine: Engine, clock: HeldClock, pulse: Pulse, start: Start
) -> None:
    set_timer(engine, timedelta(seconds=4))
    start(pulse)
    set_timer(engine, timedelta(milliseconds=50))
    engine.committed()
    handled = Event()
    engine.on_commit(handled.set)
    clock.passes(milliseconds=50)
    assert handled.wait(SOONER - 1)
    assert timers(engine.store) == []


def test_it_wakes_for_a_delivery_that_may_be_tried_again(
    engine: Engine, clock: HeldClock, world: World, deliverer: Deliverer, pulse: Pulse, start: Start
) -> None:
    world.answers(PublishHome, TryAgain("ratelimited", timedelta(milliseconds=50)))
    home = world.holds(PublishHome)
    home.opened.set()
    start(pulse)
    engine.post(PublishHome(person="amina"))
    home.wait_for()
    deliverer.settle()
    clock.passes(milliseconds=50)
    assert home.reached.acquire(timeout=SOONER)
    deliverer.settle()
    assert outbox(engine.store, "state", "attempt") == [("sent", 2)]


def test_what_was_due_before_the_start_is_handled_by_the_first_beat(
    engine: Engine, clock: HeldClock, pulse: Pulse, start: Start
) -> None:
    engine.handle(declared())
    clock.passes(minutes=5)
    start(pulse)
    assert [page.person for page in stored(engine.store).pages] == ["luis", "brian"]


def test_once_stopped_it_handles_nothing_more(engine: Engine, clock: HeldClock, pulse: Pulse) -> None:
    pulse.start()
    pulse.stop()
    engine.handle(declared())  # nobody is hindered by a pulse that has stopped
    clock.passes(minutes=5)
    pulse.beat()
    assert [page.person for page in stored(engine.store).pages] == ["luis"]


# Faults


def test_a_beat_that_fails_is_logged_and_the_next_one_works(
    engine: Engine, clock: HeldClock, pulse: Pulse, caplog: pytest.LogCaptureFixture
) -> None:
    engine.handle(declared())
    clock.passes(minutes=5)
    with hidden(engine.store, "timer"):
        pulse.beat()
    assert "a beat of the pulse failed" in caplog.text
    assert [page.person for page in stored(engine.store).pages] == ["luis"]
    pulse.beat()
    assert [page.person for page in stored(engine.store).pages] == ["luis", "brian"]


def test_it_is_alive_as_long_as_its_beats_succeed(engine: Engine, deliverer: Deliverer) -> None:
    seconds = 0.0
    pulse = Pulse(engine, deliverer, elapsed=lambda: seconds)
    limit = ALIVE_WITHIN.total_seconds()
    assert pulse.is_alive
    seconds = limit - 1
    pulse.beat()
    seconds += limit - 1
    assert pulse.is_alive
    seconds += 1
    assert not pulse.is_alive
    with hidden(engine.store, "timer"):
        pulse.beat()
    assert not pulse.is_alive
    pulse.beat()
    assert pulse.is_alive


# Tidying up


def test_what_was_handled_and_sent_is_forgotten_after_a_while(
    engine: Engine, clock: HeldClock, deliverer: Deliverer, pulse: Pulse
) -> None:
    engine.handle(declared(), envelope="e1")
    deliverer.settle()
    clock.passes(seconds=FORGET_AFTER.total_seconds())
    pulse.tidy()
    assert incident(engine.handle(declared(), envelope="e1")).number == 1
    clock.passes(seconds=1)
    pulse.tidy()
    assert outbox(engine.store, "id") == []
    assert incident(engine.handle(declared(), envelope="e1")).number == 2
