"""Who is on call as iCalendar: a feed of each schedule and of each person, for Google, Outlook and the like.

What has not changed looks the same in every rendering: an event's UID, stamp and bounds are those of the whole shift,
whatever span was asked for. A shift that becomes longer or shorter is another event.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration

from bot.oncall.schedule import on_call, shifts
from bot.policy.model import Policy
from bot.policy.nearest import hint

BEHIND, AHEAD = timedelta(days=30), timedelta(days=180)
REFRESH = timedelta(minutes=15)
_DAY = timedelta(days=1)


class UnknownCalendar(LookupError):
    """Nobody and nothing has this name; `str()` is a sentence that says so."""


class Calendars:
    """The feeds by name, of the policy and the time at which they are asked for. Both raise UnknownCalendar."""

    def __init__(self, policy: Callable[[], Policy], now: Callable[[], datetime]) -> None:
        self._policy = policy
        self._now = now

    def schedule(self, name: str) -> bytes:
        policy = self._policy()
        if name not in policy.schedules:
            raise UnknownCalendar(_sentence(f'There is no schedule "{name}"{hint(name, policy.schedules)}'))
        return schedule_calendar(policy, name, self._now())

    def person(self, name: str) -> bytes:
        policy = self._policy()
        if name not in policy.people:
            raise UnknownCalendar(_sentence(f'There is no person "{name}"{hint(name, policy.people, show=0)}'))
        return person_calendar(policy, name, self._now())


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


class Stretch(NamedTuple):
    """A whole shift; `until` is None where nothing ends it, and `end` is how far it is drawn."""

    schedule: str
    layer: str
    people: tuple[str, ...]
    since: datetime
    until: datetime | None
    end: datetime


def schedule_calendar(policy: Policy, name: str, now: datetime) -> bytes:
    """The shifts of a schedule, each with the people in its title. Gaps are not drawn."""
    title = policy.schedule_name(name)
    found = _stretches(policy, name, now)
    events = (_event(policy, each, f"On call {title}: {_named(policy, each.people)}") for each in found)
    return _calendar(f"On call {title}", events)


def person_calendar(policy: Policy, person: str, now: datetime) -> bytes:
    """The shifts of a person in every schedule."""
    found = [each for name in policy.schedules for each in _stretches(policy, name, now) if person in each.people]
    events = (
        _event(policy, each, f"On call: {policy.schedule_name(each.schedule)}", whose=person)
        for each in sorted(found, key=lambda each: (each.since, each.schedule))
    )
    return _calendar(f"On call: {policy.people[person].name}", events)


def _stretches(policy: Policy, name: str, now: datetime) -> list[Stretch]:
    schedule, overrides = policy.schedules[name], policy.overrides_of(name)
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = today - BEHIND, today + AHEAD
    found = []
    for shift in shifts(schedule, start, end, overrides):
        since: datetime | None = shift.start
        until: datetime | None = shift.end
        if since == start or until == end:  # it may be cut there
            whole = on_call(schedule, shift.start, overrides)
            since, until = whole.since, whole.until
        if shift.people and shift.layer is not None and since is not None:
            found.append(Stretch(name, shift.layer, shift.people, since, until, until or end))
    return found


def _event(policy: Policy, shift: Stretch, summary: str, whose: str = "") -> Event:
    event = Event()
    event.add("uid", _uid(shift, whose))
    event.add("dtstamp", shift.since)
    event.add("dtstart", shift.since)
    event.add("dtend", shift.end)
    event.add("summary", summary)
    event.add("description", "\n".join(_description(policy, shift)))
    event.add("transp", "TRANSPARENT")
    return event


def _uid(shift: Stretch, whose: str) -> str:
    until = shift.until.isoformat() if shift.until else ""
    told = "\n".join((whose, shift.schedule, shift.layer, *shift.people, shift.since.isoformat(), until))
    return f"{sha256(told.encode()).hexdigest()[:32]}@baton"


def _description(policy: Policy, shift: Stretch) -> Iterable[str]:
    yield f"Schedule: {policy.schedule_name(shift.schedule)} ({shift.schedule})"
    yield f"Layer: {shift.layer}"
    for key in shift.people:
        zone = policy.zone_of(key)
        until = _local(shift.until, zone) if shift.until else "further notice"
        yield f"{_named(policy, [key])}: {_local(shift.since, zone)} to {until} ({zone})"


def _local(at: datetime, zone: str) -> str:
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%a} {there.day} {there:%b %Y %H:%M}"


def _named(policy: Policy, people: Iterable[str]) -> str:
    return ", ".join(map(policy.person_name, people))


def _calendar(title: str, events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Baton//On call//EN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", vDuration(REFRESH, params={"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
