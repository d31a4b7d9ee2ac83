"""Rich text and tables: what Slack takes in them, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.blocks import check_blocks
from tests.sandbox.build import refusal

Json = dict[str, Any]
DATE: Json = {"type": "date", "timestamp": 1_772_480_000, "format": "{date_short_pretty} {time}", "fallback": "soon"}
EVERYTHING: list[Json] = [
    {"type": "text", "text": "x", "style": {"bold": True}},
    {"type": "link", "url": "https://example.com", "text": "x"},
    {"type": "emoji", "name": "pager"},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#405060"},
    DATE,
]


def part(kind: str, *elements: Json, **further: Any) -> Json:
    return {"type": f"rich_text_{kind}", "elements": list(elements), **further}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def cell(words: str = "x") -> Json:
    return {"type": "raw_text", "text": words}


def table(*rows: list[Any], **further: Any) -> Json:
    return {"type": "table", "rows": list(rows), **further}


GOOD = [
    rich(part("section", *EVERYTHING), part("quote", DATE), part("preformatted", EVERYTHING[0])),
    rich(part("list", part("section", DATE), style="ordered", indent=1)),
    table([cell(), rich(part("section", DATE)), {"type": "raw_number", "value": 2.5, "text": "2.5"}]),
    table([cell()] * 20, column_settings=[{"align": "right"}, None, {"is_wrapped": True}]),
    table(*[[cell()]] * 100),
]


@pytest.mark.parametrize("block", GOOD)
def test_what_slack_takes_is_taken(block: Json) -> None:
    assert check_blocks([block], "message") == []


TEXT = "/elements/0/elements/0"
BAD = [
    (rich(), "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    (rich(part("section")), "must provide at least 1 items [json-pointer:/blocks/0/elements/0/elements]"),
    (rich(part("table")), "unsupported type: rich_text_table [json-pointer:/blocks/0/elements/0/type]"),
    (
        rich(part("section", {"type": "text", "text": ""})),
        f"must be more than 0 characters [json-pointer:/blocks/0{TEXT}/text]",
    ),
    (
        rich(part("section", DATE | {"timestamp": "soon"})),
        f"must be an integer [json-pointer:/blocks/0{TEXT}/timestamp]",
    ),
    (
        rich(part("section", {"type": "date", "timestamp": 1})),
        f"missing required field: format [json-pointer:/blocks/0{TEXT}]",
    ),
    (rich(part("section", {"type": "user"})), f"missing required field: user_id [json-pointer:/blocks/0{TEXT}]"),
    (rich(part("preformatted", DATE)), f"unsupported type: date [json-pointer:/blocks/0{TEXT}/type]"),
    (table([cell("")]), "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]"),
    (table([None]), "must be an object [json-pointer:/blocks/0/rows/0/0]"),
    (table([{"type": "mrkdwn", "text": "x"}]), "unsupported type: mrkdwn [json-pointer:/blocks/0/rows/0/0/type]"),
    (table([]), "must provide at least 1 items [json-pointer:/blocks/0/rows/0]"),
    (table([cell()] * 21), "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
    (table(*[[cell()]] * 101), "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    (
        table([cell()], column_settings=[{"align": "middle"}]),
        "must be one of left, center, right [json-pointer:/blocks/0/column_settings/0/align]",
    ),
    (table([cell("x" * 5_001)] * 2), "must be less than 10001 characters [json-pointer:/blocks]"),
]


@pytest.mark.parametrize(("block", "fault"), BAD)
def test_what_slack_refuses_is_named_with_its_place(block: Json, fault: str) -> None:
    assert fault in check_blocks([block], "message")


def test_a_message_takes_one_table_and_a_home_tab_several(api: WebClient) -> None:
    two = [table([cell()]), table([cell()])]
    assert refusal(api.chat_postMessage, channel="general", text="x", blocks=two) == "invalid_attachments"
    assert check_blocks(two, "home") == []
    assert check_blocks(two[:1], "modal") == ["unsupported type: table [json-pointer:/blocks/0/type]"]
