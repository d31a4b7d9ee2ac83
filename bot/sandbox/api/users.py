"""users.*"""

from __future__ import annotations

from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Json, User
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
    if found is None or found.deactivated:
        raise Refused("users_not_found")
    return {"user": _shown(call, found)}


def get_presence(call: MethodCall) -> Json:
    user = call.workspace.user(call.args.text("user"))
    return {"presence": "away" if user.deactivated else "active"}


def _shown(call: MethodCall, user: User) -> Json:
    return user.shown(TEAM_ID, call.workspace.clock.now(), with_email="users:read.email" in call.app.scopes)


METHODS = {
    "users.info": Method(info, tier=4, scopes=("users:read",)),
    "users.list": Method(list_, tier=2, scopes=("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, tier=3, scopes=("users:read.email",)),
    "users.getPresence": Method(get_presence, tier=3, scopes=("users:read",)),
}
