"""How words are written in Slack: escaped, on one line, cut with care.

Slack reads `<…>` as a mention or a link, so whatever people or tools typed goes through `escape` before it is
shown. Blocks are drawn `verbatim`: Slack then makes no mention of a bare `@channel` either, and `said` marks links.
"""

import re
import unicodedata
from collections.abc import Callable

from bot.core.incident import Message

ELLIPSIS = "…"
_JOINER = "\u200d"
_FENCE = "```"
_NO_FENCE = "`\u200b`\u200b`"  # looks the same, and ends no block
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_PART_OF_ESCAPE = re.compile(r"&[a-z]{0,3}\Z")
_LINK = re.compile(r"https?://(?:[^\s<>|&\"'\[\]]|&amp;)+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s")
_AFTER_LINK = ".,;:!?)]}*_~`"
_PERSON = re.compile(r"@\[([^\]\s]+)\]")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def flat(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def in_short(written: str) -> str:
    """The first sentence of what is escaped already, on one line; links without their scheme and query."""
    return _SENTENCE_END.split(_LINK.sub(_address, flat(written)), maxsplit=1)[0]


def line(text: str, limit: int = 150) -> str:
    """Somebody's words on one line, escaped."""
    return cut(escape(flat(text)), limit)


def said(text: str, mention: Callable[[str], str] | None = None, limit: int = 2500) -> str:
    """Somebody's words with their lines, escaped; links can be clicked and `@[key]` is drawn by `mention`."""
    written = _LINK.sub(_linked, escape(text.strip()))
    if mention is not None:
        written = _PERSON.sub(lambda found: mention(found[1]), written)
    return cut(written, limit)


def said_on_a_line(text: str, mention: Callable[[str], str], limit: int = 300) -> str:
    return said(flat(text), mention, limit)


def quoted(written: str) -> str:
    """What is already written for Slack, as a quotation."""
    return "\n".join(f">{part}" for part in written.splitlines())


def as_is(text: str, limit: int = 1500) -> str:
    """What a machine wrote, escaped, in a block of code that it cannot leave; of a long one, both ends."""
    shown = text.strip("\r\n")
    if len(shown) > limit:
        head = shown[: _end_of_letter(shown, limit * 2 // 3)]
        shown = f"{head.rstrip()}\n{ELLIPSIS}\n{shown[-(limit // 3) :].lstrip()}"
    written = escape(shown).replace(_FENCE, _NO_FENCE)
    return cut(f"{_FENCE}\n{written}\n{_FENCE}", limit + 1000) if written.strip() else ""


def linked(written: str, message: Message | None, address: str) -> str:
    """What is written for Slack, as a link to a message of the workspace at `address`."""
    if message is None or not address:
        return written
    return f"<{address}/archives/{message.channel}/p{message.ts.replace('.', '')}|{written.replace('|', '¦')}>"


def plain(text: str, name: Callable[[str], str]) -> str:
    """A sentence of core where Slack shows neither mentions nor markup, as in the errors of a modal."""
    return _PERSON.sub(lambda found: name(found[1]), text)


def cut(written: str, limit: int) -> str:
    """At most `limit` characters of what is written for Slack; never ends inside an escape, a mention or a letter."""
    if len(written) <= limit:
        return written
    kept = _cut(written, limit)
    if kept.count(_FENCE) % 2 == 0:
        return kept + ELLIPSIS
    shorter = _cut(written, max(limit - len(_FENCE) - 1, 1)).rstrip("`")  # the end of a block of code is cut off
    return shorter + ELLIPSIS + (f"\n{_FENCE}" if shorter.count(_FENCE) % 2 else "")


def _cut(written: str, limit: int) -> str:
    kept = written[: _end_of_letter(written, limit - 1)]
    opened = kept.rfind("<")
    if opened > kept.rfind(">"):
        kept = kept[:opened]
    return _PART_OF_ESCAPE.sub("", kept).rstrip()


def clip(text: str, limit: int) -> str:
    """`cut` for plain text, where `<` and `&` mean themselves."""
    if len(text) <= limit:
        return text
    return text[: _end_of_letter(text, limit - 1)].rstrip() + ELLIPSIS


def listed(parts: list[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def _address(found: re.Match[str]) -> str:
    link = found[0].rstrip(_AFTER_LINK)
    return link.partition("//")[2].partition("?")[0] + found[0][len(link) :]


def _linked(found: re.Match[str]) -> str:
    link = found[0].rstrip(_AFTER_LINK)
    return f"<{link}>{found[0][len(link) :]}"


def _end_of_letter(text: str, end: int) -> int:
    """The last place not after `end` at which no letter or emoji is torn apart."""
    while end > 0 and (_goes_on(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return end


def _goes_on(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character) in ("Mn", "Me") or ord(character) in _SKIN_TONES
