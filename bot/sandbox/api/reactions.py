"""reactions.*"""

from __future__ import annotations

import re

from bot.sandbox import messages
from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Json
from bot.sandbox.refusals import Refused

EMOJI_NAME = re.compile(r"[\w+'-]+(::skin-tone-[2-6])?")


def add(call: MethodCall) -> Json:
    channel = call.channel_inside()
    messages.react(call.workspace, channel, call.message(channel), call.bot, _name(call))
    return {}


def remove(call: MethodCall) -> Json:
    channel = call.channel_inside()
    messages.unreact(call.workspace, channel, call.message(channel), call.bot, _name(call))
    return {}


def get(call: MethodCall) -> Json:
    channel = call.channel()
    call.must_be_member(channel)
    return {"type": "message", "channel": channel.id, "message": call.message(channel).shown()}


def _name(call: MethodCall) -> str:
    name = call.args.text("name")
    if not EMOJI_NAME.fullmatch(name):
        raise Refused("invalid_name")
    return name


METHODS = {
    "reactions.add": Method(add, tier=3, scopes=("reactions:write",)),
    "reactions.remove": Method(remove, tier=2, scopes=("reactions:write",)),
    "reactions.get": Method(get, tier=3, scopes=("reactions:read",)),
}
