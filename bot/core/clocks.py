"""The clocks of an incident, counted from its history: pure, so that anybody can count them again.

A clock counts the open time of its calendar from its base: the declaration, or the last time the severity was
lowered. It does not count while it is met (and taken up again later) or while the incident waits on somebody for
whom the SLA lets it stand still. Its due time is the first instant by which the promised time has been counted; a
promise that has been broken stays broken, whatever comes later.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from bot.core import calendar
from bot.core.history import Entry, Mark, as_corrected, waits_until
from bot.core.incident import OPEN, SlaClock, Status
from bot.policy.model import Clock, Sla, Target, Terms

NONE = timedelta()


class Span(NamedTuple):
    """Half-open; without an end it goes on."""

    start: datetime
    end: datetime | None = None


class Period(NamedTuple):
    """From one update to the next, while it is open."""

    span: Span
    first: bool  # before any update was made
    met: bool = False  # an update ended it


class Handover(NamedTuple):
    """From the change of a shift until somebody of the next one has it, while it is open."""

    span: Span
    met: bool = False


class Wait(NamedTuple):
    span: Span
    on: str
    mark: Mark


@dataclass(slots=True)
class Story:
    """What happened, as far as clocks are concerned; the same for every SLA."""

    declared: datetime
    severities: list[tuple[datetime, str]] = field(default_factory=list)
    acknowledged: datetime | None = None
    harming: list[Span] = field(default_factory=list)  # until it is mitigated
    open: list[Span] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    nothing: datetime | None = None  # when it turned out to be nothing, or went into another


class Turn(NamedTuple):
    """One promise to be counted: its kind, the spans in which it runs, and how it ended."""

    clock: Clock
    number: int
    spans: list[Span]
    met: datetime | None
    cancelled: datetime | None
    first: bool = False

    @property
    def end(self) -> datetime | None:
        return self.met or self.cancelled


class Count(NamedTuple):
    """How a target stands on its spans."""

    target: Target
    base: datetime
    within: timedelta
    due: datetime
    used: timedelta  # until `since`; in all, if it does not run on
    since: datetime | None


def clocks(history: Sequence[Mark], terms: Terms, now: datetime) -> tuple[SlaClock, ...]:
    """Every clock that has ever started, in the order of the SLAs and of the kinds."""
    if not terms.slas or not history:
        return ()
    told = story(history)
    turns = list(turns_of(told))
    return tuple(held for name in terms.slas for held in _of_one(turns, name, terms, told, now))


def _of_one(turns: Sequence[Turn], name: str, terms: Terms, told: Story, now: datetime) -> Iterator[SlaClock]:
    first: SlaClock | None = None
    promised = {clock for targets in terms.slas[name].targets.values() for clock in targets}
    for turn in turns:
        if turn.clock not in promised:
            continue
        if turn.first and first is not None and first.cancelled_at is None:
            continue  # the first update is still the one that is waited for
        held = _clock(turn, name, terms, told, now)
        if held is not None:
            yield held
        if turn.clock is Clock.FIRST_UPDATE:
            first = held


def story(history: Sequence[Mark]) -> Story:
    marks = as_corrected(history)
    told = Story(declared=next(mark.at for mark in marks if mark.what is Entry.DECLARED))
    status = Status.TRIAGE
    for mark in marks:
        match mark.what:
            case Entry.DECLARED:
                told.severities.append((mark.at, mark.new or ""))
                told.harming.append(Span(mark.at))
                told.open.append(Span(mark.at))
                told.periods.append(Period(Span(mark.at), first=True))
            case Entry.SEVERITY:
                told.severities.append((mark.at, mark.new or ""))
            case Entry.ACKNOWLEDGED:
                told.acknowledged = told.acknowledged or mark.at
            case Entry.UPDATE:
                _end_period(told, mark.at, met=True)
                told.periods.append(Period(Span(mark.at), first=False))
            case Entry.STATUS:
                status = _moved(told, status, Status(mark.new or ""), mark.at)
            case Entry.MERGED:
                status = _moved(told, status, Status.MERGED, mark.at)
            case Entry.WAITING | Entry.WAITING_ENDED:
                _waited(told, mark)
            case Entry.HANDED_OVER:
                if not told.handovers or told.handovers[-1].span.end is not None:  # else it waits still
                    told.handovers.append(Handover(Span(mark.at)))
            case Entry.TAKEN_OVER:
                _end_handover(told, mark.at, met=True)
    return told


def _moved(told: Story, old: Status, new: Status, at: datetime) -> Status:
    was_open, is_open = old in OPEN, new in OPEN
    if not is_open or new is Status.MONITORING:
        _end(told.harming, at)
    elif old is Status.MONITORING or not was_open:
        told.harming.append(Span(at))
    if was_open and not is_open:
        _end(told.open, at)
        _end_period(told, at, met=False)
        _end_handover(told, at, met=False)
        told.nothing = at if new in (Status.DECLINED, Status.MERGED) else None
        told.acknowledged = told.acknowledged or (at if new is Status.RESOLVED else None)
    elif is_open and not was_open:
        told.open.append(Span(at))
        told.periods.append(Period(Span(at), first=False))
    return new


def _waited(told: Story, mark: Mark) -> None:
    """A wait ends when somebody says so, when another begins, and at its expiry at the latest."""
    if told.waits:
        last = told.waits[-1]
        if last.span.end is None or mark.at < last.span.end:
            told.waits[-1] = last._replace(span=Span(last.span.start, mark.at))
    if mark.what is Entry.WAITING:
        on, until = waits_until(mark)
        told.waits.append(Wait(Span(mark.at, until), on, mark))


def _end(spans: list[Span], at: datetime) -> None:
    if spans and spans[-1].end is None:
        spans[-1] = Span(spans[-1].start, at)


def _end_period(told: Story, at: datetime, met: bool) -> None:
    last = told.periods[-1]
    if last.span.end is None:
        told.periods[-1] = Period(Span(last.span.start, at), last.first, met)


def _end_handover(told: Story, at: datetime, met: bool) -> None:
    if told.handovers and told.handovers[-1].span.end is None:
        told.handovers[-1] = Handover(Span(told.handovers[-1].span.start, at), met)


def turns_of(told: Story) -> Iterator[Turn]:
    nothing = told.nothing
    yield Turn(Clock.ACKNOWLEDGE, 0, [Span(told.declared, told.acknowledged or nothing)], told.acknowledged, nothing)
    for clock, spans in ((Clock.MITIGATE, told.harming), (Clock.RESOLVE, told.open)):
        met = spans[-1].end if spans[-1].end != nothing else None
        yield Turn(clock, 0, spans, met, None if met else nothing)
    for number, period in enumerate(told.periods):
        met, cancelled = (period.span.end, None) if period.met else (None, period.span.end)
        if period.first:
            yield Turn(Clock.FIRST_UPDATE, number, [period.span], met, cancelled)
        yield Turn(Clock.UPDATE, number, [period.span], met, cancelled, first=period.first)
    for number, handover in enumerate(told.handovers):
        end = handover.span.end
        yield Turn(Clock.ACCEPT, number, [handover.span], end if handover.met else None, None if handover.met else end)


def target_of(turn: Turn, sla: Sla, severity: str) -> Target | None:
    """What is promised at a severity; before the first update, that of the first one alone if it is promised."""
    targets = sla.targets.get(severity, {})
    if turn.first and Clock.FIRST_UPDATE in targets:
        return None
    return targets.get(turn.clock)


def stretches(turn: Turn, sla: Sla, told: Story) -> list[Span]:
    """The spans in which the clock counts: those of its turn, less the waits for which the SLA lets it stand still.

    The last one has no end, so that a clock that has ended knows when it would have been due.
    """
    spans = [*turn.spans[:-1], Span(turn.spans[-1].start)]
    if sla.pause_while is None or turn.clock not in sla.pause_while.clocks:
        return spans
    for wait in told.waits[bisect_right(told.waits, spans[0].start, key=_ends) :]:  # one begins when the last is over
        if turn.end is not None and turn.end <= wait.span.start:
            break
        if wait.span.end is not None and sla.pauses(turn.clock, wait.on):
            spans = [left for span in spans for left in _without(span, wait.span.start, wait.span.end)]
    return spans


def _ends(wait: Wait) -> datetime:
    return wait.span.end or datetime.max.replace(tzinfo=UTC)


def _without(span: Span, start: datetime, end: datetime) -> Iterator[Span]:
    if end <= span.start or (span.end is not None and span.end <= start):
        yield span
        return
    if span.start < start:
        yield Span(span.start, start)
    if span.end is None or end < span.end:
        yield Span(end, span.end)


def counted(target: Target, base: datetime, spans: Sequence[Span], end: datetime | None, terms: Terms) -> Count:
    """Counts a target from its base on, over spans of which the last has no end."""
    hours = terms.calendar(target.calendar)
    promised = calendar.budget(base, target.within, hours)
    left, used, due, since = promised.length, NONE, None, base
    for span in spans:
        if span.end is not None and span.end <= base:
            continue
        since = max(span.start, base)
        if due is None:
            falls = calendar.after(since, calendar.Budget(left, promised.opening), hours)
            due = falls if span.end is None or falls <= span.end else None
        if span.end is not None:
            passed = calendar.elapsed(since, span.end, hours)
            used, left = used + passed, max(left - passed, NONE)
    assert due is not None, "the last span has no end"
    if end is not None:
        return Count(target, base, promised.length, due, used + calendar.elapsed(since, end, hours), None)
    return Count(target, base, promised.length, due, used, since)


def _clock(turn: Turn, name: str, terms: Terms, told: Story, now: datetime) -> SlaClock | None:
    sla = terms.slas[name]
    spans = stretches(turn, sla, told)
    count, cancelled = _through_severities(turn, sla, spans, terms, told)
    if count is None:
        return None
    end = cancelled or turn.end
    late = count.due <= (end or now)
    resumes = next((span.start for span in spans if span.start > now), None) if end is None else None
    return SlaClock(
        clock=turn.clock,
        sla=name,
        turn=turn.number,
        started=count.base,
        due=count.due,
        within=count.within,
        promised=count.target.text,
        calendar=count.target.calendar,
        used=count.used,
        since=None if end else count.since,
        paused_until=None if late else resumes,
        met_at=None if cancelled else turn.met,
        cancelled_at=cancelled or (None if turn.met else turn.cancelled),
        breached_at=count.due if late else None,
    )


def _through_severities(
    turn: Turn, sla: Sla, spans: list[Span], terms: Terms, told: Story
) -> tuple[Count | None, datetime | None]:
    """The count as the changes of severity leave it, and when it was cancelled, if the last promises nothing."""
    began = turn.spans[0].start
    later = bisect_right(told.severities, began, key=itemgetter(0))
    severity = told.severities[max(later - 1, 0)][1]
    target = target_of(turn, sla, severity)
    count = counted(target, began, spans, turn.end, terms) if target else None
    cancelled: datetime | None = None
    for at, changed in told.severities[later:]:
        if turn.end is not None and at >= turn.end:
            break
        if count is not None and cancelled is None and count.due <= at:
            break  # a broken promise stays the one that it was
        raised = terms.rank(changed) < terms.rank(severity)
        severity, target = changed, target_of(turn, sla, changed)
        if target is None:
            cancelled = cancelled or (at if count is not None else None)
        else:
            count, cancelled = counted(target, began if raised else at, spans, turn.end, terms), None
    return count, cancelled
