"""blocks.validate: Slack's own opinion of blocks, without posting them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.api.call import Method, MethodCall, with_messages
from bot.sandbox.blocks import check_blocks
from bot.sandbox.records import Json
from bot.sandbox.refusals import Refused
from bot.sandbox.views import check_view


def validate(call: MethodCall) -> Json:
    given = [name for name in ("blocks", "message", "view") if name in call.args]
    if len(given) != 1:
        raise Refused("invalid_arguments")
    name = given[0]
    faults = _faults(name, call.args.json(name, f"invalid_{name}"))
    if faults:
        raise with_messages(f"invalid_{name}", faults)
    return {}


def _faults(name: str, value: Any) -> list[str]:
    if name == "blocks":
        return check_blocks(value, "message") if isinstance(value, list) else ["must be an array"]
    if not isinstance(value, dict):
        return ["must be an object"]
    return check_view(value) if name == "view" else check_blocks(value.get("blocks") or [], "message")


METHODS = {"blocks.validate": Method(validate, tier=0)}
