"""Weekly hours as people write them: `Mon-Fri 09:00-17:00`, `Mon,Wed 09:00-17:00`, `22:00-06:00`."""

import re
from collections.abc import Iterable
from datetime import time

from bot.policy.nearest import hint

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FULL = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBER = {name.lower(): number for names in (WEEKDAYS, _FULL) for number, name in enumerate(names)}
WINDOW = re.compile(
    r"(?:(?P<days>[A-Za-z][A-Za-z,\- ]*?) +)?(?P<start>\d\d?:\d\d) ?[-–] ?(?P<end>\d\d?:\d\d)", re.ASCII
)


def window(text: str) -> tuple[frozenset[int], time, time]:
    """(weekdays with Monday 0, start, end); without days it is every day. ValueError says what is wrong."""
    found = WINDOW.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'"{text}" is not a weekly window; write it like "Mon-Fri 09:00-17:00" or "22:00-06:00"')
    start, end = _time_of_day(found["start"]), _time_of_day(found["end"])
    if found["start"] == "24:00":
        raise ValueError(f'"{text}" starts at 24:00; write 00:00 and the next weekday')
    if start == end and found["end"] != "24:00":
        raise ValueError(f'"{text}" starts and ends at the same time; for the whole day write 00:00-24:00')
    return (_weekdays(found["days"]) if found["days"] else frozenset(range(7))), start, end


def written(weekdays: Iterable[int], start: time, end: time) -> str:
    """The text of a window that `window` reads back as the same."""
    days = sorted(weekdays)
    hours = f"{start:%H:%M}-{end:%H:%M}" if end != time() else f"{start:%H:%M}-24:00"
    if len(days) == len(WEEKDAYS):
        return hours
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = (f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}" if len(run) > 1 else WEEKDAYS[run[0]] for run in runs)
    return f"{','.join(names)} {hours}"


def _time_of_day(text: str) -> time:
    hour, minute = (int(part) for part in text.split(":"))
    if (hour, minute) == (24, 0):
        return time(0, 0)  # as an end: midnight of the next day, since it is not after the start
    if hour > 23 or minute > 59:
        raise ValueError(f'"{text}" is not a time of day; write 00:00 to 23:59, or 24:00 for the end of a day')
    return time(hour, minute)


def _weekdays(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        start = _weekday(first)
        end = _weekday(last) if last else start
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def _weekday(text: str) -> int:
    number = _NUMBER.get(text.lower())
    if number is None:
        raise ValueError(f'"{text}" is not a weekday{hint(text[:3], WEEKDAYS)}')
    return number
