"""The interactive elements of Block Kit and their limits, as a table of checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from slackblocks import _limits as limits

from bot.sandbox.checks import (
    Check,
    Faults,
    anything,
    boolean,
    choice,
    many,
    matching,
    number,
    one_of_types,
    plain,
    record,
    string,
    text,
)
from bot.sandbox.records import Json

ANY_NUMBER = 2**53
MANY = 1000
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

ACTION_ID = string(limits.ACTION_ID_MAX_LENGTH)
PLACEHOLDER = plain(limits.SELECT_PLACEHOLDER_MAX_LENGTH)
CONFIRM = record(
    {
        "title": plain(limits.CONFIRMATION_TITLE_MAX_LENGTH),
        "text": text(limits.CONFIRMATION_TEXT_MAX_LENGTH),
        "confirm": plain(limits.CONFIRMATION_CONFIRM_MAX_LENGTH),
        "deny": plain(limits.CONFIRMATION_DENY_MAX_LENGTH),
    },
    {"style": choice("primary", "danger")},
)


def _option(rich: bool) -> Check:
    words = text if rich else plain
    return record(
        {"text": words(limits.OPTION_TEXT_MAX_LENGTH), "value": string(limits.OPTION_VALUE_MAX_LENGTH)},
        {
            "description": words(limits.OPTION_DESCRIPTION_MAX_LENGTH),
            "url": string(limits.OPTION_URL_MAX_LENGTH),
        },
    )


OPTION, RICH_OPTION = _option(rich=False), _option(rich=True)
OPTIONS = many(OPTION, limits.SELECT_OPTIONS_MIN_ITEMS, limits.SELECT_OPTIONS_MAX_ITEMS)
GROUPS = many(
    record({"label": plain(limits.OPTION_GROUP_LABEL_MAX_LENGTH), "options": OPTIONS}, {}),
    limits.SELECT_OPTION_GROUPS_MIN_ITEMS,
    limits.SELECT_OPTION_GROUPS_MAX_ITEMS,
)


def _element(required: Mapping[str, Check], optional: Mapping[str, Check], *, focus: bool = True) -> Check:
    always: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM}
    if focus:
        always["focus_on_load"] = boolean
    return record({"type": anything, **required}, {**always, **optional})


def _static(initial: Mapping[str, Check]) -> Check:
    """A select brings either its options or groups of them."""
    fields = _element({}, {"options": OPTIONS, "option_groups": GROUPS, "placeholder": PLACEHOLDER, **initial})

    def check(value: Any, pointer: str, faults: Faults) -> None:
        fields(value, pointer, faults)
        if isinstance(value, dict) and ("options" in value) == ("option_groups" in value):
            faults.say("must provide either options or option_groups", pointer)

    return check


def _select(**initial: Check) -> Check:
    return _element({}, {"placeholder": PLACEHOLDER, **initial})


def _typed(placeholder: int, **optional: Check) -> Check:
    further = {"placeholder": plain(placeholder), "dispatch_action_config": anything}
    return _element({}, {**further, "initial_value": string(limits.TEXT_MAX_LENGTH, 0), **optional})


def _slack_file(value: Any, pointer: str, faults: Faults) -> None:
    record({}, {"id": _ID, "url": string(limits.IMAGE_IMAGE_URL_MAX_LENGTH)})(value, pointer, faults)
    if isinstance(value, dict) and ("id" in value) == ("url" in value):
        faults.say("must provide either id or url", pointer)


_ID = string(MANY)
_IDS = many(_ID, 0, MANY)
_AT_MOST = {"max_selected_items": number(limits.MULTI_SELECT_MAX_SELECTED_ITEMS_MIN, MANY)}
_CONVERSATION = {
    "default_to_current_conversation": boolean,
    "filter": anything,
    "response_url_enabled": boolean,
}
_INITIAL_OPTIONS = many(RICH_OPTION, 1, limits.SELECT_OPTIONS_MAX_ITEMS)
_QUERY = {"min_query_length": number(limits.SELECT_MIN_QUERY_LENGTH_MIN, MANY)}
_NUMBER_TEXT = string(limits.TEXT_MAX_LENGTH)

SLACK_FILE: Check = _slack_file

ELEMENTS: dict[str, Check] = {
    "button": _element(
        {"text": plain(limits.BUTTON_TEXT_MAX_LENGTH)},
        {
            "value": string(limits.BUTTON_VALUE_MAX_LENGTH, 0),
            "url": string(limits.BUTTON_URL_MAX_LENGTH),
            "style": choice("primary", "danger"),
            "accessibility_label": string(limits.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH),
            "agent_prompt": string(limits.BUTTON_AGENT_PROMPT_MAX_LENGTH),
            "visible_to_user_ids": _IDS,
        },
        focus=False,
    ),
    "checkboxes": _element(
        {"options": many(RICH_OPTION, limits.CHECKBOXES_OPTIONS_MIN_ITEMS, limits.CHECKBOXES_OPTIONS_MAX_ITEMS)},
        {"initial_options": _INITIAL_OPTIONS},
    ),
    "radio_buttons": _element(
        {"options": many(RICH_OPTION, limits.RADIO_BUTTONS_OPTIONS_MIN_ITEMS, limits.RADIO_BUTTONS_OPTIONS_MAX_ITEMS)},
        {"initial_option": RICH_OPTION},
    ),
    "overflow": _element(
        {"options": many(OPTION, limits.OVERFLOW_OPTIONS_MIN_ITEMS, limits.OVERFLOW_OPTIONS_MAX_ITEMS)}, {}, focus=False
    ),
    "static_select": _static({"initial_option": OPTION}),
    "multi_static_select": _static({"initial_options": _INITIAL_OPTIONS, **_AT_MOST}),
    "external_select": _select(initial_option=OPTION, **_QUERY),
    "multi_external_select": _select(initial_options=_INITIAL_OPTIONS, **_QUERY, **_AT_MOST),
    "users_select": _select(initial_user=_ID),
    "multi_users_select": _select(initial_users=_IDS, **_AT_MOST),
    "channels_select": _select(initial_channel=_ID, response_url_enabled=boolean),
    "multi_channels_select": _select(initial_channels=_IDS, **_AT_MOST),
    "conversations_select": _select(initial_conversation=_ID, **_CONVERSATION),
    "multi_conversations_select": _select(initial_conversations=_IDS, **_CONVERSATION, **_AT_MOST),
    "datepicker": _select(initial_date=matching(DAY, "YYYY-MM-DD")),
    "timepicker": _select(initial_time=matching(CLOCK_TIME, "HH:mm"), timezone=string(MANY)),
    "datetimepicker": _element({}, {"initial_date_time": number(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": _typed(
        limits.PLAIN_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH,
        multiline=boolean,
        min_length=number(limits.PLAIN_TEXT_INPUT_MIN_LENGTH_MIN, limits.PLAIN_TEXT_INPUT_MIN_LENGTH_MAX),
        max_length=number(limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MIN, limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
    ),
    "number_input": _typed(
        limits.NUMBER_INPUT_PLACEHOLDER_MAX_LENGTH,
        is_decimal_allowed=boolean,
        min_value=_NUMBER_TEXT,
        max_value=_NUMBER_TEXT,
    ),
    "email_text_input": _typed(limits.EMAIL_INPUT_PLACEHOLDER_MAX_LENGTH),
    "url_text_input": _typed(limits.URL_INPUT_PLACEHOLDER_MAX_LENGTH),
    "rich_text_input": _element(
        {},
        {
            "placeholder": plain(limits.RICH_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH),
            "initial_value": anything,
            "dispatch_action_config": anything,
            "min_lines": number(limits.RICH_TEXT_INPUT_MIN_LINES_MIN, limits.RICH_TEXT_INPUT_MIN_LINES_MAX),
            "max_lines": number(limits.RICH_TEXT_INPUT_MAX_LINES_MIN, limits.RICH_TEXT_INPUT_MAX_LINES_MAX),
        },
    ),
    "file_input": _element(
        {},
        {
            "filetypes": _IDS,
            "max_files": number(limits.FILE_INPUT_MAX_FILES_MIN, limits.FILE_INPUT_MAX_FILES_MAX),
        },
    ),
    "image": record(
        {"type": anything, "alt_text": string(limits.IMAGE_ELEMENT_ALT_TEXT_MAX_LENGTH)},
        {"image_url": string(limits.IMAGE_ELEMENT_IMAGE_URL_MAX_LENGTH), "slack_file": SLACK_FILE},
    ),
    "workflow_button": _element(
        {"text": plain(limits.WORKFLOW_BUTTON_TEXT_MAX_LENGTH), "workflow": anything},
        {
            "style": choice("primary", "danger"),
            "accessibility_label": string(limits.WORKFLOW_BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH),
        },
        focus=False,
    ),
}

BUTTONS = frozenset({"button", "workflow_button"})
SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"})
TYPED = frozenset({
    "plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input",
})  # fmt: skip

IN_SECTION = one_of_types(ELEMENTS, BUTTONS | SELECTS | PICKERS | {"overflow", "image"} - {"datetimepicker"})
IN_ACTIONS = one_of_types(ELEMENTS, BUTTONS | SELECTS | PICKERS | {"overflow", "rich_text_input"})
IN_INPUT = one_of_types(ELEMENTS, SELECTS | PICKERS | TYPED)


def options_of(element: Json) -> Iterator[Json]:
    """Every option of a select, groups included."""
    yield from element.get("options") or ()
    for group in element.get("option_groups") or ():
        yield from group.get("options") or ()
