"""Whom a stretch of a schedule concerns: who has the pager in it, who leads these people, and who could take it."""

from datetime import datetime, timedelta

from bot.core.plan import held
from bot.oncall.layers import pieces
from bot.oncall.schedule import shifts
from bot.oncall.wallclock import in_utc
from bot.policy.model import Layer, Override, Policy

A_YEAR = timedelta(days=366)


def on_call_within(schedule: str, start: datetime, end: datetime, policy: Policy) -> tuple[str, ...]:
    """Everybody who has the pager at some time of the span, as things stand."""
    found = shifts(policy.schedules[schedule], start, end, policy.overrides_of(schedule))
    return tuple(dict.fromkeys(person for shift in found for person in shift.people))


def leads_of(people: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """The leads of the teams that these people are in."""
    leads = (team.lead for team in policy.teams.values() if team.lead and set(team.members) & set(people))
    return tuple(dict.fromkeys(leads))


def with_leads(people: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """These people and then the leads of their teams, each once."""
    return tuple(dict.fromkeys((*people, *leads_of(people, policy))))


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
    found = dict.fromkeys(person for layer in policy.schedules[schedule].layers for person in _take_turns(layer, at))
    return tuple(person for person in found if person in policy.people)


def _take_turns(layer: Layer, at: datetime) -> tuple[str, ...]:
    """Once everybody has been seen who is named, nobody new can come, and the rest of the year is not gone through."""
    rotations = (layer.rotation, *layer.then) if layer.rotation else ()
    named = {person for rotation in rotations for turn in rotation.people for person in turn}
    named |= {person for shift in (layer.feed.shifts if layer.feed else ()) for person in shift.people}
    found: dict[str, None] = {}
    for piece in pieces((layer,), in_utc(at)):
        found |= dict.fromkeys(piece.people)
        if piece.until is None or piece.until >= at + A_YEAR or len(found) == len(named):
            break
    return tuple(found)


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
