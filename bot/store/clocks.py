"""Clocks, the entries from which they are counted, and waits, as rows and back."""

from typing import Any

from sqlalchemy import Row

from bot.core.history import Entry, Mark
from bot.core.incident import SlaClock, Wait
from bot.policy.model import Clock, Waiting


def clock(row: Row[Any]) -> SlaClock:
    return SlaClock(
        clock=Clock(row.clock),
        started=row.started_at,
        due=row.due_at,
        within=row.within_seconds,
        calendar=row.calendar,
        sla=row.sla,
        turn=row.turn,
        promised=row.promised,
        used=row.used_seconds,
        since=row.since,
        paused_until=row.paused_until,
        warned=row.warned_share,
        met_at=row.met_at,
        breached_at=row.breached_at,
        cancelled_at=row.cancelled_at,
        held_by=row.held_by,
        held_on=row.held_on,
    )


def facts(held: SlaClock) -> dict[str, Any]:
    return {
        "sla": held.sla,
        "clock": held.clock.value,
        "turn": held.turn,
        "state": held.state.value,  # for reports: it follows from the rest
        "started_at": held.started,
        "due_at": held.due,
        "within_seconds": held.within,
        "promised": held.promised,
        "calendar": held.calendar,
        "used_seconds": held.used,
        "since": held.since,
        "paused_until": held.paused_until,
        "warned_share": held.warned,
        "met_at": held.met_at,
        "breached_at": held.breached_at,
        "cancelled_at": held.cancelled_at,
        "held_by": held.held_by,
        "held_on": held.held_on,
    }


def mark(row: Row[Any]) -> Mark:
    return Mark(row.at, Entry(row.what), row.old_value, row.new_value, row.who, row.text)


def wait(row: Row[Any]) -> Wait | None:
    if row.waiting_on is None:
        return None
    on = Waiting(row.waiting_on)
    return Wait(on, row.waiting_since, row.waiting_until, row.waiting_reason, row.waiting_by)


def wait_facts(held: Wait | None) -> dict[str, Any]:
    return {
        "waiting_on": held.on.value if held else None,
        "waiting_since": held.since if held else None,
        "waiting_until": held.until if held else None,
        "waiting_reason": held.reason if held else None,
        "waiting_by": held.by if held else None,
    }
