"""Stand-ins as rows and back, and the overrides that they put in force."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Select, String, bindparam, literal_column, select, type_coerce

from bot.core.permitted import Span
from bot.core.standin import Offer, StandIn, StandInKind, StandInState
from bot.policy.model import Override
from bot.store.changes import Facts, message, place, write_changes
from bot.store.locks import lock_schedule
from bot.store.rows import table
from bot.store.types import Instant, instant

STAND_IN = table("stand_in")
OVERRIDE = table("override")
OFFER = table("stand_in_offer")

TABLES = {each.name: each for each in (STAND_IN, OVERRIDE, OFFER)}

# Asked before each page and each answer to who is on call, so: built once, and its instants are left as the
# database has them, for all but a few of its rows have been seen before. Its order is no column's own, or SQLite
# would walk through all there ever were in that order, instead of finding those few by their end.
IN_FORCE = (
    select(
        STAND_IN.c.id,
        STAND_IN.c.schedule,
        OVERRIDE.c.person,
        OVERRIDE.c.instead_of,
        type_coerce(OVERRIDE.c.holds_from, String),
        type_coerce(OVERRIDE.c.holds_until, String),
    )
    .join_from(OVERRIDE, STAND_IN)
    .where(OVERRIDE.c.holds_until > bindparam("since", type_=Instant))
    .order_by(OVERRIDE.c.stand_in + literal_column("0"), OVERRIDE.c.ordinal)
)


def in_force(connection: Connection, since: datetime) -> tuple[Override, ...]:
    return tuple([_override(*row) for row in connection.execute(IN_FORCE, {"since": since}).all()])


@lru_cache(maxsize=4096)
def _override(
    standin: int, schedule: str, person: str, instead_of: str | None, start: datetime | str, end: datetime | str
) -> Override:
    """The same object for the same row, which makes it cheap to compare as well."""
    span = {"start": instant(start), "end": instant(end)}
    return Override(id=standin, schedule=schedule, person=person, instead_of=instead_of, **span)


def load(connection: Connection, standin: int, *, lock: bool = False) -> StandIn | None:
    chosen = STAND_IN.c.id == standin
    if lock:
        schedule = connection.scalar(select(STAND_IN.c.schedule).where(chosen))
        if schedule is None:
            return None
        lock_schedule(connection, schedule)
    return next(iter(_load(connection, select(STAND_IN).where(chosen))), None)


def newest(connection: Connection, schedule: str | None, limit: int) -> list[StandIn]:
    chosen = select(STAND_IN).order_by(STAND_IN.c.id.desc()).limit(limit)
    return _load(connection, chosen if schedule is None else chosen.where(STAND_IN.c.schedule == schedule))


def offers_to(connection: Connection, person: str) -> list[StandIn]:
    asked = select(OFFER.c.stand_in).where(OFFER.c.person == person, ~OFFER.c.declined)
    chosen = select(STAND_IN).where(STAND_IN.c.state == StandInState.OFFERED.value, STAND_IN.c.id.in_(asked))
    return _load(connection, chosen.order_by(STAND_IN.c.id))


def _load(connection: Connection, chosen: Select[tuple[object, ...]]) -> list[StandIn]:
    rows = connection.execute(chosen).all()
    spans: dict[int, list[Span]] = {row.id: [] for row in rows}
    offers: dict[int, list[Offer]] = {row.id: [] for row in rows}
    if rows:
        of_these = OVERRIDE.c.stand_in.in_(list(spans))
        for each in connection.execute(select(OVERRIDE).where(of_these).order_by(OVERRIDE.c.ordinal)):
            spans[each.stand_in].append(Span(each.starts_at, each.ends_at, each.person, each.instead_of))
        of_these = OFFER.c.stand_in.in_(list(offers))
        for each in connection.execute(select(OFFER).where(of_these).order_by(OFFER.c.ordinal)):
            stands = message(each.message_channel, each.message_ts)
            offers[each.stand_in].append(Offer(each.person, stands, each.declined))
    return [
        StandIn(
            id=row.id,
            kind=StandInKind(row.kind),
            schedule=row.schedule,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            spans=tuple(spans[row.id]),
            state=StandInState(row.state),
            reason=row.reason,
            offers=tuple(offers[row.id]),
            accepted_by=row.accepted_by,
            stood_at=row.stood_at,
            ended_by=row.ended_by,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def save(connection: Connection, before: StandIn | None, after: StandIn) -> None:
    known = _facts(before) if before is not None else {}
    write_changes(connection, TABLES, known, _facts(after))


def _facts(standin: StandIn) -> Facts:
    return {
        "stand_in": {
            (standin.id,): {
                "kind": standin.kind.value,
                "schedule": standin.schedule,
                "asked_by": standin.asked_by,
                "asked_at": standin.asked_at,
                "state": standin.state.value,
                "reason": standin.reason,
                "accepted_by": standin.accepted_by,
                "stood_at": standin.stood_at,
                "ended_by": standin.ended_by,
                "ended_at": standin.ended_at,
            }
        },
        "override": {
            (standin.id, ordinal): {
                "person": span.person,
                "instead_of": span.instead_of,
                "starts_at": span.start,
                "ends_at": span.end,
                **_holds(replace(standin, spans=(span,)).overrides()),
            }
            for ordinal, span in enumerate(standin.spans)
        },
        "stand_in_offer": {
            (standin.id, offer.person): {
                "ordinal": ordinal,
                **place("message", offer.message),
                "declined": offer.declined,
            }
            for ordinal, offer in enumerate(standin.offers)
        },
    }


def _holds(overrides: tuple[Override, ...]) -> dict[str, datetime | None]:
    """When one span is in force, by what the calculus is told of it."""
    start, end = (overrides[0].start, overrides[0].end) if overrides else (None, None)
    return {"holds_from": start, "holds_until": end}
