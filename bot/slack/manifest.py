"""The Slack app manifest: what the bot asks of a workspace, and no more."""

from collections.abc import Mapping
from typing import Any

from bot.slack.ids import Command, Shortcut
from bot.slack.listeners.events import EVENTS

SCOPES: Mapping[str, str] = {
    "channels:history": "to find a message again after a reply from Slack was lost",
    "channels:join": "to post where announcements and handoffs go",
    "channels:manage": "to make incident channels, invite people and set the topic",
    "channels:read": "to find channels by name",
    "chat:write": "to post and edit cards, updates, reminders and pages",
    "chat:write.public": "to announce in channels without joining them",
    "commands": "for /incident, /oncall, /runbook, /handoff and the shortcuts",
    "bookmarks:read": "to find a bookmark again after a reply from Slack was lost",
    "bookmarks:write": "to link the dashboard in an incident channel",
    "files:read": "to take a file as evidence",
    "files:write": "to post the picture of a coverage",
    "im:history": "to find a page again after a reply from Slack was lost",
    "im:write": "to page people by direct message",
    "pins:write": "to pin the card",
    "usergroups:read": "to find the user group of a schedule",
    "usergroups:write": "to keep in it whoever is on call",
    "users:read": "to see before a shift whether somebody's account still works; what users:read.email rests on",
    "users:read.email": "to find people of the configuration by their e-mail address",
}

# Without them the bot does all the same, but for this.
OPTIONAL: Mapping[str, str] = {
    "canvases:write": "to keep the handoff in the canvas of its channel; where there are no canvases it does without",
}

_COMMANDS: Mapping[Command, tuple[str, str]] = {
    Command.INCIDENT: ("Declare and work on incidents", "declare sev1 churn-scoring Scores are stale"),
    Command.ONCALL: ("Who has the pager, and who stands in", "[SCHEDULE] [at TIME], override, cover me, help"),
    Command.RUNBOOK: ("Read and search runbooks", "[NAME or WORDS], stats, help"),
    Command.HANDOFF: ("Hand the shift over", "[SCHEDULE], note TEXT, complete, start, history, help"),
}

_SHORTCUTS: Mapping[Shortcut, tuple[str, str, str]] = {
    Shortcut.DECLARE: ("global", "Declare an incident", "Something is wrong and someone must act"),
    Shortcut.DECLARE_FROM_MESSAGE: ("message", "Declare from this message", "Declare an incident with its words"),
    Shortcut.ADD_TO_TIMELINE: ("message", "Add to the timeline", "Keep this message in the timeline of an incident"),
}


def manifest(name: str = "Baton", events_url: str | None = None) -> dict[str, Any]:
    """With `events_url` Slack sends its requests there; without it they come by Socket Mode."""
    url = {"url": events_url} if events_url else {}
    request_url = {"request_url": events_url} if events_url else {}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": name,
            "description": "Incidents, on call, SLA clocks, runbooks and handoffs",
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "shortcuts": [
                {"name": label, "type": kind, "callback_id": str(shortcut), "description": description}
                for shortcut, (kind, label, description) in _SHORTCUTS.items()
            ],
            "slash_commands": [
                {"command": str(command), **url, "description": what, "usage_hint": usage, "should_escape": True}
                for command, (what, usage) in _COMMANDS.items()
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted((*SCOPES, *OPTIONAL))}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": events_url is None,
            "token_rotation_enabled": False,
        },
    }
