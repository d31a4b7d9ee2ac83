"""The law of the wall clock told the slow way: by looking at a clock every quarter of an hour.

Knows nothing of how the bot reckons. It sees only changes of the clock that fall on quarters.
"""

from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.policy.model import Feed, Layer, Override, Rotation, Schedule, Unit

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


def holders(
    schedule: Schedule,
    start: datetime,
    end: datetime,
    overrides: tuple[Override, ...] = (),
    before: timedelta = 2 * DAY,
) -> list[Holder]:
    """Who is on call at every tick of a span; `before`: from how much earlier clocks are looked at."""
    early, late = start - before, end + 2 * DAY
    clocks = {zone: Clock(zone, early, late) for zone in {layer.time_zone for layer in schedule.layers}}
    layers = [(layer.name, _layer(layer, clocks[layer.time_zone], early)) for layer in schedule.layers]
    ticks = range((start - early) // TICK, (end - early) // TICK)
    base = [next(((people[n], name) for name, people in layers if people[n]), ((), None)) for n in ticks]
    return [_overridden(holder, start + n * TICK, overrides) for n, holder in enumerate(base)]


def _overridden(holder: Holder, at: datetime, overrides: tuple[Override, ...]) -> Holder:
    """From the latest override to the first: who has the pager for whom, as far as is decided."""
    decided: dict[str, str] = {}
    for override in sorted(overrides, key=lambda override: -override.id):
        if override.start <= at < override.end:
            person = decided.get(override.person, override.person)
            if override.instead_of is None:
                return (person,), "override"
            decided.setdefault(override.instead_of, person)
    people, layer = holder
    return tuple(dict.fromkeys(decided.get(person, person) for person in people)), layer


def _layer(layer: Layer, clock: Clock, early: datetime) -> list[tuple[str, ...]]:
    if layer.feed is not None:
        instants = [early + n * TICK for n in range(len(clock.shown))]
        turns = [_fed(layer.feed, at) for at in instants]
    else:
        assert layer.rotation is not None
        turns = _turns((layer.rotation, *layer.then), clock)
    return [people if is_open else () for people, is_open in zip(turns, _open(layer, clock), strict=True)]


def _fed(feed: Feed, at: datetime) -> tuple[str, ...]:
    return tuple({person: 0 for shift in feed.shifts if shift.start <= at < shift.end for person in shift.people})


def _turns(rotations: tuple[Rotation, ...], clock: Clock) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()] * len(clock.shown)
    queue: list[tuple[str, ...]] = []  # the turns in the order in which they are due
    wall: datetime | None = None
    for rotation in rotations:
        goes_on = rotation.starts is None
        queue = _requeued(queue, rotation.people) if goes_on else list(rotation.people)
        starts = wall if goes_on else rotation.starts
        assert starts is not None
        end = len(found) if rotation.until is None else clock.first(rotation.until)
        for n in count():
            wall = _wall(rotation, starts, n)
            if wall > max(clock.shown) or (rotation.until is not None and _is_over(rotation.until, wall, clock)):
                break
            due = next((turn for turn in queue if _present(rotation, turn, wall)), None)
            people = _present(rotation, due, wall) if due else ()
            found[clock.first(wall) : end] = [people] * (end - clock.first(wall))
            if due:
                queue = queue[queue.index(due) + 1 :] + queue[: queue.index(due) + 1]
        wall = rotation.until
    return found


def _is_over(until: datetime, wall: datetime, clock: Clock) -> bool:
    """Whether a turn would start when the rotation has ended; both may lie in the same gap of the clock."""
    return wall >= until or (wall > clock.shown[0] and clock.first(wall) >= clock.first(until))


def _present(rotation: Rotation, turn: tuple[str, ...], wall: datetime) -> tuple[str, ...]:
    always = datetime.min, datetime.max  # noqa: DTZ901 - wall clocks
    stays = [(rotation.joins.get(person, always[0]), rotation.leaves.get(person, always[1])) for person in turn]
    return tuple(person for person, (joins, leaves) in zip(turn, stays, strict=True) if joins <= wall < leaves)


def _requeued(queue: list[tuple[str, ...]], people: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """The queue of a successor: after whoever was last or, without them, from whoever was to come next."""
    last = queue[-1:] if queue[-1] in people else []
    following = [turn for turn in queue if turn in people][:1]
    places = [people.index(last[0]) + 1] if last else [people.index(following[0])] if following else [0]
    return [*people[places[0] :], *people[: places[0]]]


def _wall(rotation: Rotation, starts: datetime, number: int) -> datetime:
    steps = number * rotation.every.count
    if rotation.every.unit is Unit.MONTHS:
        months = starts.month - 1 + steps
        first = starts.replace(year=starts.year + months // 12, month=months % 12 + 1, day=1)
        days = [first + n * DAY for n in range(starts.day)]
        return max(day for day in days if day.month == first.month)
    hours = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WEEKS: 24 * 7}[rotation.every.unit]
    return starts + timedelta(hours=steps * hours)


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
