"""The watch over a schedule, and the handoffs it leaves behind."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.handoff import Handoff, HandoffItem, ItemState, ShiftWatch, Words
from bot.core.incident import Message
from bot.store.store import Store
from tests.store.build import NOW, declare, handoffs, minutes, watches
from tests.store.test_incidents import executed, written

ITEM = HandoffItem(1, "Scores are stale", "sev1", "triage", "amina")


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_a_watch_is_saved_whole(store: Store, data: st.DataObject) -> None:
    """Also that a new handoff comes, and the one that was the latest becomes the one before."""
    number = declare(store).number
    schedule, handoff, next_one = str(uuid4()), str(uuid4()), str(uuid4())
    before = data.draw(watches(schedule, handoff, number, st.none()))
    if before.handoff is not None and data.draw(st.booleans()):
        after = data.draw(watches(schedule, next_one, number, handoffs(schedule, handoff, number)))
    else:
        after = data.draw(watches(schedule, handoff, number, st.none()))
    with store.transaction() as work:
        work.save_watch(None, before)
        assert work.watch(schedule) == before
    with store.transaction() as work:
        work.save_watch(before, after)
    with store.reading() as reading:
        assert reading.watch(schedule) == after
        assert (reading.handoff(handoff) is None) == (before.handoff is None and after.handoff is None)


def test_a_schedule_that_nobody_watches_has_no_watch(store: Store) -> None:
    with store.reading() as reading:
        assert (reading.watch("l1"), reading.handoff("l1-1")) == (None, None)


def shift(name: str, at: datetime = NOW, schedule: str = "l1", **fields: Any) -> Handoff:
    return replace(Handoff(name, schedule, at, ("amina",), ("luis",), (ITEM,)), **fields)


def watch(*handed_over: Handoff) -> ShiftWatch:
    """The newest first; as the store has it after all of them."""
    latest, before = [*handed_over, None, None][:2]
    schedule = latest.schedule if latest else "l1"
    return ShiftWatch(schedule, ("luis",), "day", NOW + minutes(480), latest, before)


def keep(store: Store, *handed_over: Handoff) -> ShiftWatch:
    """One after the other, the newest first."""
    before: ShiftWatch | None = None
    with store.transaction() as work:
        for first in range(len(handed_over) - 1, -1, -1):
            after = watch(*handed_over[first:])
            work.save_watch(before, after)
            before = after
    assert before is not None
    return before


def test_older_handoffs_stay_and_the_watch_has_the_latest_two(store: Store) -> None:
    declare(store)
    first = shift("l1-1", message=Message("C1", "1.1"), words=Words("The churn model"), posted_at=NOW)
    second, third = (shift(f"l1-{number}", NOW + minutes(480 * number), items=(ITEM, ITEM)) for number in (2, 3))
    kept = keep(store, third, second, first)
    with store.reading() as reading:
        assert reading.handoff("l1-1") == first
        with executed() as statements:
            assert reading.watch("l1") == kept == watch(third, second)
    assert len([each for each in statements if each.startswith("SELECT")]) == 3


def test_what_was_answered_is_written_alone(store: Store) -> None:
    declare(store)
    before = keep(store, shift("l1-2", NOW + minutes(480), items=(ITEM, ITEM)), shift("l1-1"))
    assert before.handoff is not None
    taken = replace(ITEM, state=ItemState.ACCEPTED, answered_by="luis", answered_at=NOW)
    after = replace(before, handoff=replace(before.handoff, items=(ITEM, taken)))
    with store.transaction() as work, written() as statements:
        work.save_watch(before, after)
    assert [statement.split(" SET")[0] for statement in statements] == ["UPDATE handoff_item"]


def test_handoffs_are_looked_back_at_newest_first_in_two_statements(store: Store) -> None:
    declare(store)
    times = {name: NOW + minutes(60 * hour) for hour, name in enumerate(("l1-1", "l1-2", "l1-3"))}
    found = [shift(name, at) for name, at in times.items()]
    other = shift("l2-1", NOW + minutes(90), "l2", items=())
    keep(store, *reversed(found))
    keep(store, other)
    with store.reading() as reading:
        with executed() as statements:
            assert reading.handoffs(NOW + minutes(60)) == [found[2], other, found[1]]
        assert len([each for each in statements if each.startswith("SELECT")]) == 2
        assert reading.handoffs(NOW, "l1") == found[::-1]
        assert reading.handoffs(NOW + minutes(60), "l2") == [other]
        assert reading.handoffs(NOW, "l3") == []
