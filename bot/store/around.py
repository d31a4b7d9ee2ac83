"""What a handoff is made of and measured by: the open work of a schedule, its notes, and the shift that ends."""

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Column, ColumnElement, Connection, bindparam, func, select, text

from bot.core.handoff import Around, Summary
from bot.core.history import Entry
from bot.policy.model import Clock
from bot.store import incidents
from bot.store.grouping import grouped
from bot.store.handoffs import HANDOFF
from bot.store.incidents import INCIDENT, PAGE, SLA_CLOCK, TIMELINE

MOST_NOTES = 3  # of one incident
MOST_NAMED = 30  # incidents that were resolved, and promises that were broken
LONGEST = timedelta(hours=24)  # of a shift whose begin nobody noted

_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_SPAN: tuple[BindParameter[datetime], BindParameter[datetime]] = (bindparam("since"), bindparam("now"))
_OF_IT = INCIDENT.c.schedule == bindparam("schedule")


def _hangs_on(incident: Column[int]) -> ColumnElement[bool]:
    """Of the schedule, too. Not as a join, or SQLite would begin with all the incidents that it ever had."""
    schedule = select(INCIDENT.c.schedule).where(INCIDENT.c.number == incident).scalar_subquery()
    return schedule == bindparam("schedule")


_BEGAN = select(func.max(HANDOFF.c.at)).where(
    HANDOFF.c.schedule == bindparam("schedule"), HANDOFF.c.at <= bindparam("now")
)
_NOTED = (
    select(
        TIMELINE.c.incident,
        TIMELINE.c.id,
        TIMELINE.c.text,
        func.row_number().over(partition_by=TIMELINE.c.incident, order_by=TIMELINE.c.id.desc()).label("back"),
    )
    .where(TIMELINE.c.incident.in_(_NUMBERS), TIMELINE.c.what == Entry.NOTE.value)
    .subquery()
)
_NOTES = select(_NOTED.c.incident, _NOTED.c.text).where(_NOTED.c.back <= MOST_NOTES).order_by(_NOTED.c.id)
_PAGED = select(func.count()).select_from(PAGE).where(PAGE.c.paged_at.between(*_SPAN), _hangs_on(PAGE.c.incident))
_COUNTS = select(
    select(func.count())
    .select_from(INCIDENT)
    .where(_OF_IT, INCIDENT.c.declared_at.between(*_SPAN))
    .scalar_subquery()
    .label("declared"),
    _PAGED.scalar_subquery().label("pages"),
    _PAGED.where(text("night")).scalar_subquery().label("at_night"),
)
_RESOLVED = (
    select(INCIDENT.c.number, INCIDENT.c.title)
    .where(_OF_IT, INCIDENT.c.resolved_at.between(*_SPAN))
    .order_by(INCIDENT.c.resolved_at.desc(), INCIDENT.c.number)
    .limit(MOST_NAMED)
)
# The condition of the partial index stands here word for word, or SQLite would not use it.
_BROKEN = text("breached_at IS NOT NULL")
_BREACHES = (
    select(SLA_CLOCK.c.incident, SLA_CLOCK.c.clock)
    .where(_BROKEN, SLA_CLOCK.c.breached_at.between(*_SPAN), _hangs_on(SLA_CLOCK.c.incident))
    .order_by(SLA_CLOCK.c.breached_at.desc(), SLA_CLOCK.c.incident, SLA_CLOCK.c.ordinal)
    .limit(MOST_NAMED)
)
_MISSED = (
    select(SLA_CLOCK.c.incident, SLA_CLOCK.c.breached_at)
    .where(_BROKEN, SLA_CLOCK.c.breached_at >= bindparam("since"), SLA_CLOCK.c.clock == Clock.UPDATE.value)
    .order_by(SLA_CLOCK.c.breached_at, SLA_CLOCK.c.incident)
)


def around(connection: Connection, schedule: str, now: datetime) -> Around:
    """The open incidents of the schedule, the latest notes of each, and the shift so far."""
    numbers = incidents.open_numbers(connection, schedule)
    return Around(
        incidents=tuple(incidents.load(connection, numbers)),
        notes=_notes(connection, numbers),
        summary=_summary(connection, schedule, now),
    )


def missed_updates(connection: Connection, since: datetime) -> dict[int, tuple[datetime, ...]]:
    """When promised updates were missed, from then on; by incident."""
    found = grouped(connection, _MISSED, {"since": since}, "incident")
    return {number: tuple(row.breached_at for row in rows) for number, rows in found.items()}


def _notes(connection: Connection, numbers: list[int]) -> dict[int, tuple[str, ...]]:
    found = grouped(connection, _NOTES, {"numbers": numbers}, "incident") if numbers else {}
    return {number: tuple(row.text for row in rows) for number, rows in found.items()}


def _summary(connection: Connection, schedule: str, now: datetime) -> Summary:
    """Since the latest change of shift that was handed over; one that was begun early has not come yet."""
    began: datetime | None = connection.scalar(_BEGAN, {"schedule": schedule, "now": now})
    since = began or now - LONGEST
    span = {"schedule": schedule, "since": since, "now": now}
    counted = connection.execute(_COUNTS, span).one()
    return Summary(
        since=since,
        declared=counted.declared,
        resolved=tuple((row.number, row.title) for row in connection.execute(_RESOLVED, span)),
        # Once, where several SLAs promise the same.
        breaches=tuple(dict.fromkeys((row.incident, row.clock) for row in connection.execute(_BREACHES, span))),
        pages=counted.pages,
        at_night=counted.at_night,
    )
