"""Who is on call: the first layer with somebody gives the answer.

Every answer is the whole uninterrupted stretch around an instant, and the shifts of a span are the
stretches that follow each other through it; so the two cannot disagree.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.oncall.rotation import Turn, Turns
from bot.oncall.wallclock import in_utc
from bot.oncall.windows import WeeklyHours
from bot.policy.model import Layer, Schedule


class OnCall(NamedTuple):
    """The people on call at an instant (in UTC), and the bounds of their uninterrupted shift.

    Nobody: no people and no layer. `since` and `until` are None where there is no such change;
    `next` are the people of what follows at `until`: nobody, if that is a gap.
    """

    people: tuple[str, ...]
    layer: str | None
    since: datetime | None
    until: datetime | None
    next: tuple[str, ...]


class Shift(NamedTuple):
    """An uninterrupted stretch in which the same people of the same layer are on call; or nobody, in none."""

    start: datetime
    end: datetime
    people: tuple[str, ...]
    layer: str | None


def on_call(schedule: Schedule, at: datetime) -> OnCall:
    """Who is on call at an instant, until when, and who comes next."""
    pieces = _pieces(_tracks(schedule.layers), in_utc(at))
    people, layer, since, until = next(pieces)
    following = () if until is None else next(pieces)[0]
    return OnCall(people, layer, since, until, following)


def shifts(schedule: Schedule, start: datetime, end: datetime) -> list[Shift]:
    """The shifts of a span, clipped to it, in order and without holes: a gap is a shift of nobody."""
    start, end = in_utc(start), in_utc(end)
    found: list[Shift] = []
    if start >= end:
        return found
    for people, layer, _, until in _pieces(_tracks(schedule.layers), start):
        if until is None or until >= end:
            found.append(Shift(start, end, people, layer))
            break
        found.append(Shift(start, until, people, layer))
        start = until
    return found


def next_change(schedule: Schedule, at: datetime) -> datetime | None:
    """The first instant after `at` at which other people, another layer or nobody is on call."""
    _, _, _, until = next(_pieces(_tracks(schedule.layers), in_utc(at)))
    return until


_Piece = tuple[tuple[str, ...], str | None, datetime | None, datetime | None]  # people, layer, since, until


class _Track:
    """A layer made ready: its rotation within its weekly hours."""

    def __init__(self, layer: Layer) -> None:
        zone = ZoneInfo(layer.time_zone)
        self.name = layer.name
        self._turns = Turns(layer.rotation, zone)
        self._hours = WeeklyHours(layer.on_call, zone)

    def at(self, at: datetime) -> Turn:
        """The people of this layer at an instant, and how long they or nobody are uninterruptedly there."""
        begins = self._turns.begins
        if at < begins:
            hours = self._hours.at(begins)
            return Turn((), None, begins if hours.open else hours.until)
        hours = self._hours.at(at)
        if not hours.open:
            return Turn((), hours.since if hours.since and hours.since > begins else None, hours.until)
        turn = self._turns.at(at)
        return Turn(turn.people, _latest(hours.since, turn.since), _earliest(hours.until, turn.until))


@lru_cache(maxsize=256)
def _tracks(layers: tuple[Layer, ...]) -> tuple[_Track, ...]:
    return tuple(_Track(layer) for layer in layers)


def _pieces(tracks: tuple[_Track, ...], at: datetime) -> Iterator[_Piece]:
    """What is uninterruptedly so at an instant, then what follows it, and so on.

    A piece ends where its own people go or where a layer above has somebody again.
    """
    known: list[Turn | None] = [None] * len(tracks)
    while True:
        since = until = None
        people: tuple[str, ...] = ()
        name = None
        for index, track in enumerate(tracks):
            turn = known[index]
            if turn is None or (turn.until is not None and turn.until <= at):
                turn = known[index] = track.at(at)
            since, until = _latest(since, turn.since), _earliest(until, turn.until)
            if turn.people:
                people, name = turn.people, track.name
                break
        yield people, name, since, until
        if until is None:
            return
        at = until


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None:
        return other
    return one if other is None or one > other else other


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None:
        return other
    return one if other is None or one < other else other
