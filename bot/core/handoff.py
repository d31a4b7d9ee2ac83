"""The watch over one schedule: who has the shift, who is told of it, and the handoff of open work when it changes.

Until the incoming person has taken a handoff the outgoing one still leads the incidents in it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import reminding
from bot.core.decision import Decision, Refused, mention
from bot.core.effects import CancelTimer, Effect, SetTimer, Tell
from bot.core.events import LeadHandedOver
from bot.core.incident import Incident, Message
from bot.core.oncall_effects import FollowShift, PostHandoff, RefreshHandoff
from bot.core.oncall_events import (
    GroupFellDue,
    GroupLeftBehind,
    HandoffGivenUp,
    HandoffPosted,
    HandoffTaken,
    PersonUnreachable,
    ReachFellDue,
    ShiftEvent,
    ShiftFellDue,
    ShiftNears,
)
from bot.oncall.schedule import OnCall, on_call
from bot.policy.model import Clock, Policy

GROUP_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class HandoffItem:
    """An open incident as it stood at the change of shift."""

    number: int
    title: str
    severity: str
    status: str
    lead: str | None
    next_clock: Clock | None = None
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    id: str  # "l1-20260301T0900"
    schedule: str
    at: datetime
    outgoing: tuple[str, ...]
    incoming: tuple[str, ...]
    items: tuple[HandoffItem, ...] = ()
    taken_by: str | None = None
    taken_at: datetime | None = None
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class ShiftWatch:
    schedule: str
    people: tuple[str, ...]
    layer: str | None
    until: datetime | None
    handoff: Handoff | None = None  # the latest
    reminded: datetime | None = None  # whose shift begins by then has been reminded of it


def decide(
    watch: ShiftWatch | None,
    event: ShiftEvent,
    now: datetime,
    policy: Policy,
    incidents: tuple[Incident, ...] = (),
) -> Decision[ShiftWatch | None]:
    """What becomes of the watch; `incidents` are the open ones that this schedule answers for."""
    try:
        match event:
            case ShiftFellDue():
                return _shift_fell_due(watch, event, now, policy, incidents)
            case HandoffTaken():
                return _taken(watch, event, now)
            case HandoffPosted():
                return Decision(_with_handoff(watch, event.handoff, message=event.message))
            case ShiftNears():
                return _shift_nears(watch, event, now, policy)
            case PersonUnreachable():
                return Decision(watch, (*reminding.unreachable(event, policy), *reminding.once_more(event, now)))
            case ReachFellDue():
                return Decision(watch, reminding.try_once_more(event, policy))
            case GroupFellDue():
                return Decision(watch, _group(event.schedule, policy))
            case GroupLeftBehind():
                return Decision(watch, _group_again(event.schedule, now, policy))
            case HandoffGivenUp():
                return Decision(watch)
            case _:
                raise TypeError(f"no decision for {type(event).__name__}")
    except Refused as refused:
        return Decision(watch, (), str(refused))


def timer_key(schedule: str) -> str:
    return f"schedule:{schedule}:shift"


def _shift_fell_due(
    watch: ShiftWatch | None, event: ShiftFellDue, now: datetime, policy: Policy, incidents: tuple[Incident, ...]
) -> Decision[ShiftWatch | None]:
    schedule = policy.schedules.get(event.schedule)
    if schedule is None:
        gone = (timer_key(event.schedule), reminding.timer_key(event.schedule), _group_key(event.schedule))
        return Decision(watch, tuple(CancelTimer(key=key) for key in gone))
    present = on_call(schedule, now, policy.overrides_of(event.schedule))
    reminded, reminders = reminding.remind(event.schedule, watch.reminded if watch else None, now, policy)
    handoff = watch.handoff if watch else None
    after = ShiftWatch(event.schedule, present.people, present.layer, present.until, handoff, reminded)
    effects: list[Effect] = [_next_change(event.schedule, present), *reminders, *_group(event.schedule, policy)]
    changed = watch is not None and watch.people != present.people
    if changed and schedule.handoff is not None:
        assert watch is not None
        handoff = Handoff(
            id=f"{event.schedule}-{now:%Y%m%dT%H%M%S}",
            schedule=event.schedule,
            at=_changed_at(watch, present, now),
            outgoing=watch.people,
            incoming=present.people,
            items=tuple(_item(incident) for incident in incidents),
        )
        after = replace(after, handoff=handoff)
        if watch.handoff is not None and watch.handoff.taken_by is None:
            effects.append(RefreshHandoff(schedule=event.schedule, handoff=watch.handoff.id))
        effects.append(PostHandoff(schedule=event.schedule, handoff=handoff.id))
    return Decision(after, tuple(effects))


def _changed_at(watch: ShiftWatch, present: OnCall, now: datetime) -> datetime:
    """The change itself, however late it is noticed; one that nothing announced (a new configuration) is of now."""
    awaited = min(watch.until or now, now)
    return max(present.since or awaited, awaited)


def _shift_nears(
    watch: ShiftWatch | None, event: ShiftNears, now: datetime, policy: Policy
) -> Decision[ShiftWatch | None]:
    if watch is None or event.schedule not in policy.schedules:
        return Decision(watch)
    reminded, reminders = reminding.remind(event.schedule, watch.reminded, now, policy)
    return Decision(replace(watch, reminded=reminded), tuple(reminders))


def _group(schedule: str, policy: Policy) -> tuple[Effect, ...]:
    known = policy.schedules.get(schedule)
    return (FollowShift(schedule=schedule),) if known and known.user_group else ()


def _group_again(schedule: str, now: datetime, policy: Policy) -> tuple[Effect, ...]:
    fell_due = GroupFellDue(schedule=schedule)
    again = SetTimer(key=_group_key(schedule), due=now + GROUP_AGAIN_AFTER, event=fell_due)
    return (again,) if _group(schedule, policy) else ()


def _group_key(schedule: str) -> str:
    return f"schedule:{schedule}:group"


def _next_change(schedule: str, present: OnCall) -> Effect:
    key = timer_key(schedule)
    if present.until is None:
        return CancelTimer(key=key)
    return SetTimer(key=key, due=present.until, event=ShiftFellDue(schedule=schedule))


def _taken(watch: ShiftWatch | None, event: HandoffTaken, now: datetime) -> Decision[ShiftWatch | None]:
    handoff = watch.handoff if watch else None
    if watch is None or handoff is None or handoff.id != event.handoff:
        raise Refused("This handoff is over: the shift has changed again since, and a newer one stands below.")
    if handoff.taken_by is not None:
        raise Refused(f"{mention(handoff.taken_by)} took this handoff already.")
    if event.by not in handoff.incoming and event.by not in watch.people:
        names = " or ".join(mention(person) for person in handoff.incoming) or "the next person on call"
        raise Refused(f"Only {names} can take this handoff: they have the shift now.")
    after = replace(watch, handoff=replace(handoff, taken_by=event.by, taken_at=now))
    told = (Tell(event=LeadHandedOver(number=item.number, by=event.by, handoff=handoff.id)) for item in handoff.items)
    return Decision(after, (RefreshHandoff(schedule=event.schedule, handoff=handoff.id), *told))


def _with_handoff(watch: ShiftWatch | None, handoff: str, *, message: Message) -> ShiftWatch | None:
    if watch is None or watch.handoff is None or watch.handoff.id != handoff:
        return watch
    return replace(watch, handoff=replace(watch.handoff, message=message))


def _item(incident: Incident) -> HandoffItem:
    due = incident.next_due
    return HandoffItem(
        number=incident.number,
        title=incident.title,
        severity=incident.severity,
        status=incident.status,
        lead=incident.lead,
        next_clock=due.clock if due else None,
        next_due=due.due if due else None,
    )
