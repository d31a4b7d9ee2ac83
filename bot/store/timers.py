"""Timers as rows: one a key, replaced when set again, deleted when they have fired."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from bot.core import wire
from bot.core.events import Event
from bot.store.changes import insert
from bot.store.rows import table

TIMER = table("timer")


@dataclass(frozen=True, slots=True)
class Timer:
    key: str
    due: datetime
    facts: dict[str, Any]
    attempts: int  # how often handling it has failed
    version: int

    @property
    def event(self) -> Event:
        """Raises KeyError or ValueError for one that a newer Baton has set and this one does not understand."""
        return wire.load_event(self.facts)


def set_timer(connection: Connection, key: str, due: datetime, event: Event) -> None:
    facts = {"due": due, "not_before": due, "event": wire.dump(event), "attempts": 0, "last_error": None}
    connection.execute(_setting(connection.dialect.name), {"key": key, "version": 1, **facts})


@cache
def _setting(dialect: str) -> Any:
    adding = insert(dialect, TIMER)
    taken_over = ("due", "not_before", "event", "attempts", "last_error")
    replacing = {name: adding.excluded[name] for name in taken_over} | {"version": TIMER.c.version + 1}
    return adding.on_conflict_do_update(index_elements=["key"], set_=replacing)


def cancel_timer(connection: Connection, key: str) -> None:
    connection.execute(TIMER.delete().where(TIMER.c.key == key))


def due_timer(connection: Connection, now: datetime) -> Timer | None:
    """The most overdue one; not locked, because a timer is locked after the aggregate that it is about."""
    found = select(TIMER).where(TIMER.c.due <= now, TIMER.c.not_before <= now).order_by(TIMER.c.due).limit(1)
    row = connection.execute(found).first()
    if row is None:
        return None
    return Timer(row.key, row.due, row.event, row.attempts, row.version)


def take_timer(connection: Connection, timer: Timer) -> bool:
    return connection.execute(TIMER.delete().where(*_unchanged(timer))).rowcount == 1


def hold_off_timer(connection: Connection, timer: Timer, until: datetime, error: str) -> None:
    facts = {"not_before": until, "attempts": TIMER.c.attempts + 1, "last_error": error}
    connection.execute(TIMER.update().where(*_unchanged(timer)).values(facts))


def _unchanged(timer: Timer) -> tuple[ColumnElement[bool], ...]:
    # The due time too: a timer that was taken and then set anew counts its versions from one again.
    return (TIMER.c.key == timer.key, TIMER.c.version == timer.version, TIMER.c.due == timer.due)
