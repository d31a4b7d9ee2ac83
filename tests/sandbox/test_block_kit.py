"""What Slack refuses in blocks and views, with a pointer to the place."""

from __future__ import annotations

from typing import Any

import pytest
import slackblocks
from slack_sdk import WebClient

from bot.sandbox.blocks import check_blocks
from bot.sandbox.views import check_view
from tests.sandbox.build import actions, asks, button, modal, plain, refused, section

Json = dict[str, Any]


def select(count: int, **further: Any) -> Json:
    options = [{"text": plain("x"), "value": str(number)} for number in range(count)]
    return {"type": "static_select", "action_id": "s", "options": options, **further}


def at(fault: str) -> tuple[str, str]:
    message, _, pointer = fault.partition(" [json-pointer:")
    return message, pointer.rstrip("]")


FAULTY_BLOCKS: list[tuple[Json, str, str]] = [
    ({}, "missing required field: type", ""),
    ({"type": "banner"}, "unsupported type: banner", "/type"),
    ({"type": "alert", "text": plain("x")}, "unsupported type: alert", "/type"),
    ({"type": "section"}, "missing required field: text", ""),
    (section(""), "must be more than 0 characters", "/text/text"),
    (section("x" * 3001), "must be less than 3001 characters", "/text/text"),
    ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items allowed", "/fields"),
    ({"type": "section", "fields": [plain("x" * 2001)]}, "must be less than 2001 characters", "/fields/0/text"),
    (section("x") | {"color": "red"}, "invalid additional property: color", ""),
    (section("x") | {"block_id": "x" * 256}, "must be less than 256 characters", "/block_id"),
    (section("x") | {"accessory": asks("x")["element"]}, "unsupported type: plain_text_input", "/accessory/type"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters", "/text/text"),
    ({"type": "header", "text": section("x")["text"]}, "unsupported type: mrkdwn", "/text/type"),
    ({"type": "image", "image_url": "https://x"}, "missing required field: alt_text", ""),
    ({"type": "image", "alt_text": "x"}, "missing required field: image_url", ""),
    ({"type": "context", "elements": []}, "must provide at least 1 items", "/elements"),
    ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items allowed", "/elements"),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters", "/text"),
    (actions(), "must provide at least 1 items", "/elements"),
    (actions(*(button(f"b{n}") for n in range(26))), "no more than 25 items allowed", "/elements"),
    (actions(button("b", text="x" * 76)), "must be less than 76 characters", "/elements/0/text/text"),
    (actions(button("b", "x" * 2001)), "must be less than 2001 characters", "/elements/0/value"),
    (actions(button("b") | {"style": "blue"}), "must be one of primary, danger", "/elements/0/style"),
    (actions(button("x" * 256)), "must be less than 256 characters", "/elements/0/action_id"),
    (actions(button("b"), button("b")), "`action_id` already exists: b", "/elements"),
    (actions(select(0)), "must provide at least 1 items", "/elements/0/options"),
    (actions(select(101)), "no more than 100 items allowed", "/elements/0/options"),
    (actions(select(1, option_groups=[])), "must provide either options or option_groups", "/elements/0"),
    (actions(select(6) | {"type": "overflow"}), "no more than 5 items allowed", "/elements/0/options"),
    (actions(select(11) | {"type": "checkboxes"}), "no more than 10 items allowed", "/elements/0/options"),
    (
        asks("x", {"type": "datepicker", "action_id": "d", "initial_date": "2026-13-01"}),
        "must be in the format YYYY-MM-DD",
        "/element/initial_date",
    ),
    (
        asks("x", {"type": "timepicker", "action_id": "t", "initial_time": "8:30"}),
        "must be in the format HH:mm",
        "/element/initial_time",
    ),
    (
        asks("x", {"type": "datetimepicker", "action_id": "i", "initial_date_time": 1_772_480_000_000}),
        "must be between 1000000000 and 9999999999",
        "/element/initial_date_time",
    ),
    (
        {"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://x"}},
        "must provide either id or url",
        "/slack_file",
    ),
    (asks("x", button("b")), "unsupported type: button", "/element/type"),
    (asks("x") | {"label": plain("x" * 2001)}, "must be less than 2001 characters", "/label/text"),
    (
        asks("x", {"type": "plain_text_input", "action_id": "t", "max_length": 3001}),
        "must be between 1 and 3000",
        "/element/max_length",
    ),
]


@pytest.mark.parametrize(("block", "message", "place"), FAULTY_BLOCKS)
def test_a_fault_is_named_with_its_place(block: Json, message: str, place: str) -> None:
    found = [at(fault) for fault in check_blocks([block], "message")]
    assert (message, f"/blocks/0{place}") in found


def test_a_refusal_lists_every_fault(api: WebClient) -> None:
    answer = refused(api.chat_postMessage, channel="general", text="x", blocks=[section("x" * 3001), section("")])
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][:2] == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    assert answer["response_metadata"]["messages"][3] == (
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/1/text/text]"
    )


def test_a_message_holds_fifty_blocks_and_each_id_once() -> None:
    assert check_blocks([{"type": "divider"}] * 50, "message") == []
    assert check_blocks([{"type": "divider"}] * 51, "message") == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    twice = [section("x") | {"block_id": "same"}, section("y") | {"block_id": "same"}]
    assert check_blocks(twice, "message") == ["`block_id` already exists: same [json-pointer:/blocks/1/block_id]"]


def test_markdown_is_limited_in_the_whole_message() -> None:
    block = {"type": "markdown", "text": "x" * 6_001}
    assert check_blocks([block], "message") == []
    assert check_blocks([block, block], "message") == ["must be less than 12001 characters [json-pointer:/blocks]"]


@pytest.mark.parametrize("blocks", [None, "x", [None], ["x"], [{"type": []}], [{"type": "section", "text": 3}]])
def test_nonsense_is_refused_and_not_an_error_of_ours(blocks: Any) -> None:
    assert check_blocks(blocks, "message")


WORD = slackblocks.PlainText("x")
GOOD: list[Any] = [
    slackblocks.SectionBlock("x" * 3000, accessory=slackblocks.Button("b", "b", value="x" * 2000)),
    slackblocks.SectionBlock(fields=["x" * 2000] * 10),
    slackblocks.HeaderBlock("x" * 150),
    slackblocks.DividerBlock(),
    slackblocks.ImageBlock("https://example.com/x.png", alt_text="x" * 2000),
    slackblocks.ContextBlock([slackblocks.Text("x")] * 10),
    slackblocks.ActionsBlock([slackblocks.Button("x" * 75, f"b{number}", value="1") for number in range(25)]),
    slackblocks.ActionsBlock(
        [slackblocks.OverflowMenu(action_id="o", options=[slackblocks.Option(WORD, str(n)) for n in range(5)])]
    ),
    slackblocks.InputBlock(WORD, slackblocks.DatePicker("d")),
    slackblocks.InputBlock(
        WORD,
        slackblocks.StaticSelectMenu("s", [slackblocks.Option(WORD, str(n)) for n in range(100)]),
    ),
    slackblocks.MarkdownBlock("x" * 12_000),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: type(block).__name__)
def test_what_the_block_library_builds_at_its_limits_is_taken(block: Any) -> None:
    assert check_blocks([block._resolve()], "message") == []


FAULTY_VIEWS: list[tuple[Json, str, str]] = [
    (modal(title=plain("x" * 25)), "must be less than 25 characters", "/title/text"),
    (modal(title=None), "missing required field: title", ""),
    (modal(submit=plain("x" * 25)), "must be less than 25 characters", "/submit/text"),
    (modal(submit=None) | {"blocks": [asks("x")]}, "missing required field: submit", ""),
    (modal(private_metadata="x" * 3001), "must be less than 3001 characters", "/private_metadata"),
    (modal(callback_id="x" * 256), "must be less than 256 characters", "/callback_id"),
    (modal(external_id="x" * 256), "must be less than 256 characters", "/external_id"),
    (modal(*[section("x")] * 101), "no more than 100 items allowed", "/blocks"),
    (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown", "/blocks/0/type"),
    (modal(colour="red"), "invalid additional property: colour", ""),
    ({"type": "home", "blocks": [], "title": plain("x")}, "invalid additional property: title", ""),
    ({"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]}, "unsupported type: alert", "/blocks/0/type"),
]


@pytest.mark.parametrize(("view", "message", "place"), FAULTY_VIEWS)
def test_a_fault_of_a_view_is_named_with_its_place(view: Json, message: str, place: str) -> None:
    assert (message, f"/view{place}") in [at(fault) for fault in check_view(view)]


def test_a_modal_may_hold_an_alert_and_a_hundred_blocks() -> None:
    assert check_view(modal({"type": "alert", "text": plain("x")}, *[section("x")] * 99)) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"blocks": [section("")]}, "invalid_blocks"),
        ({"blocks": {}}, "invalid_blocks"),
        ({"message": {"blocks": [section("")]}}, "invalid_message"),
        ({"view": modal(title=plain(""))}, "invalid_view"),
        ({"blocks": [], "view": modal()}, "invalid_arguments"),
        ({}, "invalid_arguments"),
    ],
)
def test_blocks_can_be_tried_without_posting_them(api: WebClient, arguments: Json, error: str) -> None:
    assert refused(api.api_call, "blocks.validate", json=arguments)["error"] == error


def test_good_blocks_messages_and_views_are_valid(api: WebClient) -> None:
    for arguments in ({"blocks": [section("x")]}, {"message": {"blocks": [section("x")]}}, {"view": modal()}):
        assert api.api_call("blocks.validate", json=arguments)["ok"]
