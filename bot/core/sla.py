"""SLA clocks in the decision: counted anew when the history grows, warned of once, and told to who can meet them.

A warning goes to these people alone; a breach is said in the channel, too, and to the lead of the team.

The timer only wakes the room up. After a stretch without power the highest share that has passed is said, once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import calendar, paging
from bot.core.clocks import clocks
from bot.core.decision import Draft
from bot.core.effects import Entry, PostReminder, SendReminder
from bot.core.events import ClockFellDue
from bot.core.incident import Incident, SlaClock
from bot.oncall.schedule import OnCall, on_call
from bot.policy.model import Clock, Terms

BREACH = 1.0
TIMER = "clocks"
NONE = timedelta()


def restate(draft: Draft) -> str:
    """Counts the clocks from the history; what was promised when it was declared stays promised.

    Says which due times have moved thereby, as `clock instant;clock instant`, where several SLAs count with the SLA:
    `clock instant sla`.
    """
    before = draft.incident
    _count(draft)
    _set_timer(draft)
    return _moved(before, draft.incident)


def _count(draft: Draft) -> None:
    incident, terms = draft.incident, draft.terms
    counted = clocks(incident.history, terms, draft.now)
    before = _before(incident.clocks, counted)
    draft.counted = incident.history
    after = tuple(_remembering(draft, held, before.get(held.key)) for held in counted)
    draft.change(terms=terms, clocks=after)
    for held in after:
        old = before.get(held.key)
        if held.met_at is not None and (old is None or old.met_at is None):
            late = "late" if held.breached_at else "in time"
            draft.record(None, Entry.CLOCK_MET, old=held.sla, new=held.clock, text=late)


def _before(old: Sequence[SlaClock], counted: Sequence[SlaClock]) -> dict[tuple[str, str, int], SlaClock]:
    """What each clock was before: the one of its turn, unless turns that came in between have moved that one on."""
    by_turn = {held.key: held for held in old}
    by_start = {(held.sla, held.clock, held.started): held for held in old}
    moved_on = {(held.sla, held.clock, held.started) for held in counted}
    found = {}
    for held in counted:
        same = by_turn.get(held.key)
        if same is None or same.started != held.started:
            if same is not None and (same.sla, same.clock, same.started) in moved_on:
                same = None
            same = by_start.get((held.sla, held.clock, held.started), same)
        if same is not None:
            found[held.key] = same
    return found


def _moved(before: Incident, after: Incident) -> str:
    old = {(held.clock, held.sla): held.due for held in before.clocks if held.is_running}
    running = (held for held in after.clocks if held.is_running)
    moved = [held for held in running if old.get((held.clock, held.sla), held.due) != held.due]
    order = list(Clock)
    moved.sort(key=lambda held: (order.index(held.clock), held.due))
    whose = several(after)
    return ";".join(f"{held.clock} {held.due.isoformat()}{f' {held.sla}' if whose else ''}" for held in moved)


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
        _remind(draft, held, share)
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
    """Who has it: the lead, whoever acknowledged it, or else whoever is on call; and whose shift it is."""
    incident = draft.incident
    found = _shift(draft)
    on_shift = found.people if found else ()
    own = {Clock.ACKNOWLEDGE: incident.acknowledged_by, Clock.ACCEPT: None}  # those who come have not accepted
    by = own.get(held.clock, incident.lead) or next(iter(on_shift), None)
    layer = f"{incident.schedule}/{found.layer}" if found and found.layer else None
    return by, layer


def _shift(draft: Draft) -> OnCall | None:
    """Who is on call now for the schedule that answers."""
    name = draft.incident.schedule or ""
    schedule = draft.policy.schedules.get(name)
    return on_call(schedule, draft.now, draft.policy.overrides_of(name)) if schedule else None


def _remind(draft: Draft, held: SlaClock, share: float) -> None:
    """A warning goes to each of those who can meet it, and only into the channel if there is nobody."""
    number, breached = draft.incident.number, share == BREACH
    sla = held.sla if several(draft.incident) else ""
    people = _who_can_meet_it(draft, held.clock)
    if breached and draft.team is not None and draft.team.lead:
        people = tuple(dict.fromkeys((*people, draft.team.lead)))
    if breached or not people:
        draft.do(PostReminder(number=number, clock=held.clock, share=share, due=held.due, to=people, sla=sla))
    for person in people:
        draft.do(SendReminder(number=number, person=person, clock=held.clock, share=share, due=held.due, sla=sla))


def _who_can_meet_it(draft: Draft, clock: Clock) -> tuple[str, ...]:
    """Those who are paged acknowledge, whoever comes on call accepts, the lead does the rest; without one, whoever is
    on call."""
    incident = draft.incident
    waiting = (page.person for page in incident.pages if page.is_open and not paging.is_channel(page.person))
    paged = tuple(dict.fromkeys(waiting))
    lead = (incident.lead,) if incident.lead and clock is not Clock.ACCEPT else ()
    if clock is Clock.ACKNOWLEDGE and paged:
        return paged
    found = _shift(draft) if not lead else None
    return lead or (found.people if found else ()) or paged


def _set_timer(draft: Draft) -> None:
    """One timer wakes the incident up for whichever of its clocks is next."""
    running = (held for held in draft.incident.clocks if held.is_running)
    ahead = [at for held in running for share, at in instants(held, draft.terms) if share > held.warned]
    if ahead:
        draft.set_timer(TIMER, max(min(ahead), draft.now), ClockFellDue(number=draft.incident.number))
    else:
        draft.cancel_timer(TIMER)
