"""Schedules as one would write them in YAML, and instants as one would write them down."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.policy.model import Layer, Schedule


def layer(
    people: Sequence[str | Sequence[str]],
    every: str = "1w",
    starts: str = "2026-01-05T08:00",
    zone: str = "UTC",
    on_call: Sequence[str] = (),
    name: str = "first",
) -> Layer:
    rotation = {"every": every, "starts": starts, "people": people}
    return Layer.model_validate({"name": name, "time_zone": zone, "on_call": on_call, "rotation": rotation})


def schedule(*layers: Layer) -> Schedule:
    return Schedule(name="l1", layers=layers)


def utc(text: str) -> datetime:
    """`2026-03-08 08:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """`2026-03-08 08:00` on a wall clock."""
    return datetime.fromisoformat(text)


def brief(at: datetime | None) -> str | None:
    """`2026-03-08 08:00` of an instant."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
