"""The canvas of a channel."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, channel_id, client, manifest, refusal, workspace
from tests.sandbox.test_page_api import get


def markdown(text: str) -> dict[str, str]:
    return {"type": "markdown", "markdown": text}


def change(operation: str, text: str = "anew", **further: Any) -> list[dict[str, Any]]:
    return [{"operation": operation, "document_content": markdown(text), **further}]


def made(sandbox: Sandbox, api: WebClient, text: str = "# Handoff") -> str:
    answer = api.conversations_canvases_create(channel_id=channel_id(sandbox), document_content=markdown(text))
    return str(answer["canvas_id"])


def test_a_channel_has_one_canvas_and_says_which(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    assert "properties" not in api.conversations_info(channel=channel)["channel"]
    canvas = made(sandbox, api)
    told = api.conversations_info(channel=channel)["channel"]["properties"]["canvas"]
    assert (told["file_id"], told["is_empty"]) == (canvas, False)
    again = {"channel_id": channel, "document_content": markdown("x")}
    assert refusal(api.conversations_canvases_create, **again) == "channel_canvas_already_exists"


def test_it_is_written_anew_and_at_both_ends(sandbox: Sandbox, api: WebClient) -> None:
    canvas = made(sandbox, api)
    api.canvases_edit(canvas_id=canvas, changes=change("replace", "middle"))
    api.canvases_edit(canvas_id=canvas, changes=change("insert_at_start", "first"))
    api.canvases_edit(canvas_id=canvas, changes=change("insert_at_end", "last"))
    assert sandbox.canvas("general") == "first\n\nmiddle\n\nlast"
    api.canvases_edit(canvas_id=canvas, changes=[{"operation": "rename", "title_content": markdown("Shift")}])
    seen = get(sandbox, f"canvas?as={AMINA}&channel={channel_id(sandbox)}")
    assert seen == {"title": "Shift", "markdown": "first\n\nmiddle\n\nlast"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ([], "invalid_arguments"),
        ("anew", "invalid_arguments"),
        (change("replace") * 2, "invalid_arguments"),
        (change("rewrite"), "invalid_arguments"),
        ([{"operation": "replace"}], "invalid_arguments"),
        ([{"operation": "replace", "document_content": {"type": "html", "markdown": "x"}}], "invalid_arguments"),
        ([{"operation": "replace", "document_content": {"type": "markdown", "markdown": 1}}], "invalid_arguments"),
        (change("delete"), "invalid_arguments"),
        (change("replace", section_id="temp:C:1"), "canvas_editing_failed"),
        pytest.param(change("replace", "é" * (512 * 1024 + 1)), "canvas_editing_failed", id="too long"),
    ],
)
def test_a_change_that_slack_does_not_know_is_refused(
    sandbox: Sandbox, api: WebClient, changes: Any, error: str
) -> None:
    canvas = made(sandbox, api)
    assert refusal(api.canvases_edit, canvas_id=canvas, changes=changes) == error
    assert sandbox.canvas("general") == "# Handoff"


def test_a_canvas_is_made_only_where_the_bot_is(sandbox: Sandbox, api: WebClient) -> None:
    make = api.conversations_canvases_create
    said = markdown("x")
    assert refusal(make, channel_id=channel_id(sandbox, "ops"), document_content=said) == "not_in_channel"
    assert refusal(make, channel_id=channel_id(sandbox, "secret"), document_content=said) == "channel_not_found"
    assert refusal(make, channel_id=channel_id(sandbox), document_content={"type": "text"}) == "invalid_arguments"
    long = markdown("x" * (1024 * 1024 + 1))
    assert refusal(make, channel_id=channel_id(sandbox), document_content=long) == "canvas_creation_failed"
    assert refusal(api.canvases_edit, canvas_id="F404", changes=change("replace")) == "canvas_not_found"


def test_a_workspace_may_have_no_canvases(sandbox: Sandbox, api: WebClient) -> None:
    canvas = made(sandbox, api)
    sandbox.switch_canvases(False)
    edited = refusal(api.canvases_edit, canvas_id=canvas, changes=change("replace"))
    other = api.conversations_create(name="inc-1")["channel"]["id"]
    assert refusal(api.conversations_canvases_create, channel_id=other, document_content=markdown("x")) == edited
    assert edited == "canvas_disabled_user_team"


def test_canvases_need_their_scope() -> None:
    with workspace(manifest=manifest(without=["canvases:write"])) as strict:
        make = client(strict).conversations_canvases_create
        assert refusal(make, channel_id=channel_id(strict), document_content=markdown("x")) == "missing_scope"
