"""Promises in open hours: when a time is used up on a calendar, and how much of it a span uses.

Seconds are counted in UTC on the open intervals; a due time is the first instant by which they have all
passed, so what ends with the day is due at closing time, not at the next opening. Only what is promised for
an opening (`next business day 09:00`) is due at that.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from bot.core.business_days import BLOCK_DAYS, BLOCKS_SHUT, OpenHours, aimed_at
from bot.core.business_days import NeverOpen as NeverOpen
from bot.oncall.wallclock import in_utc
from bot.policy.model import BusinessDays, Calendar, DayTime, Within

_NONE = timedelta()
_BLOCK = timedelta(days=BLOCK_DAYS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Budget(NamedTuple):
    """What a promise leaves to be used up: so much open time and, with `opening`, the closed time after it too."""

    length: timedelta
    opening: bool = False


def promised(start: datetime, within: Within, calendar: Calendar) -> datetime:
    """The instant (in UTC) that is promised at `start`. Raises as `due` does."""
    return _promise(start, within, calendar)[0]


def budget(start: datetime, within: Within, calendar: Calendar) -> Budget:
    """How much open time passes from `start` until the promised instant. Raises as `due` does."""
    return Budget(within) if isinstance(within, timedelta) else _promise(start, within, calendar)[1]


def after(start: datetime, budget: Budget, calendar: Calendar) -> datetime:
    """The instant (in UTC) by which a budget is used up; with `opening`, the first from there on that is open."""
    then = due(start, budget.length, calendar)
    return _open_from(then, _open_hours(calendar)) if budget.opening else then


def due(start: datetime, within: timedelta, calendar: Calendar) -> datetime:
    """The first instant (in UTC) by which `within` has passed in open hours since `start`.

    Raises NeverOpen for a calendar that does not open, ValueError for a time before `start`.
    """
    start = in_utc(start)
    if within < _NONE:
        raise ValueError(f"Nothing can be due before it starts: {within} is less than no time.")
    return start + within if _is_always(calendar) else _due(start, within, _open_hours(calendar))


def elapsed(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much open time lies between two instants; none if the second is not the later."""
    start, end = in_utc(start), in_utc(end)
    if end <= start:
        return _NONE
    return end - start if _is_always(calendar) else _elapsed(start, end, _open_hours(calendar))


def _promise(start: datetime, within: Within, calendar: Calendar) -> tuple[datetime, Budget]:
    if isinstance(within, timedelta):
        return due(start, within, calendar), Budget(within)
    start, hours = in_utc(start), _open_hours(calendar)
    since = _open_from(start, hours) if isinstance(within, BusinessDays) else start
    aim = aimed_at(since, within, hours)
    length = _elapsed(start, aim, hours)
    then = _due(start, length, hours)
    if isinstance(within, DayTime) and then < aim == _open_from(aim, hours):
        return aim, Budget(length, opening=True)
    return then, Budget(length)


def _due(start: datetime, within: timedelta, hours: OpenHours) -> datetime:
    if not within:
        return start
    number = (start - _EPOCH) // _BLOCK
    block = _block(hours, number)
    left, shut = within + block.passed(start), 0
    while block.total < left:
        shut = 0 if block.total else shut + 1
        if shut == BLOCKS_SHUT:
            raise NeverOpen
        left -= block.total
        number += 1
        block = _block(hours, number)
    return block.when(left)


def _elapsed(start: datetime, end: datetime, hours: OpenHours) -> timedelta:
    first, last = (start - _EPOCH) // _BLOCK, (end - _EPOCH) // _BLOCK
    whole = sum((_block(hours, number).total for number in range(first, last)), _NONE)
    return whole + _block(hours, last).passed(end) - _block(hours, first).passed(start)


def _is_always(calendar: Calendar) -> bool:
    return not (calendar.hours or calendar.holidays or calendar.closed or calendar.exceptions)


def _open_from(at: datetime, hours: OpenHours) -> datetime:
    """The first open instant from there on."""
    first = (at - _EPOCH) // _BLOCK
    for number in range(first, first + BLOCKS_SHUT + 1):
        block = _block(hours, number)
        index = bisect_right(block.ends, at)
        if index < len(block.ends):
            return max(block.starts[index], at)
    raise NeverOpen


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
def _open_hours(calendar: Calendar) -> OpenHours:
    return OpenHours(calendar)


@lru_cache(maxsize=4096)
def _block(hours: OpenHours, number: int) -> _Block:
    start = _EPOCH + number * _BLOCK
    open_ = hours.between(start, start + _BLOCK)
    sums = list(accumulate(closes - opens for opens, closes in open_))
    return _Block([opens for opens, _ in open_], [closes for _, closes in open_], sums, sums[-1] if sums else _NONE)
