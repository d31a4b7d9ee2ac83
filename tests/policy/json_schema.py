"""As much of JSON Schema (draft 2020-12) as ours use; an unknown word in a schema is an error of the test."""

import re
from collections.abc import Iterator
from typing import Any

SILENT = {"$schema", "$defs", "title", "description", "default", "examples"}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def objections(data: Any, schema: dict[str, Any], root: dict[str, Any] | None = None) -> list[str]:
    """The words of the schema that `data` does not obey, with where."""
    root = root or schema
    return [said for word, rule in schema.items() if word not in SILENT for said in _by(word, rule, data, schema, root)]


def _by(word: str, rule: Any, data: Any, schema: dict[str, Any], root: dict[str, Any]) -> Iterator[str]:
    match word:
        case "$ref":
            yield from objections(data, root["$defs"][rule.removeprefix("#/$defs/")], root)
        case "type":
            kinds = [rule] if isinstance(rule, str) else rule
            if not any(_is(data, kind) for kind in kinds):
                yield f"{data!r} is no {rule}"
        case "enum" if data not in rule:
            yield f"{data!r} is none of {rule}"
        case "pattern" if isinstance(data, str) and not re.search(rule, data):
            yield f"{data!r} does not match"
        case "minLength" if isinstance(data, str) and len(data) < rule:
            yield f"{data!r} is too short"
        case "minimum" if _is(data, "number") and data < rule:
            yield f"{data!r} is too small"
        case "maximum" if _is(data, "number") and data > rule:
            yield f"{data!r} is too big"
        case "exclusiveMinimum" if _is(data, "number") and data <= rule:
            yield f"{data!r} is too small"
        case "exclusiveMaximum" if _is(data, "number") and data >= rule:
            yield f"{data!r} is too big"
        case "anyOf" | "oneOf":
            right = [each for each in rule if not objections(data, each, root)]
            if not right or (word == "oneOf" and len(right) > 1):
                yield f"{word}: {len(right)} of {len(rule)} fit {data!r}"
        case "minItems" if isinstance(data, list) and len(data) < rule:
            yield "the list is too short"
        case "items" if isinstance(data, list):
            for each in data:
                yield from objections(each, rule, root)
        case _ if isinstance(data, dict):
            yield from _of_map(word, rule, data, schema, root)
        case _:
            assert word in _OF_MAPS or word in _CONDITIONAL, f"{word} is not known here"


_CONDITIONAL = {
    "enum", "pattern", "minLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "items",
}  # fmt: skip
_OF_MAPS = {
    "properties", "required", "additionalProperties", "propertyNames", "dependentRequired", "dependentSchemas",
}  # fmt: skip


def _of_map(word: str, rule: Any, data: dict[str, Any], schema: dict[str, Any], root: dict[str, Any]) -> Iterator[str]:
    match word:
        case "properties":
            for key in data.keys() & rule.keys():
                yield from objections(data[key], rule[key], root)
        case "required":
            yield from (f"{key} is missing" for key in rule if key not in data)
        case "additionalProperties":
            for key in data.keys() - schema.get("properties", {}).keys():
                yield from [f"{key} is unknown"] if rule is False else objections(data[key], rule, root)
        case "propertyNames":
            for key in data:
                yield from objections(key, rule, root)
        case "dependentRequired":
            yield from (f"{key} needs {need}" for key in rule if key in data for need in rule[key] if need not in data)
        case "dependentSchemas":
            for key in data.keys() & rule.keys():
                yield from objections(data, rule[key], root)
        case _:
            assert word in _CONDITIONAL, f"{word} is not known here"


def _is(data: Any, kind: str) -> bool:
    return isinstance(data, TYPES[kind]) and (kind == "boolean" or not isinstance(data, bool))
