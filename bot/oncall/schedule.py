"""Who is on call: the first layer with somebody gives the answer, unless an override stands above it.

Every answer is the whole uninterrupted stretch around an instant, and the shifts of a span are the
stretches that follow each other through it; so the two cannot disagree.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.oncall.layers import Piece, pieces
from bot.oncall.overrides import pieces_with
from bot.oncall.wallclock import in_utc
from bot.policy.model import Override, Policy, Schedule


class OnCall(NamedTuple):
    """The people on call at an instant (in UTC), and the bounds of their uninterrupted shift.

    The layer of an override that stands above all layers is "override". Nobody: no people and no layer.
    `since` and `until` are None where there is no such change; `next` are the people of what follows at
    `until`: nobody, if that is a gap.
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


def on_call(schedule: Schedule, at: datetime, overrides: tuple[Override, ...] = ()) -> OnCall:
    """Who is on call at an instant, until when, and who comes next."""
    found = _pieces(schedule, in_utc(at), overrides)
    people, layer, since, until = next(found)
    following = () if until is None else next(found)[0]
    return OnCall(people, layer, since, until, following)


def on_call_in(schedule: str, at: datetime, policy: Policy) -> OnCall:
    """The same of a schedule of the policy, with its overrides."""
    return on_call(policy.schedules[schedule], at, policy.overrides_of(schedule))


def shifts(schedule: Schedule, start: datetime, end: datetime, overrides: tuple[Override, ...] = ()) -> list[Shift]:
    """The shifts of a span, clipped to it, in order and without holes: a gap is a shift of nobody."""
    start, end = in_utc(start), in_utc(end)
    found: list[Shift] = []
    if start >= end:
        return found
    for people, layer, _, until in _pieces(schedule, start, overrides):
        if until is None or until >= end:
            found.append(Shift(start, end, people, layer))
            break
        found.append(Shift(start, until, people, layer))
        start = until
    return found


def next_change(schedule: Schedule, at: datetime, overrides: tuple[Override, ...] = ()) -> datetime | None:
    """The first instant after `at` at which other people, another layer or nobody is on call."""
    return next(_pieces(schedule, in_utc(at), overrides)).until


def _pieces(schedule: Schedule, at: datetime, overrides: tuple[Override, ...]) -> Iterator[Piece]:
    return pieces_with(overrides, schedule.layers, at) if overrides else pieces(schedule.layers, at)
