"""Whether a step is for somebody at an instant, in words if it is not; and until when a path holds its pages back.

A person is known here by their time zone and country. Who has none, as a channel, is held back by no hours of
their own, and has no holidays.
"""

from collections.abc import Iterator
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.oncall.holidays import public_holidays
from bot.oncall.wallclock import first_instant, in_utc, last_instant, wall_clock
from bot.oncall.windows import DAY, WeeklyHours
from bot.policy import windows
from bot.policy.model import Condition, Hold, Window
from bot.policy.paging import OWN


def why_not(
    condition: Condition, severity: str, at: datetime, zone: str | None = None, country: str | None = None
) -> str | None:
    """Why a step is not for somebody of this zone and country, like "only for sev1"; None if it is."""
    at = in_utc(at)
    return next(_objections(condition, severity, at, zone, country), None)


def terms(condition: Condition) -> tuple[str, ...]:
    """What a condition asks for, in the words of `why_not`; empty if it asks for nothing."""
    found = []
    if condition.severity:
        found.append(_only_for(condition))
    if condition.hours:
        found.append(_within(condition, "their own time" if condition.time_zone == OWN else condition.time_zone))
    if condition.holiday is not None:
        found.append(
            f"{'only' if condition.holiday else 'not'} on {_holidays_of(condition.holidays or 'their country')}"
        )
    return tuple(found)


def held_until(hold: Hold | None, severity: str, at: datetime) -> datetime | None:
    """Before when nobody is paged (in UTC); None if paging may begin."""
    if hold is None or (hold.severity and severity not in hold.severity):
        return None
    at = in_utc(at)
    opens = next_open(hold, at)
    return opens if opens > at else None


def next_open(hold: Hold, at: datetime) -> datetime:
    """The first instant (in UTC), this one or later, within the hours for which a hold waits."""
    opens = in_utc(at)
    zone, hours = ZoneInfo(hold.time_zone), _hours(hold.until, hold.time_zone)
    while True:  # no country has a weekday that is always a holiday
        stretch = hours.at(opens)
        if not stretch.open:
            assert stretch.until is not None  # what opens each week opens again
            opens = stretch.until
        elif hold.holidays and _holiday(hold.holidays, opens, zone):
            opens = _next_day(opens, zone)
        else:
            return opens


def _objections(
    condition: Condition, severity: str, at: datetime, zone: str | None, country: str | None
) -> Iterator[str]:
    if condition.severity and severity not in condition.severity:
        yield _only_for(condition)
    named = None if condition.time_zone == OWN else condition.time_zone
    theirs = zone if condition.time_zone == OWN else named
    if condition.hours and theirs and not _hours(condition.hours, theirs).at(at).open:
        yield _within(condition, theirs)
    if condition.holiday is None:
        return
    of = condition.holidays or country
    where = (named or zone) if condition.holidays else (zone or named)
    name = _holiday(of, at, ZoneInfo(where or "UTC")) if of else None
    if condition.holiday and name is None:
        yield f"only on {_holidays_of(of or 'their country, which nobody knows')}"
    if not condition.holiday and name is not None:
        yield f"not on {_holidays_of(of or '')} ({name})"


def _only_for(condition: Condition) -> str:
    return f"only for {' or '.join(condition.severity)}"


def _within(condition: Condition, zone: str | None) -> str:
    texts = (windows.written(window.weekdays, window.start, window.end) for window in condition.hours)
    return f"only within {' or '.join(texts)} {zone}"


def _holidays_of(country: str) -> str:
    return f"public holidays of {country}"


@lru_cache(maxsize=256)
def _hours(open_in: tuple[Window, ...], zone: str) -> WeeklyHours:
    return WeeklyHours(open_in, ZoneInfo(zone))


def _holiday(country: str, at: datetime, zone: ZoneInfo) -> str | None:
    """The name of the holiday that an instant's day is in a zone; None too if the country's are not known."""
    today = wall_clock(at, zone).date()
    try:
        return public_holidays(country, today.year).get(today)
    except ValueError:
        return None


def _next_day(at: datetime, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(wall_clock(at, zone).date() + DAY, time())
    first = first_instant(midnight, zone)
    return first if first > at else last_instant(midnight, zone)  # the clock may be put back over midnight
