"""The pencil case: typed blocks, and a message of them that keeps within Slack's limits.

Texts are drawn verbatim, so only what is written as a mention or a link is one.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ConfirmationDialogue,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    HomeTabView,
    MessageResponse,
    SectionBlock,
    TableBlock,
    Text,
    TextType,
)
from slackblocks.objects import RawText
from slackblocks.rich_text.objects import RichTextObject

from bot.slack.words.text import clip, cut, flat

MOST_TEXT = 3000
MOST_FIELD = 2000
MOST_HEADER = 150
MOST_BUTTON = 75
MOST_CONFIRM = 300
MOST_FALLBACK = 600
MOST_BLOCKS = 50
MOST_BODY = 12_500  # Slack refuses about 13,200 characters of blocks as `msg_blocks_too_long`
SHORT = 100  # what is shorter is not worth shortening
_NAMELESS = "-"  # slackblocks would make up an id, another one for each drawing of the same thing


Style = Literal["primary", "danger"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message: what a notification shows, and the blocks; `shares` if Slack is to show what its links lead to."""

    text: str
    blocks: list[dict[str, Any]]
    shares: bool = False


def drawn(text: str, blocks: Iterable[Block | None]) -> Drawn:
    shown = [block for block in blocks if block is not None]
    body = MessageResponse(blocks=shown).to_dict()["blocks"]
    return Drawn(cut(text, MOST_FALLBACK), _fitting(without_made_up_ids(body)))


def sentence(text: str) -> Drawn:
    """A message of a few words."""
    return drawn(text, [section(text)])


def home_view(blocks: Iterable[Block | None]) -> dict[str, Any]:
    view = HomeTabView([block for block in blocks if block is not None]).to_dict()
    return {**view, "blocks": without_made_up_ids(view["blocks"])}


def without_made_up_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in block.items() if (key, value) != ("block_id", _NAMELESS)} for block in blocks]


def _fitting(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Within what Slack takes as one message; the longest text is the first to be shortened."""
    texts = [block["text"] for block in blocks if block["type"] == "section" and "text" in block]
    while len(json.dumps(blocks, ensure_ascii=False)) > MOST_BODY:
        longest = max(texts, key=lambda text: len(text["text"]), default=None)
        if longest is None or len(longest["text"]) < SHORT:
            break
        longest["text"] = cut(longest["text"], len(longest["text"]) * 2 // 3)
    return blocks


def fits(blocks: Iterable[Block | None]) -> bool:
    """Whether Slack takes them as one message, without anything cut."""
    body = MessageResponse(blocks=[block for block in blocks if block is not None]).to_dict()["blocks"]
    return len(body) <= MOST_BLOCKS and len(json.dumps(body, ensure_ascii=False)) <= MOST_BODY


def header(text: str) -> Block:
    return HeaderBlock(plain_text(clip(flat(text) or "-", MOST_HEADER)), block_id=_NAMELESS)


def section(text: str, accessory: Button | None = None) -> Block:
    return SectionBlock(mrkdwn(text), accessory=accessory, block_id=_NAMELESS)


def facts(pairs: Sequence[tuple[str, str]]) -> Block:
    """Up to ten facts, two in a row, each under its name."""
    cells = [mrkdwn(f"*{name}*\n{value}", MOST_FIELD) for name, value in pairs]
    return SectionBlock(fields=list(cells), block_id=_NAMELESS)


def context(*texts: str) -> Block | None:
    """The small print; nothing if there is none."""
    shown = [mrkdwn(text) for text in texts if text]
    return ContextBlock(list(shown), block_id=_NAMELESS) if shown else None


def divider() -> Block:
    return DividerBlock(block_id=_NAMELESS)


def table(rows: list[list[RawText | RichTextObject]]) -> Block:
    """The first row is the heading."""
    return TableBlock(rows, block_id=_NAMELESS)


def actions(*buttons: Button) -> Block | None:
    return ActionsBlock(list(buttons), block_id=_NAMELESS) if buttons else None


def button(
    label: str, action: str, about: str, style: Style | None = None, confirm: ConfirmationDialogue | None = None
) -> Button:
    """A button that says what it does; `about` (see `ids.carry`) comes back with the click."""
    shown = plain_text(clip(flat(label) or "-", MOST_BUTTON))
    return Button(shown, action, value=about, style=style, confirm=confirm)


def confirm(title: str, text: str, yes: str, style: Style = "primary") -> ConfirmationDialogue:
    """What is asked once more before a click counts; in plain text."""
    words = plain_text(clip(text, MOST_CONFIRM) or "-")
    return ConfirmationDialogue(plain_text(title), words, plain_text(yes), plain_text("Not now"), style)


def mrkdwn(text: str, limit: int = MOST_TEXT) -> Text:
    return Text(cut(text, limit) or "-", verbatim=True)


def plain_text(text: str) -> Text:
    return Text(text, TextType.PLAINTEXT, emoji=True)


def and_more(left_out: int, what: str = "more") -> str:
    return f"…and {left_out} {what}" if left_out > 0 else ""
