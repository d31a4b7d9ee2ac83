"""Which changes the app hears of: those it subscribed to, has the scope for, and is present at."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.records import CHANNEL_TYPE, SCOPE_FAMILY, Channel, Json
from bot.sandbox.workspace import TEAM_ID, Change, Workspace

#  The scope each event needs; `*` stands for the kind of conversation.
SCOPES = {
    "message": "*:history",
    "app_mention": "app_mentions:read",
    "app_home_opened": "",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "member_joined_channel": "*:read",
    "member_left_channel": "*:read",
    "channel_created": "channels:read",
    "channel_rename": "channels:read",
    "channel_archive": "channels:read",
    "subteam_created": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "user_change": "users:read",
}

#  Events about the whole workspace, which need no presence in a channel.
WORKSPACE_WIDE = frozenset({"channel_created", "channel_rename", "channel_archive", "subteam_updated"})
MESSAGE_SUBSCRIPTION = {
    kind: f"message.{'channels' if kind == 'public' else SCOPE_FAMILY[kind]}" for kind in CHANNEL_TYPE
}


class Events:
    """Watches the workspace and hands the app's events, wrapped as Slack wraps them, to delivery."""

    def __init__(self, workspace: Workspace, tell: Callable[[Json], None]) -> None:
        self._workspace = workspace
        self._tell = tell

    def watch(self, change: Change) -> None:
        for event in change.events:
            channel = None if change.channel is None else self._workspace.channels[change.channel]
            if self._wanted(event, channel):
                self._tell(self._wrapped(event))

    def _wanted(self, event: Json, channel: Channel | None) -> bool:
        app, kind = self._workspace.app, event["type"]
        subscription = kind if kind != "message" or channel is None else MESSAGE_SUBSCRIPTION[channel.kind]
        if subscription not in app.bot_events:
            return False
        scope = SCOPES[kind].replace("*", SCOPE_FAMILY[channel.kind] if channel else "channels")
        if scope and scope not in app.scopes:
            return False
        if channel is None:
            return True
        if kind in WORKSPACE_WIDE:
            return channel.kind == "public"
        left = kind == "member_left_channel" and event.get("user") == app.bot_user_id
        return app.bot_user_id in channel.members or left

    def _wrapped(self, event: Json) -> Json:
        workspace = self._workspace
        app = workspace.app
        authorization = {
            "enterprise_id": None,
            "team_id": TEAM_ID,
            "user_id": app.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "sandbox",
            "team_id": TEAM_ID,
            "api_app_id": app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.mint("Ev"),
            "event_time": workspace.seconds(),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{workspace.mint('EC')}",
        }
