"""The watch over one schedule: who has the shift, who is told of it, and that it is handed over when it changes."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import nudging, reminding, taking, transfer
from bot.core.decision import Decision, Refused
from bot.core.effects import CancelTimer, Effect, SetTimer
from bot.core.handoff import NOTHING, Around, ShiftWatch
from bot.core.incident import Message
from bot.core.oncall_effects import FollowShift
from bot.core.oncall_events import (
    CanvasMade,
    GroupFellDue,
    GroupLeftBehind,
    HandoffCompleted,
    HandoffGivenUp,
    HandoffNears,
    HandoffNoted,
    HandoffPosted,
    HandoffReadBack,
    HandoffStarted,
    HandoffTaken,
    ItemAccepted,
    ItemDeclined,
    ItemQuestioned,
    NudgeFellDue,
    PersonUnreachable,
    ReachFellDue,
    ShiftEvent,
    ShiftFellDue,
    ShiftNears,
)
from bot.oncall.schedule import OnCall, on_call_in
from bot.policy.model import Policy

GROUP_AGAIN_AFTER = timedelta(minutes=10)

Decided = Decision[ShiftWatch | None]


def decide(
    watch: ShiftWatch | None, event: ShiftEvent, now: datetime, policy: Policy, around: Around = NOTHING
) -> Decided:
    """What becomes of the watch; `around` are the open incidents that this schedule answers for, and its shift."""
    try:
        found = _of_handoffs(watch, event, now, policy, around)
        return found if found is not None else _of_shifts(watch, event, now, policy, around)
    except Refused as refused:
        return Decision(watch, (), str(refused))


def looks_around(watch: ShiftWatch | None, event: ShiftEvent, now: datetime, policy: Policy) -> bool:
    """Whether the event hands over, and what is decided depends on the open work."""
    match event:
        case HandoffStarted():
            return True
        case ShiftFellDue(schedule=name) if watch is not None and name in policy.schedules:
            return _is_handed_over(watch, on_call_in(name, now, policy), policy)
        case _:
            return False


def _of_handoffs(
    watch: ShiftWatch | None, event: ShiftEvent, now: datetime, policy: Policy, around: Around
) -> Decided | None:
    match event:
        case HandoffNears():
            return transfer.nears(watch, event, now, policy)
        case HandoffCompleted():
            return transfer.completed(watch, event, now, policy)
        case HandoffNoted():
            return transfer.noted(watch, event, now, policy)
        case HandoffStarted():
            return transfer.started(watch, event, now, policy, around)
        case HandoffTaken():
            return taking.taken(watch, event, now, policy)
        case ItemAccepted():
            return taking.accepted(watch, event, now, policy)
        case ItemQuestioned():
            return taking.questioned(watch, event, now)
        case ItemDeclined():
            return taking.declined(watch, event, now, policy)
        case HandoffReadBack():
            return taking.read_back(watch, event, now)
        case NudgeFellDue():
            return nudging.nudged(watch, event, now, policy)
        case HandoffPosted():
            return Decision(_with_message(watch, event.handoff, event.message))
        case HandoffGivenUp():
            return Decision(watch)
        case CanvasMade():
            return Decision(replace(watch, canvas=event.canvas) if watch else None)
        case _:
            return None


def _of_shifts(watch: ShiftWatch | None, event: ShiftEvent, now: datetime, policy: Policy, around: Around) -> Decided:
    match event:
        case ShiftFellDue():
            return _shift_fell_due(watch, event, now, policy, around)
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
        case _:
            raise TypeError(f"no decision for {type(event).__name__}")


def timer_key(schedule: str) -> str:
    return f"schedule:{schedule}:shift"


def _shift_fell_due(
    watch: ShiftWatch | None, event: ShiftFellDue, now: datetime, policy: Policy, around: Around
) -> Decided:
    name = event.schedule
    schedule = policy.schedules.get(name)
    if schedule is None:
        gone = (timer_key(name), reminding.timer_key(name), _group_key(name), *transfer.timer_keys(name))
        return Decision(watch, tuple(CancelTimer(key=key) for key in gone))
    present = on_call_in(name, now, policy)
    reminded, reminders = reminding.remind(name, watch.reminded if watch else None, now, policy)
    before = watch or ShiftWatch(name, present.people, present.layer, present.until)
    after = replace(before, people=present.people, layer=present.layer, until=present.until, reminded=reminded)
    effects: list[Effect] = [_next_change(name, present), *reminders, *_group(name, policy)]
    if watch is not None and _is_handed_over(watch, present, policy):
        after, handed_over = _hand_over(watch, after, present, now, policy, around)
        effects += handed_over
    after, asked = transfer.ask(name, after, now, policy)
    return Decision(after, (*effects, *asked))


def _is_handed_over(watch: ShiftWatch, present: OnCall, policy: Policy) -> bool:
    return watch.people != present.people and policy.schedules[watch.schedule].handoff is not None


def _hand_over(
    watch: ShiftWatch, after: ShiftWatch, present: OnCall, now: datetime, policy: Policy, around: Around
) -> tuple[ShiftWatch, tuple[Effect, ...]]:
    """Once for each change; one that was begun early goes on."""
    at, begun = _changed_at(watch, present, now), watch.handoff
    if begun is not None and begun.at == at and begun.incoming == present.people:
        return transfer.joined(after, now, policy, around)
    return transfer.post(after, watch.people, present.people, at, now, policy, around)


def _changed_at(watch: ShiftWatch, present: OnCall, now: datetime) -> datetime:
    """The change itself, however late it is noticed; one that nothing announced (a new configuration) is of now."""
    awaited = min(watch.until or now, now)
    return max(present.since or awaited, awaited)


def _shift_nears(watch: ShiftWatch | None, event: ShiftNears, now: datetime, policy: Policy) -> Decided:
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


def _with_message(watch: ShiftWatch | None, handoff: str, message: Message) -> ShiftWatch | None:
    """Also of one that another has replaced before its message was posted."""
    if watch is None:
        return None
    if watch.handoff is not None and watch.handoff.id == handoff:
        return replace(watch, handoff=replace(watch.handoff, message=message))
    if watch.previous is not None and watch.previous.id == handoff:
        return replace(watch, previous=replace(watch.previous, message=message))
    return watch
