"""The watch over a schedule, and the handoffs it leaves behind."""

from dataclasses import replace
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.handoff import Handoff, HandoffItem, ShiftWatch
from bot.core.incident import Message
from bot.store.store import Store
from tests.store.build import NOW, declare, minutes, watches


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_a_watch_is_saved_whole(store: Store, data: st.DataObject) -> None:
    number = declare(store).number
    schedule, handoff = str(uuid4()), str(uuid4())
    before = data.draw(watches(schedule, handoff, number))
    after = data.draw(watches(schedule, handoff, number))
    if after.handoff is None:
        after = replace(after, handoff=before.handoff)
    with store.transaction() as work:
        work.save_watch(None, before)
        assert work.watch(schedule) == before
    with store.transaction() as work:
        work.save_watch(before, after)
    with store.reading() as reading:
        assert reading.watch(schedule) == after


def test_a_schedule_that_nobody_watches_has_no_watch(store: Store) -> None:
    with store.reading() as reading:
        assert (reading.watch("l1"), reading.handoff("l1-1")) == (None, None)


def test_older_handoffs_stay_and_the_watch_has_the_latest(store: Store) -> None:
    number = declare(store).number
    item = HandoffItem(number, "Scores are stale", "sev1", "triage", "amina")
    first = Handoff("l1-1", "l1", NOW, ("amina",), ("luis",), (item,), message=Message("C1", "1.1"))
    second = Handoff("l1-2", "l1", NOW + minutes(480), ("luis",), ("maya",), (item, item))
    watch = ShiftWatch("l1", ("luis",), "day", NOW + minutes(480), first)
    with store.transaction() as work:
        work.save_watch(None, watch)
        work.save_watch(watch, replace(watch, people=("maya",), handoff=second))
    with store.reading() as reading:
        assert reading.handoff("l1-1") == first
        held = reading.watch("l1")
    assert held == ShiftWatch("l1", ("maya",), "day", NOW + minutes(480), second)
