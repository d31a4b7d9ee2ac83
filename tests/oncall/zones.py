"""Every zone of the tz database, and when its clock is changed."""

from bisect import bisect_left
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from tests.oncall.build import utc

_PROBE = timedelta(days=5)
_MINUTE = timedelta(minutes=1)


@cache
def changes() -> dict[str, list[datetime]]:
    """The instants of 2020-2030 at which each zone's clock is changed; zones that agree stand there once."""
    found: dict[tuple[datetime | timedelta | None, ...], str] = {}
    for name in sorted(available_timezones() - {"localtime", "Factory"}):
        zone = ZoneInfo(name)
        at = _changes(zone)
        instants = (utc("2020-01-01"), *at)
        found.setdefault((*at, *(_offset(instant, zone) for instant in instants)), name)
    return {name: [at for at in key if isinstance(at, datetime)] for key, name in found.items()}


def _changes(zone: ZoneInfo) -> list[datetime]:
    found = []
    early, end = utc("2020-01-01"), utc("2031-01-01")
    before = _offset(early, zone)
    while early < end:
        after = _offset(early + _PROBE, zone)
        if after != before:
            found.append(_change(early, zone))
        early, before = early + _PROBE, after
    return found


def _change(early: datetime, zone: ZoneInfo) -> datetime:
    before = _offset(early, zone)
    minutes = range(_PROBE // _MINUTE)
    return early + _MINUTE * bisect_left(minutes, True, key=lambda n: _offset(early + n * _MINUTE, zone) != before)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
