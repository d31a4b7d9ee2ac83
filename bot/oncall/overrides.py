"""Overrides over the layers: somebody has the pager alone, or in the place of one person, for a span.

Later ones win over earlier ones: of two that stand in for the same person the later counts, and whoever
stands in can be stood in for by a later one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

from bot.oncall.layers import INSTANT, Piece, earliest, in_order, latest, pieces
from bot.oncall.rotation import People
from bot.policy.model import Layer, Override

ALONE = "override"  # the layer of an override that stands above all layers


def pieces_with(overrides: tuple[Override, ...], layers: tuple[Layer, ...], at: datetime) -> Iterator[Piece]:
    """What is uninterruptedly so at an instant, then what follows it, and so on."""
    track = _track(overrides, layers)
    found = _joined(track.cut(at))
    first = next(found)
    yield first._replace(since=track.since(first))
    yield from found


class _Track:
    """The overrides of a schedule made ready. Between two `edges` the same ones are in force."""

    def __init__(self, overrides: tuple[Override, ...], layers: tuple[Layer, ...]) -> None:
        self._layers = layers
        self._edges = sorted({at.astimezone(UTC) for override in overrides for at in (override.start, override.end)})
        self._in_force: list[list[Override]] = [[] for _ in self._edges]  # after each edge, the latest first
        for override in sorted(overrides, key=lambda override: override.id, reverse=True):
            first, last = (bisect_right(self._edges, at) - 1 for at in (override.start, override.end))
            for place in range(first, last):
                self._in_force[place].append(override)

    def cut(self, at: datetime) -> Iterator[Piece]:
        """What is so from an instant on, cut wherever an override begins or ends."""
        below: Iterator[Piece] | None = None
        base = Piece((), None, None, at)
        while True:
            place = bisect_right(self._edges, at) - 1
            since = self._edges[place] if place >= 0 else None
            until = self._edges[place + 1] if place + 1 < len(self._edges) else None
            in_force = self._in_force[place] if place >= 0 else []
            alone = next((override for override in in_force if override.instead_of is None), None)
            if alone is not None:
                below = None
                piece = Piece((_standing_in(alone.person, alone.id, in_force),), ALONE, since, until)
            else:
                if below is None:
                    below = pieces(self._layers, at)
                    base = next(below)
                while base.until is not None and base.until <= at:
                    base = next(below)
                piece = Piece(
                    self._people(base, in_force), base.layer, latest(base.since, since), earliest(base.until, until)
                )
            yield piece
            if piece.until is None:
                return
            at = piece.until

    def since(self, piece: Piece) -> datetime | None:
        """When a piece that was cut at its start began."""
        since = piece.since
        while since is not None:
            before = next(self.cut(since - INSTANT))
            if (before.people, before.layer) != (piece.people, piece.layer):
                break
            since = before.since
        return since

    def _people(self, base: Piece, in_force: list[Override]) -> People:
        if not in_force:
            return base.people
        people = tuple(dict.fromkeys(_standing_in(person, -1, in_force) for person in base.people))
        return in_order(self._layers, base.layer, people)


def _standing_in(person: str, after: int, in_force: list[Override]) -> str:
    """Who has the pager for a person, by the overrides that are later than `after`."""
    for override in in_force:
        if override.id <= after:
            break
        if override.instead_of == person:
            return _standing_in(override.person, override.id, in_force)
    return person


def _joined(cut: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces that follow each other, without the cuts between equals."""
    held: Piece | None = None
    for piece in cut:
        if held is not None and (held.people, held.layer) == (piece.people, piece.layer):
            held = held._replace(until=piece.until)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


@lru_cache(maxsize=256)
def _track(overrides: tuple[Override, ...], layers: tuple[Layer, ...]) -> _Track:
    return _Track(overrides, layers)
