"""The plan of a schedule: kept whole, written as little as possible, deleted when it is no more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.plan import Plan
from bot.oncall.schedule import Shift
from bot.store.store import Store
from tests.store.build import NOW, minutes, plans

HOUR = minutes(60)
DAY = timedelta(days=1)
PEOPLE = ("amina", "luis", "sita")


def plan(start: int, count: int = 200) -> Plan:
    """Shifts of a day each, of which every third is a gap."""
    shifts = (
        Shift(NOW + n * DAY, NOW + (n + 1) * DAY, (PEOPLE[n % 2],) if n % 3 else (), "day" if n % 3 else None)
        for n in range(start, start + count)
    )
    return Plan("l1", NOW + (start + count) * DAY, tuple(shifts))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_a_plan_is_saved_whole(store: Store, data: st.DataObject) -> None:
    schedule = str(uuid4())
    before, after = data.draw(plans(schedule)), data.draw(plans(schedule))
    with store.transaction() as work:
        assert work.plan(schedule) is None
        work.save_plan(None, before)
        assert work.plan(schedule) == before
    with store.transaction() as work:
        work.save_plan(before, after)
    with store.reading() as reading:
        assert reading.plan(schedule) == after


def test_the_plan_of_one_schedule_leaves_the_others_alone(store: Store) -> None:
    with store.transaction() as work:
        work.save_plan(None, Plan("l2", NOW, plan(0, 3).shifts))
        work.save_plan(None, plan(1, 3))
        work.save_plan(plan(1, 3), None)
    with store.reading() as reading:
        assert reading.planned_schedules() == ["l2"]
        assert reading.plan("l1") is None
        assert reading.plan("l2") == Plan("l2", NOW, plan(0, 3).shifts)


def test_planned_schedules_come_by_name(store: Store) -> None:
    with store.transaction() as work:
        for name in ("l2", "l1", "data"):
            work.save_plan(None, Plan(name, NOW, ()))
    with store.reading() as reading:
        assert reading.planned_schedules() == ["data", "l1", "l2"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_review_of_a_day_writes_the_few_shifts_that_are_new(store: Store) -> None:
    with store.transaction() as work:
        work.save_plan(None, plan(0))
    with store.transaction() as work:
        written = "SELECT total_changes()"
        before = work._connection.exec_driver_sql(written).scalar_one()
        work.save_plan(work.plan("l1"), plan(1))
        assert work._connection.exec_driver_sql(written).scalar_one() - before == 3  # one gone, one new, and `until`
        assert work.plan("l1") == plan(1)


def test_what_two_processes_plan_at_once_is_not_lost(store: Store, another_store: Store) -> None:
    def carry_on(opened: Store) -> None:
        for _ in range(10):
            with opened.transaction() as work:
                before = work.plan("l1")
                work.save_plan(before, plan(0, len(before.shifts) + 1 if before else 1))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(carry_on, [store, another_store, store, another_store]))
    with store.reading() as reading:
        assert reading.plan("l1") == plan(0, 40)
