"""The coverage of a schedule in words: a record for machines, and sentences for people."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bot.oncall.coverage import Coverage
from bot.policy.model import Policy

_HOUR = timedelta(hours=1)
_NONE = timedelta()
_FEW = 3  # of what a sentence names one by one


def report(name: str, found: Coverage, start: datetime, end: datetime) -> dict[str, Any]:
    """The shape of `bot coverage --json`: instants in UTC, hours as numbers, people by their names in config."""
    return {
        "schedule": name,
        "from": iso(start),
        "to": iso(end),
        "score": found.score,
        "reasons": found.reasons,
        "gaps": [{"start": iso(gap.start), "end": iso(gap.end)} for gap in found.gaps],
        "holidays": [
            {"start": iso(on.shift.start), "end": iso(on.shift.end), "person": on.person, "holiday": on.holiday}
            for on in found.holidays
        ],
        "nights": [{"start": iso(each.start), "end": iso(each.end), "person": each.person} for each in found.nights],
        "people": {
            person: {
                "hours": in_hours(held),
                "night_hours": in_hours(found.night[person]),
                "weekends": found.weekends[person],
            }
            for person, held in found.hours.items()
        },
    }


def summary(name: str, found: Coverage, policy: Policy) -> list[str]:
    """The coverage in a few sentences of plain text."""
    return [
        f"{policy.schedule_name(name)} scores {found.score:g} of 100 for its coverage.",
        gaps_told(found),
        *([_holidays(found, policy)] if found.hours else []),
        *_spread(found, policy),
    ]


def gaps_told(found: Coverage, name: int = _FEW) -> str:
    """A sentence on the gaps, which names so many of the longest."""
    if not found.gaps:
        return "Somebody is on call at every moment."
    if not found.hours:
        return "Nobody is on call at any time."
    total = length(sum((gap.end - gap.start for gap in found.gaps), _NONE))
    worst = sorted(found.gaps, key=lambda gap: (gap.start - gap.end, gap.start))
    named = [f"{moment(gap.start)} – {moment(gap.end)} UTC ({length(gap.end - gap.start)})" for gap in worst[:name]]
    if len(worst) == len(named) == 1:
        return f"Nobody is on call once: {named[0]}."
    which = ": " if len(worst) <= name else ", the longest: "
    return f"Nobody is on call {len(worst)} times, for {total} in all{which if named else ''}{'; '.join(named)}."


def zone(policy: Policy, person: str) -> ZoneInfo:
    return ZoneInfo(policy.zone_of(person))


def people_of(found: Coverage, policy: Policy) -> list[str]:
    """Everybody who has the pager at some time, in the order of the configuration."""
    return [*(person for person in policy.people if person in found.hours), *sorted(found.hours.keys() - policy.people)]


def holiday_time(found: Coverage) -> dict[str, timedelta]:
    """How long each person has the pager on public holidays of their own."""
    spent = dict.fromkeys(found.hours, _NONE)
    for on in found.holidays:
        spent[on.person] += on.shift.end - on.shift.start
    return spent


def share(found: Coverage, person: str) -> float:
    """Which part of all the hours on call a person has, from 0 to 1."""
    return found.hours[person] / sum(found.hours.values(), _NONE)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(at: datetime) -> str:
    """`Sat 3 Oct 2026 16:00`, in UTC."""
    return f"{day(at)} {at.astimezone(UTC):%H:%M}"


def day(at: datetime, where: tzinfo = UTC) -> str:
    """`Sat 3 Oct 2026`"""
    there = at.astimezone(where)
    return f"{there:%a} {there.day} {there:%b %Y}"


def length(span: timedelta) -> str:
    """`2 d 12 h`, `1 h 30 min`, `45 s`: to the minute, and short ones to the second."""
    seconds = int(span.total_seconds())
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if number]
    return " ".join(parts) or f"{seconds} s"


def percent(part: float | None) -> str:
    """`99.9%`: rounded down, for only all of them is 100 %; nothing of nothing."""
    return "" if part is None else f"{int(part * 1000) / 10:g}%"


def in_hours(span: timedelta) -> float:
    """Hours, to the hundredth."""
    return round(span / _HOUR, 2)


def hours(span: timedelta) -> str:
    """`1,460 h`"""
    return f"{span / _HOUR:,.0f} h"


def _holidays(found: Coverage, policy: Policy) -> str:
    if not found.holidays:
        return "Nobody is on call on a public holiday of their own country."
    days = dict.fromkeys((on.person, on.holiday, day(on.shift.start, zone(policy, on.person))) for on in found.holidays)
    named = [f"{policy.person_name(person)} on {holiday} ({when})" for person, holiday, when in list(days)[:_FEW]]
    more = [f"and {len(days) - _FEW} more"] if len(days) > _FEW else []
    return f"On call on a public holiday of their own: {'; '.join(named + more)}."


def _spread(found: Coverage, policy: Policy) -> list[str]:
    """How the hours are spread over the people, and who has the nights."""
    people = people_of(found, policy)
    if not people:
        return []
    most, least = (find(people, key=lambda person: found.hours[person]) for find in (max, min))
    if len(people) == 1:
        shared = f"{_has(found, policy, most)} and shares them with nobody."
    elif found.hours[most] == found.hours[least]:
        shared = f"{len(people)} people share the hours evenly: {hours(found.hours[most])} each."
    else:
        ends = f"{_has(found, policy, most)}, the most; {_has(found, policy, least)}, the least"
        shared = f"{len(people)} people share the hours: {ends}."
    by_night = sorted((person for person in people if found.night[person]), key=lambda person: -found.night[person])
    if not by_night:
        return [shared, "No hour lies in the night (22:00–06:00) of whoever is on call."]
    named = [f"{policy.person_name(person)} {hours(found.night[person])}" for person in by_night[:_FEW]]
    more = [f"and {len(by_night) - _FEW} more people"] if len(by_night) > _FEW else []
    return [shared, f"On call in their own night (22:00–06:00): {', '.join(named + more)}."]


def _has(found: Coverage, policy: Policy, person: str) -> str:
    return f"{policy.person_name(person)} has {hours(found.hours[person])}"
