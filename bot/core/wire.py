"""Events and effects as JSON and back: how they wait in timers and in the outbox."""

from dataclasses import fields
from functools import cache
from types import ModuleType, UnionType
from typing import Any

from pydantic import TypeAdapter

from bot.core import effects, events, oncall_effects, oncall_events, runbook_events
from bot.core.lanes import Outward

Kinds = tuple[tuple[ModuleType, ...], type | UnionType]

EVENTS: Kinds = ((events, oncall_events, runbook_events), events.Event)
EFFECTS: Kinds = ((effects, oncall_effects), Outward)


def dump(thing: Any) -> dict[str, Any]:
    """`{"type": class name, …fields}`, JSON-ready."""
    facts: dict[str, Any] = _adapter(thing.__class__).dump_python(thing, mode="json")
    return {"type": type(thing).__name__, **facts}


def load_event(facts: dict[str, Any]) -> events.Event:
    event: events.Event = _load(facts, EVENTS)
    return event


def load_effect(facts: dict[str, Any]) -> Outward:
    effect: Outward = _load(facts, EFFECTS)
    return effect


def _load(facts: dict[str, Any], kinds: Kinds) -> Any:
    named = _classes(kinds)[facts["type"]]
    known = {field.name for field in fields(named)}
    return _adapter(named).validate_python({key: value for key, value in facts.items() if key in known})


@cache
def _adapter(named: type) -> TypeAdapter[Any]:
    return TypeAdapter(named)


@cache
def _classes(kinds: Kinds) -> dict[str, type]:
    """By name. Not by `__subclasses__`: a dataclass with slots leaves a twin of itself there for a while."""
    rooms, root = kinds
    found = (thing for room in rooms for thing in vars(room).values())
    return {thing.__name__: thing for thing in found if isinstance(thing, type) and issubclass(thing, root)}
