"""Whose turn it is: rotations that follow each other, with people who join and leave; or the shifts of a feed.

The time is cut into segments in which the same turns recur. There are few, however long the rotation runs:
within one, whose turn it is is arithmetic.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.oncall.beat import NEVER, Beat
from bot.oncall.wallclock import LAST_YEAR, first_instant
from bot.policy.model import FeedShift, Rotation

_INSTANT = timedelta(microseconds=1)  # between two instants lies nothing
People = tuple[str, ...]


class Turn(NamedTuple):
    """The whole uninterrupted time in which the same people have their turn, or nobody."""

    people: People
    since: datetime | None
    until: datetime | None


class Segment(NamedTuple):
    """A time in which the turns of `cycle` recur: turn `first` is of its first people. One alone never ends."""

    begins: datetime
    ends: datetime
    cycle: tuple[People, ...]
    beat: Beat | None = None
    first: int = 0

    def at(self, at: datetime) -> Turn:
        """The stretch around an instant, as far as this segment goes."""
        if self.beat is None or len(self.cycle) == 1:
            return Turn(self.cycle[0], self.begins, self.ends)
        number = self.beat.number(at)
        people = self._whose(number)
        return Turn(people, self._since(self.beat, number, people), self._until(self.beat, number, people))

    def _whose(self, number: int) -> People:
        return self.cycle[(number - self.first) % len(self.cycle)]

    def _since(self, beat: Beat, number: int, people: People) -> datetime:
        since = beat.start(number)
        while since > self.begins:
            number -= 1
            start = beat.start(number)
            if self._whose(number) == people:
                since = start
            elif start < since:  # else a gap of the clock has swallowed that turn
                return since
        return self.begins

    def _until(self, beat: Beat, number: int, people: People) -> datetime:
        until = beat.start(number + 1)
        while until < self.ends:
            number += 1
            end = beat.start(number + 1)
            if self._whose(number) == people:
                until = end
            elif end > until:
                return until
        return self.ends


class Turns:
    """Segments that follow each other; nobody before the first."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._same: dict[frozenset[str], People] = {}
        named = [self._named(segment) for segment in segments if segment.begins < segment.ends]
        while named and named[0].cycle == ((),):
            named.pop(0)
        self.segments = tuple(named)
        self.begins = named[0].begins if named else NEVER
        self.unbroken = bool(named) and all(
            people for segment in named for people in segment.cycle
        )  # once they have begun
        self._begins = [segment.begins for segment in named]
        self._last = Turn((), None, None)  # the latest answer: most often the next question is about it too

    def in_order(self, people: People) -> People:
        """The same people in another order are the same people: the order in which they have turns."""
        return self._same.get(frozenset(people)) or tuple(sorted(people))

    def _named(self, segment: Segment) -> Segment:
        cycle = tuple(self._same.setdefault(frozenset(people), people) for people in segment.cycle)
        return segment._replace(cycle=cycle[:1] if len(set(cycle)) == 1 else cycle)

    def at(self, at: datetime) -> Turn:
        last = self._last
        if last.since is not None and last.since <= at and (last.until is None or at < last.until):
            return last
        self._last = found = self._at(at)
        return found

    def _at(self, at: datetime) -> Turn:
        index = bisect_right(self._begins, at) - 1
        if index < 0:
            return Turn((), None, _before(self.begins))
        segment = self.segments[index]
        if segment.beat is None or len(segment.cycle) == 1:
            return _whole(self, index, segment.begins)
        return _whole(self, index, max(segment.begins, segment.beat.start(segment.beat.number(at))))


@lru_cache(maxsize=16_384)
def _whole(turns: Turns, index: int, at: datetime) -> Turn:
    """The stretch around an instant of a segment, with what continues it in the segments beside."""
    segments = turns.segments
    people, since, until = segments[index].at(at)
    assert since is not None
    assert until is not None
    before = after = index
    while since == segments[before].begins and before:
        before -= 1
        earlier = segments[before].at(since - _INSTANT)
        if earlier.people != people or earlier.since is None:
            break
        since = earlier.since
    while until == segments[after].ends and until < NEVER:
        after += 1
        later = segments[after].at(until)
        if later.people != people or later.until is None:
            break
        until = later.until
    return Turn(people, since, _before(until))


def of_rotations(rotations: Sequence[Rotation], zone: ZoneInfo) -> Turns:
    return Turns(_in_a_row(rotations, zone))


def of_feed(shifts: Sequence[FeedShift]) -> Turns:
    """Whoever has a shift in the feed; where shifts overlap, all of them."""
    edges = sorted({at.astimezone(UTC) for shift in shifts for at in (shift.start, shift.end)})
    held: dict[datetime, list[str]] = {edge: [] for edge in edges}
    for shift in sorted(shifts, key=lambda shift: (shift.start, shift.end)):
        place = bisect_right(edges, shift.start) - 1
        while place < len(edges) and edges[place] < shift.end:
            held[edges[place]] += shift.people
            place += 1
    return Turns(Segment(begins, ends, (tuple(dict.fromkeys(held[begins])),)) for begins, ends in _to_never(edges))


def _in_a_row(rotations: Sequence[Rotation], zone: ZoneInfo) -> Iterator[Segment]:
    before: Rotation | None = None
    last: int | None = None  # the place in the order that had the last turn
    ended = NEVER
    for rotation in rotations:
        starts = rotation.starts
        if before is not None:
            last = _successor(before, last, rotation) if starts is None else None
            starts = starts or before.until
        assert starts is not None  # the policy has seen to it
        beat = Beat(starts, rotation.every, zone)
        if ended < beat.begins:
            yield Segment(ended, beat.begins, ((),))
        ended = NEVER if rotation.until is None else first_instant(rotation.until, zone)
        segments, last = _of_one(rotation, beat, ended, last)
        yield from segments
        before = rotation
    if ended < NEVER:
        yield Segment(ended, NEVER, ((),))


def _of_one(rotation: Rotation, beat: Beat, ended: datetime, last: int | None) -> tuple[list[Segment], int | None]:
    """The segments of one rotation, and the place in the order that has the last turn."""
    found: list[Segment] = []
    stop = beat.number(ended - _INSTANT) + 1 if beat.begins < ended < NEVER else None
    numbers = [0, *_changes(rotation, beat, ended), stop] if beat.begins < ended else []
    count = len(rotation.people)
    for first, after in pairwise(numbers):
        assert first is not None
        order = range(count) if last is None else ((last + step) % count for step in range(1, count + 1))
        there = [(place, people) for place in order if (people := _there(rotation, place, beat.wall(first)))]
        if there and after is not None:
            last = there[(after - first - 1) % len(there)][0]
        ends = ended if after == stop or after is None else beat.start(after)
        cycle = tuple(people for _, people in there) or ((),)
        found.append(Segment(beat.start(first), ends, cycle, beat, first))
    return found, last


def _changes(rotation: Rotation, beat: Beat, ended: datetime) -> list[int]:
    """The turns from which on others take part than before."""
    dates = {*rotation.joins.values(), *rotation.leaves.values()}
    numbers = {beat.number_from(wall) for wall in dates if wall.year < LAST_YEAR}
    return sorted(number for number in numbers if number and beat.start(number) < ended)


def _there(rotation: Rotation, place: int, wall: datetime) -> People:
    """Those of a turn who take part when it starts."""
    joins, leaves = rotation.joins, rotation.leaves
    return tuple(
        person
        for person in rotation.people[place]
        if joins.get(person, wall) <= wall and (person not in leaves or wall < leaves[person])
    )


def _successor(before: Rotation, last: int | None, after: Rotation) -> int | None:
    """The place in the order of a successor after which it begins, so that nobody's turn is lost or doubled.

    That is the one who had the last turn or, if the successor does without them, the one before whom it is the
    turn of whoever was to come next.
    """
    if last is None:
        return None
    old, new = ([frozenset(people) for people in rotation.people] for rotation in (before, after))
    for step in range(len(old)):
        place = (last + step) % len(old)
        if old[place] in new:
            nth = old[:place].count(old[place])
            places = [index for index, people in enumerate(new) if people == old[place]]
            found = places[min(nth, len(places) - 1)]
            return found if step == 0 else (found - 1) % len(new)
    return None


def _to_never(edges: list[datetime]) -> Iterator[tuple[datetime, datetime]]:
    return pairwise([*edges, NEVER]) if edges else iter(())


def _before(at: datetime) -> datetime | None:
    return at if at < NEVER else None
