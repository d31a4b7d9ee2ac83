"""The sandbox clock: held or running, jumped or run forward, and never back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clock import SandboxClock

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_a_held_clock_stands_until_it_is_moved() -> None:
    clock = SandboxClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(minutes=5))
    assert clock.now() == NOON + timedelta(minutes=5)


def test_a_clock_that_is_not_held_is_real_time_and_an_offset() -> None:
    clock = SandboxClock()
    clock.advance(timedelta(days=1))
    ahead = clock.now() - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < ahead <= timedelta(days=1)


def test_time_never_goes_back() -> None:
    clock = SandboxClock(NOON)
    with pytest.raises(ValueError, match="only goes forward"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="only goes forward"):
        clock.run_forward(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="aware"):
        SandboxClock(datetime(2026, 1, 5))  # noqa: DTZ001  # that it is naive is the point


def test_subscribers_hear_of_each_move_until_they_leave() -> None:
    clock, heard = SandboxClock(NOON), []

    def hear() -> None:
        heard.append(clock.now())

    clock.subscribe(hear)
    clock.advance(timedelta(seconds=1))
    clock.unsubscribe(hear)
    clock.advance(timedelta(seconds=1))
    assert heard == [NOON + timedelta(seconds=1)]


def test_a_run_takes_small_steps_and_a_second_run_follows_the_first() -> None:
    clock, steps, arrived = SandboxClock(NOON), [], threading.Event()

    def hear() -> None:
        steps.append((clock.now() - NOON).total_seconds())
        if steps[-1] == 50:
            arrived.set()

    clock.subscribe(hear)
    clock.run_forward(timedelta(seconds=40), step=timedelta(seconds=15), pause=0)
    clock.run_forward(timedelta(seconds=10), step=timedelta(seconds=10), pause=0)
    assert arrived.wait(5)
    assert steps == [15, 30, 40, 50]


def test_a_run_can_be_ended() -> None:
    clock = SandboxClock(NOON)
    clock.run_forward(timedelta(days=1), step=timedelta(seconds=1), pause=5)
    clock.stop()
    assert clock.now() <= NOON + timedelta(seconds=1)
    clock.advance(timedelta(seconds=1))
