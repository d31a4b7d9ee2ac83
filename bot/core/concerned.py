"""Whom a stretch of a schedule concerns: who has the pager in it, who leads these people, and who could take it."""

from datetime import datetime, timedelta

from bot.core.plan import held
from bot.oncall.schedule import shifts
from bot.policy.model import Override, Policy

A_YEAR = timedelta(days=366)


def on_call_within(schedule: str, start: datetime, end: datetime, policy: Policy) -> tuple[str, ...]:
    """Everybody who has the pager at some time of the span, as things stand."""
    found = shifts(policy.schedules[schedule], start, end, policy.overrides_of(schedule))
    return tuple(dict.fromkeys(person for shift in found for person in shift.people))


def leads_of(people: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """The leads of the teams that these people are in."""
    leads = (team.lead for team in policy.teams.values() if team.lead and set(team.members) & set(people))
    return tuple(dict.fromkeys(leads))


def free(schedule: str, start: datetime, end: datetime, policy: Policy) -> tuple[str, ...]:
    """Those of the crew who have no pager in the span."""
    busy = {person for name in policy.schedules for person in on_call_within(name, start, end, policy)}
    return tuple(person for person in crew(schedule, start, policy) if person not in busy)


def crew(schedule: str, at: datetime, policy: Policy) -> tuple[str, ...]:
    """Those who take turns in the schedule, and whoever shares a team with one of them."""
    taking_turns = turn_takers(schedule, at, policy)
    mates = (
        member for team in policy.teams.values() if set(team.members) & set(taking_turns) for member in team.members
    )
    return tuple(dict.fromkeys((*taking_turns, *mates)))


def turn_takers(schedule: str, at: datetime, policy: Policy) -> tuple[str, ...]:
    """Whose turn comes in any layer within a year: those of a last resort too, and nobody who has left."""
    known = policy.schedules[schedule]
    alone = (known.model_copy(update={"layers": (layer,)}) for layer in known.layers)
    turns = (shift.people for each in alone for shift in shifts(each, at, at + A_YEAR))
    return tuple(dict.fromkeys(person for turn in turns for person in turn if person in policy.people))


def moved(
    schedule: str,
    start: datetime,
    end: datetime,
    before: tuple[Override, ...],
    after: tuple[Override, ...],
    policy: Policy,
) -> tuple[str, ...]:
    """Whose time with the pager in the span is another with other overrides."""
    if schedule not in policy.schedules:
        return ()
    was, will_be = (
        held(tuple(shifts(policy.schedules[schedule], start, end, overrides)), start, end)
        for overrides in (before, after)
    )
    return tuple(person for person in dict.fromkeys((*was, *will_be)) if was.get(person) != will_be.get(person))
