"""When turns start: turn n of a rotation at starts + n * every, on the wall clock of its zone."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.oncall.wallclock import LAST_YEAR, first_instant
from bot.policy.model import Every, Unit

_UNITS = {Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}
_LAST = datetime(LAST_YEAR, 1, 1)  # noqa: DTZ001 - wall clock
NEVER = _LAST.replace(tzinfo=UTC)  # when a turn starts that the calendar cannot reach


class Beat:
    """The starts of the turns, numbered from 0."""

    def __init__(self, starts: datetime, every: Every, zone: ZoneInfo) -> None:
        self.zone = zone
        self.starts = starts.replace(fold=0)
        self.begins = first_instant(self.starts, zone)
        self._count = every.count
        unit = _UNITS.get(every.unit)
        self._every = unit * self._count if unit else None  # none: months

    def number(self, at: datetime) -> int:
        """The turn at an instant not before the first: a guess as if no clock ever changed, then put right."""
        number = (at - self.begins) // self._every if self._every else self._months(at)
        while self.start(number) > at:
            number -= 1
        while self.start(number + 1) <= at:
            number += 1
        return number

    def number_from(self, wall: datetime) -> int:
        """The first turn that starts when the clock shows this time or a later one."""
        if self._every:
            return max(0, -((self.starts - wall) // self._every))
        number = max(0, self._months(wall) - 1)
        while self.wall(number) < wall:
            number += 1
        return number

    def start(self, number: int) -> datetime:
        return _start(self, number)

    def wall(self, number: int) -> datetime:
        """When the clock shows that a turn starts."""
        if self._every:
            return self.starts + number * self._every
        years, month = divmod(self.starts.month - 1 + number * self._count, 12)
        year = min(self.starts.year + years, _LAST.year)
        day = min(self.starts.day, monthrange(year, month + 1)[1])
        return self.starts.replace(year=year, month=month + 1, day=day)

    def _months(self, at: datetime) -> int:
        return (12 * (at.year - self.starts.year) + at.month - self.starts.month) // self._count


@lru_cache(maxsize=16_384)
def _start(beat: Beat, number: int) -> datetime:
    try:
        wall = beat.wall(number)
    except OverflowError:
        return NEVER
    return first_instant(wall, beat.zone) if wall < _LAST else NEVER
