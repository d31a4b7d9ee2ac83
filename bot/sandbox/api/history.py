"""conversations.history and conversations.replies: what was said, a page at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from bot.sandbox.api.call import Method, MethodCall, read_cursor, write_cursor
from bot.sandbox.records import Channel, Json, micros, stamp
from bot.sandbox.refusals import Refused

MOST = 999
FOREVER = 2**62


def history(call: MethodCall) -> Json:
    channel = _readable(call)
    low, high = _window(call, channel.top)
    before = read_cursor(call.args.text("cursor"))
    if before:
        high = min(high, bisect_left(channel.top, before))
    first = max(low, high - _limit(call))
    with_metadata = call.args.flag("include_all_metadata")
    messages = [
        channel.messages[stamp(channel.top[place])].shown(with_metadata) for place in range(high - 1, first - 1, -1)
    ]
    more = first > low
    return {
        "messages": messages,
        "has_more": more,
        "pin_count": len(channel.pins),
        "response_metadata": {"next_cursor": write_cursor(channel.top[first]) if more else ""},
    }


def replies(call: MethodCall) -> Json:
    channel = _readable(call)
    parent = channel.messages.get(call.args.text("ts"))
    if parent is None:
        raise Refused("thread_not_found")
    if parent.is_reply:
        parent = channel.messages[parent.thread_ts]
    stamps = [micros(ts) for ts in parent.replies]
    low, high = _window(call, stamps)
    part, more = call.page(stamps[low:high], most=MOST)
    with_metadata = call.args.flag("include_all_metadata")
    messages = [channel.messages[stamp(at)].shown(with_metadata) for at in part]
    return {"messages": [parent.shown(with_metadata), *messages], "has_more": bool(_cursor(more)), **more}


def _cursor(more: Json) -> str:
    return str(more["response_metadata"]["next_cursor"])


def _readable(call: MethodCall) -> Channel:
    channel = call.channel()
    call.family_scope(channel, "history")
    call.must_be_member(channel)
    return channel


def _limit(call: MethodCall) -> int:
    limit = call.args.number("limit", 100, "invalid_limit")
    if not 0 < limit <= MOST:
        raise Refused("invalid_limit")
    return limit


def _window(call: MethodCall, stamps: list[int]) -> tuple[int, int]:
    """The places in the list between `oldest` and `latest`; the ends count only if `inclusive`."""
    oldest, latest = call.instant("oldest", -1), call.instant("latest", FOREVER)
    if call.args.flag("inclusive"):
        return bisect_left(stamps, oldest), bisect_right(stamps, latest)
    return bisect_right(stamps, oldest), bisect_left(stamps, latest)


METHODS = {
    "conversations.history": Method(history, tier=3),
    "conversations.replies": Method(replies, tier=3),
}
