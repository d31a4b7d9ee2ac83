"""Waiting on somebody: the clocks that the SLA names stand still, lose nothing and hide nothing."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.effects import Entry, Notice, SendReminder
from bot.core.events import IncidentEvent, IncidentWaitEnded, IncidentWaits
from bot.core.incident import ClockState
from bot.policy.model import Clock, Waiting
from tests.core.given import (
    NOON,
    WRITTEN,
    World,
    acknowledged,
    declared,
    history,
    hours,
    minutes,
    policy,
    reopened,
    resolved,
    severity,
)

PAUSING = policy(
    slas={
        "standard": {
            **WRITTEN["slas"]["standard"],
            "pause_while": {"waiting": ["customer"], "clocks": ["mitigate", "resolve"], "at_most": "2d"},
        }
    }
)


def waits(for_: timedelta, on: Waiting = Waiting.CUSTOMER, by: str = "amina", since: datetime = NOON) -> IncidentWaits:
    return IncidentWaits(number=1, by=by, on=on, until=since + for_, reason="They send the file.")


def goes_on(by: str = "amina") -> IncidentEvent:
    return IncidentWaitEnded(number=1, by=by)


def world(*happened: IncidentEvent | timedelta) -> World:
    return history(declared(), acknowledged(), *happened, policy=PAUSING)


def test_a_wait_moves_the_due_time_by_its_length_and_no_other_clock() -> None:
    waiting = world(waits(hours(3)))
    assert waiting.clock(Clock.RESOLVE).due == NOON + hours(11)
    assert waiting.clock(Clock.RESOLVE).state is ClockState.PAUSED
    assert waiting.clock(Clock.FIRST_UPDATE).due == NOON + minutes(16)


def test_nobody_is_warned_of_a_clock_that_stands_still() -> None:
    waiting = world(waits(hours(30))).passes(hours=29)
    assert not [said for said in waiting.done(SendReminder) if said.clock in (Clock.MITIGATE, Clock.RESOLVE)]


def test_when_its_time_is_up_the_clocks_run_on_by_themselves_and_it_is_said_once() -> None:
    waiting = world(waits(hours(3))).passes(hours=4)
    assert waiting.incident.waiting is None
    assert waiting.clock(Clock.RESOLVE).state is ClockState.RUNNING
    assert waiting.notices.count(Notice.WAITING_ENDED) == 1
    assert waiting.entry(Entry.WAITING_ENDED).by is None


def test_the_due_time_does_not_hang_on_the_tick_that_ends_the_wait() -> None:
    slept = world(waits(hours(3))).sleeps(hours=5)
    assert slept.clock(Clock.RESOLVE).due == NOON + hours(11)


def test_a_wait_that_ends_early_moves_the_due_time_by_what_it_was() -> None:
    waiting = world(waits(hours(3))).passes(hours=1).happens(goes_on())
    assert waiting.clock(Clock.RESOLVE).due == NOON + hours(9)
    assert waiting.facts(Notice.WAITING_ENDED)["by"] == "amina"


def test_waiting_hides_no_breach_that_has_happened() -> None:
    waiting = world(hours(3), waits(hours(20)))
    assert waiting.clock(Clock.MITIGATE).breached_at == NOON + hours(2)
    assert waiting.clock(Clock.MITIGATE).state is ClockState.BREACHED


def test_a_wait_that_no_clock_stands_still_for_is_said_to_be_one() -> None:
    waiting = world(waits(hours(3), on=Waiting.ENGINEERING))
    assert waiting.clock(Clock.RESOLVE).due == NOON + hours(8)
    assert "stands" not in waiting.facts(Notice.WAITING)


def test_what_is_resolved_waits_on_nobody() -> None:
    waiting = world(waits(hours(3))).passes(hours=1).happens(resolved()).passes(hours=1)
    waiting.happens(reopened())
    assert waiting.incident.waiting is None
    assert waiting.clock(Clock.RESOLVE).due == NOON + hours(10)


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (waits(hours(49)), "at most 2d"),
        (waits(hours(0)), "ends in the future"),
        (waits(hours(1), by="luis"), ""),
        (waits(hours(1), by="U0NOBODY"), "Only those who work on INC-1"),
        (goes_on(), "does not wait on anybody"),
    ],
)
def test_what_is_not_allowed_is_refused_with_the_reason(event: IncidentEvent, why: str) -> None:
    asked = world().happens(event)
    assert (asked.refusal is None) == (why == "")
    assert why in (asked.refusal or "")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 90), st.booleans()), max_size=6))
def test_waits_at_any_instants_lose_and_gain_no_second(waited: list[tuple[int, int, bool]]) -> None:
    """Each wait begins so many seconds after the last and is ended by hand or runs out."""
    going = world()
    still = timedelta()
    for gap, length, by_hand in waited:
        going.passes(minutes=gap / 60)
        asked = waits(timedelta(seconds=length), since=going.now)
        going.happens(asked)
        lasted = timedelta(seconds=length // 2 if by_hand else length)
        going.passes(minutes=lasted.total_seconds() / 60)
        if by_hand:
            going.happens(goes_on())
        still += lasted
    assert going.clock(Clock.RESOLVE).due == NOON + hours(8) + still


def test_a_share_that_a_raised_severity_has_used_is_said_only_when_the_clock_runs_on() -> None:
    """Its timer waits for the end of the wait, too: at once it would ring for ever."""
    waiting = history(declared("sev2"), acknowledged(), hours(7), policy=PAUSING)
    waiting.happens(waits(hours(2), since=waiting.now), severity("sev1")).forget()
    assert waiting.clock(Clock.RESOLVE).state is ClockState.PAUSED
    said = [each.share for each in waiting.passes(hours=1).done(SendReminder) if each.clock is Clock.RESOLVE]
    assert said == []
    said = [each.share for each in waiting.passes(hours=1).done(SendReminder) if each.clock is Clock.RESOLVE]
    assert said == [0.75]
