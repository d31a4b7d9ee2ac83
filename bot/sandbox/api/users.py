"""users.* and usergroups.*"""

from __future__ import annotations

from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Group, Json, User
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import TEAM_ID


def info(call: MethodCall) -> Json:
    return {"user": _shown(call, call.workspace.user(call.args.text("user")))}


def list_(call: MethodCall) -> Json:
    part, more = call.page(list(call.workspace.users.values()), default=1000)
    members = [_shown(call, user) for user in part]
    return {"members": members, "cache_ts": call.workspace.seconds(), **more}


def lookup_by_email(call: MethodCall) -> Json:
    email = call.args.text("email").lower()
    found = next((user for user in call.workspace.users.values() if email and user.email.lower() == email), None)
    if found is None:
        raise Refused("users_not_found")
    return {"user": _shown(call, found)}


def get_presence(call: MethodCall) -> Json:
    call.workspace.user(call.args.text("user"))
    return {"presence": "active"}


def _shown(call: MethodCall, user: User) -> Json:
    return user.shown(TEAM_ID, call.workspace.clock.now(), with_email="users:read.email" in call.app.scopes)


def groups_list(call: MethodCall) -> Json:
    with_users = call.args.flag("include_users")
    return {"usergroups": [group.shown(TEAM_ID, with_users) for group in call.workspace.groups.values()]}


def group_users(call: MethodCall) -> Json:
    return {"users": list(_group(call).users)}


def group_update(call: MethodCall) -> Json:
    group = _group(call)
    users = call.args.ids("users")
    if not users:
        raise Refused("no_users_provided")
    if any(user not in call.workspace.users for user in users):
        raise Refused("invalid_users")
    group.users = list(dict.fromkeys(users))
    shown = group.shown(TEAM_ID, with_users=True)
    call.workspace.tell("channel", None, {"type": "subteam_updated", "subteam": shown})
    return {"usergroup": shown}


def _group(call: MethodCall) -> Group:
    group = call.workspace.groups.get(call.args.text("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return group


METHODS = {
    "users.info": Method(info, tier=4, scopes=("users:read",)),
    "users.list": Method(list_, tier=2, scopes=("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, tier=3, scopes=("users:read.email",)),
    "users.getPresence": Method(get_presence, tier=3, scopes=("users:read",)),
    "usergroups.list": Method(groups_list, tier=2, scopes=("usergroups:read",)),
    "usergroups.users.list": Method(group_users, tier=2, scopes=("usergroups:read",)),
    "usergroups.users.update": Method(group_update, tier=2, scopes=("usergroups:write",)),
}
