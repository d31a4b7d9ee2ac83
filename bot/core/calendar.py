"""Promises in open hours: when a time is used up on a calendar, and how much of it a span uses.

Seconds are counted in UTC on the open intervals; a due time is the first instant by which they have all
passed, so what ends with the day is due at closing time, not at the next opening.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.oncall.holidays import public_holidays
from bot.oncall.wallclock import first_instant, in_utc, wall_clock
from bot.oncall.windows import DAY, Interval, WeeklyHours
from bot.policy.model import Calendar

_NONE = timedelta()
_BLOCK = timedelta(days=28)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BLOCKS_SHUT = 5 * 13  # about five years: a calendar without an open hour in them never opens


class NeverOpen(ValueError):
    """The calendar has no open hours in five years: give it hours that its holidays leave open."""


def due(start: datetime, within: timedelta, calendar: Calendar) -> datetime:
    """The first instant (in UTC) by which `within` has passed in open hours since `start`.

    Raises NeverOpen for a calendar that does not open, ValueError for a time before `start`.
    """
    start = in_utc(start)
    if within < _NONE:
        raise ValueError(f"Nothing can be due before it starts: {within} is less than no time.")
    if _is_always(calendar) or not within:
        return start + within
    hours = _open_hours(calendar)
    number = (start - _EPOCH) // _BLOCK
    block = _block(hours, number)
    left, shut = within + block.passed(start), 0
    while block.total < left:
        shut = 0 if block.total else shut + 1
        if shut == _BLOCKS_SHUT:
            raise NeverOpen(NeverOpen.__doc__)
        left -= block.total
        number += 1
        block = _block(hours, number)
    return block.when(left)


def elapsed(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much open time lies between two instants; none if the second is not the later."""
    start, end = in_utc(start), in_utc(end)
    if end <= start:
        return _NONE
    if _is_always(calendar):
        return end - start
    hours = _open_hours(calendar)
    first, last = (start - _EPOCH) // _BLOCK, (end - _EPOCH) // _BLOCK
    whole = sum((_block(hours, number).total for number in range(first, last)), _NONE)
    return whole + _block(hours, last).passed(end) - _block(hours, first).passed(start)


def _is_always(calendar: Calendar) -> bool:
    return not (calendar.hours or calendar.holidays or calendar.closed)


class _OpenHours:
    """A calendar made ready: its weekly hours, less the closed days."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.time_zone)
        self._hours = WeeklyHours(calendar.hours, self._zone)

    def between(self, start: datetime, end: datetime) -> list[Interval]:
        open_ = self._hours.between(start, end)
        for closed_from, closed_to in self._closed(start, end):
            pieces = [(opens, min(closes, closed_from)) for opens, closes in open_]
            pieces += [(max(opens, closed_to), closes) for opens, closes in open_]
            open_ = sorted(piece for piece in pieces if piece[0] < piece[1])
        return open_

    def _closed(self, start: datetime, end: datetime) -> list[Interval]:
        first, last = wall_clock(start, self._zone).date(), wall_clock(end, self._zone).date()
        days = (first + n * DAY for n in range((last - first).days + 1))
        return [(self._midnight(day), self._midnight(day + DAY)) for day in days if self._is_closed(day)]

    def _is_closed(self, day: date) -> bool:
        country = self._calendar.holidays
        return day in self._calendar.closed or (country is not None and day in public_holidays(country, day.year))

    def _midnight(self, day: date) -> datetime:
        return first_instant(datetime.combine(day, time.min), self._zone)


class _Block(NamedTuple):
    """The open intervals of four weeks, and the open time up to the end of each."""

    starts: list[datetime]
    ends: list[datetime]
    sums: list[timedelta]
    total: timedelta

    def passed(self, at: datetime) -> timedelta:
        index = bisect_right(self.starts, at) - 1
        return self.sums[index] - max(self.ends[index] - at, _NONE) if index >= 0 else _NONE

    def when(self, passed: timedelta) -> datetime:
        index = bisect_left(self.sums, passed)
        return self.ends[index] - (self.sums[index] - passed)


@lru_cache(maxsize=256)
def _open_hours(calendar: Calendar) -> _OpenHours:
    return _OpenHours(calendar)


@lru_cache(maxsize=4096)
def _block(hours: _OpenHours, number: int) -> _Block:
    start = _EPOCH + number * _BLOCK
    open_ = hours.between(start, start + _BLOCK)
    sums = list(accumulate(closes - opens for opens, closes in open_))
    return _Block([opens for opens, _ in open_], [closes for _, closes in open_], sums, sums[-1] if sums else _NONE)
