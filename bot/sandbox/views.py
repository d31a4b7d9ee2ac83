"""Modals and Home tabs as Slack checks them."""

from __future__ import annotations

from slackblocks import _limits as limits

from bot.sandbox.blocks import check_blocks
from bot.sandbox.checks import Faults, anything, boolean, plain, record, string
from bot.sandbox.records import Json

_SHARED = {
    "private_metadata": string(limits.VIEW_PRIVATE_METADATA_MAX_LENGTH, 0),
    "callback_id": string(limits.VIEW_CALLBACK_ID_MAX_LENGTH, 0),
    "external_id": string(limits.VIEW_EXTERNAL_ID_MAX_LENGTH, 0),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}
_HOME = record({"type": anything, "blocks": anything}, _SHARED)
_MODAL = record(
    {"type": anything, "blocks": anything, "title": plain(limits.VIEW_TITLE_MAX_LENGTH)},
    {
        **_SHARED,
        "submit": plain(limits.VIEW_SUBMIT_MAX_LENGTH),
        "close": plain(limits.VIEW_CLOSE_MAX_LENGTH),
    },
)


def check_view(view: Json) -> list[str]:
    """What Slack would say against this view; nothing if it would take it."""
    faults = Faults()
    surface = "home" if view.get("type") == "home" else "modal"
    (_HOME if surface == "home" else _MODAL)(view, "/view", faults)
    blocks = view.get("blocks")
    if blocks is not None:
        faults.extend(check_blocks(blocks, "home" if surface == "home" else "modal", "/view/blocks"))
        if surface == "modal" and not view.get("submit") and _has_input(blocks):
            faults.say("missing required field: submit", "/view")
    return faults


def _has_input(blocks: object) -> bool:
    return isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
