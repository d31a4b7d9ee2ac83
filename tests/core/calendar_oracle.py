"""Open hours and promises counted minute by minute on a wall clock: slow, plain and sure.

A `Walk` goes through a few weeks of one zone and notes what the clock shows at each minute; a `Counted` adds a
calendar and says which of these minutes are open. Windows, and changes of the clock, lie on whole minutes.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.oncall.holidays import public_holidays
from bot.policy.model import BusinessDays, Calendar, DayEnd, DayTime, Window

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
DAYS_BEFORE, DAYS_AFTER = 5, 24


class Walk:
    """What the clock of a zone shows, minute by minute, from some days before a date to some weeks after it."""

    def __init__(self, zone: str, around: date) -> None:
        self.start = datetime.combine(around - DAYS_BEFORE * DAY, time(), UTC)
        minutes = range((DAYS_BEFORE + DAYS_AFTER) * 1440)
        local = ZoneInfo(zone)
        self.walls = [(self.start + n * MINUTE).astimezone(local).replace(tzinfo=None, fold=0) for n in minutes]
        self.shown: dict[datetime, list[int]] = {}
        self.dates: dict[date, list[int]] = {}
        for n, wall in enumerate(self.walls):
            self.shown.setdefault(wall, []).append(n)
            self.dates.setdefault(wall.date(), []).append(n)

    def first(self, wall: datetime) -> int:
        """The first minute that shows a time or, where that is left out, a later one."""
        return self.shown[wall][0] if wall in self.shown else self._later(wall)

    def last(self, wall: datetime) -> int:
        """The last minute that shows a time, or the first that shows a later one where that is left out."""
        return self.shown[wall][-1] if wall in self.shown else self._later(wall)

    def _later(self, wall: datetime) -> int:
        return next((n for n, shown in enumerate(self.walls) if shown > wall), len(self.walls))


walk = lru_cache(Walk)


class Counted:
    """A calendar on a walk: which minutes are open, and what follows."""

    def __init__(self, calendar: Calendar, walk: Walk) -> None:
        self._walk = walk
        self.open = [not calendar.hours] * len(walk.walls)
        for day in (min(walk.dates) + n * DAY for n in range(DAYS_BEFORE + DAYS_AFTER)):  # a date left out has a night
            for window in calendar.hours:
                if day.weekday() in window.weekdays:
                    self._mark(window, day)
        own = {each.on: each.hours for each in calendar.exceptions}
        for day, minutes in walk.dates.items():
            holiday = calendar.holidays is not None and day in public_holidays(calendar.holidays, day.year)
            if holiday or day in calendar.closed or day in own:
                after = self.open[minutes[-1] + 1 :]
                self.open[minutes[0] :] = [False] * len(minutes) + after
                for window in own.get(day, ()):
                    self._mark(window, day)
                self.open[minutes[-1] + 1 :] = after
        self.end = self._instant(len(self.open) - 1)
        self.business = [day for day, minutes in walk.dates.items() if any(self.open[n] for n in minutes)]

    def _mark(self, window: Window, day: date) -> None:
        closing_date = day if window.end > window.start else day + DAY
        opens = self._walk.first(datetime.combine(day, window.start))
        closes = self._walk.last(datetime.combine(closing_date, window.end))
        self.open[opens:closes] = [True] * (closes - opens)

    def is_open(self, at: datetime) -> bool:
        return self.open[self._minute(at)]

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Whole minutes, less what of the first and last of them lies outside."""
        if end <= start:
            return timedelta()
        passed = sum(self.open[self._minute(start) : self._minute(end)]) * MINUTE
        passed -= (start - self._instant(self._minute(start))) * self.is_open(start)
        return passed + (end - self._instant(self._minute(end))) * self.is_open(end)

    def due(self, start: datetime, within: timedelta) -> datetime:
        """From minute to minute until so much has passed, then from second to second."""
        at = start
        while within > timedelta():
            step = min(self._instant(self._minute(at) + 1) - at, within)
            within -= step * self.is_open(at)
            at += step
        return at

    def promised(self, start: datetime, within: BusinessDays | DayEnd | DayTime) -> datetime:
        if isinstance(within, DayEnd):
            return self._day_end(start, within)
        if isinstance(within, BusinessDays):
            since = self.opens_from(start)
            aim = self._on(self._dates_after(since)[within.count - 1], self._wall(since).time())
            return self._used_up(aim)
        aim = self._on(self._dates_after(start)[0], within.at)
        return aim if self.is_open(aim) else self._used_up(aim)

    def opens_from(self, at: datetime) -> datetime:
        while not self.is_open(at):
            at = self._instant(self._minute(at) + 1)
        return at

    def _day_end(self, start: datetime, within: DayEnd) -> datetime:
        today = self._wall(start).date()
        if within.ahead:
            return self._hours_of(self._dates_after(start)[0])[1]
        return next(end for day in self.business if day >= today and (end := self._hours_of(day)[1]) > start)

    def _dates_after(self, at: datetime) -> list[date]:
        return [day for day in self.business if day > self._wall(at).date()]

    def _on(self, day: date, clock: time) -> datetime:
        """A clock time on a date, not before its first opening and not after its last closing."""
        opens, closes = self._hours_of(day)
        wall = datetime.combine(day, clock)
        whole = wall.replace(second=0)
        at = self._instant(self._walk.first(whole)) + (wall - whole) * (whole in self._walk.shown)
        return sorted((opens, at, closes))[1]

    def _hours_of(self, day: date) -> tuple[datetime, datetime]:
        minutes = [n for n in self._walk.dates[day] if self.open[n]]
        return self._instant(minutes[0]), self._instant(minutes[-1] + 1)

    def _used_up(self, at: datetime) -> datetime:
        """The last instant before which it is open: what is promised for a closed time is due at the closing."""
        while not self.is_open(at - SECOND):
            at = self._instant(self._minute(at - SECOND))
        return at

    def _wall(self, at: datetime) -> datetime:
        return self._walk.walls[self._minute(at)].replace(second=at.second)

    def _minute(self, at: datetime) -> int:
        return (at - self._walk.start) // MINUTE

    def _instant(self, minute: int) -> datetime:
        return self._walk.start + minute * MINUTE
