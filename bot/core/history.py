"""The history of an incident: the kinds of entries, and those from which its clocks are counted.

`Mark`s are entries of the timeline. A correction does not alter what it corrects: it is a later mark, and whoever
counts reads the instants as they were corrected (`as_corrected`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter


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
    RUNBOOK_STOPPED = "runbook_stopped"
    RUNBOOK_RATED = "runbook_rated"
    STEP_ASSIGNED = "step_assigned"
    EVIDENCE = "evidence"
    ACTION_ASKED = "action_asked"
    ACTION_APPROVED = "action_approved"
    ACTION_REFUSED = "action_refused"
    ACTION_BEGAN = "action_began"
    ACTION_ENDED = "action_ended"
    CATEGORY = "category"
    LABELS = "labels"
    HANDOFF = "handoff"
    HANDED_OVER = "handed_over"  # with its shift, to those who come
    TAKEN_OVER = "taken_over"
    LEAD_OFFERED = "lead_offered"
    LEAD_OFFER_DECLINED = "lead_offer_declined"
    WAITING = "waiting"
    WAITING_ENDED = "waiting_ended"
    CORRECTED = "corrected"
    MERGED = "merged"
    TOOK_IN = "took_in"


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
        Entry.MERGED,
        Entry.TOOK_IN,
        Entry.HANDED_OVER,
        Entry.TAKEN_OVER,
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

    WAITING has `on until instant` as `new`; CORRECTED has `moment instant` as `old` and `new`. MERGED has the number of
    the incident that goes on as `new`; there, TOOK_IN has `number instant` of the other and its declaration as `new`,
    and as `old` what was answered in it, as `acknowledged instant who;update instant who`.
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


def took_in(number: int, declared: datetime) -> str:
    return f"{number} {declared.isoformat()}"


def taken_in(mark: Mark) -> tuple[int, datetime]:
    """Which incident, and when it was declared."""
    number, _, at = (mark.new or "").partition(" ")
    return int(number), datetime.fromisoformat(at)


def merged_in(marks: Iterable[Mark]) -> list[int]:
    """The numbers of the incidents that were taken in."""
    return [taken_in(mark)[0] for mark in marks if mark.what is Entry.TOOK_IN]


def answered(marks: Iterable[Mark]) -> str:
    return ";".join(f"{mark.what} {mark.at.isoformat()} {mark.by or ''}" for mark in marks)


def answers(written: str) -> list[Mark]:
    """The acknowledgement and the updates of an incident that was taken in."""
    parts = [answer.split(" ") for answer in written.split(";") if answer]
    return [Mark(datetime.fromisoformat(at), Entry(what), by=who or None) for what, at, who in parts]


def as_corrected(marks: Iterable[Mark]) -> list[Mark]:
    """The marks that are no corrections, at their corrected instants, in order: the declaration first.

    What happened before the instant to which the declaration was corrected counts from then.
    """
    found: list[Mark] = []
    for mark in marks:
        if mark.what is Entry.CORRECTED:
            _correct(found, mark)
        elif mark.what is Entry.TOOK_IN:
            _take_in(found, mark)
        else:
            found.append(mark)
    ordered = sorted(found, key=attrgetter("at"))
    if ordered and ordered[0].what is not Entry.DECLARED:
        declared = next((mark.at for mark in found if mark.what is Entry.DECLARED), ordered[0].at)
        found = [mark if mark.at >= declared else replace(mark, at=declared) for mark in found]
        return sorted(found, key=attrgetter("at"))
    return ordered


def _correct(marks: list[Mark], correction: Mark) -> None:
    name, _, to = (correction.new or "").partition(" ")
    moment, at = Moment(name), datetime.fromisoformat(to)
    if moment is Moment.ACKNOWLEDGED:
        _acknowledge(marks, Mark(at, Entry.ACKNOWLEDGED, by=correction.by))
        return
    place = next((place for place in reversed(range(len(marks))) if _is(marks[place], moment)), None)
    if place is not None:
        old = None if moment is Moment.DECLARED else marks[place].old
        marks[place] = replace(marks[place], at=at, old=old)
    elif moment is Moment.MITIGATED:
        marks.append(Mark(at, Entry.STATUS, new="monitoring", by=correction.by))


def _take_in(marks: list[Mark], merge: Mark) -> None:
    """The earlier declaration counts (its mark has the number of the other as `old`), and what was answered in either.

    The first acknowledgement is the one that counts.
    """
    number, declared = taken_in(merge)
    for place, mark in enumerate(marks):
        if mark.what is Entry.DECLARED and declared < mark.at:
            marks[place] = replace(mark, at=declared, old=str(number), by=merge.by)
    marks.extend(answers(merge.old or ""))


def _acknowledge(marks: list[Mark], acknowledged: Mark) -> None:
    """It was then and at no other time, however often it was acknowledged."""
    marks[:] = [mark for mark in marks if not _is(mark, Moment.ACKNOWLEDGED)]
    marks.append(acknowledged)


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
