"""Whose turn it is: turn n of a rotation starts at starts + n * every, on the wall clock of its zone."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.oncall.wallclock import LAST_YEAR, first_instant
from bot.policy.model import Rotation, Unit

_UNITS = {Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}
_LAST = datetime(LAST_YEAR, 1, 1)  # noqa: DTZ001 - wall clock
NEVER = _LAST.replace(tzinfo=UTC)  # when a turn starts that the calendar cannot reach


class Turn(NamedTuple):
    """The whole uninterrupted time in which the same people have their turn; nobody before the first."""

    people: tuple[str, ...]
    since: datetime | None
    until: datetime | None


class Turns:
    """A rotation in a zone."""

    def __init__(self, rotation: Rotation, zone: ZoneInfo) -> None:
        self.zone = zone
        groups: dict[frozenset[str], tuple[str, ...]] = {}  # the same people in another order are the same people
        self.people = [groups.setdefault(frozenset(people), people) for people in rotation.people]
        self.starts = rotation.starts.replace(fold=0)
        self.begins = first_instant(self.starts, zone)
        self._count = rotation.every.count
        unit = _UNITS.get(rotation.every.unit)
        self._every = unit * self._count if unit else None  # none: months
        self._alone = len(groups) == 1

    def at(self, at: datetime) -> Turn:
        if at < self.begins:
            return Turn((), None, self.begins)
        if self._alone:
            return Turn(self.people[0], self.begins, None)
        return _turn(self, self.number(at))

    def number(self, at: datetime) -> int:
        """The turn at an instant not before the first: a guess as if no clock ever changed, then put right."""
        if self._every:
            number = (at - self.begins) // self._every
        else:
            number = (12 * (at.year - self.starts.year) + at.month - self.starts.month) // self._count
        while _start(self, number) > at:
            number -= 1
        while _start(self, number + 1) <= at:
            number += 1
        return number

    def wall(self, number: int) -> datetime:
        """When the clock shows that a turn starts."""
        if self._every:
            return self.starts + number * self._every
        years, month = divmod(self.starts.month - 1 + number * self._count, 12)
        year = min(self.starts.year + years, _LAST.year)
        day = min(self.starts.day, monthrange(year, month + 1)[1])
        return self.starts.replace(year=year, month=month + 1, day=day)

    def whose(self, number: int) -> tuple[str, ...]:
        return self.people[number % len(self.people)]


@lru_cache(maxsize=16_384)
def _start(turns: Turns, number: int) -> datetime:
    try:
        wall = turns.wall(number)
    except OverflowError:
        return NEVER
    return first_instant(wall, turns.zone) if wall < _LAST else NEVER


@lru_cache(maxsize=16_384)
def _turn(turns: Turns, number: int) -> Turn:
    people = turns.whose(number)
    return Turn(people, _since(turns, number, people), _until(turns, number, people))


def _since(turns: Turns, number: int, people: tuple[str, ...]) -> datetime:
    since = _start(turns, number)
    while number:
        number -= 1
        start = _start(turns, number)
        if turns.whose(number) == people:
            since = start
        elif start < since:  # else a gap of the clock has swallowed that turn
            break
    return since


def _until(turns: Turns, number: int, people: tuple[str, ...]) -> datetime | None:
    until = _start(turns, number + 1)
    while until < NEVER:
        number += 1
        end = _start(turns, number + 1)
        if turns.whose(number) == people:
            until = end
        elif end > until:
            return until
    return None
