"""The JSON Schemas of a runbook and of the configuration as people write them, by which editors complete and check.

They say no more than the form: whether a name that is used exists, only `bot check` knows.
"""

import inspect
import json
import re
import types
import typing
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Any

from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.policy import durations
from bot.policy.gather import NAME, SECTIONS
from bot.policy.model import Workspace
from bot.policy.runbook import Runbook
from bot.policy.written import AS_WRITTEN, BESIDE, CALLED, CHECKED, LEFT_OUT, RULES, SHORT, TEXTS, Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_COMMENT = re.compile(r"^    (\w+)(?:: | = ).*  # (.+)$", re.MULTILINE)
_NAMED: Schema = {"pattern": f"^(?:{NAME.pattern})$"}


def schemas() -> Mapping[str, Schema]:
    """By the names of their files."""
    return {"config.schema.json": _config(), "runbook.schema.json": _runbook()}


def text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _runbook() -> Schema:
    grown = _Growth()
    whole = grown.map_of(Runbook)
    whole["properties"]["runbook"] |= _NAMED
    return {"$schema": DIALECT, "title": "A runbook of Baton", **whole, "$defs": grown.kept()}


def _config() -> Schema:
    grown = _Growth()
    sections: Schema = {"workspace": {"anyOf": [grown.of(Workspace), {"type": "null"}]}}
    for section, (model, what) in SECTIONS.items():
        entry = grown.of(model)
        blank = all(not field.is_required() for field in model.model_fields.values())
        sections[section] = {
            "description": what,
            "type": ["object", "null"],
            "propertyNames": _NAMED,
            "additionalProperties": {"anyOf": [entry, {"type": "null"}]} if blank else entry,
        }
    whole = {"type": "object", "properties": sections, "additionalProperties": False}
    return {"$schema": DIALECT, "title": "A file of the configuration of Baton", **whole, "$defs": grown.kept()}


class _Growth:
    """Turns types into schemas; what may be needed again is kept under a name."""

    def __init__(self) -> None:
        self._defs: dict[str, Schema] = {}

    def kept(self) -> dict[str, Schema]:
        return dict(sorted(self._defs.items()))

    def of(self, kind: Any, metadata: tuple[Any, ...] = ()) -> Schema:
        """The schema of a type, with what its annotations say beside it."""
        if isinstance(kind, dict):
            return kind
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is typing.Annotated:
            return self.of(arguments[0], (*metadata, *_flat(arguments[1:])))
        if origin in (typing.Union, types.UnionType):
            found = [self.of(each, metadata) for each in arguments if each is not types.NoneType]
            return found[0] if len(found) == 1 else {"anyOf": found}
        if origin in (tuple, frozenset):
            least = next(({"minItems": each.min_length} for each in metadata if hasattr(each, "min_length")), {})
            return {"type": "array", "items": self.of(arguments[0])} | least
        if origin is not None and issubclass(origin, Mapping):
            return self._map(*arguments)
        return self._plain(kind, metadata)

    def _map(self, key: Any, value: Any) -> Schema:
        if isinstance(key, type) and issubclass(key, Enum):
            known = {str(each.value): self.of(value) for each in key}
            return {"type": "object", "properties": known, "additionalProperties": False}
        return {"type": "object", "additionalProperties": self.of(value)}

    def _plain(self, kind: type, metadata: tuple[Any, ...]) -> Schema:
        if kind in TEXTS:
            name, schema = TEXTS[kind]
            return self._keep(name, schema)
        if issubclass(kind, Enum):
            return _enum(kind)
        if issubclass(kind, BaseModel):
            return self._model(kind)
        if kind is bool:
            return {"type": "boolean"}
        if kind is int:
            found: Schema = {"type": "integer"}
            for each in metadata:
                found |= {"minimum": each.ge} if hasattr(each, "ge") else {}
                found |= {"maximum": each.le} if hasattr(each, "le") else {}
            return found
        assert kind is str, f"nobody has said how a {kind} is written"
        checks = (each.func for each in metadata if isinstance(each, AfterValidator))
        return next((dict(CHECKED[check]) for check in checks if check in CHECKED), {"type": "string"})

    def _model(self, model: type[BaseModel]) -> Schema:
        name = model.__name__
        if name not in self._defs:
            whole = self.map_of(model)
            about = {"description": whole.pop("description")} if "description" in whole and model in SHORT else {}
            self._keep(name, about | {"anyOf": [SHORT[model], whole]} if model in SHORT else whole)
        return {"$ref": f"#/$defs/{name}"}

    def _keep(self, name: str, schema: Schema) -> Schema:
        self._defs[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def map_of(self, model: type[BaseModel]) -> Schema:
        """A model as a map of its keys."""
        about, comments = model.__dict__.get("__doc__"), _comments(model)
        properties, required = dict[str, Schema](), list[str]()
        for name, field in model.model_fields.items():
            if (model, name) in LEFT_OUT:
                continue
            key = CALLED.get((model, name)) or field.alias or name
            said = {"description": comments[name]} if name in comments else {}
            kind = AS_WRITTEN.get((model, name), field.annotation)
            properties[key] = self.of(kind, tuple(field.metadata)) | said | _default(field)
            required += [key] if field.is_required() else []
        properties |= {key: self.of(kind) for key, kind in BESIDE.get(model, {}).items()}
        return {
            **({"description": inspect.cleandoc(about)} if about else {}),
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
            "additionalProperties": False,
            **RULES.get(model, {}),
        }


def _flat(metadata: tuple[Any, ...]) -> tuple[Any, ...]:
    """With what stands inside a `Field(…)`."""
    return tuple(each for outer in metadata for each in (outer.metadata if isinstance(outer, FieldInfo) else (outer,)))


def _comments(found: type) -> dict[str, str]:
    """What stands beside the fields of a class, in its source."""
    return dict(_COMMENT.findall(inspect.getsource(found)))


def _enum(kind: type[Enum]) -> Schema:
    comments = _comments(kind)
    said = "; ".join(f"{each.value}: {comments[each.name]}" for each in kind if each.name in comments)
    return {"enum": [str(each.value) for each in kind]} | ({"description": said} if said else {})


def _default(field: FieldInfo) -> Schema:
    value = field.default
    if isinstance(value, timedelta):
        return {"default": _length(value)} if value else {}
    if isinstance(value, Enum):
        return {"default": str(value.value)}
    plain = value is not PydanticUndefined and isinstance(value, str | int)
    return {"default": value} if plain and value != "" else {}


def _length(value: timedelta) -> str:
    return durations.written(value) if value % timedelta(days=1) else f"{value.days}d"
