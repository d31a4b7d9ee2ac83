"""What came of an action, in words that people can read: without secrets, without control characters, and short."""

import base64
import codecs
import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, quote_plus

from bot.policy.durations import written

KEPT = 64 * 1024  # bytes of an answer or an output
MOST = 3500  # characters that are shown
SHORTEST_SECRET = 4
HIDDEN = "•••"
_END = 1400  # of the characters shown, those from the end of what is longer
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")  # colours of a terminal
# Control characters but for tab and line feed, and those that turn the direction of a text.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OF_NO_TEXT = re.compile(rb"[\x01-\x06\x0e-\x1a\x1c-\x1f]")
_SPOILT = 6  # more characters that cannot be read are no accident of where something was cut
_LETTERS = re.compile(r"iso-8859-\d+|windows-\d+|utf-16(le|be)?|shift_jis|euc-[jk][pr]|gb\w+|big5|koi8-[ru]", re.ASCII)
_SCHEME = re.compile(r"([A-Za-z]+)\s+(\S+)")  # `Bearer …`
_REST = "[A-Za-z0-9+/_-]{0,3}"  # the last letters in base64, which hold what follows, too


@dataclass(frozen=True, slots=True)
class Result:
    is_done: bool
    words: str


class Stopped(Exception):
    """The bot was stopped in the middle of an action."""


class Secrets:
    """Values of the environment, which are hidden wherever they show, also in the usual disguises."""

    def __init__(self, values: Iterable[str]) -> None:
        parts = {part for value in values for part in _parts(value) if len(part) >= SHORTEST_SECRET}
        forms = {form for part in parts for form in _forms(part)} | {f for part in parts for f in _in_base64(part)}
        self.longest = max(map(len, forms), default=0)
        self._pattern = re.compile("|".join(sorted(forms, key=len, reverse=True)), re.IGNORECASE) if forms else None

    def hidden(self, text: str) -> str:
        return self._pattern.sub(HIDDEN, text) if self._pattern else text


def _parts(value: str) -> Iterator[str]:
    """The value; what follows its `Bearer`, and the password that `Basic` wraps; the lines of a key."""
    value = value.strip()
    yield value
    yield from (line for line in value.splitlines() if len(line) >= 2 * SHORTEST_SECRET)
    if found := _SCHEME.fullmatch(value):
        yield found[2]
        if found[1].lower() == "basic":
            try:
                pair = base64.b64decode(found[2], validate=True).decode()
            except ValueError:
                return
            yield pair
            yield pair.partition(":")[2]


def _forms(part: str) -> Iterator[str]:
    """Patterns of the text as it is, in an address, on a page, in JSON and in hex."""
    quoted = (quote(part), quote(part, safe=""), quote_plus(part))
    in_json = (json.dumps(part)[1:-1], json.dumps(part, ensure_ascii=False)[1:-1])
    in_hex = part.encode("utf-8", "surrogateescape").hex()
    yield from map(re.escape, (part, *quoted, html.escape(part), *in_json, in_hex))


def _in_base64(part: str) -> Iterator[str]:
    """Patterns of the text wherever it stands in what was encoded, such as the password behind a name."""
    raw = part.encode("utf-8", "surrogateescape")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield re.escape(encode(raw).decode().rstrip("="))
        for before in range(3):
            whole = (before + len(raw)) // 3 * 3 - before
            inner = encode(bytes(before) + raw[:whole]).decode()[(0, 2, 3)[before] :]
            if len(inner) > SHORTEST_SECRET:
                yield re.escape(inner) + _REST


class Kept:
    """Bytes as they come: so many of the beginning and of the end are kept, and all are counted."""

    def __init__(self, at_the_end: int = KEPT // 2) -> None:
        self._at_the_end = at_the_end
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    def add(self, piece: bytes) -> None:
        self.total += len(piece)
        free = KEPT - self._at_the_end - len(self._head)
        self._head += piece[:free]
        self._tail += piece[free:]
        del self._tail[: max(len(self._tail) - self._at_the_end, 0)]

    def read(self, secrets: Secrets, charset: str | None = None, announced: int = 0) -> str:
        """As text, at most MOST characters of it. `announced` is how long all is, where not all was taken."""
        total = max(announced, self.total)
        codec = _codec(charset)
        if _is_binary(bytes(self._head + self._tail), codec):
            return f"(binary, {total:,} bytes)"
        if total == len(self._head) + len(self._tail):
            text = _clean(bytes(self._head + self._tail), codec, secrets)
            return text if len(text) <= MOST else _cut(text, text, total)
        head, tail = (_clean(bytes(each), codec, secrets) for each in (self._head, self._tail))
        # Half a secret may stand where the rest was left out.
        return _cut(head[: max(len(head) - secrets.longest, 0)], tail[secrets.longest :], total)


def plain(text: str) -> str:
    """Without what moves the cursor or turns the direction of the text."""
    return _CONTROL.sub("", _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))


def length(limit: timedelta) -> str:
    """`30s`, `1m30s`, `0.5s`."""
    return f"{limit.total_seconds():g}s" if limit.microseconds else written(limit)


def size(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:,.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:,.1f} MB"


def _cut(head: str, tail: str, total: int) -> str:
    if not tail:
        return f"{head[:MOST]}\n… cut, {size(total)} in all"
    return f"{head[: MOST - _END]}\n… cut, {size(total)} in all …\n{tail[-_END:]}"


def _clean(raw: bytes, codec: str, secrets: Secrets) -> str:
    return secrets.hidden(plain(raw.decode(codec, "replace"))).strip("\n\ufffd")


def _is_binary(raw: bytes, codec: str) -> bool:
    if codec != "utf-8":
        return False  # whoever answered has said in which letters
    spoilt = raw.decode("utf-8", "replace").count("\ufffd")
    return b"\0" in raw or (spoilt > _SPOILT and _OF_NO_TEXT.search(raw) is not None)


def _codec(charset: str | None) -> str:
    known = (charset or "").lower()
    try:
        return codecs.lookup(known).name if _LETTERS.fullmatch(known) else "utf-8"
    except LookupError:
        return "utf-8"
