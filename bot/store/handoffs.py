"""The watch over a schedule and its handoffs, as rows and back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, select

from bot.core.handoff import Handoff, HandoffItem, ItemState, ShiftWatch, Trend
from bot.store.changes import Facts, Key, Values, message, place, write_changes
from bot.store.grouping import grouped
from bot.store.locks import lock_schedule
from bot.store.rows import table

HANDOFF = table("handoff")
ITEM = table("handoff_item")
WATCH = table("shift_watch")

TABLES = {each.name: each for each in (HANDOFF, ITEM, WATCH)}

_SAME = ("posted_at", "words", "notes", "summary", "taken_by", "taken_at", "sentence", "nudges")
_SAME_OF_ITEM = (  # columns that are called like the field and hold the same
    *("title", "severity", "status", "lead", "channel", "service", "model", "clocks", "waiting", "tried", "path"),
    *("awake", "next_action", "owner", "action_due", "if_then", "owners"),
    *("answered_by", "answered_at", "question", "questions", "declines"),
)
_SAME_OF_WATCH = ("layer", "until", "reminded", "asked", "words", "notes", "canvas")

_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_WATCHED = select(WATCH).where(WATCH.c.schedule == bindparam("schedule"))


def load_watch(connection: Connection, schedule: str, *, lock: bool = False) -> ShiftWatch | None:
    if lock:
        lock_schedule(connection, schedule)
    row = connection.execute(_WATCHED, {"schedule": schedule}).first()
    if row is None:
        return None
    ids = [each for each in (row.handoff, row.previous) if each is not None]
    found = {each.id: each for each in (_load(connection, HANDOFF.c.id.in_(_IDS), {"ids": ids}) if ids else ())}
    return ShiftWatch(
        schedule=row.schedule,
        people=tuple(row.people),
        handoff=found.get(row.handoff),
        previous=found.get(row.previous),
        **{name: getattr(row, name) for name in _SAME_OF_WATCH},
    )


def load_handoff(connection: Connection, handoff_id: str) -> Handoff | None:
    return next(iter(_load(connection, HANDOFF.c.id == bindparam("id"), {"id": handoff_id})), None)


def load_since(connection: Connection, since: datetime, schedule: str | None) -> list[Handoff]:
    """Newest first: by the change of shift that they are for."""
    if schedule is None:
        return _load(connection, HANDOFF.c.at >= bindparam("since"), {"since": since})
    of_it = (HANDOFF.c.schedule == bindparam("schedule")) & (HANDOFF.c.at >= bindparam("since"))
    return _load(connection, of_it, {"schedule": schedule, "since": since})


def save_watch(connection: Connection, before: ShiftWatch | None, after: ShiftWatch) -> None:
    """Writes only what changed; the handoffs before the latest two stay in their table."""
    held = {each.id: each for each in (after.previous, after.handoff) if each is not None}
    known = {each.id: each for each in ((before.previous, before.handoff) if before else ()) if each is not None}
    was = _facts_of(known[each] for each in held if each in known)
    if before is not None:
        was["shift_watch"] = _watch_facts(before)
    write_changes(connection, TABLES, was, {**_facts_of(held.values()), "shift_watch": _watch_facts(after)})


# From rows


def _load(connection: Connection, wanted: ColumnElement[bool], values: dict[str, Any]) -> list[Handoff]:
    """Newest first, whatever their number with two statements."""
    newest_first = select(HANDOFF).where(wanted).order_by(HANDOFF.c.at.desc(), HANDOFF.c.id.desc())
    rows = connection.execute(newest_first, values).all()
    of_them = select(ITEM).join(HANDOFF).where(wanted).order_by(ITEM.c.handoff, ITEM.c.ordinal)
    items = grouped(connection, of_them, values, "handoff") if rows else {}
    return [
        Handoff(
            id=row.id,
            schedule=row.schedule,
            at=row.at,
            outgoing=tuple(row.outgoing),
            incoming=tuple(row.incoming),
            items=tuple(_item(each) for each in items[row.id]),
            message=message(row.message_channel, row.message_ts),
            **{name: getattr(row, name) for name in _SAME},
        )
        for row in rows
    ]


def _item(row: Row[Any]) -> HandoffItem:
    return HandoffItem(
        number=row.incident,
        trend=Trend(row.trend),
        state=ItemState(row.state),
        **{name: getattr(row, name) for name in _SAME_OF_ITEM},
    )


# To rows


def _watch_facts(watch: ShiftWatch) -> dict[Key, Values]:
    return {
        (watch.schedule,): {
            "people": list(watch.people),
            "handoff": watch.handoff and watch.handoff.id,
            "previous": watch.previous and watch.previous.id,
            **{name: getattr(watch, name) for name in _SAME_OF_WATCH},
        }
    }


def _facts_of(handoffs: Iterable[Handoff]) -> Facts:
    rows: dict[Key, Values] = {}
    items: dict[Key, Values] = {}
    for handoff in handoffs:
        rows[(handoff.id,)] = _handoff_facts(handoff)
        items |= {(handoff.id, ordinal): _item_facts(item) for ordinal, item in enumerate(handoff.items)}
    return {"handoff": rows, "handoff_item": items}


def _handoff_facts(handoff: Handoff) -> Values:
    return {
        "schedule": handoff.schedule,
        "at": handoff.at,
        "outgoing": list(handoff.outgoing),
        "incoming": list(handoff.incoming),
        "completed_by": handoff.words.by,  # for reports, as is the next
        "completed_at": handoff.words.at,
        **place("message", handoff.message),
        **{name: getattr(handoff, name) for name in _SAME},
    }


def _item_facts(item: HandoffItem) -> Values:
    return {
        "incident": item.number,
        "trend": item.trend.value,
        "state": item.state.value,
        **{name: getattr(item, name) for name in _SAME_OF_ITEM},
    }
