"""The watch over a schedule and its handoffs, as rows and back."""

from sqlalchemy import Connection, select

from bot.core.handoff import Handoff, HandoffItem, ShiftWatch
from bot.policy.model import Clock
from bot.store.changes import Facts, Key, Values, message, place, write_changes
from bot.store.locks import lock_schedule
from bot.store.rows import table

HANDOFF = table("handoff")
ITEM = table("handoff_item")
WATCH = table("shift_watch")

TABLES = {each.name: each for each in (HANDOFF, ITEM, WATCH)}


def load_watch(connection: Connection, schedule: str, *, lock: bool = False) -> ShiftWatch | None:
    if lock:
        lock_schedule(connection, schedule)
    row = connection.execute(select(WATCH).where(WATCH.c.schedule == schedule)).first()
    if row is None:
        return None
    handoff = load_handoff(connection, row.handoff) if row.handoff is not None else None
    return ShiftWatch(row.schedule, tuple(row.people), row.layer, row.until, handoff, row.reminded)


def load_handoff(connection: Connection, handoff_id: str) -> Handoff | None:
    row = connection.execute(select(HANDOFF).where(HANDOFF.c.id == handoff_id)).first()
    if row is None:
        return None
    items = select(ITEM).where(ITEM.c.handoff == handoff_id).order_by(ITEM.c.ordinal)
    return Handoff(
        id=row.id,
        schedule=row.schedule,
        at=row.at,
        outgoing=tuple(row.outgoing),
        incoming=tuple(row.incoming),
        items=tuple(
            HandoffItem(
                number=item.incident,
                title=item.title,
                severity=item.severity,
                status=item.status,
                lead=item.lead,
                next_clock=Clock(item.next_clock) if item.next_clock is not None else None,
                next_due=item.next_due_at,
            )
            for item in connection.execute(items)
        ),
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        message=message(row.message_channel, row.message_ts),
    )


def save_watch(connection: Connection, before: ShiftWatch | None, after: ShiftWatch) -> None:
    """Writes only what changed; the handoffs before the latest one stay in their table."""
    known: Facts = {}
    if before is not None:
        known["shift_watch"] = _watch_facts(before)
        if before.handoff is not None and after.handoff is not None and before.handoff.id == after.handoff.id:
            known |= _handoff_facts(before.handoff)
    facts = _handoff_facts(after.handoff) if after.handoff is not None else {}
    write_changes(connection, TABLES, known, {**facts, "shift_watch": _watch_facts(after)})


def _watch_facts(watch: ShiftWatch) -> dict[Key, Values]:
    return {
        (watch.schedule,): {
            "people": list(watch.people),
            "layer": watch.layer,
            "until": watch.until,
            "handoff": watch.handoff and watch.handoff.id,
            "reminded": watch.reminded,
        }
    }


def _handoff_facts(handoff: Handoff) -> Facts:
    return {
        "handoff": {
            (handoff.id,): {
                "schedule": handoff.schedule,
                "at": handoff.at,
                "outgoing": list(handoff.outgoing),
                "incoming": list(handoff.incoming),
                "taken_by": handoff.taken_by,
                "taken_at": handoff.taken_at,
                **place("message", handoff.message),
            }
        },
        "handoff_item": {
            (handoff.id, ordinal): {
                "incident": item.number,
                "title": item.title,
                "severity": item.severity,
                "status": item.status,
                "lead": item.lead,
                "next_clock": item.next_clock and item.next_clock.value,
                "next_due_at": item.next_due,
            }
            for ordinal, item in enumerate(handoff.items)
        },
    }
