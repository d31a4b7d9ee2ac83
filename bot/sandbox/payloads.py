"""What Slack tells the app about a command, a click, a submission or a shortcut."""

from __future__ import annotations

from typing import Any

from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.workspace import TEAM_ID, Workspace

CHANNEL_NAME = {"im": "directmessage", "private": "privategroup", "mpim": "privategroup"}


def common(workspace: Workspace, kind: str, user_id: str) -> Json:
    """The keys of every interactive payload."""
    user = workspace.users[user_id]
    return {
        "type": kind,
        "token": "sandbox",
        "api_app_id": workspace.app.app_id,
        "team": {"id": TEAM_ID, "domain": workspace.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM_ID},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_name(channel: Channel) -> str:
    return CHANNEL_NAME.get(channel.kind, channel.name)


def slash_command(workspace: Workspace, channel: Channel, user_id: str, command: str, text: str) -> Json:
    return {
        "token": "sandbox",
        "team_id": TEAM_ID,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user_id,
        "user_name": workspace.users[user_id].name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app.app_id,
        "is_enterprise_install": "false",
    }


def message_actions(
    workspace: Workspace, user_id: str, channel: Channel, message: Message, action: Json, values: Json
) -> Json:
    """block_actions from a message; `values` is what stands in its inputs."""
    payload = common(workspace, "block_actions", user_id) | {
        "container": message_container(channel, message),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": values},
        "actions": [action],
    }
    return payload if message.ephemeral_for else payload | {"message": message.shown(with_metadata=True)}


def message_container(channel: Channel, message: Message) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.ephemeral_for),
    }
    return container | {"thread_ts": message.thread_ts} if message.thread_ts else container


def view_actions(workspace: Workspace, user_id: str, view: Json, action: Json) -> Json:
    """block_actions from a modal or the Home tab."""
    return common(workspace, "block_actions", user_id) | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [action],
    }


def view_submission(workspace: Workspace, user_id: str, view: Json, response_urls: list[Json]) -> Json:
    return common(workspace, "view_submission", user_id) | {"view": view, "response_urls": response_urls}


def view_closed(workspace: Workspace, user_id: str, view: Json, is_cleared: bool) -> Json:
    return common(workspace, "view_closed", user_id) | {"view": view, "is_cleared": is_cleared}


def global_shortcut(workspace: Workspace, user_id: str, callback_id: str) -> Json:
    return common(workspace, "shortcut", user_id) | {"callback_id": callback_id, "action_ts": workspace.new_ts()}


def message_shortcut(workspace: Workspace, user_id: str, callback_id: str, channel: Channel, message: Message) -> Json:
    return common(workspace, "message_action", user_id) | {
        "callback_id": callback_id,
        "action_ts": workspace.new_ts(),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": message.shown(),
    }


def suggestion(workspace: Workspace, user_id: str, block: Json, element: Json, typed: str, place: Json) -> Json:
    """block_suggestion; `place` holds the container and the view or the channel and message."""
    return common(workspace, "block_suggestion", user_id) | {
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "value": typed,
        **place,
    }


def action(workspace: Workspace, block: Json, element: Json, state: Json) -> Json:
    """One entry of `actions`: the element, and what was entered or chosen."""
    entry: dict[str, Any] = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        **state,
        "action_ts": workspace.new_ts(),
    }
    if "text" in element:
        entry["text"] = element["text"]
    return entry
