"""What a reader reads: messages, modals and Home tabs as plain text, and the buttons on them."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_USER = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#(\w+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto)[^|>]*)(?:\|([^>]*))?>")
_SPECIAL = re.compile(r"<!([^>]*)>")
_BOLD = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")
_QUOTE = re.compile(r"^>", re.MULTILINE)


class Reader:
    """Knows the names of people and channels; an instant reads as its text in UTC."""

    def __init__(self, person: Callable[[str], str], channel: Callable[[str], str]) -> None:
        self._person = person
        self._channel = channel

    def plain(self, written: str) -> str:
        """Slack's markup as it looks. What would call a crowd reads `[CALLS channel]`, so that it is not missed."""
        shown = _DATE.sub(r"\1", written)
        shown = _USER.sub(lambda found: f"@{self._person(found[1])}", shown)
        shown = _CHANNEL.sub(lambda found: f"#{self._channel(found[1])}", shown)
        shown = _LINK.sub(lambda found: found[2] or found[1], shown)
        shown = _SPECIAL.sub(r"[CALLS \1]", shown)
        shown = _QUOTE.sub("", _BOLD.sub(r"\1", shown))
        return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def message(self, message: Json) -> str:
        """The blocks, or the text where there are none; a button reads as its label in brackets."""
        blocks = message.get("blocks")
        return self.blocks(blocks) if blocks else self.plain(str(message.get("text", "")))

    def notification(self, message: Json) -> str:
        """What a phone shows."""
        return self.plain(str(message.get("text", "")))

    def blocks(self, blocks: list[Json]) -> str:
        return "\n".join(part for block in blocks for part in self._block(block) if part)

    def _block(self, block: Json) -> Iterator[str]:
        if block["type"] == "input":
            yield f"{self._text(block['label'])}: …"
            return
        if block["type"] == "table":
            yield from (" | ".join(self._text(cell) for cell in row) for row in block["rows"])
            return
        if block["type"] in ("rich_text", "image"):
            yield self._text(block)
            return
        if "text" in block:
            yield self._text(block["text"])
        for cell in (*block.get("fields", ()), *block.get("elements", ())):
            yield f"[{self._text(cell['text'])}]" if cell["type"] == "button" else self._text(cell)
        accessory = block.get("accessory")
        if accessory and accessory["type"] == "button":
            yield f"[{self._text(accessory['text'])}]"

    def _text(self, text: Json) -> str:
        match text["type"]:
            case "plain_text" | "raw_text":
                return str(text["text"])
            case "rich_text":
                return "\n".join(self._rich(part) for part in text["elements"])
            case "image":
                return f"[Picture: {text['alt_text']}]"
            case _:
                return self.plain(str(text.get("text", "")))

    def _rich(self, part: Json) -> str:
        """A part of rich text, where nothing is escaped."""
        match part["type"]:
            case "date":
                return f"{datetime.fromtimestamp(part['timestamp'], UTC):%Y-%m-%d %H:%M} UTC"
            case "user":
                return f"@{self._person(part['user_id'])}"
            case "channel":
                return f"#{self._channel(part['channel_id'])}"
            case "broadcast" | "usergroup":
                return f"[CALLS {part.get('range') or part.get('usergroup_id')}]"
            case "link":
                return str(part.get("text") or part["url"])
            case "rich_text_list":
                return "\n".join(f"• {self._rich(each)}" for each in part["elements"])
            case _:
                return "".join(self._rich(each) for each in part["elements"]) if "elements" in part else part["text"]


def buttons(blocks: list[Json]) -> list[Json]:
    drawn = [each for block in blocks for each in (*block.get("elements", ()), block.get("accessory") or {})]
    return [each for each in drawn if each.get("type") == "button"]


def label(button: Json) -> str:
    return str(button["text"]["text"])
