"""Copies of the calendars of others as rows and back. Their addresses may hold tokens: they are never logged."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, select

from bot.core.feeds import FeedCopy
from bot.policy.model import FeedShift
from bot.store.changes import Facts, write_changes
from bot.store.locks import lock_schedule
from bot.store.rows import table

FEED = table("feed")
SHIFT = table("feed_shift")

TABLES = {each.name: each for each in (FEED, SHIFT)}

MARKS = select(FEED)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class FeedMark:
    """What is known of a calendar, without its shifts; another `changed_at` means that they are others."""

    address: str = field(repr=False)
    read_at: datetime | None
    tried_at: datetime | None
    problem: str
    unknown: tuple[str, ...]
    changed_at: datetime | None


def load(connection: Connection, schedule: str, layer: str, *, lock: bool = False) -> FeedCopy | None:
    if lock:
        lock_schedule(connection, schedule)
    row = connection.execute(select(FEED).where(*_of(FEED, schedule, layer))).first()
    if row is None:
        return None
    return FeedCopy(
        schedule=row.schedule,
        layer=row.layer,
        address=row.address,
        shifts=shifts(connection, schedule, layer),
        unknown=tuple(row.unknown),
        read_at=row.read_at,
        tried_at=row.tried_at,
        problem=row.problem,
    )


def shifts(connection: Connection, schedule: str, layer: str) -> tuple[FeedShift, ...]:
    rows = connection.execute(
        select(SHIFT.c.starts_at, SHIFT.c.ends_at, SHIFT.c.people)
        .where(*_of(SHIFT, schedule, layer))
        .order_by(SHIFT.c.ordinal)
    )
    return tuple(FeedShift(start=start, end=end, people=tuple(people)) for start, end, people in rows)


def marks(connection: Connection) -> dict[tuple[str, str], FeedMark]:
    return {
        (row.schedule, row.layer): FeedMark(
            row.address, row.read_at, row.tried_at, row.problem, tuple(row.unknown), row.changed_at
        )
        for row in connection.execute(MARKS)
    }


def save(connection: Connection, before: FeedCopy | None, after: FeedCopy | None) -> None:
    """None: there is no such copy."""
    was = _changed_at(connection, before) if before is not None else None
    changed_at = _next_change(before, after, was) if after is not None else None
    write_changes(connection, TABLES, _facts(before, was), _facts(after, changed_at))


def _changed_at(connection: Connection, copy: FeedCopy) -> datetime | None:
    return connection.scalar(select(FEED.c.changed_at).where(*_of(FEED, copy.schedule, copy.layer)))


def _next_change(before: FeedCopy | None, after: FeedCopy, was: datetime | None) -> datetime | None:
    """Never the same instant for other shifts, even where two copies were read at the same one."""
    if was is None or after.read_at is None or before is None:
        return after.read_at
    return was if before.shifts == after.shifts else max(after.read_at, was + INSTANT)


def _of(of: Table, schedule: str, layer: str) -> tuple[ColumnElement[bool], ...]:
    return (of.c.schedule == schedule, of.c.layer == layer)


def _facts(copy: FeedCopy | None, changed_at: datetime | None) -> Facts:
    if copy is None:
        return {"feed": {}, "feed_shift": {}}
    return {
        "feed": {
            (copy.schedule, copy.layer): {
                "address": copy.address,
                "unknown": list(copy.unknown),
                "read_at": copy.read_at,
                "tried_at": copy.tried_at,
                "problem": copy.problem,
                "changed_at": changed_at,
            }
        },
        "feed_shift": {
            (copy.schedule, copy.layer, ordinal): {
                "starts_at": shift.start,
                "ends_at": shift.end,
                "people": list(shift.people),
            }
            for ordinal, shift in enumerate(copy.shifts)
        },
    }
