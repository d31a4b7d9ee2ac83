"""The law of the wall clock told the slow way: by looking at a clock every quarter of an hour.

Knows nothing of how the bot reckons. It sees only changes of the clock that fall on quarters.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.policy.model import Layer, Rotation, Schedule, Unit

TICK = timedelta(minutes=15)
DAY = timedelta(days=1)
Holder = tuple[tuple[str, ...], str | None]


class Clock:
    """What the clock of a zone shows at every tick of a span; what lies outside is its first or last tick."""

    def __init__(self, zone: str, start: datetime, end: datetime) -> None:
        known = ZoneInfo(zone)
        ticks = range((end - start) // TICK + 1)
        self.shown = [(start + n * TICK).astimezone(known).replace(tzinfo=None, fold=0) for n in ticks]
        self._first: dict[datetime, int] = {}
        self._last: dict[datetime, int] = {}
        for tick, shown in enumerate(self.shown):
            self._first.setdefault(shown, tick)
            self._last[shown] = tick

    def first(self, wall: datetime) -> int:
        return self._find(wall, self._first)

    def last(self, wall: datetime) -> int:
        return self._find(wall, self._last)

    def _find(self, wall: datetime, known: dict[datetime, int]) -> int:
        if wall in known:
            return known[wall]
        if wall < min(self.shown[0], self.shown[-1]):
            return 0
        if wall > max(self.shown):
            return len(self.shown) - 1
        return next(tick for tick, shown in enumerate(self.shown) if shown > wall)  # a gap: the first after it


def holders(schedule: Schedule, start: datetime, end: datetime) -> list[Holder]:
    """Who is on call at every tick of a span."""
    early, late = start - 2 * DAY, end + 2 * DAY
    clocks = {zone: Clock(zone, early, late) for zone in {layer.time_zone for layer in schedule.layers}}
    layers = [(layer.name, _layer(layer, clocks[layer.time_zone])) for layer in schedule.layers]
    ticks = range((start - early) // TICK, (end - early) // TICK)
    return [next(((people[n], name) for name, people in layers if people[n]), ((), None)) for n in ticks]


def _layer(layer: Layer, clock: Clock) -> list[tuple[str, ...]]:
    turns, open_ = _turns(layer.rotation, clock), _open(layer, clock)
    return [people if is_open else () for people, is_open in zip(turns, open_, strict=True)]


def _turns(rotation: Rotation, clock: Clock) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()] * len(clock.shown)
    number, wall = 0, rotation.starts
    while wall <= max(clock.shown):
        start = clock.first(wall)
        people = rotation.people[number % len(rotation.people)]
        found[start:] = [people] * (len(found) - start)
        number += 1
        wall = _wall(rotation, number)
    return found


def _wall(rotation: Rotation, number: int) -> datetime:
    steps = number * rotation.every.count
    if rotation.every.unit is Unit.MONTHS:
        months = rotation.starts.month - 1 + steps
        first = rotation.starts.replace(year=rotation.starts.year + months // 12, month=months % 12 + 1, day=1)
        days = [first + n * DAY for n in range(rotation.starts.day)]
        return max(day for day in days if day.month == first.month)
    hours = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WEEKS: 24 * 7}[rotation.every.unit]
    return rotation.starts + timedelta(hours=steps * hours)


def _open(layer: Layer, clock: Clock) -> list[bool]:
    if not layer.on_call:
        return [True] * len(clock.shown)
    found = [False] * len(clock.shown)
    for day in sorted({shown.date() for shown in clock.shown}):
        for window in layer.on_call:
            if day.weekday() in window.weekdays:
                start, end = datetime.combine(day, window.start), datetime.combine(day, window.end)
                for tick in range(clock.first(start), clock.last(end if end > start else end + DAY)):
                    found[tick] = True
    return found
