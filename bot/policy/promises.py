"""What may be promised, as people write it: `4h`, `2 business days`, `end of next business day`."""

import re
from datetime import time, timedelta
from functools import lru_cache

from pydantic import Field

from bot.policy import durations
from bot.policy.frozen import Frozen

FORMS = "4h, 1d, 2 business days, end of business day, end of next business day or next business day 10:00"
_MOST = 3653
_LENGTH = re.compile(r"[0-9smhdw]+", re.ASCII)
_DAYS = re.compile(r"(\d{1,9}) business days?", re.ASCII)
_DAY_TIME = re.compile(r"next business day (\d|[01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_ENDS = ("end of business day", "end of next business day")


class BusinessDays(Frozen):
    """The same time of day, so many business days later."""

    count: int = Field(ge=1)


class DayEnd(Frozen):
    """When a business day closes: the present one (or the one to come), or the one after it."""

    ahead: int = Field(ge=0, le=1)


class DayTime(Frozen):
    """A time of day, on the business day after the date of the start."""

    at: time


Within = timedelta | BusinessDays | DayEnd | DayTime


def promise(text: str) -> Within:
    """What `text` promises. ValueError says what is wrong."""
    plain = " ".join(text.split()).lower()
    if _LENGTH.fullmatch(text):
        return durations.duration(text)
    if plain in _ENDS:
        return DayEnd(ahead=_ENDS.index(plain))
    if found := _DAYS.fullmatch(plain):
        return BusinessDays(count=_count(text, int(found[1])))
    if found := _DAY_TIME.fullmatch(plain):
        return DayTime(at=time(int(found[1]), int(found[2])))
    raise ValueError(f'"{text[:60]}" is nothing that can be promised; write it like {FORMS}')


def _count(text: str, days: int) -> int:
    if days == 0:
        raise ValueError(f'"{text}" is no time at all; a promise takes 1 business day or more')
    if days > _MOST:
        raise ValueError(f'"{text}" is longer than ten years')
    return days


@lru_cache(maxsize=512)
def promised(within: Within) -> str:
    """The text that `promise` reads back as the same."""
    match within:
        case BusinessDays():
            return f"{within.count} business day{'s' if within.count > 1 else ''}"
        case DayEnd():
            return _ENDS[within.ahead]
        case DayTime():
            return f"next business day {within.at:%H:%M}"
        case _:
            return durations.written(within)
