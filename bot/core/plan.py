"""The plan: what the configuration says of the coming weeks, kept so that whoever's shifts it moves can be told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.decision import Decision
from bot.core.effects import CancelTimer, Effect, SetTimer
from bot.core.oncall_effects import TellOfMovedShifts
from bot.core.oncall_events import PlanReviewed
from bot.oncall.schedule import Shift, on_call, shifts
from bot.policy.model import Policy, Schedule

AHEAD = timedelta(weeks=8)
REVIEW_AFTER = timedelta(days=1)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Plan:
    """The shifts of a schedule up to an instant, by the configuration alone: stand-ins are not in it."""

    schedule: str
    until: datetime
    shifts: tuple[Shift, ...]


def decide(plan: Plan | None, event: PlanReviewed, now: datetime, policy: Policy) -> Decision[Plan | None]:
    """The plan as it is now; who has other shifts than they had is told. A schedule that is no more has no plan."""
    schedule = policy.schedules.get(event.schedule)
    told = _moved(plan, schedule, now, policy) if plan is not None else ()
    key = f"schedule:{event.schedule}:plan"
    if schedule is None:
        return Decision(None, (*told, CancelTimer(key=key)))
    again = SetTimer(key=key, due=now + REVIEW_AFTER, event=PlanReviewed(schedule=event.schedule))
    until = on_call(schedule, now + AHEAD).until or now + AHEAD  # no shift is cut, for half of one would be told as one
    return Decision(Plan(event.schedule, until, tuple(shifts(schedule, now, until))), (*told, again))


def held(found: tuple[Shift, ...], start: datetime, end: datetime) -> dict[str, list[Interval]]:
    """When each person has the pager within a span: in order, joined where one ends as the next begins."""
    times: dict[str, list[Interval]] = {}
    for shift in found:
        begins, ends = max(shift.start, start), min(shift.end, end)
        for person in shift.people if begins < ends else ():
            mine = times.setdefault(person, [])
            if mine and mine[-1][1] == begins:
                mine[-1] = (mine[-1][0], ends)
            else:
                mine.append((begins, ends))
    return times


def _moved(plan: Plan, schedule: Schedule | None, now: datetime, policy: Policy) -> tuple[Effect, ...]:
    """News for each whom it concerns; who is no longer in the configuration cannot be told."""
    found = tuple(shifts(schedule, now, plan.until)) if schedule else ()
    before, after = held(plan.shifts, now, plan.until), held(found, now, plan.until)
    told = []
    for person in (each for each in dict.fromkeys((*before, *after)) if each in policy.people):
        was, will_be = before.get(person, []), after.get(person, [])
        gone = tuple(time for time in was if time not in will_be)
        new = tuple(time for time in will_be if time not in was)
        if gone or new:
            told.append(TellOfMovedShifts(schedule=plan.schedule, person=person, gone=gone, new=new))
    return tuple(told)
