"""The plan of a schedule as rows and back."""

from sqlalchemy import Connection, select

from bot.core.plan import Plan
from bot.oncall.schedule import Shift
from bot.store.changes import Facts, write_changes
from bot.store.locks import lock_schedule
from bot.store.rows import table

PLAN = table("shift_plan")
SHIFT = table("planned_shift")

TABLES = {each.name: each for each in (PLAN, SHIFT)}


def load(connection: Connection, schedule: str, *, lock: bool = False) -> Plan | None:
    if lock:
        lock_schedule(connection, schedule)
    until = connection.scalar(select(PLAN.c.until).where(PLAN.c.schedule == schedule))
    if until is None:
        return None
    rows = connection.execute(
        select(SHIFT.c.starts_at, SHIFT.c.ends_at, SHIFT.c.people, SHIFT.c.layer)
        .where(SHIFT.c.schedule == schedule)
        .order_by(SHIFT.c.starts_at)
    )
    return Plan(schedule, until, tuple(Shift(start, end, tuple(people), layer) for start, end, people, layer in rows))


def planned(connection: Connection) -> list[str]:
    return list(connection.scalars(select(PLAN.c.schedule).order_by(PLAN.c.schedule)))


def save(connection: Connection, before: Plan | None, after: Plan | None) -> None:
    """None: there is no such plan. Most shifts of a plan are those of the one before it, and stay untouched."""
    write_changes(connection, TABLES, _facts(before), _facts(after))


def _facts(plan: Plan | None) -> Facts:
    if plan is None:
        return {"shift_plan": {}, "planned_shift": {}}
    return {
        "shift_plan": {(plan.schedule,): {"until": plan.until}},
        "planned_shift": {
            (plan.schedule, shift.start): {"ends_at": shift.end, "people": list(shift.people), "layer": shift.layer}
            for shift in plan.shifts
        },
    }
