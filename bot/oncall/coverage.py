"""Whether somebody is always on call, whose night, weekend or holiday it is then, and how the hours are spread."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.oncall.holidays import public_holidays
from bot.oncall.schedule import Shift, shifts
from bot.oncall.score import Tally, marked
from bot.oncall.wallclock import first_instant, in_utc, wall_clock
from bot.oncall.windows import DAY, Interval, WeeklyHours
from bot.policy.model import Override, Person, Policy, Schedule, Window

_NIGHT_BEGINS, _NIGHT_ENDS = time(22), time(6)
_NIGHTS = Window(weekdays=frozenset(range(7)), start=_NIGHT_BEGINS, end=_NIGHT_ENDS)
_WEEKENDS = (
    Window(weekdays=frozenset({5}), start=time(0), end=time(0)),
    Window(weekdays=frozenset({6}), start=time(0), end=time(0)),
)
_NOBODY_KNOWN = Person(name="")


class OnHoliday(NamedTuple):
    """The part of a shift that falls on a public holiday of the person's own country, by their own clock."""

    shift: Shift
    person: str
    holiday: str


class InNight(NamedTuple):
    """A stretch of a shift in the person's own night."""

    start: datetime
    end: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What can be said of a schedule for a span; nights, weekends and holidays by each person's own clock."""

    gaps: list[Shift]
    holidays: list[OnHoliday]
    nights: list[InNight]  # between 22:00 and 06:00
    night: dict[str, timedelta]
    hours: dict[str, timedelta]
    weekends: dict[str, int]  # in how many the person had the pager at some time
    score: float  # 0 to 100; score.py says how
    reasons: list[str]


def coverage(
    schedule: Schedule, policy: Policy, start: datetime, end: datetime, overrides: tuple[Override, ...] = ()
) -> Coverage:
    """The coverage of a span, and how good it is. ValueError if the span is empty."""
    start, end = in_utc(start), in_utc(end)
    if start >= end:
        raise ValueError("A coverage needs a span that ends after it starts.")
    found = shifts(schedule, start, end, overrides)
    gaps_ = [shift for shift in found if not shift.people]
    holidays: list[OnHoliday] = []
    nights: list[InNight] = []
    night: defaultdict[str, timedelta] = defaultdict(timedelta)
    hours: defaultdict[str, timedelta] = defaultdict(timedelta)
    weekends: defaultdict[str, set[datetime]] = defaultdict(set)
    calendars = {person: _calendar(policy, person, start, end) for shift in found for person in shift.people}
    for shift in found:
        for person in shift.people:
            own = calendars[person]
            hours[person] += shift.end - shift.start
            for opens, closes in own.nights.within(shift):
                night[person] += closes - opens
                nights.append(InNight(opens, closes, person))
            weekends[person].update(own.weekends.starts_within(shift))
            for (opens, closes), name in own.holidays.named_within(shift):
                holidays.append(OnHoliday(shift._replace(start=opens, end=closes), person, name))
    tally = Tally(
        span=end - start,
        gaps=[gap.end - gap.start for gap in gaps_],
        hours={_called(policy, person): held for person, held in hours.items()},
        night={_called(policy, person): held for person, held in night.items()},
        holidays=[(_called(policy, on.person), on.holiday, on.shift.end - on.shift.start) for on in holidays],
    )
    score, reasons = marked(tally)
    counted = {person: len(weekends[person]) for person in hours}
    at_night = {person: night[person] for person in hours}
    return Coverage(gaps_, holidays, nights, at_night, dict(hours), counted, score, reasons)


def _called(policy: Policy, person: str) -> str:
    """The name of a person; two of one name are told apart by their keys."""
    known = policy.people.get(person)
    if known is None:
        return person
    namesakes = sum(other.name == known.name for other in policy.people.values())
    return known.name if namesakes == 1 else f"{known.name} ({person})"


def gaps(schedule: Schedule, start: datetime, end: datetime, overrides: tuple[Override, ...] = ()) -> list[Shift]:
    """The stretches of a span in which nobody is on call."""
    return [shift for shift in shifts(schedule, start, end, overrides) if not shift.people]


def in_night(time_zone: str, at: datetime) -> bool:
    """Whether it is between 22:00 and 06:00 in a zone."""
    clock = wall_clock(in_utc(at), ZoneInfo(time_zone)).time()
    return clock >= _NIGHT_BEGINS or clock < _NIGHT_ENDS


class _Times:
    """Intervals in order that do not overlap, each with a name."""

    def __init__(self, intervals: list[Interval], names: list[str] | None = None) -> None:
        self._intervals = intervals
        self._names = names or [""] * len(intervals)
        self._starts = [start for start, _ in intervals]
        self._ends = [end for _, end in intervals]

    def named_within(self, shift: Shift) -> Iterator[tuple[Interval, str]]:
        """What of them lies in a shift."""
        for index in self._indices(shift):
            opens, closes = self._intervals[index]
            yield (max(opens, shift.start), min(closes, shift.end)), self._names[index]

    def within(self, shift: Shift) -> Iterator[Interval]:
        return (interval for interval, _ in self.named_within(shift))

    def starts_within(self, shift: Shift) -> list[datetime]:
        """The starts of those that lie in a shift, be it in part."""
        indices = self._indices(shift)
        return self._starts[indices.start : indices.stop]

    def _indices(self, shift: Shift) -> range:
        return range(bisect_right(self._ends, shift.start), bisect_left(self._starts, shift.end))


class _Calendar(NamedTuple):
    """The nights, weekends and holidays of a place."""

    nights: _Times
    weekends: _Times
    holidays: _Times


def _calendar(policy: Policy, person: str, start: datetime, end: datetime) -> _Calendar:
    known = policy.people.get(person, _NOBODY_KNOWN)  # a feed may name people who are not configured
    return _of_place(known.time_zone, known.country, start, end)


@lru_cache(maxsize=256)
def _of_place(time_zone: str, country: str | None, start: datetime, end: datetime) -> _Calendar:
    zone = ZoneInfo(time_zone)
    nights, weekends = (WeeklyHours(windows, zone).between(start, end) for windows in ((_NIGHTS,), _WEEKENDS))
    days = _holidays(country, wall_clock(start, zone).year, wall_clock(end, zone).year)
    midnights = [datetime.combine(day, time.min) for day in days]
    holidays = [(first_instant(midnight, zone), first_instant(midnight + DAY, zone)) for midnight in midnights]
    return _Calendar(_Times(nights), _Times(weekends), _Times(holidays, list(days.values())))


def _holidays(country: str | None, first: int, last: int) -> dict[date, str]:
    if country is None:
        return {}
    try:
        found = [public_holidays(country, year) for year in range(first, last + 1)]
    except ValueError:  # a country of which none are known
        return {}
    return dict(sorted((day, name) for days in found for day, name in days.items()))
