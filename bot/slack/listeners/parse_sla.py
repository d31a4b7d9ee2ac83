"""What was typed after `/incident sla` and `/incident correct`, taken apart: pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.history import Moment
from bot.policy.model import Waiting
from bot.slack.listeners import times
from bot.slack.listeners.parse import first_word

LONGEST_TIME = 7  # words

_WORD = re.compile(r"\S+")


class Action(StrEnum):
    SHOW = "show"
    EXPLAIN = "explain"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Pause:
    """What is missing is None; `odd` is a word that should have said on whom."""

    on: Waiting | None = None
    until: datetime | None = None
    reason: str = ""
    odd: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    moment: Moment | None = None
    to: datetime | None = None
    reason: str = ""
    odd: str = ""


def action(rest: str) -> tuple[Action | None, str]:
    word, after = first_word(rest)
    lower = word.lower().strip(":,.")
    return (Action(lower), after) if lower in list(Action) else (None, rest)


def pause(words: str, now: datetime, zone: ZoneInfo) -> Pause:
    """ON TIME REASON; “on” before the first and “until” or “for” before the second may be said."""
    word, rest = _after(words, "on")
    if not word:
        return Pause()
    lower = word.lower().strip(":,.")
    if lower not in list(Waiting):
        return Pause(odd=word)
    until, reason = _timed(rest, lambda said: _until(said, now, zone))
    return Pause(Waiting(lower), until, _plainly(reason))


def correction(words: str, now: datetime, zone: ZoneInfo) -> Correction:
    """MOMENT TIME [REASON]; an hour is that of today if it has been already, or else that of yesterday."""
    word, rest = first_word(words)
    if not word:
        return Correction()
    lower = word.lower().strip(":,.")
    if lower not in list(Moment):
        return Correction(odd=word)
    first, behind = first_word(rest)
    to, reason = _timed(behind if first.lower() in ("at", "to") else rest, lambda said: _been(said, now, zone))
    return Correction(Moment(lower), to, _plainly(reason))


def _after(words: str, spare: str) -> tuple[str, str]:
    word, rest = first_word(words)
    return first_word(rest) if word.lower() == spare and rest else (word, rest)


def _timed(words: str, read: Callable[[str], datetime | None]) -> tuple[datetime | None, str]:
    """The longest beginning that is a time, and what follows."""
    ends = [found.end() for found in _WORD.finditer(words)][:LONGEST_TIME]
    for end in reversed(ends):
        at = read(words[:end].rstrip(",:;"))
        if at is not None:
            return at, words[end:]
    return None, words


def _until(said: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    forms = (said, f"for {said}", f"until {said}")
    found = (times.span(form, now, zone) for form in forms if form.lower().startswith(("for ", "until ", "till ")))
    span = next((span for span in found if span), None)
    return span.end if span else None


def _been(said: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    at = times.instant(said, now, zone)
    if at is None or at <= now:
        return at
    earlier = (times.instant(f"{day} {said}", now, zone) for day in ("today", "yesterday"))
    return next((each for each in earlier if each and each <= now), at)


def _plainly(reason: str) -> str:
    return reason.strip().lstrip(",:;–—-").strip()
