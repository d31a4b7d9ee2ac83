"""bookmarks.*"""

from __future__ import annotations

from bot.sandbox import messages
from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Channel, Json
from bot.sandbox.refusals import Refused


def add(call: MethodCall) -> Json:
    channel = call.channel_inside("channel_id")
    if call.args.text("type") != "link":
        raise Refused("invalid_bookmark_type")
    if not call.args.text("title"):
        raise Refused("invalid_arguments")
    given = _given(call)
    if "link" not in given:
        raise Refused("invalid_link")
    return {"bookmark": messages.add_bookmark(call.workspace, channel, call.bot, given)}


def edit(call: MethodCall) -> Json:
    channel = call.channel_inside("channel_id")
    bookmark = _bookmark(call, channel)
    bookmark |= _given(call) | {"date_updated": call.workspace.seconds(), "last_updated_by_user_id": call.bot}
    call.workspace.tell("channel", channel)
    return {"bookmark": bookmark}


def list_(call: MethodCall) -> Json:
    channel = call.channel("channel_id")
    call.must_be_member(channel)
    return {"bookmarks": list(channel.bookmarks.values())}


def remove(call: MethodCall) -> Json:
    channel = call.channel_inside("channel_id")
    del channel.bookmarks[_bookmark(call, channel)["id"]]
    call.workspace.tell("channel", channel)
    return {}


def _bookmark(call: MethodCall, channel: Channel) -> Json:
    bookmark = channel.bookmarks.get(call.args.text("bookmark_id"))
    if bookmark is None:
        raise Refused("not_found")
    return bookmark


def _given(call: MethodCall) -> Json:
    given = {name: call.args.text(name) for name in ("title", "link", "emoji") if name in call.args}
    if not given.get("link", "https://").startswith(("http://", "https://")):
        raise Refused("invalid_link")
    emoji = given.get("emoji")
    if emoji and not (emoji.startswith(":") and emoji.endswith(":")):
        raise Refused("invalid_emoji")
    return given


METHODS = {
    "bookmarks.add": Method(add, tier=2, scopes=("bookmarks:write",)),
    "bookmarks.edit": Method(edit, tier=2, scopes=("bookmarks:write",)),
    "bookmarks.list": Method(list_, tier=3, scopes=("bookmarks:read",)),
    "bookmarks.remove": Method(remove, tier=2, scopes=("bookmarks:write",)),
}
