"""The ledger of the clocks: every stretch of time, whether it counts, why, and by whose doing. Pure, as the clocks are.

The open time of the counted stretches of a clock adds up to what is used of its time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from bot.core import calendar
from bot.core.clocks import Span, Story, Turn, Wait, clocks, story, stretches, turns_of
from bot.core.history import Entry, Mark, as_corrected
from bot.core.incident import ClockState, Incident, SlaClock
from bot.policy.model import Clock, Sla, Terms


@dataclass(frozen=True, slots=True)
class Stretch:
    """Without an end it goes on; `passed` is the open time that it counted so far."""

    start: datetime
    end: datetime | None
    counted: bool
    passed: timedelta
    why: str
    by: str | None = None  # None: Baton itself


@dataclass(frozen=True, slots=True)
class ClockLedger:
    sla: str
    clock: Clock
    turn: int
    state: ClockState
    promised: str
    calendar: str
    started: datetime
    due: datetime
    share: float
    stretches: tuple[Stretch, ...]
    ended: datetime | None = None  # when it was met or cancelled
    breached: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    """One clock, and what it was counted from; `changes` are the changes of severity that it has followed."""

    held: SlaClock
    turn: Turn
    sla: Sla
    told: Story
    marks: Sequence[Mark]
    changes: Sequence[Mark]


def ledger(incident: Incident, now: datetime) -> tuple[ClockLedger, ...]:
    """Of every clock that has ever started, in their order; none of an incident without terms."""
    terms = incident.terms
    if terms is None or not incident.history:
        return ()
    told, marks = story(incident.history), as_corrected(incident.history)
    turns = {(turn.clock, turn.number): turn for turn in turns_of(told)}
    found: list[ClockLedger] = []
    for held in clocks(incident.history, terms, now):
        turn = turns[held.clock, held.turn]
        counted = _Counted(held, turn, terms.slas[held.sla], told, marks, _changes(held, turn, marks))
        found.append(_of_one(counted, _joined(_stretches(counted, terms, now))))
    return tuple(found)


def _of_one(counted: _Counted, passed: tuple[Stretch, ...]) -> ClockLedger:
    held = counted.held
    used = sum((each.passed for each in passed if each.counted), timedelta())
    return ClockLedger(
        sla=held.sla,
        clock=held.clock,
        turn=held.turn,
        state=held.state,
        promised=held.promised,
        calendar=held.calendar,
        started=held.started,
        due=held.due,
        share=held.part(used),
        stretches=passed,
        ended=held.met_at or held.cancelled_at,
        breached=held.breached_at,
    )


def _stretches(counted: _Counted, terms: Terms, now: datetime) -> Iterator[Stretch]:
    held, turn, told = counted.held, counted.turn, counted.told
    began, ended = turn.spans[0].start, held.met_at or held.cancelled_at
    limit = max(ended or now, began)
    hours = terms.calendar(held.calendar)
    spans = stretches(turn, counted.sla, told)
    edges = {began, limit, held.started, *(mark.at for mark in counted.changes)}
    edges |= {edge for span in (*turn.spans, *(wait.span for wait in told.waits)) for edge in span if edge is not None}
    inside = sorted(edge for edge in edges if began <= edge <= limit)
    for start, end in list(pairwise(inside)) or [(began, began)]:
        counts = start >= held.started and _within(spans, start)
        why, by = _why(start, counted)
        yield Stretch(
            start=start,
            end=None if end == limit and ended is None else end,
            counted=counts,
            passed=calendar.elapsed(start, end, hours) if counts else timedelta(),
            why=why,
            by=by,
        )


def _joined(found: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Those that follow each other for the same reason are one."""
    joined: list[Stretch] = []
    for each in found:
        last = joined[-1] if joined else None
        if last is not None and (last.counted, last.why, last.by) == (each.counted, each.why, each.by):
            joined[-1] = replace(last, end=each.end, passed=last.passed + each.passed)
        else:
            joined.append(each)
    return tuple(joined)


def _changes(held: SlaClock, turn: Turn, marks: Sequence[Mark]) -> list[Mark]:
    """The changes of severity that the clock has followed: none once its promise was broken."""
    began = turn.spans[0].start
    changed = [mark for mark in marks if mark.what is Entry.SEVERITY and mark.at > began]
    return [mark for mark in changed if held.breached_at is None or mark.at < held.breached_at]


def _why(at: datetime, counted: _Counted) -> tuple[str, str | None]:
    """Why a stretch that starts there counts or does not, and by whose doing."""
    if at < counted.held.started:
        since = next((mark for mark in counted.changes if mark.at == counted.held.started), None)
        return (f"it counts only from when the severity became {since.new}", since.by) if since else ("", None)
    if not _within(counted.turn.spans, at):
        stopped = _latest(counted.marks, at, Entry.STATUS)
        return (f"it was {stopped.new}", stopped.by) if stopped else ("it was met", None)
    wait = next((wait for wait in reversed(counted.told.waits) if _within([wait.span], at)), None)
    if wait is not None:
        return _waiting(wait, counted.turn.clock, counted.sla), wait.mark.by
    return _because(at, counted)


def _waiting(wait: Wait, clock: Clock, sla: Sla) -> str:
    why = f"waiting on {wait.on}: {wait.mark.text}"
    return why if sla.pauses(clock, wait.on) else f"{why} (this clock runs on meanwhile)"


def _because(at: datetime, counted: _Counted) -> tuple[str, str | None]:
    """What made it count from there on: the latest of what could have."""
    changed = next((mark for mark in counted.changes if mark.at == at), None)
    if changed is not None:
        return f"the severity is {changed.new}", changed.by
    over = next((wait for wait in counted.told.waits if wait.span.end == at), None)
    if over is not None:
        return f"no longer waiting on {over.on}", _by(counted.marks, at, Entry.WAITING_ENDED)
    if at > counted.turn.spans[0].start:
        moved = _latest(counted.marks, at, Entry.STATUS)
        return (f"it is {moved.new} again", moved.by) if moved else ("it goes on", None)
    if at == counted.told.declared:
        return _declared(counted.marks)
    if any(mark.what is Entry.UPDATE and mark.at == at for mark in counted.marks):
        return "after an update", _by(counted.marks, at, Entry.UPDATE)
    return "it was reopened", _by(counted.marks, at, Entry.STATUS)


def _declared(marks: Sequence[Mark]) -> tuple[str, str | None]:
    """Its own declaration, or the earlier one of an incident that was merged into it."""
    mark = next(mark for mark in marks if mark.what is Entry.DECLARED)
    if mark.old:
        return f"it counts from the declaration of INC-{mark.old}, which was merged into this", mark.by
    return "it was declared", mark.by


def _latest(marks: Sequence[Mark], at: datetime, what: Entry) -> Mark | None:
    return next((mark for mark in reversed(marks) if mark.what is what and mark.at <= at), None)


def _by(marks: Sequence[Mark], at: datetime, what: Entry) -> str | None:
    return next((mark.by for mark in marks if mark.what is what and mark.at == at), None)


def _within(spans: Sequence[Span], at: datetime) -> bool:
    return any(span.start <= at and (span.end is None or at < span.end) for span in spans)
