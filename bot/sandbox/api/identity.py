"""auth.test, apps.connections.open, team.info and bots.info: who is calling, and where."""

from __future__ import annotations

from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Json
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import TEAM_ID


def auth_test(call: MethodCall) -> Json:
    app = call.app
    return {
        "url": f"{call.server.url}/",
        "team": call.workspace.team_name,
        "user": call.workspace.user(app.bot_user_id).name,
        "team_id": TEAM_ID,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: MethodCall) -> Json:
    return {"url": call.server.socket_url(call.args.flag("debug_reconnects"))}


def team_info(call: MethodCall) -> Json:
    if call.args.text("team", TEAM_ID) != TEAM_ID:
        raise Refused("team_not_found")
    workspace = call.workspace
    team = {"id": TEAM_ID, "name": workspace.team_name, "domain": workspace.domain, "email_domain": "", "icon": {}}
    return {"team": team}


def bots_info(call: MethodCall) -> Json:
    app = call.app
    if call.args.text("bot", app.bot_id) != app.bot_id:
        raise Refused("bot_not_found")
    bot = {"id": app.bot_id, "app_id": app.app_id, "user_id": app.bot_user_id, "name": app.name, "deleted": False}
    return {"bot": bot | {"updated": 0, "icons": {}}}


METHODS = {
    "auth.test": Method(auth_test, tier=0),
    "apps.connections.open": Method(connections_open, tier=1, app_token=True),
    "team.info": Method(team_info, tier=3, scopes=("team:read",)),
    "bots.info": Method(bots_info, tier=3, scopes=("users:read",)),
}
