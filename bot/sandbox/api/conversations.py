"""conversations.*: making channels, who is in them, what they say about themselves."""

from __future__ import annotations

from bot.sandbox.api.call import Method, MethodCall, need_scope
from bot.sandbox.records import SCOPE_FAMILY, TYPE_ARGUMENT, Channel, Json
from bot.sandbox.refusals import Refused

MAX_INVITED = 1000
MAX_DIRECT = 8


def create(call: MethodCall) -> Json:
    private = call.args.flag("is_private")
    call.need_scope("groups:write" if private else "channels:manage")
    return call.shown_channel(call.workspace.create_channel(call.args.text("name"), call.bot, private))


def invite(call: MethodCall) -> Json:
    channel = call.channel()
    call.manage(channel, "invites")
    call.must_be_open(channel)
    call.must_be_member(channel)
    users = call.args.ids("users")
    if not users:
        raise Refused("no_user")
    if len(users) > MAX_INVITED:
        raise Refused("too_many_users")
    faults = [(user, fault) for user in users if (fault := _cannot_invite(call, channel, user))]
    if faults and (not call.args.flag("force") or len(faults) == len(users)):
        raise Refused(faults[0][1], errors=[{"ok": False, "error": fault, "user": user} for user, fault in faults])
    refused = {user for user, _ in faults}
    for user in dict.fromkeys(users):
        if user not in refused:
            call.workspace.join(channel, user, inviter=call.bot)
    return call.shown_channel(channel)


def _cannot_invite(call: MethodCall, channel: Channel, user: str) -> str:
    if user == call.bot:
        return "cant_invite_self"
    if user not in call.workspace.users:
        return "user_not_found"
    if call.workspace.users[user].deactivated:
        return "cant_invite"
    return "already_in_channel" if user in channel.members else ""


def kick(call: MethodCall) -> Json:
    channel = call.channel_inside()
    call.manage(channel)
    user = call.workspace.user(call.args.text("user"))
    if user.id == call.bot:
        raise Refused("cant_kick_self")
    if user.id not in channel.members:
        raise Refused("not_in_channel")
    call.workspace.leave(channel, user.id)
    return {}


def join(call: MethodCall) -> Json:
    channel = call.channel()
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    call.must_be_open(channel)
    if call.bot in channel.members:
        warned = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return call.shown_channel(channel) | warned
    call.workspace.join(channel, call.bot)
    return call.shown_channel(channel)


def leave(call: MethodCall) -> Json:
    channel = call.channel()
    call.manage(channel)
    call.must_be_open(channel)
    if call.bot not in channel.members:
        return {"not_in_channel": True}
    call.workspace.leave(channel, call.bot)
    return {}


def set_topic(call: MethodCall) -> Json:
    channel = call.channel_inside()
    call.manage(channel, "topic")
    call.workspace.set_topic(channel, call.bot, call.args.text("topic"))
    return call.shown_channel(channel)


def set_purpose(call: MethodCall) -> Json:
    channel = call.channel_inside()
    call.manage(channel, "topic")
    call.workspace.set_purpose(channel, call.bot, call.args.text("purpose"))
    return call.shown_channel(channel)


def rename(call: MethodCall) -> Json:
    channel = call.channel_inside()
    call.manage(channel)
    if channel.creator != call.bot:
        raise Refused("not_authorized")
    call.workspace.rename(channel, call.bot, call.args.text("name"))
    return call.shown_channel(channel)


def archive(call: MethodCall) -> Json:
    channel = call.channel()
    call.manage(channel)
    if channel.archived:
        raise Refused("already_archived")
    call.must_be_member(channel)
    call.workspace.archive(channel, call.bot)
    return {}


def unarchive(call: MethodCall) -> Json:
    """A bot cannot: archiving has put it out of the channel."""
    channel = call.channel()
    call.manage(channel)
    raise Refused("not_in_channel" if channel.archived else "not_archived")


def info(call: MethodCall) -> Json:
    channel = call.channel()
    call.family_scope(channel, "read")
    shown = channel.shown(call.bot)
    if not call.args.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def list_(call: MethodCall) -> Json:
    kinds = set()
    for name in call.args.ids("types") or ["public_channel"]:
        if name not in TYPE_ARGUMENT:
            raise Refused("invalid_types")
        kinds.add(TYPE_ARGUMENT[name])
    need_scope_of_all(call, kinds)
    exclude = call.args.flag("exclude_archived")
    workspace = call.workspace
    found = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds and workspace.may_see(channel, call.bot) and not (exclude and channel.archived)
    ]
    part, more = call.page(found)
    return {"channels": [channel.shown(call.bot) for channel in part], **more}


def need_scope_of_all(call: MethodCall, kinds: set[str]) -> None:
    for kind in sorted(kinds):
        need_scope(call.app, (f"{SCOPE_FAMILY[kind]}:read",))


def members(call: MethodCall) -> Json:
    channel = call.channel()
    call.family_scope(channel, "read")
    part, more = call.page(list(channel.members))
    return {"members": part, **more}


def open_(call: MethodCall) -> Json:
    """A direct message with one person, or a group one with up to eight."""
    if "channel" in call.args:
        channel = call.channel()
        call.family_scope(channel, "write")
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    users = call.args.ids("users")
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > MAX_DIRECT:
        raise Refused("too_many_users")
    call.need_scope("im:write" if len(users) == 1 else "mpim:write")
    if any(call.workspace.user(user).deactivated for user in users):
        raise Refused("user_disabled")
    channel = call.workspace.direct((*users, call.bot))
    return {"channel": channel.shown(call.bot) if call.args.flag("return_im") else {"id": channel.id}}


METHODS = {
    "conversations.create": Method(create, tier=2),
    "conversations.invite": Method(invite, tier=3),
    "conversations.kick": Method(kick, tier=3),
    "conversations.join": Method(join, tier=3, scopes=("channels:join",)),
    "conversations.leave": Method(leave, tier=3),
    "conversations.setTopic": Method(set_topic, tier=2),
    "conversations.setPurpose": Method(set_purpose, tier=2),
    "conversations.rename": Method(rename, tier=2),
    "conversations.archive": Method(archive, tier=2),
    "conversations.unarchive": Method(unarchive, tier=2),
    "conversations.info": Method(info, tier=3),
    "conversations.list": Method(list_, tier=2),
    "conversations.members": Method(members, tier=4),
    "conversations.open": Method(open_, tier=3),
}
