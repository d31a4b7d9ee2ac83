"""canvases.* and conversations.canvases.*: the one canvas of a channel, in Markdown."""

from __future__ import annotations

from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Canvas, Channel, Json
from bot.sandbox.refusals import Refused

MAX_BYTES = 1024 * 1024
MAX_TITLE = 255
AT_A_SECTION = ("insert_after", "insert_before", "delete")


def create(call: MethodCall) -> Json:
    """Of a channel, which has one at most."""
    _must_have_canvases(call)
    channel = call.channel_inside("channel_id")
    content = _markdown(call.args.json("document_content"), "canvas_creation_failed")
    title = _title(call.args.text("title"))
    if channel.canvas is not None:
        raise Refused("channel_canvas_already_exists")
    channel.canvas = Canvas(call.workspace.mint("F"), title, content)
    call.workspace.tell("canvas", channel)
    return {"canvas_id": channel.canvas.id}


def edit(call: MethodCall) -> Json:
    """One change a call, as Slack has it."""
    _must_have_canvases(call)
    channel, canvas = _canvas(call)
    call.must_be_open(channel)
    changes = call.args.json("changes")
    if not isinstance(changes, list) or len(changes) != 1 or not isinstance(changes[0], dict):
        raise Refused("invalid_arguments")
    _change(canvas, changes[0])
    call.workspace.tell("canvas", channel)
    return {}


def _change(canvas: Canvas, change: Json) -> None:
    operation, section = change.get("operation"), change.get("section_id")
    if operation == "rename":
        if section is not None:
            raise Refused("invalid_arguments")
        canvas.title = _title(_markdown(change.get("title_content"), "canvas_editing_failed"))
        return
    if operation in AT_A_SECTION or (operation == "replace" and section is not None):
        raise Refused("canvas_editing_failed" if section else "invalid_arguments")
    if "document_content" not in change:
        raise Refused("invalid_arguments")
    content = _markdown(change["document_content"], "canvas_editing_failed")
    match operation:
        case "replace":
            canvas.markdown = content
        case "insert_at_start":
            canvas.markdown = f"{content}\n\n{canvas.markdown}"
        case "insert_at_end":
            canvas.markdown = f"{canvas.markdown}\n\n{content}"
        case _:
            raise Refused("invalid_arguments")
    _must_fit(canvas.markdown, "canvas_editing_failed")


def _must_have_canvases(call: MethodCall) -> None:
    if not call.workspace.has_canvases:
        raise Refused("canvas_disabled_user_team")


def _canvas(call: MethodCall) -> tuple[Channel, Canvas]:
    wanted = call.args.text("canvas_id")
    for channel in call.workspace.channels.values():
        if channel.canvas is not None and channel.canvas.id == wanted and call.bot in channel.members:
            return channel, channel.canvas
    raise Refused("canvas_not_found")


def _markdown(given: object, too_long: str) -> str:
    """The only kind of content there is; none at all is an empty canvas."""
    if given is None:
        return ""
    if not isinstance(given, dict) or set(given) != {"type", "markdown"} or given["type"] != "markdown":
        raise Refused("invalid_arguments")
    content = given["markdown"]
    if not isinstance(content, str):
        raise Refused("invalid_arguments")
    _must_fit(content, too_long)
    return content


def _must_fit(content: str, refusal: str) -> None:
    if len(content.encode()) > MAX_BYTES:
        raise Refused(refusal)


def _title(given: str) -> str:
    if len(given) > MAX_TITLE:
        raise Refused("invalid_arguments")
    return given


METHODS = {
    "conversations.canvases.create": Method(create, tier=2, scopes=("canvases:write",)),
    "canvases.edit": Method(edit, tier=3, scopes=("canvases:write",)),
}
