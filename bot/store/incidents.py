"""Incidents as rows and back, with everything that hangs on them, and their timeline."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, exists, func, select, text

from bot.core.effects import Record
from bot.core.history import COUNTED, Entry
from bot.core.incident import (
    OPEN,
    Escalation,
    EscalationState,
    Incident,
    LeadOffer,
    Message,
    Page,
    PageState,
    Role,
    Status,
    Tried,
)
from bot.policy.model import Step
from bot.store import clocks, runbooks
from bot.store.changes import Facts, message, place, write_changes
from bot.store.grouping import grouped
from bot.store.rows import table

INCIDENT = table("incident")
PAGE = table("page")
CONTACT = table("page_contact")
ESCALATION = table("escalation")
SLA_CLOCK = table("sla_clock")
ROLE = table("role_assignment")
RUN = table("runbook_run")
STEP = table("runbook_step")
ACTION = table("runbook_action")
TIMELINE = table("timeline_entry")

_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_INCIDENTS = select(INCIDENT).where(INCIDENT.c.number.in_(_NUMBERS)).order_by(INCIDENT.c.number)
_LOCKED = _INCIDENTS.with_for_update()
_ESCALATIONS = select(ESCALATION).where(ESCALATION.c.incident.in_(_NUMBERS))
_ROLES, _PAGES, _CLOCKS, _RUNS = (
    select(each).where(each.c.incident.in_(_NUMBERS)).order_by(each.c.incident, each.c.ordinal)
    for each in (ROLE, PAGE, SLA_CLOCK, RUN)
)
# Few pages go out beside Slack, so each page says whether there is more to read.
_PAGES = _PAGES.add_columns(exists().where(CONTACT.c.page == PAGE.c.id).label("beside_slack"))
_CONTACTS = select(CONTACT).join(PAGE).where(PAGE.c.incident.in_(_NUMBERS)).order_by(CONTACT.c.page, CONTACT.c.ordinal)
_STEPS, _ACTIONS = (
    select(each).join(RUN).where(RUN.c.incident.in_(_NUMBERS)).order_by(each.c.run, each.c.ordinal)
    for each in (STEP, ACTION)
)
_COUNTED = (
    select(TIMELINE)
    .where(TIMELINE.c.incident.in_(_NUMBERS), TIMELINE.c.what.in_(sorted(COUNTED)))
    .order_by(TIMELINE.c.incident, TIMELINE.c.id)
)

# The conditions of the partial indices stand here word for word, or SQLite would not use them.
_OF_MESSAGE = (
    select(PAGE.c.incident)
    .where(PAGE.c.message_channel == bindparam("channel"), PAGE.c.message_ts == bindparam("ts"))
    .distinct()
)
_WAITING = select(PAGE.c.incident).where(PAGE.c.person == bindparam("person"), text("state = 'open'")).distinct()
_AT_NIGHT = (
    select(PAGE.c.person, func.count())
    .where(PAGE.c.paged_at >= bindparam("since"), text("night"))
    .group_by(PAGE.c.person)
    .order_by(PAGE.c.person)
)

TABLES = {each.name: each for each in (INCIDENT, ESCALATION, ROLE, PAGE, CONTACT, SLA_CLOCK, RUN, STEP, ACTION)}

_SAME = (  # columns that are called like the field and hold the same
    *("title", "severity", "service", "category", "summary", "declared_by", "declared_at", "started_at"),
    *("acknowledged_by", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at", "merged_into"),
    *("last_update", "last_update_at", "last_update_by", "schedule", "channel", "channel_name", "terms"),
)


def load(connection: Connection, numbers: Iterable[int], *, lock: bool = False) -> list[Incident]:
    """In the order of their numbers; those that do not exist are left out."""
    # The lock comes first and alone: what hangs on the incident is read by later statements, which see what
    # the one who held the lock before has written.
    rows = connection.execute(_LOCKED if lock else _INCIDENTS, {"numbers": list(numbers)}).all()
    if not rows:
        return []
    held = {"numbers": [row.number for row in rows]}
    escalations, roles, pages, running, marks, runs = (
        grouped(connection, found, held, "incident")
        for found in (_ESCALATIONS, _ROLES, _PAGES, _CLOCKS, _COUNTED, _RUNS)
    )
    steps, actions = (grouped(connection, found, held, "run") if runs else {} for found in (_STEPS, _ACTIONS))
    beside_slack = any(page.beside_slack for these in pages.values() for page in these)
    contacts = grouped(connection, _CONTACTS, held, "page") if beside_slack else {}
    return [
        Incident(
            number=row.number,
            status=Status(row.status),
            **{name: getattr(row, name) for name in _SAME},
            card=message(row.card_channel, row.card_ts),
            announcement=message(row.announcement_channel, row.announcement_ts),
            escalation=next((_escalation(each) for each in escalations[row.number]), None),
            roles=tuple((Role(each.role), each.person) for each in roles[row.number]),
            pages=tuple(_page(each, contacts.get(each.id, [])) for each in pages[row.number]),
            clocks=tuple(clocks.clock(each) for each in running[row.number]),
            history=tuple(clocks.mark(each) for each in marks[row.number]),
            waiting=clocks.wait(row),
            lead_offer=_offer(row),
            runs=tuple(
                runbooks.run(each, steps.get(each.id, []), actions.get(each.id, [])) for each in runs[row.number]
            ),
            labels=tuple(sorted(row.labels.items())),
            invited=frozenset(row.invited),
        )
        for row in rows
    ]


def lock(connection: Connection, numbers: Collection[int]) -> None:
    """In the order of their numbers, so that nobody waits in a ring."""
    found = select(INCIDENT.c.number).where(INCIDENT.c.number.in_(sorted(numbers))).order_by(INCIDENT.c.number)
    connection.execute(found.with_for_update())


def save(connection: Connection, before: Incident | None, after: Incident) -> None:
    """Writes only the rows and columns in which the two differ; the history is written by `record`."""
    write_changes(connection, TABLES, _facts(before) if before is not None else {}, _facts(after))


def number_of_channel(connection: Connection, channel: str) -> int | None:
    found = select(func.max(INCIDENT.c.number)).where(INCIDENT.c.channel == channel)
    number: int | None = connection.scalar(found)
    return number


def open_numbers(connection: Connection, schedule: str | None) -> list[int]:
    found = select(INCIDENT.c.number).where(INCIDENT.c.status.in_(sorted(OPEN)))
    if schedule is not None:
        found = found.where(INCIDENT.c.schedule == schedule)
    return list(connection.scalars(found))


def recent_numbers(connection: Connection, limit: int) -> list[int]:
    return list(connection.scalars(select(INCIDENT.c.number).order_by(INCIDENT.c.number.desc()).limit(limit)))


def open_by_severity(connection: Connection) -> dict[str, int]:
    counted = (
        select(INCIDENT.c.severity, func.count())
        .where(INCIDENT.c.status.in_(sorted(OPEN)))
        .group_by(INCIDENT.c.severity)
        .order_by(INCIDENT.c.severity)
    )
    return dict(tuple(row) for row in connection.execute(counted))


def pages_of_message(connection: Connection, stands: Message) -> list[tuple[Incident, Page]]:
    """Of one message: by incident, then in the order in which they were sent."""
    found = connection.scalars(_OF_MESSAGE, {"channel": stands.channel, "ts": stands.ts})
    return [(held, page) for held in load(connection, found) for page in held.pages if page.message == stands]


def pages_waiting(connection: Connection, person: str) -> list[tuple[Incident, Page]]:
    found = connection.scalars(_WAITING, {"person": person})
    held = load(connection, found)
    return [(each, page) for each in held for page in each.pages if page.is_open and page.person == person]


def night_pages(connection: Connection, since: datetime) -> dict[str, int]:
    return dict(tuple(row) for row in connection.execute(_AT_NIGHT, {"since": since}))


def record(connection: Connection, entry: Record) -> None:
    facts = {"incident": entry.number, "at": entry.at, "who": entry.by, "what": entry.what.value}
    values = {"old_value": entry.old, "new_value": entry.new, "text": entry.text}
    connection.execute(TIMELINE.insert().inline(), facts | values)


def timeline(connection: Connection, number: int) -> list[Record]:
    found = select(TIMELINE).where(TIMELINE.c.incident == number).order_by(TIMELINE.c.id)
    return [
        Record(
            number=number,
            at=row.at,
            by=row.who,
            what=Entry(row.what),
            old=row.old_value,
            new=row.new_value,
            text=row.text,
        )
        for row in connection.execute(found)
    ]


# From rows


def _page(row: Row[Any], contacts: list[Row[Any]]) -> Page:
    return Page(
        id=row.id,
        person=row.person,
        round=row.round,
        step=row.step,
        paged_at=row.paged_at,
        state=PageState(row.state),
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        message=message(row.message_channel, row.message_ts),
        delivered_at=row.delivered_at,
        asked_by=row.asked_by,
        note=row.note,
        problem=row.problem,
        tried=tuple(Tried(each.contact, each.tried_at, each.problem) for each in contacts),
        night=row.night,
    )


def _escalation(row: Row[Any]) -> Escalation:
    return Escalation(
        path=row.path,
        steps=tuple(Step.from_json(step) for step in row.steps),
        repeat=row.repeat,
        round=row.round,
        step=row.step,
        state=EscalationState(row.state),
        due=row.due_at,
    )


def _offer(row: Row[Any]) -> LeadOffer | None:
    if row.lead_offer_to is None:
        return None
    return LeadOffer(row.lead_offer_to, row.lead_offer_by, row.lead_offer_at)


# To rows


def _facts(incident: Incident) -> Facts:
    number = incident.number
    return {
        "incident": {(number,): _incident_facts(incident)},
        "escalation": {} if incident.escalation is None else {(number,): _escalation_facts(incident.escalation)},
        "role_assignment": {
            (number, role.value): {"person": person, "ordinal": ordinal}
            for ordinal, (role, person) in enumerate(incident.roles)
        },
        "page": {(page.id,): _page_facts(page, number, ordinal) for ordinal, page in enumerate(incident.pages)},
        "page_contact": {
            (page.id, ordinal): _contact_facts(tried)
            for page in incident.pages
            for ordinal, tried in enumerate(page.tried)
        },
        "sla_clock": {(number, ordinal): clocks.facts(clock) for ordinal, clock in enumerate(incident.clocks)},
        **runbooks.facts(incident),
    }


def _incident_facts(incident: Incident) -> dict[str, Any]:
    return {
        **{name: getattr(incident, name) for name in _SAME},
        "status": incident.status.value,
        **place("card", incident.card),
        **place("announcement", incident.announcement),
        "labels": dict(incident.labels),
        "invited": sorted(incident.invited),
        **clocks.wait_facts(incident.waiting),
        **_offer_facts(incident.lead_offer),
    }


def _offer_facts(offer: LeadOffer | None) -> dict[str, Any]:
    return {
        "lead_offer_to": offer.to if offer else None,
        "lead_offer_by": offer.by if offer else None,
        "lead_offer_at": offer.at if offer else None,
    }


def _escalation_facts(escalation: Escalation) -> dict[str, Any]:
    return {
        "path": escalation.path,
        "steps": [step.to_json() for step in escalation.steps],
        "repeat": escalation.repeat,
        "round": escalation.round,
        "step": escalation.step,
        "state": escalation.state.value,
        "due_at": escalation.due,
    }


def _page_facts(page: Page, number: int, ordinal: int) -> dict[str, Any]:
    return {
        "incident": number,
        "ordinal": ordinal,
        "person": page.person,
        "round": page.round,
        "step": page.step,
        "paged_at": page.paged_at,
        "state": page.state.value,
        "ended_at": page.ended_at,
        "ended_by": page.ended_by,
        **place("message", page.message),
        "delivered_at": page.delivered_at,
        "asked_by": page.asked_by,
        "note": page.note,
        "problem": page.problem,
        "night": page.night,
    }


def _contact_facts(tried: Tried) -> dict[str, Any]:
    return {"contact": tried.contact, "tried_at": tried.at, "problem": tried.problem}
