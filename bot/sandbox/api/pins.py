"""pins.*"""

from __future__ import annotations

from bot.sandbox import messages
from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Json
from bot.sandbox.refusals import Refused


def add(call: MethodCall) -> Json:
    channel = call.channel_inside()
    message = call.message(channel)
    if "subtype" in message.body and message.body["subtype"].startswith("channel_"):
        raise Refused("not_pinnable")
    messages.pin(call.workspace, channel, message, call.bot)
    return {}


def list_(call: MethodCall) -> Json:
    channel = call.channel()
    call.must_be_member(channel)
    items = [pin | {"message": channel.messages[ts].shown()} for ts, pin in reversed(channel.pins.items())]
    return {"items": items}


def remove(call: MethodCall) -> Json:
    channel = call.channel_inside()
    messages.unpin(call.workspace, channel, call.message(channel), call.bot)
    return {}


METHODS = {
    "pins.add": Method(add, tier=2, scopes=("pins:write",)),
    "pins.list": Method(list_, tier=2, scopes=("pins:read",)),
    "pins.remove": Method(remove, tier=2, scopes=("pins:write",)),
}
