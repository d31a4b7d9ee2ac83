"""views.*: modals and the Home tab."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox import file_inputs, modals
from bot.sandbox.api.call import Method, MethodCall, with_messages
from bot.sandbox.files import faults_of_pictures
from bot.sandbox.records import Json, View
from bot.sandbox.refusals import Refused
from bot.sandbox.views import check_view
from bot.sandbox.workspace import Workspace

MAX_VIEW_BYTES = 250_000


def open_(call: MethodCall) -> Json:
    given = read_view(call.workspace, call.args.json("view"), "modal")
    trigger = call.server.triggers.exchange(_trigger_id(call))
    return _answer(call, modals.open_modal(call.workspace, trigger.user, given))


def push(call: MethodCall) -> Json:
    given = read_view(call.workspace, call.args.json("view"), "modal")
    trigger = call.server.triggers.exchange(_trigger_id(call))
    if not trigger.view_id or trigger.view_id not in call.workspace.views:
        raise Refused("not_found")
    return _answer(call, modals.push_modal(call.workspace, trigger.user, given))


def update(call: MethodCall) -> Json:
    view = modals.find_view(call.workspace, call.args.text("view_id"), call.args.text("external_id"))
    given = read_view(call.workspace, call.args.json("view"), "home" if view.is_home else "modal")
    _check_hash(call, view)
    return _answer(call, modals.replace(call.workspace, view, given))


def publish(call: MethodCall) -> Json:
    if not call.app.home_enabled:
        raise Refused("not_enabled")
    given = read_view(call.workspace, call.args.json("view"), "home")
    user = call.workspace.user(call.args.text("user_id"))
    view = call.workspace.homes.get(user.id)
    if view is not None:
        _check_hash(call, view)
    return _answer(call, modals.publish_home(call.workspace, user.id, given))


def read_view(workspace: Workspace, given: Any, surface: str) -> Json:
    """The view if Slack would take it."""
    if not isinstance(given, dict):
        raise with_messages("invalid_arguments", ["missing required field: view"])
    if given.get("type") != surface:
        raise with_messages("invalid_arguments", [f"must be {surface} [json-pointer:/view/type]"])
    if len(json.dumps(given)) > MAX_VIEW_BYTES:
        raise Refused("view_too_large")
    faults = (
        check_view(given)
        or faults_of_pictures(workspace.files, given["blocks"], "/view/blocks")
        or file_inputs.faults_of_scope(workspace.app, given["blocks"], "/view/blocks")
    )
    if faults:
        raise with_messages("invalid_arguments", faults)
    return given


def _trigger_id(call: MethodCall) -> str:
    return call.args.text("trigger_id") or call.args.text("interactivity_pointer")


def _check_hash(call: MethodCall, view: View) -> None:
    if "hash" in call.args and call.args.text("hash") != view.hash:
        raise Refused("hash_conflict")


def _answer(call: MethodCall, view: View) -> Json:
    return {"view": modals.shown(call.workspace, view)}


METHODS = {
    "views.open": Method(open_, tier=4),
    "views.push": Method(push, tier=4),
    "views.update": Method(update, tier=4),
    "views.publish": Method(publish, tier=4),
}
