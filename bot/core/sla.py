"""SLA clocks: promises with a due time, their warnings, and how they are met, resumed and cancelled.

A due time is a function of the start, the target and the calendar; the timer only wakes the room up.
After a stretch without power the highest share that has passed is said, once.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core import calendar
from bot.core.decision import Draft
from bot.core.effects import Entry, PostReminder
from bot.core.events import ClockFellDue
from bot.core.incident import PageState, SlaClock
from bot.policy.model import Calendar, Clock, Policy, Sla, Target

BREACH = 1.0
ONCE = (Clock.ACKNOWLEDGE, Clock.MITIGATE, Clock.RESOLVE)


def sla_of(service: str | None, policy: Policy) -> Sla | None:
    entry = policy.services.get(service or "")
    return policy.slas.get((entry.sla if entry else None) or policy.workspace.default_sla or "")


def begin(draft: Draft) -> None:
    """Starts the clocks of the declaration. Without a first update of its own, `update` starts at once."""
    _start_missing(draft, _targets(draft), draft.incident.declared_at)


def start(draft: Draft, clock: Clock, since: datetime, target: Target) -> None:
    due = calendar.due(since, target.within, _calendar(draft, target.calendar))
    held = SlaClock(clock=clock, started=since, due=due, within=target.within, calendar=target.calendar)
    draft.change(clocks=(*draft.incident.clocks, held))
    _set_timer(draft, held)


def meet(draft: Draft, clock: Clock) -> None:
    """What was promised is done; done late is met and breached."""
    held = draft.incident.running(clock)
    if held is None:
        return
    late = _broken_at(draft, held)
    _replace(draft, held, replace(held, met_at=draft.now, breached_at=late))
    draft.record(None, Entry.CLOCK_MET, new=clock, text="late" if late else "in time")
    draft.cancel_timer(_timer(clock))


def updated(draft: Draft) -> None:
    """An update meets the clock that waits for one and starts the next."""
    meet(draft, Clock.FIRST_UPDATE)
    meet(draft, Clock.UPDATE)
    target = _targets(draft).get(Clock.UPDATE)
    if target and draft.incident.is_open:
        start(draft, Clock.UPDATE, draft.now, target)


def cancel(draft: Draft, *clocks: Clock) -> None:
    for clock in clocks:
        held = draft.incident.running(clock)
        if held is not None:
            _replace(draft, held, replace(held, cancelled_at=draft.now, breached_at=_broken_at(draft, held)))
            draft.cancel_timer(_timer(clock))


def resume(draft: Draft, clock: Clock) -> None:
    """Runs a met clock on with what had elapsed; a clock that runs is left alone."""
    if draft.incident.running(clock) is not None:
        return
    last = next((held for held in reversed(draft.incident.clocks) if held.clock == clock and held.met_at), None)
    if last is None or last.met_at is None:
        return
    held = replace(last, met_at=None)
    if last.breached_at is None:  # a broken promise stays the one that it was
        hours = _calendar(draft, last.calendar)
        left = last.within - calendar.elapsed(last.started, last.met_at, hours)
        held = replace(held, started=draft.now, due=calendar.due(draft.now, left, hours), within=left)
    draft.change(clocks=(*draft.incident.clocks, held))
    _set_timer(draft, held)


def severity_changed(draft: Draft, raised: bool) -> None:
    """Raised: counted anew from the declaration; lowered: counted from now. A breach stays one."""
    targets = _targets(draft)
    for held in [held for held in draft.incident.clocks if held.is_running and _broken_at(draft, held) is None]:
        target = targets.get(held.clock)
        if target is None:
            cancel(draft, held.clock)
            continue
        since = _began(draft, held) if raised else draft.now
        due = calendar.due(since, target.within, _calendar(draft, target.calendar))
        after = replace(held, started=since, due=due, within=target.within, calendar=target.calendar, warned=0.0)
        _replace(draft, held, after)
        _set_timer(draft, after)
    _start_missing(draft, targets, draft.incident.declared_at if raised else draft.now)


def _start_missing(draft: Draft, targets: Mapping[Clock, Target], since: datetime) -> None:
    """Starts what this severity promises and no clock counts yet."""
    known = {held.clock for held in draft.incident.clocks if held.cancelled_at is None}
    for clock in ONCE:
        if clock in targets and clock not in known and not _already_met(draft, clock):
            start(draft, clock, since, targets[clock])
    if draft.incident.running(Clock.FIRST_UPDATE) is None and draft.incident.running(Clock.UPDATE) is None:
        last = draft.incident.last_update_at
        clock = Clock.FIRST_UPDATE if last is None and Clock.FIRST_UPDATE in targets else Clock.UPDATE
        if clock in targets:
            start(draft, clock, max(since, last or since), targets[clock])


def _began(draft: Draft, held: SlaClock) -> datetime:
    """Where a clock began before a lower severity let it count anew; one that runs on began when it was resumed."""
    resumed = any(other.clock == held.clock and other.met_at for other in draft.incident.clocks)
    return held.started if resumed or held.clock is Clock.UPDATE else draft.incident.declared_at


def clock_fell_due(draft: Draft, event: ClockFellDue) -> None:
    held = draft.incident.running(event.clock)
    if held is None:
        return
    passed = [share for share, at in _instants(draft, held) if at <= draft.now and share > held.warned]
    if not passed:
        _set_timer(draft, held)  # the clock was moved since the timer was set
        return
    share = max(passed)
    after = replace(held, warned=share, breached_at=held.due if share == BREACH else None)
    _replace(draft, held, after)
    breached = share == BREACH
    entry = Entry.CLOCK_BREACHED if breached else Entry.CLOCK_WARNED
    draft.record(None, entry, new=held.clock, text="" if breached else f"{share:.0%} of the time has passed")
    to = _who_can_meet_it(draft, held.clock, breached)
    draft.do(PostReminder(number=draft.incident.number, clock=held.clock, share=share, due=held.due, to=to))
    _set_timer(draft, after)


def _broken_at(draft: Draft, held: SlaClock) -> datetime | None:
    """When the promise was broken, also when no timer has come to say so: at its due instant it is."""
    return held.breached_at or (held.due if draft.now >= held.due else None)


def _already_met(draft: Draft, clock: Clock) -> bool:
    incident = draft.incident
    met = {
        Clock.ACKNOWLEDGE: incident.acknowledged_at,
        Clock.MITIGATE: incident.mitigated_at,
        Clock.RESOLVE: incident.resolved_at,
    }
    return met.get(clock) is not None


def _who_can_meet_it(draft: Draft, clock: Clock, breached: bool) -> tuple[str, ...]:
    """The lead, or those who are being paged; at the breach the lead of the service's team too."""
    incident = draft.incident
    paged = [page.person for page in incident.pages if page.state is PageState.OPEN]
    people = paged if clock is Clock.ACKNOWLEDGE or incident.lead is None else [incident.lead]
    if breached:
        people += [draft.team.lead] if draft.team and draft.team.lead else []
    return tuple(dict.fromkeys(people))


def _targets(draft: Draft) -> Mapping[Clock, Target]:
    sla = sla_of(draft.incident.service, draft.policy)
    return sla.targets.get(draft.incident.severity, {}) if sla else {}


def _calendar(draft: Draft, name: str) -> Calendar:
    return draft.policy.calendars.get(name, Calendar())


def _instants(draft: Draft, held: SlaClock) -> list[tuple[float, datetime]]:
    """(share, when it has passed), the breach last."""
    sla = sla_of(draft.incident.service, draft.policy)
    open_hours = _calendar(draft, held.calendar)
    shares = sorted(sla.warn_at) if sla else []
    warnings = [(share, calendar.due(held.started, held.within * share, open_hours)) for share in shares]
    return [*warnings, (BREACH, held.due)]


def _set_timer(draft: Draft, held: SlaClock) -> None:
    ahead = [(share, at) for share, at in _instants(draft, held) if share > held.warned]
    if not ahead:
        draft.cancel_timer(_timer(held.clock))
        return
    share, at = ahead[0]
    draft.set_timer(_timer(held.clock), at, ClockFellDue(number=draft.incident.number, clock=held.clock, share=share))


def _timer(clock: Clock) -> str:
    return f"clock:{clock}"


def _replace(draft: Draft, before: SlaClock, after: SlaClock) -> None:
    draft.change(clocks=tuple(after if held == before else held for held in draft.incident.clocks))
