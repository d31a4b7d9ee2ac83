"""Instants put right by hand: the clocks are counted as if it had been so from the start."""

from datetime import datetime

import pytest

from bot.core.effects import Entry, Notice
from bot.core.events import InstantCorrected
from bot.core.history import Moment
from bot.policy.model import Clock
from tests.core.given import NOON, acknowledged, declared, history, hours, minutes, resolved


def correct(moment: Moment, to: datetime, by: str = "amina") -> InstantCorrected:
    return InstantCorrected(number=1, by=by, moment=moment, to=to, reason="By phone.")


def test_an_acknowledgement_by_phone_is_in_time_when_it_was() -> None:
    world = history(declared(), minutes(10), acknowledged())
    assert world.clock(Clock.ACKNOWLEDGE).breached_at is not None
    world.happens(correct(Moment.ACKNOWLEDGED, NOON + minutes(3)))
    held = world.clock(Clock.ACKNOWLEDGE)
    assert (held.met_at, held.breached_at) == (NOON + minutes(3), None)
    assert world.incident.acknowledged_at == NOON + minutes(3)


def test_the_correction_stands_beside_what_it_corrects() -> None:
    world = history(declared(), minutes(10), acknowledged(), correct(Moment.ACKNOWLEDGED, NOON + minutes(3)))
    assert world.entries.count(Entry.ACKNOWLEDGED) == 1
    entry = world.entry(Entry.CORRECTED)
    assert (entry.old, entry.new) == (
        "acknowledged 2026-03-02T12:10:00+00:00",
        "acknowledged 2026-03-02T12:03:00+00:00",
    )
    assert world.facts(Notice.CORRECTED)["note"] == "By phone."


def test_an_earlier_declaration_counts_from_then() -> None:
    world = history(declared(), minutes(1), correct(Moment.DECLARED, NOON - hours(1)))
    assert world.clock(Clock.RESOLVE).due == NOON + hours(7)
    assert world.incident.started_at == NOON - hours(1)


def test_a_resolution_that_was_earlier_may_have_been_in_time() -> None:
    world = history(declared(), hours(9), resolved(), correct(Moment.RESOLVED, NOON + hours(7)))
    assert world.clock(Clock.RESOLVE).breached_at is None
    assert world.clock(Clock.RESOLVE).met_at == NOON + hours(7)


@pytest.mark.parametrize(
    ("moment", "at", "why"),
    [
        (Moment.ACKNOWLEDGED, NOON + hours(30), "future"),
        (Moment.ACKNOWLEDGED, NOON - minutes(1), "before it was declared"),
        (Moment.ACKNOWLEDGED, NOON + minutes(10), "at that very time"),
        (Moment.MITIGATED, NOON + hours(3), "after it was resolved"),
        (Moment.DECLARED, NOON + minutes(11), "before it was declared"),
    ],
)
def test_what_cannot_have_been_is_refused(moment: Moment, at: datetime, why: str) -> None:
    world = history(declared(), minutes(10), acknowledged(), hours(1), resolved(), hours(3)).happens(
        correct(moment, at)
    )
    assert why in (world.refusal or "")


def test_what_has_not_happened_cannot_be_corrected() -> None:
    assert "not resolved yet" in (history(declared()).happens(correct(Moment.RESOLVED, NOON)).refusal or "")
