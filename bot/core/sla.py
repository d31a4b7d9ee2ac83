"""SLA clocks in the decision: counted anew when the history grows, warned of once, and told to who can meet them.

The timer only wakes the room up. After a stretch without power the highest share that has passed is said, once.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import calendar
from bot.core.clocks import clocks
from bot.core.decision import Draft
from bot.core.effects import Entry, PostReminder
from bot.core.events import ClockFellDue
from bot.core.incident import Incident, PageState, SlaClock
from bot.oncall.schedule import on_call
from bot.policy.model import Clock, Terms

BREACH = 1.0
TIMER = "clocks"
NONE = timedelta()


def restate(draft: Draft) -> str:
    """Counts the clocks from the history; what was promised when it was declared stays promised.

    Says which due times have moved thereby, as `clock instant;clock instant`.
    """
    before = draft.incident
    _count(draft)
    _set_timer(draft)
    return _moved(before, draft.incident)


def _count(draft: Draft) -> None:
    incident, terms = draft.incident, draft.terms
    before = {held.key: held for held in incident.clocks}
    counted = clocks(incident.history, terms, draft.now)
    draft.counted = incident.history
    after = tuple(_remembering(draft, held, before.get(held.key)) for held in counted)
    draft.change(terms=terms, clocks=after)
    for held in after:
        old = before.get(held.key)
        if held.met_at is not None and (old is None or old.met_at is None):
            late = "late" if held.breached_at else "in time"
            draft.record(None, Entry.CLOCK_MET, old=held.sla, new=held.clock, text=late)


def _moved(before: Incident, after: Incident) -> str:
    pairs = ((before.running(clock), after.running(clock)) for clock in Clock)
    moved = [new for old, new in pairs if old is not None and new is not None and old.due != new.due]
    return ";".join(f"{held.clock} {held.due.isoformat()}" for held in moved)


def clock_fell_due(draft: Draft, event: ClockFellDue) -> None:
    _count(draft)
    said: dict[Clock, tuple[float, SlaClock]] = {}
    for held in draft.incident.clocks:
        share = max(_passed(draft, held), default=None) if held.is_running else None
        if share is None:
            continue
        warned = replace(held, warned=share)
        draft.change(clocks=tuple(warned if each == held else each for each in draft.incident.clocks))
        entry = Entry.CLOCK_BREACHED if share == BREACH else Entry.CLOCK_WARNED
        text = "" if share == BREACH else f"{share:.0%} of the time has passed"
        draft.record(None, entry, old=held.sla, new=held.clock, text=text)
        said[held.clock] = max(said.get(held.clock, (share, held)), (share, held), key=lambda each: each[0])
    for share, held in said.values():  # one message for a promise that several SLAs make
        draft.do(_reminder(draft, held, share))
    _set_timer(draft)


def several(incident: Incident) -> bool:
    """Whether more than one SLA counts, so that a clock must say whose it is."""
    return len({held.sla for held in incident.clocks}) > 1


def instants(held: SlaClock, terms: Terms) -> list[tuple[float, datetime]]:
    """(share, when it passes or has passed) of a clock that runs, the breach last."""
    sla = terms.slas.get(held.sla)
    if held.since is None or sla is None:
        return []
    if not held.within:
        return [(BREACH, held.due)]
    hours = terms.calendar(held.calendar)
    left = ((share, max(held.within * share - held.used, NONE)) for share in sorted(sla.warn_at))
    return [*((share, calendar.due(held.since, each, hours)) for share, each in left), (BREACH, held.due)]


def share(held: SlaClock, terms: Terms | None, now: datetime) -> float:
    """The part of its time that is used: 0 at the start, 1 and no more from the due time on."""
    running = calendar.elapsed(held.since, now, (terms or Terms()).calendar(held.calendar)) if held.since else NONE
    return held.part(held.used + running)


def _passed(draft: Draft, held: SlaClock) -> Iterable[float]:
    return [share for share, at in instants(held, draft.terms) if at <= draft.now and share > held.warned]


def _remembering(draft: Draft, held: SlaClock, old: SlaClock | None) -> SlaClock:
    """What was said is not said again, unless it counts from a later time; who had it when it ended is kept."""
    if old is not None:
        warned = old.warned if held.started <= old.started else 0.0
        held = replace(held, warned=warned, held_by=old.held_by, held_on=old.held_on)
    if held.held_by is None and (held.met_at or held.breached_at):
        by, on = _holder(draft, held)
        held = replace(held, held_by=by, held_on=on)
    return held


def _holder(draft: Draft, held: SlaClock) -> tuple[str | None, str | None]:
    """Who has it, and on which shift: the lead, whoever acknowledged it, or else whoever is on call."""
    incident = draft.incident
    schedule = draft.policy.schedules.get(incident.schedule or "")
    found = on_call(schedule, draft.now, draft.policy.overrides_of(incident.schedule or "")) if schedule else None
    on_shift = found.people if found else ()
    by = incident.acknowledged_by if held.clock is Clock.ACKNOWLEDGE else incident.lead
    by = by or next(iter(on_shift), None)
    layer = f"{incident.schedule}/{found.layer}" if found and found.layer and by in on_shift else None
    return by, layer


def _reminder(draft: Draft, held: SlaClock, share: float) -> PostReminder:
    sla = held.sla if several(draft.incident) else ""
    to = _who_can_meet_it(draft, held.clock, share == BREACH)
    number = draft.incident.number
    return PostReminder(number=number, clock=held.clock, share=share, due=held.due, to=to, sla=sla)


def _who_can_meet_it(draft: Draft, clock: Clock, breached: bool) -> tuple[str, ...]:
    """The lead, or those who are being paged; at the breach the lead of the service's team too."""
    incident = draft.incident
    paged = [page.person for page in incident.pages if page.state is PageState.OPEN]
    people = paged if clock is Clock.ACKNOWLEDGE or incident.lead is None else [incident.lead]
    if breached:
        people += [draft.team.lead] if draft.team and draft.team.lead else []
    return tuple(dict.fromkeys(people))


def _set_timer(draft: Draft) -> None:
    """One timer wakes the incident up for whichever of its clocks is next."""
    running = (held for held in draft.incident.clocks if held.is_running)
    ahead = [at for held in running for share, at in instants(held, draft.terms) if share > held.warned]
    if ahead:
        draft.set_timer(TIMER, max(min(ahead), draft.now), ClockFellDue(number=draft.incident.number))
    else:
        draft.cancel_timer(TIMER)
