"""A message or a view as text: what a reader sees, with every id that a click brings back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

_DATE = re.compile(r"<!date\^(\d+)\^[^|]*\|([^>]*)>")


def picture(blocks: list[dict[str, Any]], text: str | None = None) -> str:
    lines = [] if text is None else [f"notification: {_dates(text)}", ""]
    return "\n".join([*lines, *(line for block in blocks for line in _block(block))]) + "\n"


def view_picture(view: dict[str, Any]) -> str:
    head = [f"{view['type']} {view.get('callback_id', '')} about {view.get('private_metadata', '')}".rstrip()]
    if "title" in view:
        head.append(f"# {view['title']['text']}  [{view['submit']['text']}] [{view['close']['text']}]")
    return "\n".join([*head, picture(view["blocks"])])


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"# {block['text']['text']}"
        case "section":
            if "text" in block:
                yield from _dates(block["text"]["text"]).split("\n")
            for cell in block.get("fields", []):
                yield "  | " + _dates(cell["text"]).replace("\n", ": ")
            if "accessory" in block:
                yield "    " + _element(block["accessory"])
        case "context":
            yield from (f"  ({_dates(element['text'])})" for element in block["elements"])
        case "actions":
            yield from ("  " + _element(element) for element in block["elements"])
        case "divider":
            yield "---"
        case "table":
            yield from (" | ".join(_cell(cell) for cell in row) for row in block["rows"])
        case "input":
            optional = " (optional)" if block.get("optional") else ""
            yield f"{block['label']['text']}{optional}  <{block['block_id']}>"
            yield "    " + _element(block["element"])
        case other:
            raise AssertionError(f"no picture of a {other} block")


def _element(element: dict[str, Any]) -> str:
    match element["type"]:
        case "button":
            style = f" {element['style']}" if "style" in element else ""
            asks = f"  asks {_confirm(element['confirm'])}" if "confirm" in element else ""
            return f"[{element['text']['text']}]{style} {element['action_id']} {element['value']}{asks}"
        case "plain_text_input":
            size = "lines" if element.get("multiline") else "line"
            return f"{size} ≤{element['max_length']}: {element.get('initial_value', '')!r}"
        case "static_select":
            chosen = element.get("initial_option", {}).get("value")
            options = [f"{option['text']['text']}={option['value']}" for option in element["options"]]
            return f"select {options} chosen {chosen}"
        case "users_select":
            return f"person, chosen {element.get('initial_user')}"
        case "multi_static_select":
            groups = {group["label"]["text"]: group["options"] for group in element["option_groups"]}
            shown = {name: [f"{o['text']['text']}={o['value']}" for o in options] for name, options in groups.items()}
            return f"select several of {shown}"
        case "datetimepicker":
            held = element.get("initial_date_time")
            return f"instant ‹{_at(held) if held else ''}›"
        case "users_select":
            return f"somebody, chosen {element.get('initial_user')}"
        case "file_input":
            return f"files ≤{element['max_files']}"
        case other:
            raise AssertionError(f"no picture of a {other}")


def _confirm(asked: dict[str, Any]) -> str:
    return f"{asked['title']['text']} {asked['text']['text']!r} [{asked['confirm']['text']}] {asked['style']}"


def _cell(cell: dict[str, Any]) -> str:
    if cell["type"] == "raw_text":
        return str(cell["text"])
    return "".join(_rich(part) for section in cell["elements"] for part in section["elements"])


def _rich(part: dict[str, Any]) -> str:
    match part["type"]:
        case "date":
            return f"‹{_at(part['timestamp'])}›"
        case "user":
            return f"<@{part['user_id']}>"
        case "text":
            return f"*{part['text']}*" if part.get("style", {}).get("bold") else str(part["text"])
        case other:
            raise AssertionError(f"no picture of a {other} in rich text")


def _at(timestamp: int) -> str:
    return f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d %H:%M} UTC"


def _dates(text: str) -> str:
    """Dates as their fallback, which must tell the same instant."""
    return _DATE.sub(lambda found: f"‹{found[2]}›", text)
