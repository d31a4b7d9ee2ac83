"""The outbox: what is to be done outside, claimed under a lease, in the order that its lanes ask for."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    ScalarSelect,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from bot.core import wire
from bot.core.lanes import Outward, lane_of
from bot.store.rows import table

log = logging.getLogger(__name__)

OUTBOX = table("outbox")

_WAITING = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.subject == bindparam("subject"), OUTBOX.c.coalesce_key == bindparam("key"))
    .where(OUTBOX.c.due_at.is_not(None), OUTBOX.c.state == "waiting")
    .limit(1)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """An outward effect that this process has claimed."""

    id: int
    effect: Outward
    attempt: int  # 1 is the first
    enqueued_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class Backlog:
    waiting: int
    oldest: datetime | None  # when the oldest waiting one was enqueued
    sending: int
    given_up: int


def _held_back(row: FromClause) -> ColumnElement[bool]:
    """An older unfinished row of the same subject gives one of the things that this one needs."""
    older = OUTBOX.alias("older")
    needed = func.replace(row.c.needs, "|" + older.c.gives + "|", "") != row.c.needs
    return row.c.needs.is_not(None) & exists().where(
        older.c.subject == row.c.subject,
        older.c.id < row.c.id,
        older.c.due_at.is_not(None),
        older.c.gives.is_not(None),
        needed,
    )


def _next_due(urgent: bool) -> ScalarSelect[Any]:
    """When the first row of this lane that nothing holds back may be claimed, as a part of a select."""
    row = OUTBOX.alias(f"next_{'urgent' if urgent else 'other'}")
    due = select(row.c.due_at).where(row.c.urgent == urgent, row.c.due_at.is_not(None), ~_held_back(row))
    return due.order_by(row.c.due_at).limit(1).scalar_subquery()


# Built once: they run at each commit and each delivery, and building them costs more than running them.
_CLAIMABLE = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.urgent == bindparam("urgent"), OUTBOX.c.due_at <= bindparam("now"), ~_held_back(OUTBOX))
    .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=OUTBOX)
)
NEXT_DUE = (_next_due(urgent=True), _next_due(urgent=False))


def enqueue(connection: Connection, effect: Outward, now: datetime) -> int | None:
    """The id of the new row; None if one that waits already says the same."""
    lane = lane_of(effect)
    if lane.coalesce is not None and _waits(connection, lane.subject, lane.coalesce):
        return None
    # Two drawings of one state are never under way at once: the older one might come last, and stay.
    drawn = (f"drawn:{lane.coalesce}",) if lane.coalesce is not None else ()
    needs = (*lane.needs, *drawn)
    facts = {
        "kind": type(effect).__name__,
        "effect": wire.dump(effect),
        "subject": lane.subject,
        "gives": lane.gives or next(iter(drawn), None),
        "needs": "|{}|".format("|".join(needs)) if needs else None,
        "coalesce_key": lane.coalesce,
        "urgent": lane.urgent,
        "state": "waiting",
        "attempt": 0,
        "enqueued_at": now,
        "due_at": now,
    }
    key = connection.execute(OUTBOX.insert(), facts).inserted_primary_key
    assert key is not None
    return int(key[0])


def _waits(connection: Connection, subject: str, key: str) -> bool:
    # Locked, so that it is not claimed, and drawn from the state of before, while this transaction is open.
    # One that is locked already may just be claimed: then it does not count.
    return connection.scalar(_WAITING, {"subject": subject, "key": key}) is not None


def claim(
    connection: Connection, now: datetime, lease: timedelta, owner: str, limit: int, urgent: bool
) -> list[Parcel]:
    """Those that have been due longest and are not held back; a lease that has ended is taken over."""
    ids = list(connection.scalars(_CLAIMABLE, {"urgent": urgent, "now": now, "most": limit}))
    if not ids:
        return []
    facts = {"state": "sending", "owner": owner, "due_at": now + lease, "attempt": OUTBOX.c.attempt + 1}
    taken = OUTBOX.update().where(OUTBOX.c.id.in_(ids)).values(facts)
    columns = (OUTBOX.c.id, OUTBOX.c.effect, OUTBOX.c.attempt, OUTBOX.c.enqueued_at)
    rows = {row.id: row for row in connection.execute(taken.returning(*columns))}
    parcels = (_parcel(rows[each], owner) for each in ids)
    return [parcel for parcel in parcels if parcel is not None]


def _parcel(row: Row[Any], owner: str) -> Parcel | None:
    try:
        return Parcel(row.id, wire.load_effect(row.effect), row.attempt, row.enqueued_at, owner)
    except (KeyError, ValueError):
        # From a newer Baton, which may come back: it stays claimed, and is tried again when the lease ends.
        log.exception("parcel %s cannot be read by this version of Baton: %s", row.id, row.effect)
        return None


def sent(connection: Connection, parcel: Parcel, now: datetime) -> bool:
    return _end_claim(connection, parcel, state="sent", due_at=None, sent_at=now, last_error=None)


def try_again(connection: Connection, parcel: Parcel, not_before: datetime, error: str, undone: bool = False) -> bool:
    """`undone`: it was not begun, so this attempt does not count, and nothing need be looked for."""
    attempt = parcel.attempt - undone
    return _end_claim(connection, parcel, state="waiting", due_at=not_before, last_error=error, attempt=attempt)


def give_up(connection: Connection, parcel: Parcel, error: str) -> bool:
    return _end_claim(connection, parcel, state="given_up", due_at=None, last_error=error)


def _end_claim(connection: Connection, parcel: Parcel, **facts: Any) -> bool:
    """False, and nothing is written, if the lease has ended and somebody else has claimed it since."""
    mine = (OUTBOX.c.id == parcel.id, OUTBOX.c.owner == parcel.owner, OUTBOX.c.attempt == parcel.attempt)
    ended = OUTBOX.update().where(*mine, OUTBOX.c.state == "sending").values(owner=None, **facts)
    return connection.execute(ended).rowcount == 1


def renew(connection: Connection, owner: str, until: datetime, ids: Collection[int] | None = None) -> set[int]:
    """Prolongs the leases of this owner: of these parcels, or of all. Which of them are still theirs."""
    mine = [OUTBOX.c.state == "sending", OUTBOX.c.owner == owner]
    if ids is not None:
        mine.append(OUTBOX.c.id.in_(ids))
    return set(connection.scalars(OUTBOX.update().where(*mine).values(due_at=until).returning(OUTBOX.c.id)))


def claimants(connection: Connection) -> list[str]:
    """Everybody who has something under way, or had when they died."""
    return list(connection.scalars(select(OUTBOX.c.owner).where(OUTBOX.c.state == "sending").distinct()))


def release(connection: Connection, owner: str, now: datetime) -> None:
    """Ends the leases of an owner who is known to be dead; the next claim takes them over."""
    theirs = (OUTBOX.c.state == "sending", OUTBOX.c.owner == owner)
    connection.execute(OUTBOX.update().where(*theirs).values(due_at=now))


def backlog(connection: Connection) -> Backlog:
    counted = (
        select(OUTBOX.c.state, func.count(), func.min(OUTBOX.c.enqueued_at))
        .where(or_(*(OUTBOX.c.state == state for state in ("waiting", "sending", "given_up"))))
        .group_by(OUTBOX.c.state)
    )
    found = {state: (count, oldest) for state, count, oldest in connection.execute(counted)}
    nothing = (0, None)
    waiting, oldest = found.get("waiting", nothing)
    return Backlog(waiting, oldest, found.get("sending", nothing)[0], found.get("given_up", nothing)[0])


def forget_before(connection: Connection, instant: datetime) -> None:
    old = (OUTBOX.c.state == "sent", OUTBOX.c.enqueued_at < instant, OUTBOX.c.sent_at < instant)
    connection.execute(OUTBOX.delete().where(*old))
