"""Durations as people write them: `30s`, `5m`, `1h30m`, `2d`, `1w`; and how often a rotation turns."""

import re
from datetime import timedelta

PARTS = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
EVERY = re.compile(r"(\d+)(h|d|w|mo)", re.ASCII)
_TEN_YEARS = timedelta(days=3653)
_SECONDS = (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def duration(text: str) -> timedelta:
    """The length that `text` names, longer than zero and at most ten years. ValueError says what is wrong."""
    found = PARTS.fullmatch(text)
    if not text or found is None:
        raise ValueError(f'"{text}" is not a duration; write it like 30s, 5m, 1h30m, 2d or 1w')
    if len(text) > 40:
        raise ValueError(f'"{text[:20]}…" is too long for a duration')
    numbers = (int(digits or 0) for digits in found.groups())
    seconds = sum(number * size for number, (_, size) in zip(numbers, _SECONDS, strict=True))
    if seconds == 0:
        raise ValueError(f'"{text}" is no time at all; a duration must be longer than zero')
    if seconds > _TEN_YEARS.total_seconds():
        raise ValueError(f'"{text}" is longer than ten years')
    return timedelta(seconds=seconds)


def written(length: timedelta) -> str:
    """The shortest text for whole seconds that `duration` reads back as the same length."""
    rest = int(length.total_seconds())
    parts = []
    for unit, size in _SECONDS:
        number, rest = divmod(rest, size)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts)


def every(text: str) -> tuple[int, str]:
    """How often a rotation turns, as (count, unit h, d, w or mo); `24h` and `1d` are the same."""
    found = EVERY.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is not how often a rotation turns; write it like 12h, 1d, 2w or 1mo')
    count, unit = int(found[1][:9]), found[2]
    if count == 0:
        raise ValueError(f'"{text}" never turns; the number must be 1 or more')
    if count > 8760:
        raise ValueError(f'"{text}" is too long for a turn')
    if unit == "h" and count % 24 == 0:
        return count // 24, "d"
    return count, unit
