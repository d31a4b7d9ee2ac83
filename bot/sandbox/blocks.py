"""Block Kit as Slack checks it: which blocks a surface takes, their limits, and ids that must not repeat."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from slackblocks import _limits as limits
from slackblocks._surfaces import _BLOCK_TYPES_BY_SURFACE as BLOCK_TYPES

from bot.sandbox import rich_text
from bot.sandbox.checks import (
    Check,
    Faults,
    anything,
    boolean,
    choice,
    many,
    number,
    one_of_types,
    plain,
    record,
    string,
    text,
)
from bot.sandbox.elements import ELEMENTS, IN_ACTIONS, IN_INPUT, IN_SECTION, SLACK_FILE
from bot.sandbox.records import Json

Surface = Literal["message", "modal", "home"]

BLOCK_ID = string(limits.BLOCK_ID_MAX_LENGTH)
BOTH = "must provide either image_url or slack_file"
ONE_TABLE = "only_one_table_allowed"
MOST_BLOCKS = {"message": limits.MESSAGE_BLOCKS_MAX_ITEMS, "modal": limits.VIEW_BLOCKS_MAX_ITEMS}


def _block(required: dict[str, Check], optional: dict[str, Check], *, closed: bool = True) -> Check:
    return record({"type": anything, **required}, {"block_id": BLOCK_ID, **optional}, closed=closed)


def _section(value: Any, pointer: str, faults: Faults) -> None:
    _SECTION_FIELDS(value, pointer, faults)
    if isinstance(value, dict) and not (value.get("text") or value.get("fields")):
        faults.say("missing required field: text", pointer)


def _image(value: Any, pointer: str, faults: Faults) -> None:
    _IMAGE_FIELDS(value, pointer, faults)
    if isinstance(value, dict) and bool(value.get("image_url")) is bool(value.get("slack_file")):
        faults.say("missing required field: image_url" if not value.get("image_url") else BOTH, pointer)


_SECTION_FIELDS = _block(
    {},
    {
        "text": text(limits.SECTION_TEXT_MAX_LENGTH),
        "fields": many(text(limits.SECTION_FIELDS_ITEM_MAX_LENGTH), 1, limits.SECTION_FIELDS_MAX_ITEMS),
        "accessory": IN_SECTION,
        "expand": boolean,
    },
)
_IMAGE_FIELDS = _block(
    {"alt_text": string(limits.IMAGE_ALT_TEXT_MAX_LENGTH)},
    {
        "image_url": string(limits.IMAGE_IMAGE_URL_MAX_LENGTH),
        "slack_file": SLACK_FILE,
        "title": plain(limits.IMAGE_TITLE_MAX_LENGTH),
    },
)
_TEXT_TYPES: dict[str, Check] = {"mrkdwn": text(limits.TEXT_MAX_LENGTH), "plain_text": text(limits.TEXT_MAX_LENGTH)}
_IN_CONTEXT = one_of_types(_TEXT_TYPES | {"image": ELEMENTS["image"]})
_ROW = many(anything, 1, limits.TABLE_COLUMNS_MAX_ITEMS)

BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": _block({"text": plain(limits.HEADER_TEXT_MAX_LENGTH)}, {}),
    "divider": _block({}, {}),
    "image": _image,
    "context": _block({"elements": many(_IN_CONTEXT, 1, limits.CONTEXT_ELEMENTS_MAX_ITEMS)}, {}),
    "actions": _block({"elements": many(IN_ACTIONS, 1, limits.ACTIONS_ELEMENTS_MAX_ITEMS)}, {}),
    "input": _block(
        {"label": plain(limits.INPUT_LABEL_MAX_LENGTH), "element": IN_INPUT},
        {"hint": plain(limits.INPUT_HINT_MAX_LENGTH), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _block({"elements": rich_text.ELEMENTS}, {}),
    "markdown": _block({"text": string(limits.MARKDOWN_TEXT_MAX_LENGTH)}, {}),
    "table": _block({"rows": rich_text.ROWS}, {"column_settings": rich_text.COLUMNS}),
    "video": _block(
        {
            "alt_text": string(limits.VIDEO_ALT_TEXT_MAX_LENGTH),
            "title": plain(limits.VIDEO_TITLE_MAX_LENGTH),
            "thumbnail_url": string(limits.VIDEO_THUMBNAIL_URL_MAX_LENGTH),
            "video_url": string(limits.VIDEO_VIDEO_URL_MAX_LENGTH),
        },
        {},
        closed=False,
    ),
    "file": _block({"external_id": string(1000), "source": choice("remote")}, {}),
    "alert": _block(
        {"text": text(limits.ALERT_TEXT_MAX_LENGTH)},
        {"level": choice("default", "info", "warning", "error", "success")},
        closed=False,
    ),
    "card": _block(
        {},
        {
            "title": text(limits.CARD_TITLE_MAX_LENGTH),
            "subtitle": text(limits.CARD_SUBTITLE_MAX_LENGTH),
            "body": text(limits.CARD_BODY_MAX_LENGTH),
            "actions": many(IN_ACTIONS, 0, limits.CARD_ACTIONS_MAX_ITEMS),
        },
        closed=False,
    ),
    "carousel": _block(
        {"elements": many(anything, limits.CAROUSEL_ELEMENTS_MIN_ITEMS, limits.CAROUSEL_ELEMENTS_MAX_ITEMS)},
        {},
        closed=False,
    ),
    "container": _block(
        {
            "title": plain(limits.CONTAINER_TITLE_MAX_LENGTH),
            "child_blocks": many(
                anything, limits.CONTAINER_CHILD_BLOCKS_MIN_ITEMS, limits.CONTAINER_CHILD_BLOCKS_MAX_ITEMS
            ),
        },
        {},
        closed=False,
    ),
    "context_actions": _block(
        {"elements": many(anything, 1, limits.CONTEXT_ACTIONS_ELEMENTS_MAX_ITEMS)}, {}, closed=False
    ),
    "data_table": _block(
        {"rows": many(_ROW, limits.DATA_TABLE_ROWS_MIN_ITEMS, limits.DATA_TABLE_ROWS_MAX_ITEMS)},
        {"page_size": number(limits.DATA_TABLE_PAGE_SIZE_MIN, limits.DATA_TABLE_PAGE_SIZE_MAX)},
        closed=False,
    ),
    "data_visualization": _block(
        {"title": string(limits.DATA_VISUALIZATION_TITLE_MAX_LENGTH), "chart": anything}, {}, closed=False
    ),
    "plan": _block({"tasks": many(anything, 1, limits.PLAN_TASKS_MAX_ITEMS)}, {}, closed=False),
    "task_card": _block({}, {}, closed=False),
}


def check_blocks(blocks: Any, surface: Surface, pointer: str = "/blocks") -> list[str]:
    """What Slack would say against these blocks; nothing if it would take them."""
    faults = Faults()
    allowed = BLOCK_TYPES[surface]
    most = MOST_BLOCKS.get(surface, limits.VIEW_BLOCKS_MAX_ITEMS)
    many(one_of_types(BLOCKS, allowed), 0, most)(blocks, pointer, faults)
    if isinstance(blocks, list):
        _check_repeats(blocks, pointer, faults)
        _check_totals(blocks, pointer, faults)
        _check_tables(blocks, surface, pointer, faults)
    return faults


def _check_repeats(blocks: list[Any], pointer: str, faults: Faults) -> None:
    seen: list[Any] = []
    for place, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            faults.say(f"`block_id` already exists: {block_id}", f"{pointer}/{place}/block_id")
        seen.append(block_id)
        ids = [str(element["action_id"]) for element in elements_of(block) if element.get("action_id")]
        for action_id in sorted({action_id for action_id in ids if ids.count(action_id) > 1}):
            faults.say(f"`action_id` already exists: {action_id}", f"{pointer}/{place}/elements")


def _check_totals(blocks: list[Any], pointer: str, faults: Faults) -> None:
    """What is limited in the whole message: charts, and the words of markdown blocks."""
    known = [block for block in blocks if isinstance(block, dict)]
    charts = sum(block.get("type") == "data_visualization" for block in known)
    if charts > limits.MESSAGE_DATA_VISUALIZATIONS_MAX_ITEMS:
        faults.say(f"no more than {limits.MESSAGE_DATA_VISUALIZATIONS_MAX_ITEMS} items allowed", pointer)
    words = sum(len(str(block.get("text", ""))) for block in known if block.get("type") == "markdown")
    if len(known) > 1 and words > limits.MARKDOWN_TOTAL_TEXT_MAX_LENGTH:
        faults.say(f"must be less than {limits.MARKDOWN_TOTAL_TEXT_MAX_LENGTH + 1} characters", pointer)


def _check_tables(blocks: list[Any], surface: Surface, pointer: str, faults: Faults) -> None:
    """A message takes one table, and all tables together so many characters."""
    tables = [block for block in blocks if isinstance(block, dict) and block.get("type") == "table"]
    if surface == "message" and len(tables) > 1:
        faults.say(ONE_TABLE, pointer)
    if sum(rich_text.characters(table.get("rows")) for table in tables) > rich_text.MOST_CHARACTERS_IN_TABLES:
        faults.say(f"must be less than {rich_text.MOST_CHARACTERS_IN_TABLES + 1} characters", pointer)


def elements_of(block: Json) -> Iterator[Json]:
    """The elements of a block that a person can use."""
    candidates = [block.get("accessory"), block.get("element")]
    for name in ("elements", "actions"):
        if isinstance(block.get(name), list) and block.get("type") not in ("rich_text", "context"):
            candidates += block[name]
    for candidate in candidates:
        if isinstance(candidate, dict) and candidate.get("type") not in (None, "image"):
            yield candidate


def fill_in_ids(blocks: list[Any], before: Sequence[Json] = ()) -> list[Json]:
    """A copy in which blocks and elements have the ids that Slack makes up where the app gave none.

    Blocks of a kind that stood in the same place before keep their id: a click on what one still sees finds them.
    """
    filled: list[Json] = copy.deepcopy(blocks)
    given = {block.get("block_id") for block in filled}
    for place, block in enumerate(filled):
        if not block.get("block_id"):
            present = before[place] if place < len(before) else {}
            kept = present.get("block_id") if present.get("type") == block["type"] else None
            block["block_id"] = kept if kept and kept not in given else secrets.token_urlsafe(4)
        for element in elements_of(block):
            if not element.get("action_id"):
                element["action_id"] = secrets.token_urlsafe(4)
    return filled


def find_element(blocks: list[Json], action_id: str, block_id: str | None, value: Any) -> tuple[Json, Json] | None:
    """The block and its element with this id; among buttons that share one, the value decides."""
    found = [
        (block, element)
        for block in blocks
        if block_id in (None, block["block_id"])
        for element in elements_of(block)
        if element.get("action_id") == action_id
    ]
    exact = [pair for pair in found if value is not None and pair[1].get("value") == value]
    return next(iter(exact or found), None)
