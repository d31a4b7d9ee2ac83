"""usergroups.*: the groups of people that can be mentioned by one handle."""

from __future__ import annotations

from bot.sandbox import groups
from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Group, Json
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import TEAM_ID


def list_(call: MethodCall) -> Json:
    with_users, with_count = call.args.flag("include_users"), call.args.flag("include_count")
    with_disabled = call.args.flag("include_disabled")
    found = [group for group in call.workspace.groups.values() if with_disabled or not group.deleted]
    return {"usergroups": [group.shown(TEAM_ID, with_users, with_count) for group in found]}


def create(call: MethodCall) -> Json:
    name, handle, description = (call.args.text(each).strip() for each in ("name", "handle", "description"))
    return _answer(groups.create(call.workspace, name, handle, description, call.bot))


def disable(call: MethodCall) -> Json:
    group = _group(call)
    groups.disable(call.workspace, group, call.bot)
    return _answer(group)


def enable(call: MethodCall) -> Json:
    group = _group(call)
    groups.enable(call.workspace, group, call.bot)
    return _answer(group)


def users(call: MethodCall) -> Json:
    group = _group(call)
    if group.deleted and not call.args.flag("include_disabled"):
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}


def update_users(call: MethodCall) -> Json:
    group = _group(call)
    groups.give_users(call.workspace, group, call.args.ids("users"), call.bot)
    return _answer(group)


def _group(call: MethodCall) -> Group:
    group = call.workspace.groups.get(call.args.text("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return group


def _answer(group: Group) -> Json:
    return {"usergroup": group.shown(TEAM_ID)}


READ, WRITE = ("usergroups:read",), ("usergroups:write",)
METHODS = {
    "usergroups.list": Method(list_, tier=2, scopes=READ),
    "usergroups.create": Method(create, tier=2, scopes=WRITE),
    "usergroups.disable": Method(disable, tier=2, scopes=WRITE),
    "usergroups.enable": Method(enable, tier=2, scopes=WRITE),
    "usergroups.users.list": Method(users, tier=2, scopes=READ),
    "usergroups.users.update": Method(update_users, tier=2, scopes=WRITE),
}
