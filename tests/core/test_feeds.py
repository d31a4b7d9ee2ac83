"""Calendars of others: the last good copy counts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.core.decision import Decision
from bot.core.effects import SetTimer, Tell
from bot.core.feeds import READ_AGAIN_AFTER, FeedCopy, decide, feed_of
from bot.core.oncall_effects import FetchFeed
from bot.core.oncall_events import FeedEvent, FeedFellDue, FeedRead, FeedUnread, PlanReviewed, ShiftFellDue
from bot.policy.model import FeedShift, Policy
from tests.core.rota import DAY, NOON, policy, turns

HOLIDAYS = "https://calendar.example.com/holidays.ics"
OTHER = "https://calendar.example.com/other.ics"
FETCH = FetchFeed(schedule="l1", layer="holidays")
NEWS = (Tell(event=PlanReviewed(schedule="l1")), Tell(event=ShiftFellDue(schedule="l1")))
FELL_DUE = FeedFellDue(schedule="l1", layer="holidays")
UNREAD = FeedUnread(schedule="l1", layer="holidays", why="The calendar answered 500.")
SHIFT = FeedShift(start=NOON + DAY, end=NOON + 2 * DAY, people=("sita",))
EMPTY = FeedCopy("l1", "holidays", HOLIDAYS)
GOOD = FeedCopy("l1", "holidays", HOLIDAYS, shifts=(SHIFT,), unknown=("Somebody",), read_at=NOON, tried_at=NOON)
LATER = NOON + timedelta(hours=1)


def fed(address: str = HOLIDAYS) -> Policy:
    layer: dict[str, Any] = {"name": "holidays", "time_zone": "UTC", "feed": {"ical": address}}
    return policy(l1={"layers": [layer, turns(["amina"])]})


def read(*shifts: FeedShift, unknown: tuple[str, ...] = ()) -> FeedRead:
    return FeedRead(schedule="l1", layer="holidays", shifts=shifts, unknown=unknown)


def decided(copy: FeedCopy | None, event: FeedEvent, policy: Policy | None = None) -> Decision[FeedCopy | None]:
    return decide(copy, event, LATER, policy or fed())


AGAIN = SetTimer(key="feed:l1:holidays", due=LATER + READ_AGAIN_AFTER, event=FELL_DUE)


def test_a_calendar_that_falls_due_is_fetched_and_falls_due_again() -> None:
    assert decided(None, FELL_DUE) == Decision(EMPTY, (FETCH, AGAIN))
    assert decided(GOOD, FELL_DUE) == Decision(GOOD, (FETCH, AGAIN))


def test_what_was_read_is_kept_and_the_schedule_is_looked_at_anew() -> None:
    after = FeedCopy("l1", "holidays", HOLIDAYS, (SHIFT,), ("Somebody",), read_at=LATER, tried_at=LATER)
    assert decided(EMPTY, read(SHIFT, unknown=("Somebody",))) == Decision(after, (AGAIN, *NEWS))


def test_a_calendar_that_says_the_same_is_news_to_nobody() -> None:
    decision = decided(GOOD, read(SHIFT, unknown=("Somebody",)))
    assert decision.effects == (AGAIN,)
    assert decision.state is not None
    assert (decision.state.shifts, decision.state.read_at) == ((SHIFT,), LATER)


def test_a_calendar_that_is_empty_by_now_is_news() -> None:
    assert decided(GOOD, read()).effects == (AGAIN, *NEWS)


def test_a_calendar_that_cannot_be_read_keeps_the_last_good_copy_and_says_why() -> None:
    after = FeedCopy(
        "l1", "holidays", HOLIDAYS, (SHIFT,), ("Somebody",), NOON, tried_at=LATER, problem="The calendar answered 500."
    )
    assert decided(GOOD, UNREAD) == Decision(after, (AGAIN,))


def test_a_calendar_that_was_never_read_has_no_good_copy() -> None:
    after = decided(None, UNREAD).state
    assert after is not None
    assert (after.read_at, after.shifts, after.problem) == (None, (), "The calendar answered 500.")


def test_what_was_wrong_is_forgotten_once_it_is_read() -> None:
    after = decided(decided(GOOD, UNREAD).state, read(SHIFT)).state
    assert after is not None
    assert (after.problem, after.unknown) == ("", ())


@pytest.mark.parametrize(("event", "problem"), [(FELL_DUE, ""), (UNREAD, "The calendar answered 500.")])
def test_the_copy_of_another_address_is_forgotten(event: FeedEvent, problem: str) -> None:
    after = decided(GOOD, event, fed(OTHER)).state
    assert after is not None
    assert (after.address, after.shifts, after.read_at, after.problem) == (OTHER, (), None, problem)


def test_the_first_copy_of_another_address_is_news() -> None:
    assert decided(GOOD, read(SHIFT), fed(OTHER)).effects == (AGAIN, *NEWS)


@pytest.mark.parametrize(
    "gone", [policy(), policy(l1=None), policy(l1={"layers": [turns(["amina"], name="holidays")]})]
)
@pytest.mark.parametrize("event", [FELL_DUE, UNREAD, read(SHIFT)])
def test_a_layer_that_is_taken_out_is_forgotten_and_read_no_more(gone: Policy, event: FeedEvent) -> None:
    assert decided(GOOD, event, gone) == Decision(None)


def test_the_feed_of_a_layer_is_found() -> None:
    found = feed_of("l1", "holidays", fed())
    assert found is not None
    assert found.ical == HOLIDAYS
    assert [feed_of(*place, fed()) for place in (("l1", "turns"), ("l1", "gone"), ("l9", "holidays"))] == [None] * 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unheard(FeedEvent):
    pass


def test_an_event_that_nobody_decides_is_a_loud_fault() -> None:
    with pytest.raises(TypeError, match="no decision for _Unheard"):
        decided(GOOD, _Unheard(schedule="l1", layer="holidays"))
