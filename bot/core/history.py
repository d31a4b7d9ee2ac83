"""The history of an incident: the kinds of entries, and those from which its clocks are counted.

`Mark`s are entries of the timeline. A correction does not alter what it corrects: it is a later mark, and whoever
counts reads the instants as they were corrected (`as_corrected`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Entry(StrEnum):
    """What an entry of the timeline is about."""

    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    PAGED = "paged"
    PAGE_DECLINED = "page_declined"
    PAGE_UNDELIVERED = "page_undelivered"
    ESCALATED = "escalated"
    STEP_SKIPPED = "step_skipped"
    HELD = "held"
    RESPONDER_PAGED = "responder_paged"
    RESPONDER_JOINED = "responder_joined"
    RESPONDER_UNANSWERED = "responder_unanswered"
    CONTACTED = "contacted"
    CONTACT_FAILED = "contact_failed"
    PATH_EXHAUSTED = "path_exhausted"
    PAGED_AGAIN = "paged_again"
    STATUS = "status"
    SEVERITY = "severity"
    ROLE = "role"
    UPDATE = "update"
    NOTE = "note"
    CLOCK_MET = "clock_met"
    CLOCK_WARNED = "clock_warned"
    CLOCK_BREACHED = "clock_breached"
    CHANNEL = "channel"
    GIVEN_UP = "given_up"
    RUNBOOK_STARTED = "runbook_started"
    RUNBOOK_STEP = "runbook_step"
    RUNBOOK_FINISHED = "runbook_finished"
    HANDOFF = "handoff"
    WAITING = "waiting"
    WAITING_ENDED = "waiting_ended"
    CORRECTED = "corrected"


COUNTED = frozenset(
    {
        Entry.DECLARED,
        Entry.ACKNOWLEDGED,
        Entry.STATUS,
        Entry.SEVERITY,
        Entry.UPDATE,
        Entry.WAITING,
        Entry.WAITING_ENDED,
        Entry.CORRECTED,
    }
)


class Moment(StrEnum):
    """The instants of an incident that may be corrected by hand."""

    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry that counts: when, what, from, to, by whom (None: Baton itself), and the words.

    WAITING has `on until instant` as `new`; CORRECTED has `moment instant` as `old` and `new`.
    """

    at: datetime
    what: Entry
    old: str | None = None
    new: str | None = None
    by: str | None = None
    text: str = ""


def waits(on: str, until: datetime) -> str:
    return f"{on} until {until.isoformat()}"


def waits_until(mark: Mark) -> tuple[str, datetime]:
    """On whom, and until when at the latest."""
    on, _, until = (mark.new or "").partition(" until ")
    return on, datetime.fromisoformat(until)


def corrects(moment: Moment, to: datetime | None) -> str:
    return f"{moment} {to.isoformat()}" if to else f"{moment}"


def as_corrected(marks: Iterable[Mark]) -> list[Mark]:
    """The marks that are no corrections, at their corrected instants, in order."""
    found: list[Mark] = []
    for mark in marks:
        if mark.what is Entry.CORRECTED:
            _correct(found, mark)
        else:
            found.append(mark)
    return sorted(found, key=lambda mark: mark.at)


def _correct(marks: list[Mark], correction: Mark) -> None:
    name, _, to = (correction.new or "").partition(" ")
    moment, at = Moment(name), datetime.fromisoformat(to)
    place = next((place for place in reversed(range(len(marks))) if _is(marks[place], moment)), None)
    if place is not None:
        marks[place] = replace(marks[place], at=at)
    elif moment is Moment.ACKNOWLEDGED:
        marks.append(Mark(at, Entry.ACKNOWLEDGED, by=correction.by))
    elif moment is Moment.MITIGATED:
        marks.append(Mark(at, Entry.STATUS, new="monitoring", by=correction.by))


def _is(mark: Mark, moment: Moment) -> bool:
    match moment:
        case Moment.DECLARED:
            return mark.what is Entry.DECLARED
        case Moment.ACKNOWLEDGED:
            return mark.what is Entry.ACKNOWLEDGED
        case Moment.MITIGATED:
            return mark.what is Entry.STATUS and mark.new == "monitoring"
        case Moment.RESOLVED:
            return mark.what is Entry.STATUS and mark.new == "resolved"
