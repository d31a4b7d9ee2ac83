"""Layers above each other: the first with somebody gives the answer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.oncall.beat import NEVER
from bot.oncall.rotation import People, Turn, Turns, of_feed, of_rotations
from bot.oncall.windows import Stretch, WeeklyHours
from bot.policy.model import Layer

INSTANT = timedelta(microseconds=1)  # between two instants lies nothing
_EVER = datetime.min.replace(tzinfo=UTC)


class Piece(NamedTuple):
    """The whole uninterrupted time in which the same people of the same layer have the pager; or nobody, of none."""

    people: People
    layer: str | None
    since: datetime | None
    until: datetime | None


def pieces(layers: tuple[Layer, ...], at: datetime) -> Iterator[Piece]:
    """What is uninterruptedly so at an instant, then what follows it, and so on.

    A piece ends where its own people go or where a layer above has somebody again.
    """
    tracks = _tracks(layers)
    known: list[tuple[People, datetime, datetime]] = [((), _EVER, _EVER)] * len(tracks)
    while True:
        since, until = _EVER, NEVER
        people: People = ()
        name = None
        for index, track in enumerate(tracks):
            there, begins, ends = known[index]
            if ends <= at:
                there, begins, ends = known[index] = track.bounded(at)
            if begins > since:
                since = begins
            if ends < until:
                until = ends
            if there:
                people, name = there, track.name
                break
        yield Piece(people, name, None if since is _EVER else since, None if until is NEVER else until)
        if until is NEVER:
            return
        at = until


def in_order(layers: tuple[Layer, ...], layer: str | None, people: People) -> People:
    """The people in the one order in which they stand wherever they have the pager in this layer together."""
    return next((track.turns.in_order(people) for track in _tracks(layers) if track.name == layer), people)


class _Track:
    """A layer made ready: its turns within its weekly hours."""

    def __init__(self, layer: Layer) -> None:
        zone = ZoneInfo(layer.time_zone)
        self.name = layer.name
        self.turns = _turns(layer, zone)
        self._hours = WeeklyHours(layer.on_call, zone)

    def at(self, at: datetime) -> Turn:
        """The people of this layer at an instant, and how long they or nobody are uninterruptedly there."""
        begins = self.turns.begins
        if not self.turns.unbroken:
            return self._with_breaks(at)
        if at < begins:
            hours = self._hours.at(begins)
            return Turn((), None, begins if hours.open else hours.until)
        hours = self._hours.at(at)
        if not hours.open:
            return Turn((), hours.since if hours.since and hours.since > begins else None, hours.until)
        turn = self.turns.at(at)
        return Turn(turn.people, latest(hours.since, turn.since), earliest(hours.until, turn.until))

    def bounded(self, at: datetime) -> tuple[People, datetime, datetime]:
        """The same with instants beyond all others for bounds that are not."""
        people, since, until = self.at(at)
        return people, since or _EVER, until or NEVER

    def _with_breaks(self, at: datetime) -> Turn:
        """For turns that are now and then nobody's: that time and closed hours that touch it are one."""
        hours, turn = self._hours.at(at), self.turns.at(at)
        if hours.open and turn.people:
            return Turn(turn.people, latest(hours.since, turn.since), earliest(hours.until, turn.until))
        since: datetime | None = at
        until: datetime | None = at
        while since is not None and (empty := self._empty(since - INSTANT)):
            since = None if None in (begins := [stretch.since for stretch in empty]) else min(filter(None, begins))
        while until is not None and (empty := self._empty(until)):
            until = None if None in (ends := [stretch.until for stretch in empty]) else max(filter(None, ends))
        return Turn((), since, until)

    def _empty(self, at: datetime) -> list[Stretch | Turn]:
        """Why nobody of this layer is there: closed hours, a turn of nobody, or both."""
        hours, turn = self._hours.at(at), self.turns.at(at)
        return ([] if hours.open else [hours]) + ([] if turn.people else [turn])


def _turns(layer: Layer, zone: ZoneInfo) -> Turns:
    if layer.rotation is not None:
        return of_rotations((layer.rotation, *layer.then), zone)
    return of_feed(layer.feed.shifts if layer.feed else ())


@lru_cache(maxsize=256)
def _tracks(layers: tuple[Layer, ...]) -> tuple[_Track, ...]:
    return tuple(_Track(layer) for layer in layers)


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None:
        return other
    return one if other is None or one > other else other


def earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None:
        return other
    return one if other is None or one < other else other
