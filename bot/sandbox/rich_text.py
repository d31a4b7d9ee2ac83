"""Rich text and tables as Slack checks them: what stands in a rich_text block, and in the cells of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slackblocks import _limits as limits

from bot.sandbox.checks import Check, Faults, anything, boolean, choice, many, number, one_of_types, record, string

LONG = 1_000
MOST_CHARACTERS_IN_TABLES = 10_000

STYLE = record(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink"), boolean
    ),
)
_WORDS = string(limits.TEXT_MAX_LENGTH * LONG)


def _inline(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record({"type": anything, **required}, {"style": STYLE, **(optional or {})})


def _seconds(value: Any, pointer: str, faults: Faults) -> None:
    number(0, 9_999_999_999)(value, pointer, faults)


INLINE: dict[str, Check] = {
    "text": _inline({"text": _WORDS}),
    "link": _inline({"url": string(limits.BUTTON_URL_MAX_LENGTH)}, {"text": _WORDS, "unsafe": boolean}),
    "emoji": _inline(
        {"name": string(LONG)},
        {"unicode": string(LONG), "skin_tone": number(1, 6), "url": anything, "display_team_id": anything},
    ),
    "user": _inline({"user_id": string(LONG)}),
    "usergroup": _inline({"usergroup_id": string(LONG)}),
    "channel": _inline({"channel_id": string(LONG)}),
    "team": _inline({"team_id": string(LONG)}),
    "broadcast": _inline({"range": choice("here", "channel", "everyone")}),
    "color": _inline({"value": string(LONG)}),
    "date": _inline(
        {"timestamp": _seconds, "format": string(LONG)},
        {"url": string(limits.BUTTON_URL_MAX_LENGTH), "fallback": string(LONG), "timezone": string(LONG)},
    ),
}
_INLINES = many(one_of_types(INLINE), 1, LONG)
_CODE = many(one_of_types(INLINE, frozenset({"text", "link"})), 1, LONG)
_BORDER = number(limits.RICH_TEXT_LIST_BORDER_MIN, limits.RICH_TEXT_LIST_BORDER_MAX)
_SECTION = record({"type": anything, "elements": _INLINES}, {})

PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": record(
        {
            "type": anything,
            "style": choice("bullet", "ordered"),
            "elements": many(one_of_types({"rich_text_section": _SECTION}), 1, LONG),
        },
        {
            "indent": number(limits.RICH_TEXT_LIST_INDENT_MIN, limits.RICH_TEXT_LIST_INDENT_MAX),
            "offset": number(limits.RICH_TEXT_LIST_OFFSET_MIN, LONG),
            "border": _BORDER,
        },
    ),
    "rich_text_quote": record({"type": anything, "elements": _INLINES}, {"border": _BORDER}),
    "rich_text_preformatted": record(
        {"type": anything, "elements": _CODE}, {"border": _BORDER, "language": string(LONG)}
    ),
}
ELEMENTS = many(one_of_types(PARTS), 1, LONG)


def _raw_number(value: Any, pointer: str, faults: Faults) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        faults.say("must be a number", pointer)


CELLS: dict[str, Check] = {
    "raw_text": record({"type": anything, "text": _WORDS}, {}),
    "raw_number": record({"type": anything, "value": _raw_number}, {"text": _WORDS}),
    "rich_text": record({"type": anything, "elements": ELEMENTS}, {"block_id": string(limits.BLOCK_ID_MAX_LENGTH)}),
}
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _column(value: Any, pointer: str, faults: Faults) -> None:
    """null passes a column over."""
    if value is not None:
        _COLUMN(value, pointer, faults)


ROWS = many(many(one_of_types(CELLS), 1, limits.TABLE_COLUMNS_MAX_ITEMS), 1, limits.TABLE_ROWS_MAX_ITEMS)
COLUMNS = many(_column, 0, limits.TABLE_COLUMN_SETTINGS_MAX_ITEMS)


def characters(rows: Any) -> int:
    """How many characters the cells of a table hold together."""
    return sum(len(words) for words in _words(rows))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from _words(entry)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        elif "value" in value:
            yield str(value["value"])
        yield from _words(value.get("elements"))
