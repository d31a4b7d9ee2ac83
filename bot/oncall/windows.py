"""Weekly windows on the wall clock of a zone, as half-open intervals of instants.

A window starts at the first instance of its clock time and ends at the last of its end, so windows that
touch on the wall clock touch in time; at a change of the clock others may come to touch as well.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.oncall.wallclock import first_instant, last_instant
from bot.policy.model import Window

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
_STEADY = timedelta(days=8)  # a week, and the windows that cross its end
_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - wall clock: the Monday from which weeks are numbered

Interval = tuple[datetime, datetime]


class Stretch(NamedTuple):
    """The whole uninterrupted time around an instant in which the windows are open, or closed."""

    open: bool
    since: datetime | None
    until: datetime | None


class WeeklyHours:
    """Weekly windows in a zone. Openings are numbered: so many a week, without end in both directions."""

    def __init__(self, windows: Iterable[Window], zone: ZoneInfo) -> None:
        self.zone = zone
        self.week = _merged_week(windows)  # from Monday 00:00; none means always open
        self._monday = first_instant(_MONDAY, zone)
        self._starts = [start for start, _ in self.week]
        self._last = (self._monday,) * 3  # the latest answer: most often the next question is about it too

    def at(self, at: datetime) -> Stretch:
        if not self.week:
            return Stretch(True, None, None)
        opens, closes, opens_again = self._last
        if not opens <= at < opens_again:
            opens, closes, opens_again = _around(self, self._guess(at))
            if not opens <= at < opens_again:  # the clock was changed since then
                opens, closes, opens_again = _around(self, self._latest(at))
            self._last = opens, closes, opens_again
        return Stretch(True, opens, closes) if at < closes else Stretch(False, closes, opens_again)

    def between(self, start: datetime, end: datetime) -> list[Interval]:
        """The open intervals within a span, clipped to it, in order."""
        if not self.week:
            return [(start, end)] if start < end else []
        found: list[Interval] = []
        number = self._latest(start)
        while (opening := _opening(self, number))[0] < end:
            number += 1
            opens, closes = max(opening[0], start), min(opening[1], end)
            if opens >= closes:
                continue
            if found and opens <= found[-1][1]:
                opens, _ = found.pop()
            found.append((opens, closes))
        return found

    def _guess(self, at: datetime) -> int:
        """The number of the last opening that has started, as if no clock were ever changed."""
        week, into = divmod(at - self._monday, WEEK)
        return week * len(self.week) + bisect_right(self._starts, into) - 1

    def _latest(self, at: datetime) -> int:
        """The number of the last opening that has started."""
        number = self._guess(at)
        while _opening(self, number)[0] > at:
            number -= 1
        while _opening(self, number + 1)[0] <= at:
            number += 1
        return number


@lru_cache(maxsize=16_384)
def _opening(hours: WeeklyHours, number: int) -> Interval:
    week, index = divmod(number, len(hours.week))
    start, end = hours.week[index]
    begins = _begins(hours.zone, week) if end <= _STEADY else None
    if begins is not None:
        return begins + start, begins + end
    monday = _MONDAY + week * WEEK
    return first_instant(monday + start, hours.zone), last_instant(monday + end, hours.zone)


@lru_cache(maxsize=16_384)
def _begins(zone: ZoneInfo, week: int) -> datetime | None:
    """When a week begins, if no clock is changed in it or on the day after: then all else is a sum."""
    monday = _MONDAY + week * WEEK
    offset = zone.utcoffset(monday)
    days = range(1, _STEADY // DAY + 2)
    return first_instant(monday, zone) if all(zone.utcoffset(monday + n * DAY) == offset for n in days) else None


@lru_cache(maxsize=16_384)
def _around(hours: WeeklyHours, number: int) -> tuple[datetime, datetime, datetime]:
    """When the open stretch to which an opening belongs begins and ends, and when the next begins.

    An opening that a gap of the clock has swallowed (it ends where it starts) belongs to the one before.
    """
    start, end = _opening(hours, number)
    while start == end:
        number -= 1
        start, end = _opening(hours, number)
    before = after = number
    while (earlier := _opening(hours, before - 1))[1] >= start:
        before, start = before - 1, earlier[0]
    while (later := _opening(hours, after + 1))[0] <= end or later[0] == later[1]:
        after += 1
        end = later[1] if later[0] <= end else end
    return start, end, later[0]


def _merged_week(windows: Iterable[Window]) -> list[tuple[timedelta, timedelta]]:
    """The windows of one week from Monday 00:00, merged on the wall clock; empty if they leave nothing out.

    The last may run on into the next week, but never to the first one's start.
    """
    merged: list[tuple[timedelta, timedelta]] = []
    for start, end in sorted(span for window in windows for span in _spans(window)):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    while len(merged) > 1 and merged[0][0] + WEEK <= merged[-1][1]:
        merged[-1] = merged[-1][0], max(merged[-1][1], merged.pop(0)[1] + WEEK)
    if merged and merged[-1][1] - merged[-1][0] >= WEEK:
        return []
    return merged


def _spans(window: Window) -> list[tuple[timedelta, timedelta]]:
    start = datetime.combine(_MONDAY, window.start) - _MONDAY
    end = datetime.combine(_MONDAY, window.end) - _MONDAY
    length = end - start if end > start else end + DAY - start
    return [(day * DAY + start, day * DAY + start + length) for day in window.weekdays]
