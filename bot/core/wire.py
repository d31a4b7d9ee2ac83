"""Events and effects as JSON and back: how they wait in timers and in the outbox."""

from dataclasses import fields
from functools import cache
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter

from bot.core import effects, events


def dump(thing: Any) -> dict[str, Any]:
    """`{"type": class name, …fields}`, JSON-ready."""
    facts: dict[str, Any] = _adapter(thing.__class__).dump_python(thing, mode="json")
    return {"type": type(thing).__name__, **facts}


def load_event(facts: dict[str, Any]) -> events.Event:
    event: events.Event = _load(facts, events, events.IncidentEvent, events.ShiftEvent)
    return event


def load_effect(facts: dict[str, Any]) -> effects.Outward:
    outward = (effects.IncidentEffect, effects.HandoffEffect, effects.PublishHome)
    effect: effects.Outward = _load(facts, effects, *outward)
    return effect


def _load(facts: dict[str, Any], room: ModuleType, *roots: type) -> Any:
    named = _classes(room, roots)[facts["type"]]
    known = {field.name for field in fields(named)}
    return _adapter(named).validate_python({key: value for key, value in facts.items() if key in known})


@cache
def _adapter(named: type) -> TypeAdapter[Any]:
    return TypeAdapter(named)


@cache
def _classes(room: ModuleType, roots: tuple[type, ...]) -> dict[str, type]:
    """By name. Not by `__subclasses__`: a dataclass with slots leaves a twin of itself there for a while."""
    return {name: found for name, found in vars(room).items() if isinstance(found, type) and issubclass(found, roots)}
