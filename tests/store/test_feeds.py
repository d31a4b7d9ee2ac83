"""Copies of the calendars of others: kept whole, watched without their shifts, and their addresses kept secret."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.feeds import FeedCopy
from bot.policy.model import FeedShift
from bot.store.feeds import FeedMark
from bot.store.store import Store
from tests.store.build import NOW, feeds, minutes

SECRET = "https://calendars.example.com/team.ics?token=s3cret"
EARLY = FeedShift(start=NOW, end=NOW + minutes(60), people=("amina",))
LATE = FeedShift(start=NOW + minutes(60), end=NOW + minutes(120), people=("luis", "sita"))
EMPTY = FeedCopy("l1", "day", SECRET)
READ = replace(EMPTY, shifts=(EARLY, LATE), unknown=("Holiday",), read_at=NOW, tried_at=NOW)


def save(store: Store, before: FeedCopy | None, after: FeedCopy | None) -> FeedMark | None:
    """What is known of it afterwards."""
    with store.transaction() as work:
        work.save_feed(before, after)
    with store.reading() as reading:
        return reading.feed_marks().get(("l1", "day"))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_a_copy_is_saved_whole(store: Store, data: st.DataObject) -> None:
    schedule, layer = str(uuid4()), str(uuid4())
    before, after = data.draw(feeds(schedule, layer)), data.draw(feeds(schedule, layer))
    with store.transaction() as work:
        assert work.feed(schedule, layer) is None
        work.save_feed(None, before)
        assert work.feed(schedule, layer) == before
    with store.transaction() as work:
        work.save_feed(before, after)
    with store.reading() as reading:
        assert reading.feed(schedule, layer) == after
        assert reading.feed_shifts(schedule, layer) == after.shifts


def test_a_mark_says_what_is_known_of_each_calendar(store: Store) -> None:
    assert save(store, None, EMPTY) == FeedMark(SECRET, None, None, "", (), None)
    read = save(store, EMPTY, READ)
    assert read == FeedMark(SECRET, NOW, NOW, "", ("Holiday",), NOW)
    other = replace(EMPTY, layer="night")
    with store.transaction() as work:
        work.save_feed(None, other)
    with store.reading() as reading:
        assert reading.feed_marks() == {
            ("l1", "day"): read,
            ("l1", "night"): FeedMark(SECRET, None, None, "", (), None),
        }


def test_the_last_good_copy_outlives_a_failure(store: Store) -> None:
    save(store, None, READ)
    failed = replace(READ, tried_at=NOW + minutes(5), problem="It answers 500.")
    assert save(store, READ, failed) == FeedMark(SECRET, NOW, NOW + minutes(5), "It answers 500.", ("Holiday",), NOW)
    with store.reading() as reading:
        assert reading.feed_shifts("l1", "day") == (EARLY, LATE)


@pytest.mark.parametrize(
    ("shifts", "changed"),
    [((EARLY, LATE), NOW), ((EARLY,), NOW + minutes(5)), ((), NOW + minutes(5)), ((LATE, EARLY), NOW + minutes(5))],
)
def test_a_copy_with_other_shifts_has_changed(store: Store, shifts: tuple[FeedShift, ...], changed: object) -> None:
    save(store, None, READ)
    again = replace(READ, shifts=shifts, read_at=NOW + minutes(5), tried_at=NOW + minutes(5))
    mark = save(store, READ, again)
    assert mark is not None
    assert (mark.read_at, mark.changed_at) == (NOW + minutes(5), changed)


def test_other_shifts_read_at_the_same_instant_are_told_apart(store: Store) -> None:
    first = save(store, None, READ)
    second = save(store, READ, replace(READ, shifts=(LATE,)))
    assert first is not None
    assert second is not None
    assert first.changed_at != second.changed_at


def test_an_empty_calendar_has_been_read_too(store: Store) -> None:
    save(store, None, EMPTY)
    mark = save(store, EMPTY, replace(EMPTY, read_at=NOW, tried_at=NOW))
    assert mark is not None
    assert mark.changed_at == NOW


def test_another_address_begins_without_shifts(store: Store) -> None:
    save(store, None, READ)
    assert save(store, READ, replace(EMPTY, address="team.ics")) == FeedMark("team.ics", None, None, "", (), None)
    with store.reading() as reading:
        assert reading.feed_shifts("l1", "day") == ()


def test_a_calendar_that_is_no_longer_configured_is_forgotten(store: Store) -> None:
    save(store, None, READ)
    assert save(store, READ, None) is None
    with store.reading() as reading:
        assert (reading.feed("l1", "day"), reading.feed_shifts("l1", "day")) == (None, ())


def test_an_address_stands_in_no_message(store: Store) -> None:
    mark = save(store, None, READ)
    with pytest.raises(Exception, match=r"(?i)unique") as refused:
        save(store, None, READ)
    assert "s3cret" not in f"{refused.value} {mark}"


def test_what_two_processes_read_at_once_is_not_lost(store: Store, another_store: Store) -> None:
    def read(opened: Store) -> None:
        for _ in range(10):
            with opened.transaction() as work:
                before = work.feed("l1", "day")
                work.save_feed(before, replace(before or EMPTY, unknown=((*before.unknown, "x") if before else ("x",))))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(read, [store, another_store, store, another_store]))
    with store.reading() as reading:
        assert reading.feed_marks()["l1", "day"].unknown == ("x",) * 40
