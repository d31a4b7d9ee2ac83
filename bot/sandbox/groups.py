"""User groups: made, given their people, switched off and on again; each change is an event."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.records import Group, Json
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import NO_SPACE_IN_NAMES, TEAM_ID, Workspace

MAX_NAME = 255


def create(workspace: Workspace, name: str, handle: str, description: str, creator: str) -> Group:
    """Names are unique among groups; handles among people, channels and groups. Disabled groups keep theirs."""
    if not name:
        raise Refused("missing_argument")
    if len(name) > MAX_NAME:
        raise Refused("name_too_long")
    handle = handle.removeprefix("@") or "-".join(name.lower().split())
    if len(handle) > MAX_NAME or any(not _may_stand_in_a_handle(char) for char in handle):
        raise Refused("bad_handle")
    if any(name.lower() == (group.name or group.handle).lower() for group in workspace.groups.values()):
        raise Refused("name_already_exists")
    if _is_taken(workspace, handle):
        raise Refused("handle_already_exists")
    now = workspace.seconds()
    group = Group(workspace.mint("S"), handle, [], name, description, now, creator, now, creator)
    workspace.groups[group.id] = group
    _tell(workspace, group, {"type": "subteam_created", "subteam": group.shown(TEAM_ID)})
    return group


def _may_stand_in_a_handle(char: str) -> bool:
    return (char.isalnum() and char == char.lower()) or char in NO_SPACE_IN_NAMES + "."


def _is_taken(workspace: Workspace, handle: str) -> bool:
    return (
        any(group.handle == handle for group in workspace.groups.values())
        or workspace.user_named(handle) is not None
        or workspace.channel_named(handle) is not None
    )


def give_users(workspace: Workspace, group: Group, users: Sequence[str], by: str) -> None:
    """These people in place of those before; a group cannot be given nobody.

    One deactivated person among others refuses the whole list. If there is nobody else in it, Slack says the same,
    but the group is empty afterwards.
    """
    if not users:
        raise Refused("no_users_provided")
    if any(user not in workspace.users for user in users):
        raise Refused("invalid_users")
    active = [user for user in dict.fromkeys(users) if not workspace.users[user].deactivated]
    if not active or len(active) == len(dict.fromkeys(users)):
        _set_users(workspace, group, active, by)
    if len(active) < len(dict.fromkeys(users)):
        raise Refused("invalid_users")


def _set_users(workspace: Workspace, group: Group, users: list[str], by: str) -> None:
    added = [user for user in users if user not in group.users]
    removed = [user for user in group.users if user not in users]
    before = group.updated
    group.users, group.updated, group.updated_by = users, workspace.seconds(), by
    changed: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": TEAM_ID,
        "date_previous_update": before,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
    }
    _tell(workspace, group, _updated(group), *([changed] if added or removed else []))


def disable(workspace: Workspace, group: Group, by: str) -> None:
    group.deleted = group.updated = workspace.seconds()
    group.updated_by = by
    _tell(workspace, group, _updated(group))


def enable(workspace: Workspace, group: Group, by: str) -> None:
    group.deleted, group.updated, group.updated_by = 0, workspace.seconds(), by
    _tell(workspace, group, _updated(group))


def _updated(group: Group) -> Json:
    return {"type": "subteam_updated", "subteam": group.shown(TEAM_ID)}


def _tell(workspace: Workspace, group: Group, *events: Json) -> None:
    workspace.tell("group", None, *(event | {"event_ts": workspace.new_ts()} for event in events))


def seen(workspace: Workspace) -> list[Json]:
    """The groups as the page shows them, by handle."""
    shown = [
        {
            "id": group.id,
            "handle": group.handle,
            "name": group.name or group.handle,
            "description": group.description,
            "users": list(group.users),
            "disabled": bool(group.deleted),
        }
        for group in workspace.groups.values()
    ]
    return sorted(shown, key=lambda group: str(group["handle"]))
