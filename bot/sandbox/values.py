"""What stands in the inputs of a view or message: first values, what a person enters, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.elements import CLOCK_TIME, DAY, options_of
from bot.sandbox.records import Json

#  Under which key Slack reports the value of each element, and under which the app gives its first one.
KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
LISTS = frozenset({"selected_options", "selected_users", "selected_channels", "selected_conversations", "files"})
FORMS = {"selected_date": DAY, "selected_time": CLOCK_TIME}
STATELESS = frozenset({"overflow"})
MOST_FILES = 10
REQUIRED = "Please complete this required field."


def first_values(blocks: list[Json]) -> dict[str, Json]:
    """The state of a view that nobody has touched."""
    values: dict[str, Json] = {}
    for block in blocks:
        for element in elements_of(block):
            kind = element["type"]
            if kind in KEYS and kind not in STATELESS:
                key, first = KEYS[kind]
                empty: Any = [] if key in LISTS else None
                values.setdefault(block["block_id"], {})[element["action_id"]] = {
                    "type": kind,
                    key: element.get(first, empty) if first else empty,
                }
    return values


def entered(element: Json, raw: Any, suggested: Sequence[Json] = ()) -> Json:
    """What Slack reports when a person enters `raw`: text, an id, an option's value, or a list of these."""
    kind = element["type"]
    if kind not in KEYS:
        return {"type": kind, "value": element.get("value")} if "value" in element else {"type": kind}
    key = KEYS[kind][0]
    if key in LISTS:
        raw = raw if isinstance(raw, list) else [raw] if raw else []
        chosen: Any = [_option(element, value, suggested) for value in raw] if key == "selected_options" else list(raw)
    elif key == "selected_option":
        chosen = _option(element, raw, suggested) if raw not in (None, "") else None
    elif key == "selected_date_time":
        chosen = int(raw) if raw not in (None, "") else None
    elif key in FORMS and raw:
        chosen = _formed(element, str(raw), FORMS[key])
    elif kind == "rich_text_input" and isinstance(raw, str) and raw:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": raw}]}
        chosen = {"type": "rich_text", "elements": [section]}
    else:
        chosen = str(raw) if raw not in (None, "") and not isinstance(raw, dict) else raw or None
    return {"type": kind, key: chosen}


def _formed(element: Json, raw: str, form: re.Pattern[str]) -> str:
    if form.fullmatch(raw):
        return raw
    raise ValueError(f"{raw!r} is not what {element['action_id']!r} takes")


def _option(element: Json, value: Any, suggested: Sequence[Json]) -> Json:
    if isinstance(value, dict):
        return value
    if element["type"] in ("external_select", "multi_external_select"):
        made = {"text": {"type": "plain_text", "text": str(value), "emoji": True}, "value": str(value)}
        return next((option for option in suggested if option["value"] == value), made)
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise ValueError(f"{value!r} is not among the options of {element['action_id']!r}")


def missing(blocks: list[Json], values: dict[str, Json]) -> dict[str, str]:
    """What Slack itself holds against a submission before the app hears of it, by block id."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = values[block["block_id"]][element["action_id"]]
        value = state[KEYS[element["type"]][0]]
        if not value:
            if not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
        elif fault := _typed_fault(element, value):
            errors[block["block_id"]] = fault
    return errors


def _typed_fault(element: Json, value: Any) -> str:
    if element["type"] == "file_input":
        return _files_fault(element, value)
    if element["type"] == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please enter at most {element.get('max_length', 3000)} characters."
    if element["type"] == "number_input":
        try:
            given = float(value)
        except ValueError:
            return "Please enter a number."
        if not float(element.get("min_value", "-inf")) <= given <= float(element.get("max_value", "inf")):
            return "This number is out of range."
    if element["type"] == "email_text_input" and "@" not in value:
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and "://" not in value:
        return "Please enter a valid URL."
    return ""


def _files_fault(element: Json, files: list[Json]) -> str:
    most, kinds = element.get("max_files", MOST_FILES), [kind.lower() for kind in element.get("filetypes") or ()]
    if len(files) > most:
        return f"Please choose at most {most} files." if most > 1 else "Please choose one file."
    for file in files:
        if kinds and file["filetype"] not in kinds:
            return f"{file['name']} is not one of {', '.join(kinds)}."
    return ""
