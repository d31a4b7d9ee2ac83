"""Schedules as one would write them in YAML, and instants as one would write them down."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.policy.model import Layer, Override, Schedule

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def layer(
    people: Sequence[Any],
    every: str = "1w",
    starts: str = "2026-01-05T08:00",
    zone: str = "UTC",
    on_call: Sequence[str] = (),
    name: str = "first",
    until: str | None = None,
    then: Sequence[Mapping[str, Any]] = (),
) -> Layer:
    """A layer of one rotation, or of one until a time and then others."""
    rotation: dict[str, Any] = {"every": every, "starts": starts, "people": list(people)}
    rotations = [rotation | ({"until": until} if until else {}), *then]
    written = {"name": name, "time_zone": zone, "on_call": on_call, "rotation": rotations if then else rotations[0]}
    return Layer.model_validate(written)


def schedule(*layers: Layer) -> Schedule:
    return Schedule(name="l1", layers=layers)


def override(number: int, person: str, start: str, end: str, instead_of: str | None = None) -> Override:
    return Override(id=number, schedule="l1", person=person, start=utc(start), end=utc(end), instead_of=instead_of)


def utc(text: str) -> datetime:
    """`2026-03-08 08:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """`2026-03-08 08:00` on a wall clock."""
    return datetime.fromisoformat(text)


def brief(at: datetime | None) -> str | None:
    """`2026-03-08 08:00` of an instant."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
