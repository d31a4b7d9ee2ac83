"""Reminders before shifts. That one arrives is the proof that whoever has the shift can be reached."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.core.concerned import leads_of
from bot.core.effects import CancelTimer, Effect, SetTimer
from bot.core.oncall_effects import RemindOfShift, TellUnreachable
from bot.core.oncall_events import PersonUnreachable, ReachFellDue, ShiftNears
from bot.oncall.schedule import on_call, shifts
from bot.policy.model import Override, Policy, Schedule

INSTANT = timedelta(microseconds=1)
ONCE_MORE_BEFORE = timedelta(minutes=30)
STRETCHES = 100  # after so many the end is far enough away


@dataclass(frozen=True, slots=True)
class Coming:
    """A person who was not on call before comes on call at `start`."""

    person: str
    start: datetime
    end: datetime | None


def coming(schedule: str, after: datetime, until: datetime, policy: Policy) -> tuple[Coming, ...]:
    """Who comes on call in (after, until]."""
    known, overrides = policy.schedules[schedule], policy.overrides_of(schedule)
    found = shifts(known, after, until + INSTANT, overrides)
    return tuple(
        Coming(person, shift.start, _stays_until(person, shift.start, known, overrides))
        for before, shift in pairwise(found)
        for person in shift.people
        if person not in before.people
    )


def _stays_until(person: str, start: datetime, known: Schedule, overrides: tuple[Override, ...]) -> datetime | None:
    """When a person goes who comes at `start`, over every change of layer or company in which they stay."""
    at: datetime | None = start
    for _ in range(STRETCHES):
        if at is None or person not in (held := on_call(known, at, overrides)).people:
            break
        at = held.until
    return at


def remind(schedule: str, reminded: datetime | None, now: datetime, policy: Policy) -> tuple[datetime, list[Effect]]:
    """Up to which start of a shift everybody has been reminded now, and what is to be done for that."""
    known = policy.schedules[schedule]
    horizon = now + known.remind
    done = max(reminded, now) if reminded is not None else now
    effects: list[Effect] = [
        RemindOfShift(schedule=schedule, person=each.person, start=each.start, end=each.end)
        for each in coming(schedule, done, horizon, policy)
    ]
    horizon = max(horizon, done)
    next_change = on_call(known, horizon, policy.overrides_of(schedule)).until
    key = timer_key(schedule)
    if next_change is None:
        return horizon, [*effects, CancelTimer(key=key)]
    due = next_change - known.remind
    return horizon, [*effects, SetTimer(key=key, due=due, event=ShiftNears(schedule=schedule))]


def unreachable(event: PersonUnreachable, policy: Policy) -> tuple[Effect, ...]:
    """The leads of the person's teams are told; without one, the channel of the handoffs, their teams or all."""
    known = policy.people.get(event.person)
    if known is not None and known.contact and event.start is not None:
        return ()  # a page would go by another way
    leads = tuple(lead for lead in leads_of((event.person,), policy) if lead != event.person)
    schedule = policy.schedules.get(event.schedule)
    handed_over = (schedule.handoff.channel,) if schedule and schedule.handoff else ()
    channels = tuple(team.channel for team in policy.teams.values() if team.channel and event.person in team.members)
    everybody = (policy.workspace.announcements,) if policy.workspace.announcements else ()
    return tuple(
        TellUnreachable(schedule=event.schedule, to=to, person=event.person, start=event.start, why=event.why)
        for to in leads or handed_over or channels or everybody
    )


def once_more(event: PersonUnreachable, now: datetime) -> tuple[Effect, ...]:
    """Half an hour before the shift they are tried again, if there is so much time left."""
    if event.start is None or event.start - ONCE_MORE_BEFORE <= now:
        return ()
    fell = ReachFellDue(schedule=event.schedule, person=event.person, start=event.start)
    key = f"schedule:{event.schedule}:reach:{event.person}"
    return (SetTimer(key=key, due=event.start - ONCE_MORE_BEFORE, event=fell),)


def try_once_more(event: ReachFellDue, policy: Policy) -> tuple[Effect, ...]:
    """Unless somebody else has the shift by now."""
    schedule = policy.schedules.get(event.schedule)
    held = on_call(schedule, event.start, policy.overrides_of(event.schedule)) if schedule else None
    if held is None or event.person not in held.people:
        return ()
    return (RemindOfShift(schedule=event.schedule, person=event.person, start=event.start, end=held.until),)


def timer_key(schedule: str) -> str:
    return f"schedule:{schedule}:remind"
