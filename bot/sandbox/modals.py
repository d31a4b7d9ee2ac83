"""Modals in their stack, and Home tabs: opened, pushed, updated, closed, filled in."""

from __future__ import annotations

import secrets

from bot.sandbox.blocks import fill_in_ids
from bot.sandbox.records import Json, View
from bot.sandbox.refusals import Refused
from bot.sandbox.values import first_values
from bot.sandbox.workspace import TEAM_ID, Workspace

MAX_STACK = 3


def shown(workspace: Workspace, view: View) -> Json:
    return view.shown(TEAM_ID, workspace.app.app_id, workspace.app.bot_id)


def open_modal(workspace: Workspace, user: str, given: Json) -> View:
    """A new stack; whatever this person had open is gone."""
    _check_external_id(workspace, given)
    for view_id in workspace.stacks.pop(user, []):
        del workspace.views[view_id]
    return _add(workspace, user, given)


def push_modal(workspace: Workspace, user: str, given: Json) -> View:
    if len(workspace.stacks.get(user, [])) >= MAX_STACK:
        raise Refused("push_limit_reached")
    _check_external_id(workspace, given)
    return _add(workspace, user, given)


def _add(workspace: Workspace, user: str, given: Json) -> View:
    stack = workspace.stacks.setdefault(user, [])
    view_id = workspace.mint("V")
    view = View(
        id=view_id,
        user=user,
        given=_filled(given),
        hash=_new_hash(workspace),
        root_id=stack[0] if stack else view_id,
        previous_id=stack[-1] if stack else None,
    )
    view.values = first_values(view.given["blocks"])
    workspace.views[view.id] = view
    stack.append(view.id)
    workspace.tell("view", users=[user])
    return view


def replace(workspace: Workspace, view: View, given: Json) -> View:
    """New content for an open view; what was typed stays where block and action ids stay the same."""
    _check_external_id(workspace, given, besides=view)
    typed = view.values
    view.given = _filled(given)
    view.hash = _new_hash(workspace)
    view.values = first_values(view.given["blocks"])
    for block_id, actions in view.values.items():
        for action_id in actions:
            kept = typed.get(block_id, {}).get(action_id)
            if kept is not None and kept.get("type") == actions[action_id].get("type"):
                actions[action_id] = kept
    workspace.tell("home" if view.is_home else "view", users=[view.user])
    return view


def publish_home(workspace: Workspace, user: str, given: Json) -> View:
    view = workspace.homes.get(user)
    if view is None:
        view_id = workspace.mint("V")
        view = View(view_id, user, _filled(given), _new_hash(workspace), root_id=view_id)
        workspace.homes[user] = workspace.views[view_id] = view
        view.values = first_values(view.given["blocks"])
        workspace.tell("home", users=[user])
        return view
    return replace(workspace, view, given)


def find_view(workspace: Workspace, view_id: str, external_id: str = "") -> View:
    view = workspace.views.get(view_id)
    if view is None and external_id:
        view = next((view for view in workspace.views.values() if view.given.get("external_id") == external_id), None)
    if view is None:
        raise Refused("not_found")
    return view


def stack(workspace: Workspace, user: str) -> list[View]:
    return [workspace.views[view_id] for view_id in workspace.stacks.get(user, [])]


def close(workspace: Workspace, view: View, *, whole_stack: bool = False) -> list[View]:
    """Take the view off, and those above it; all of the stack if asked. Answers with what was closed, top first."""
    open_ids = workspace.stacks.get(view.user, [])
    if view.id not in open_ids:
        return []
    place = 0 if whole_stack else open_ids.index(view.id)
    closed = [workspace.views.pop(view_id) for view_id in reversed(open_ids[place:])]
    del open_ids[place:]
    workspace.tell("view", users=[view.user])
    return closed


def _filled(given: Json) -> Json:
    return given | {"blocks": fill_in_ids(given["blocks"])}


def _check_external_id(workspace: Workspace, given: Json, besides: View | None = None) -> None:
    external_id = given.get("external_id")
    if external_id and any(
        view is not besides and view.given.get("external_id") == external_id for view in workspace.views.values()
    ):
        raise Refused("duplicate_external_id")


def _new_hash(workspace: Workspace) -> str:
    return f"{workspace.seconds()}.{secrets.token_hex(4)}"
