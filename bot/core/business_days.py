"""The open hours of a calendar date by date: its business days, and the instants that are promised by them.

A business day is a date of the calendar's zone, from midnight to midnight, with any open time in it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.oncall.holidays import public_holidays
from bot.oncall.wallclock import first_instant, last_instant, wall_clock
from bot.oncall.windows import DAY, Interval, WeeklyHours
from bot.policy.model import BusinessDays, Calendar, DayEnd, DayTime, Window

BLOCK_DAYS = 28
BLOCKS_SHUT = 5 * 13  # about five years: a calendar without an open hour in them never opens


class NeverOpen(ValueError):
    """The calendar has no open hours in five years: give it hours that its holidays leave open."""

    def __init__(self) -> None:
        super().__init__(NeverOpen.__doc__)


class BusinessDay(NamedTuple):
    """A date with its first opening and its last closing."""

    on: date
    opens: datetime
    closes: datetime


class OpenHours:
    """A calendar made ready: its weekly hours, save on the dates that are closed or have hours of their own."""

    def __init__(self, calendar: Calendar) -> None:
        self.zone = ZoneInfo(calendar.time_zone)
        self._hours = WeeklyHours(calendar.hours, self.zone)
        self._country = calendar.holidays
        self._own = dict.fromkeys(calendar.closed, ()) | {each.on: each.hours for each in calendar.exceptions}

    def between(self, start: datetime, end: datetime) -> list[Interval]:
        """The open intervals within a span, clipped to it, in order; two may touch at a midnight."""
        open_ = self._hours.between(start, end)
        for day in _dates(wall_clock(start, self.zone).date(), wall_clock(end, self.zone).date()):
            own = self._own_hours(day)
            if own is None:
                continue
            midnight, next_midnight = self.midnight(day), self.midnight(day + DAY)
            pieces = [(opens, min(closes, midnight)) for opens, closes in open_]
            pieces += [(max(opens, next_midnight), closes) for opens, closes in open_]
            pieces += [(max(opens, start), min(closes, end)) for opens, closes in self._intervals(day, own)]
            open_ = sorted(piece for piece in pieces if piece[0] < piece[1])
        return open_

    def midnight(self, day: date) -> datetime:
        return first_instant(datetime.combine(day, time.min), self.zone)

    def _own_hours(self, day: date) -> Sequence[Window] | None:
        """The hours of a date that has its own, none if it is closed; None: those of the week."""
        own = self._own.get(day)
        if own is None and self._country is not None and day in public_holidays(self._country, day.year):
            return ()
        return own

    def _intervals(self, day: date, windows: Sequence[Window]) -> list[Interval]:
        """Windows on one date, which end with it at the latest, merged."""
        midnight = self.midnight(day + DAY)
        merged: list[Interval] = []
        for window in sorted(windows, key=attrgetter("start")):
            opens = first_instant(datetime.combine(day, window.start), self.zone)
            closes = midnight
            if window.end > window.start:
                closes = min(last_instant(datetime.combine(day, window.end), self.zone), midnight)
            if merged and opens <= merged[-1][1]:
                opens, before = merged.pop()
                closes = max(closes, before)
            merged.append((opens, closes))
        return merged


def aimed_at(start: datetime, within: BusinessDays | DayEnd | DayTime, hours: OpenHours) -> datetime:
    """The instant that the words name, counted from the date of `start`; it may lie in a closed stretch of its day."""
    wall = wall_clock(start, hours.zone)
    if isinstance(within, DayEnd):
        today = _business_day(hours, wall.date() - DAY, 1)  # or the first to come
        if within.ahead == 0 and today.closes > start:
            return today.closes
        return _business_day(hours, wall.date(), 1).closes
    count, at = (within.count, wall.time()) if isinstance(within, BusinessDays) else (1, within.at)
    day = _business_day(hours, wall.date(), count)
    return min(max(first_instant(datetime.combine(day.on, at), hours.zone), day.opens), day.closes)


def _business_day(hours: OpenHours, after: date, count: int) -> BusinessDay:
    """The first business day after a date, or so many on."""
    number = after.toordinal() // BLOCK_DAYS
    days = _business_days(hours, number)
    index, shut = bisect_right(days, after, key=attrgetter("on")) + count - 1, 0
    while index >= len(days):
        shut = 0 if days else shut + 1
        if shut == BLOCKS_SHUT:
            raise NeverOpen
        index -= len(days)
        number += 1
        days = _business_days(hours, number)
    return days[index]


@lru_cache(maxsize=4096)
def _business_days(hours: OpenHours, number: int) -> list[BusinessDay]:
    """Those among so many dates."""
    first = date.fromordinal(number * BLOCK_DAYS)
    days = []
    for day in _dates(first, first + (BLOCK_DAYS - 1) * DAY):
        open_ = hours.between(hours.midnight(day), hours.midnight(day + DAY))
        if open_:
            days.append(BusinessDay(day, open_[0][0], open_[-1][1]))
    return days


def _dates(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]
