"""Looking back: promises that were met or broken, and past incidents as far as their clocks are concerned."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, func, or_, select

from bot.core.history import COUNTED
from bot.core.incident import Status
from bot.core.kept import KeptClock, Past
from bot.policy.model import Clock
from bot.store import clocks
from bot.store.grouping import grouped
from bot.store.rows import table

INCIDENT = table("incident")
SLA_CLOCK = table("sla_clock")
TIMELINE = table("timeline_entry")

_NOT_COUNTED = (Status.DECLINED.value, Status.MERGED.value)  # it was nothing, or it counts with another
_COUNTS = (INCIDENT.c.declared_at >= bindparam("since"), INCIDENT.c.status.not_in(_NOT_COUNTED))
# One that runs is broken from its due time on, also if Baton stood still when it fell due.
_KEPT = (
    select(INCIDENT.c.number, INCIDENT.c.severity, INCIDENT.c.service, SLA_CLOCK)
    .join(SLA_CLOCK, SLA_CLOCK.c.incident == INCIDENT.c.number)
    .where(
        *_COUNTS,
        INCIDENT.c.declared_at < bindparam("until"),
        or_(SLA_CLOCK.c.cancelled_at.is_(None), SLA_CLOCK.c.breached_at.is_not(None)),  # broken, and then given up
        or_(
            SLA_CLOCK.c.met_at.is_not(None),
            SLA_CLOCK.c.breached_at.is_not(None),
            SLA_CLOCK.c.due_at <= bindparam("now"),
        ),
    )
    .order_by(SLA_CLOCK.c.incident, SLA_CLOCK.c.ordinal)
)
_HOW_MANY = select(func.count()).select_from(INCIDENT).where(*_COUNTS)
_NEXT = (
    select(INCIDENT.c.number, INCIDENT.c.title, INCIDENT.c.severity, INCIDENT.c.service)
    .where(*_COUNTS, INCIDENT.c.number > bindparam("after"))
    .order_by(INCIDENT.c.number)
    .limit(bindparam("batch"))
)
_SPAN: tuple[BindParameter[int], BindParameter[int]] = (bindparam("first"), bindparam("last"))
_CLOCKS = select(SLA_CLOCK).where(SLA_CLOCK.c.incident.between(*_SPAN)).order_by(SLA_CLOCK.c.ordinal)
_MARKS = (
    select(TIMELINE)
    .where(TIMELINE.c.incident.between(*_SPAN), TIMELINE.c.what.in_(sorted(COUNTED)))
    .order_by(TIMELINE.c.id)
)


def kept_clocks(connection: Connection, since: datetime, until: datetime, now: datetime) -> list[KeptClock]:
    """Of the incidents declared from `since` on and before `until`, in the order of their numbers."""
    found = connection.execute(_KEPT, {"since": since, "until": until, "now": now})
    return [
        KeptClock(
            number=row.number,
            severity=row.severity,
            service=row.service,
            clock=Clock(row.clock),
            sla=row.sla,
            started=row.started_at,
            due=row.due_at,
            within=row.within_seconds,
            used=row.used_seconds,
            met_at=row.met_at,
            cancelled_at=row.cancelled_at,
            breached_at=row.breached_at,
            held_by=row.held_by,
            held_on=row.held_on,
        )
        for row in found
    ]


def how_many_past(connection: Connection, since: datetime) -> int:
    """How many `past_incidents` gives."""
    return connection.scalar(_HOW_MANY, {"since": since}) or 0


def past_incidents(connection: Connection, since: datetime, batch: int = 500) -> Iterator[Past]:
    """Those declared from `since` on, by number, closed ones too; few at a time are held."""
    after = 0
    while rows := connection.execute(_NEXT, {"since": since, "after": after, "batch": batch}).all():
        after = rows[-1].number
        span = {"first": rows[0].number, "last": after}
        held = grouped(connection, _CLOCKS, span, "incident")
        marked = grouped(connection, _MARKS, span, "incident")
        for row in rows:
            yield Past(
                number=row.number,
                title=row.title,
                severity=row.severity,
                service=row.service,
                clocks=tuple(clocks.clock(each) for each in held[row.number]),
                history=tuple(clocks.mark(each) for each in marked[row.number]),
            )
