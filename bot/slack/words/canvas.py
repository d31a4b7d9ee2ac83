"""What is written for Slack's messages, as the Markdown of its canvases.

There a mention is `![](@U1)` or `![](#C1)`; a heading has at most three levels; an instant cannot be told in each
reader's own zone, and is told in UTC.
"""

import re
from collections.abc import Iterable, Iterator

_ANGLES = r"<[^<>\n]*>"
_PART = re.compile(
    rf"(?P<token>{_ANGLES})"
    rf"|(?<![\w*])\*(?=[^\s*])(?P<bold>(?:{_ANGLES}|[^*<\n])+?)(?<=\S)\*(?![\w*])"
    r"|&(?P<entity>amp|lt|gt);"
    r"|(?P<mark>[\\*\[]|```)"
)
_ENTITIES = {"amp": "&", "lt": "\\<", "gt": ">"}
_AT_THE_START = re.compile(r"([#>+-]|=+$|\d+[.)])(?=\s|$)|>")
_BULLET = "• "


def markdown(written: str) -> str:
    """One line. What people typed stays what they typed: no link, list or heading comes of it."""
    return _PART.sub(_one, written)


def bullets(written: str) -> Iterator[str]:
    """Lines of a list, what hangs under another one deeper."""
    for row in written.splitlines():
        deeper = row.startswith(_BULLET)
        words = _plain_start(markdown(row.removeprefix(_BULLET).strip()))
        if words:
            yield f"    - {words}" if deeper else f"- {words}"


def task(written: str, is_done: bool) -> str:
    return f"- [{'x' if is_done else ' '}] {markdown(written)}"


def heading(level: int, written: str) -> str:
    return f"{'#' * level} {markdown(written)}"


def quotation(written: str) -> str:
    return "\n".join(f"> {_plain_start(markdown(row))}" for row in written.splitlines())


def document(parts: Iterable[str]) -> str:
    """Parts that are not empty, an empty line between any two."""
    return "\n\n".join(filter(None, parts))


def _one(found: re.Match[str]) -> str:
    if found["token"]:
        return _token(found["token"][1:-1])
    if found["bold"]:
        return f"**{markdown(found['bold'])}**"
    if found["entity"]:
        return _ENTITIES[found["entity"]]
    return "".join(f"\\{character}" for character in found["mark"])


def _token(inside: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith(("@", "#")):
        return f"![]({target})"
    if target.startswith("!"):  # a date, a user group, everybody
        return markdown(label) if label else f"@{target[1:].partition('^')[0]}"
    address = target.replace("&amp;", "&").replace("(", "%28").replace(")", "%29")
    return f"[{markdown(label) or address.replace('[', '%5B')}]({address})"


def _plain_start(words: str) -> str:
    """A hash, a dash or a number at the start would make a heading or another list of it."""
    found = _AT_THE_START.match(words)
    if found is None:
        return words
    at = found.end() - 1
    return f"{words[:at]}\\{words[at:]}"
