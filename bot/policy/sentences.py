"""A model's objection to what was written, as a sentence for the person who wrote it."""

import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.policy.nearest import hint
from bot.policy.tree import Loc

_OF_KEYS = ("missing", "extra_forbidden")


def objections(error: ValidationError, model: type[BaseModel]) -> list[tuple[Loc, str]]:
    """Each objection as (where in the data, sentence)."""
    return [_objection(detail, model) for detail in error.errors(include_url=False) if not _follows(detail)]


def _follows(detail: ErrorDetails) -> bool:
    """Whether another fault says it already: a list too short for want of its faulty items, or a blank."""
    given = detail["input"]
    return (detail["type"] == "too_short" and bool(given)) or (detail["type"] not in _OF_KEYS and given is None)


def _objection(detail: ErrorDetails, model: type[BaseModel]) -> tuple[Loc, str]:
    loc, given, context = detail["loc"], detail["input"], detail.get("ctx", {})
    if loc and loc[-1] == "[key]":  # the key of a map, not its value
        loc = loc[:-1]
    match detail["type"]:
        case "extra_forbidden":
            return loc, f"unknown key{hint(str(loc[-1]), keys(model, loc[:-1]), show=20)}"
        case "missing":
            return loc[:-1], f'"{loc[-1]}" is missing'
        case "value_error":
            return loc, str(context["error"])
        case "enum":
            names = [str(member.value) for member in _enum(model, loc)]
            one_of = hint(str(given), names) or f"; known are {', '.join(names)}"
            return loc, f"{shown(given)} is not known here{one_of}"
        case "string_type":
            return loc, f"{_must(given)} be text{_in_quotes(given)}"
        case "time_delta_type":
            return loc, f"{_must(given)} be a duration, like 30s, 5m, 1h30m, 2d or 1w"
        case "datetime_type" | "datetime_parsing":
            return loc, f"{_must(given)} be an instant, like 2026-01-05T08:00"
        case "date_type" | "date_from_datetime_inexact" | "date_from_datetime_parsing" | "date_parsing":
            return loc, f"{_must(given)} be a day, like 2026-10-01"
        case "tuple_type" | "list_type" | "frozen_set_type" | "set_type":
            return loc, f"{_must(given)} be a list{_in_brackets(given)}"
        case "model_type" | "dict_type" | "mapping_type" | "model_attributes_type":
            return loc, f"{_must(given)} be a map of key: value"
        case "int_type" | "int_parsing" | "int_from_float":
            return loc, f"{_must(given)} be a whole number"
        case "float_type" | "float_parsing":
            return loc, f"{_must(given)} be a number or a percentage, like 75%"
        case "bool_type" | "bool_parsing":
            return loc, f"{_must(given)} be true or false"
        case "greater_than_equal":
            return loc, f"{shown(given)} is too small; the least is {context['ge']}"
        case "less_than_equal":
            return loc, f"{shown(given)} is too big; the most is {context['le']}"
        case "greater_than" | "less_than":
            return loc, f"{shown(given)} is not between 0% and 100%; write it like 75%"
        case "too_short":
            return loc, "this list is empty; it needs at least one entry"
        case _:
            return loc, f"{shown(given)} is not right here: {detail['msg'].lower()}"


def as_written(data: Any, loc: Loc) -> Loc:
    """Where `loc`, a place in a model, stands in the data: some things have two forms, and the models know one.

    One thing may stand where a list could; the rotations of a layer that follow each other are one list; the exceptions
    of a calendar are a map of dates; the values for a command stand beside its name.
    """
    parts, found = list(loc), list[str | int]()
    while parts:
        part = parts.pop(0)
        rotations = data.get("rotation") if isinstance(data, Mapping) else None
        if part == "then" and parts and rotations:
            part, parts[0] = "rotation", int(parts[0]) + 1
        elif part == "exceptions" and parts and isinstance(data, Mapping) and isinstance(data.get(part), Mapping):
            parts[:2] = [list(data[part])[int(parts[0])]]
        elif part == "command" and parts and isinstance(data, Mapping) and isinstance(data.get(part), str):
            continue
        elif part == "rotation" and rotations and isinstance(rotations, list):
            parts.insert(0, 0)
        if part == 0 and not isinstance(data, list):
            continue
        found.append(part)
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
    return tuple(found)


def shown(given: object) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, Mapping):
        return "a map"
    if isinstance(given, list | tuple):
        return "a list"
    return f'"{given}"' if isinstance(given, str) else str(given)


def _must(given: object) -> str:
    return f"{shown(given)} stands here; it must"


def _in_quotes(given: object) -> str:
    return f': put it in quotes, "{shown(given)}"' if isinstance(given, bool | int | float) else ""


def _in_brackets(given: object) -> str:
    return f": put it in brackets, [{given}]" if isinstance(given, str) else ""


def keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that are known where `loc` points to within `model`."""
    found = _type_at(model, loc)
    if not isinstance(found, type) or not issubclass(found, BaseModel):
        return []
    return [*(field.alias or name for name, field in found.model_fields.items()), *getattr(found, "BESIDE", ())]


def _enum(model: type[BaseModel], loc: Loc) -> type[Enum]:
    found = _type_at(model, loc)
    if typing.get_origin(found) is None and isinstance(found, type) and issubclass(found, Enum):
        return found
    holder = _type_at(model, loc[:-1])  # `loc` names a key of the map: the enum is the type of its keys
    return typing.cast("type[Enum]", _bare(typing.get_args(holder)[0]))


def _type_at(model: type[BaseModel], loc: Loc) -> Any:
    found: Any = model
    for part in loc:
        found = _bare(found)
        if isinstance(found, type) and issubclass(found, BaseModel):
            if part not in found.model_fields:
                return None
            found = found.model_fields[str(part)].annotation
        else:
            arguments = [argument for argument in typing.get_args(found) if argument is not ...]
            if not arguments:
                return None
            found = arguments[-1]  # a list's item, a map's value
    return _bare(found)


def _bare(found: Any) -> Any:
    """The type without Annotated and without `| None`."""
    if typing.get_origin(found) is typing.Annotated:
        return _bare(typing.get_args(found)[0])
    if typing.get_origin(found) in (typing.Union, types.UnionType):
        return _bare(next(argument for argument in typing.get_args(found) if argument is not types.NoneType))
    return found
