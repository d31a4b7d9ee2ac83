"""The arguments of a Web API request, wherever a client puts them: query, form, JSON or multipart."""

from __future__ import annotations

import json
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.refusals import Refused

TRUE = {"1", "true", "True"}


def read_arguments(query: str, content_type: str, body: bytes) -> dict[str, Any]:
    """Query and body merged; the body wins. An empty JSON body is no arguments at all."""
    arguments: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    kind = content_type.partition(";")[0].strip().lower()
    if not body.strip():
        return arguments
    if kind == "application/json":
        return arguments | _read_json(body)
    if kind == "multipart/form-data":
        return arguments | _read_multipart(content_type, body)
    if kind in ("application/x-www-form-urlencoded", ""):
        try:
            return arguments | dict(parse_qsl(body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            raise Refused("invalid_form_data") from None
    raise Refused("invalid_post_type")


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(given, dict):
        raise Refused("json_not_object")
    return given


def _read_multipart(content_type: str, body: bytes) -> dict[str, Any]:
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not message.is_multipart():
        raise Refused("invalid_form_data")
    fields: dict[str, Any] = {}
    for part in message.get_payload():
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]  # parts of a multipart are messages
        content = part.get_payload(decode=True)  # type: ignore[union-attr]  # the same
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content.decode(errors="replace")
    return fields


class Arguments:
    """Typed access: the same argument comes as text from a form and as a value from JSON."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given

    def __contains__(self, name: str) -> bool:
        return self.given.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.given.get(name)
        if value is None:
            return default
        return value if isinstance(value, bool) else str(value) in TRUE

    def number(self, name: str, default: int, refusal: str = "invalid_arguments") -> int:
        value = self.given.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise Refused(refusal) from None

    def ids(self, name: str) -> list[str]:
        """A list, whether comma-separated, JSON text or a JSON array."""
        value = self.given.get(name)
        if isinstance(value, str) and value.startswith("["):
            value = self.json(name)
        if isinstance(value, str):
            value = value.split(",")
        return [str(item).strip() for item in value or [] if str(item).strip()]

    def json(self, name: str, refusal: str = "invalid_arguments") -> Any:
        """A structure, whether given as one or as JSON text; None when it is absent."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(refusal) from None
