"""What is handed over, composed from what Baton knows: the same for the preview, the draft and the handoff itself."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import sla
from bot.core.handoff import (
    Around,
    Awake,
    ClockGlimpse,
    Handoff,
    HandoffItem,
    ItemState,
    Plan,
    ShiftWatch,
    Summary,
    Trend,
    Words,
)
from bot.core.incident import Incident, Status
from bot.core.targets import who
from bot.oncall.coverage import coverage, in_night
from bot.policy.model import Policy

AHEAD = timedelta(days=7)  # gaps and holidays so far ahead are named
MOST_TRIED = 5
MOST_CLOCKS = 4
MOST_AWAKE = 6
_DONE = {"done": "✓", "skipped": "skipped", "failed": "failed"}


def items(
    around: Around,
    watch: ShiftWatch | None,
    outgoing: tuple[str, ...],
    incoming: tuple[str, ...],
    now: datetime,
    policy: Policy,
) -> tuple[HandoffItem, ...]:
    """Every open incident, the worst first, with the plans that were made for it."""
    before = watch.handoff if watch else None
    order = sorted(around.incidents, key=lambda each: (policy.rank(each.severity), each.number))
    found = (_item(each, around.notes.get(each.number, ()), before, outgoing, now, policy) for each in order)
    kept = tuple(_kept_by(item, incoming, now) for item in found)
    return planned(kept, watch.words) if watch else kept


def planned(items: tuple[HandoffItem, ...], words: Words) -> tuple[HandoffItem, ...]:
    """With the plans that were made for them."""
    plans = {plan.number: plan for plan in words.plans}
    return tuple(_with_plan(item, plans[item.number]) if item.number in plans else item for item in items)


def _with_plan(item: HandoffItem, plan: Plan) -> HandoffItem:
    return replace(item, next_action=plan.next_action, owner=plan.owner, action_due=plan.due, if_then=plan.if_then)


def _item(
    incident: Incident,
    notes: Sequence[str],
    before: Handoff | None,
    outgoing: tuple[str, ...],
    now: datetime,
    policy: Policy,
) -> HandoffItem:
    last = before.item(incident.number) if before else None
    kept = last.owners if last is not None and not last.is_taken else ()
    service = policy.services.get(incident.service or "")
    waiting = incident.waiting
    return HandoffItem(
        number=incident.number,
        title=incident.title,
        severity=incident.severity,
        status=incident.status,
        lead=incident.lead,
        channel=incident.channel,
        service=incident.service,
        model=service.model if service else None,
        trend=_trend(incident, last, policy),
        clocks=tuple(_clocks(incident, now)),
        waiting=f"{waiting.on}: {waiting.reason}" if waiting else "",
        tried=tuple(_tried(incident, notes, policy)),
        path=incident.escalation.path if incident.escalation else None,
        awake=tuple(_awake(incident, now, policy)),
        owners=tuple(dict.fromkeys((*outgoing, *kept))),
    )


def _trend(incident: Incident, last: HandoffItem | None, policy: Policy) -> Trend:
    if last is None:
        return Trend.NEW
    was, now = policy.rank(last.severity), policy.rank(incident.severity)
    if was != now:
        return Trend.WORSE if now < was else Trend.BETTER
    if (incident.status is Status.MONITORING) != (last.status == Status.MONITORING):
        return Trend.BETTER if incident.status is Status.MONITORING else Trend.WORSE
    return Trend.SAME


def _clocks(incident: Incident, now: datetime) -> Iterable[ClockGlimpse]:
    several = sla.several(incident)
    running = sorted((held for held in incident.clocks if held.is_running), key=lambda held: held.due)
    for held in running[:MOST_CLOCKS]:
        share = sla.share(held, incident.terms, now)
        yield ClockGlimpse(held.clock, held.due, share, held.sla if several else "", held.paused_until)


def _tried(incident: Incident, notes: Sequence[str], policy: Policy) -> list[str]:
    """What was done by runbooks, and what people have noted; the newest last."""
    taken = [(run.runbook, step) for run in incident.runs for step in run.taken]
    done = []
    for book_id, step in sorted(taken, key=lambda each: each[1].at):
        book = policy.runbooks.get(book_id)
        outcome = step.answer or _DONE.get(step.state, step.state)
        done.append(f"{book.title if book else book_id}, {step.step}: {outcome}")
    room = max(MOST_TRIED - len(notes), 2)
    return [*done[-room:], *notes][-MOST_TRIED:]


def _awake(incident: Incident, now: datetime, policy: Policy) -> Iterable[Awake]:
    """Those on the path now, in its order, with their own clocks."""
    steps = incident.escalation.steps if incident.escalation else ()
    people = dict.fromkeys(person for step in steps for target in step.page for person in who(target, policy, now))
    known = [person for person in people if person in policy.people]
    for person in known[:MOST_AWAKE]:
        zone = policy.zone_of(person)
        yield Awake(person, f"{now.astimezone(ZoneInfo(zone)):%H:%M}", in_night(zone, now))


def ahead(summary: Summary | None, schedule: str, now: datetime, policy: Policy) -> Summary:
    """With the gaps and holidays that come."""
    known = policy.schedules[schedule]
    found = coverage(known, policy, now, now + AHEAD, policy.overrides_of(schedule))
    return replace(
        summary or Summary(since=now),
        gaps=tuple((gap.start, gap.end) for gap in found.gaps),
        holidays=tuple((each.person, each.shift.start, each.holiday) for each in found.holidays),
    )


def preview(watch: ShiftWatch | None, schedule: str, around: Around, now: datetime, policy: Policy) -> Handoff:
    """What would be handed over if the shift changed now."""
    people = watch.people if watch else ()
    return Handoff(
        id="",
        schedule=schedule,
        at=now,
        outgoing=people,
        incoming=(),
        items=items(around, watch, people, (), now, policy),
        words=watch.words if watch else Words(),
        notes=watch.notes if watch else (),
        summary=ahead(around.summary, schedule, now, policy),
    )


def _kept_by(item: HandoffItem, present: tuple[str, ...], now: datetime) -> HandoffItem:
    """Whoever leads it and has the shift that begins need not take it from themselves."""
    if item.lead is None or item.lead not in present:
        return item
    return replace(item, state=ItemState.ACCEPTED, answered_by=item.lead, answered_at=now)
