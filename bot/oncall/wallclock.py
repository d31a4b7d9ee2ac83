"""Between the wall clock of a zone and instants: what the clock shows once, twice or never.

A wall-clock time is naive with `fold` 0; an instant is aware, in UTC.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_FIRST_YEAR = 1900
LAST_YEAR = 9998  # room for any zone before the last date that can be written
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clock
_DAY = timedelta(days=1)  # the clock is never changed by more, nor twice within it
_SECOND = timedelta(seconds=1)


def wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock of the zone shows at an instant (naive; the second showing is not told from the first)."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the clock shows this time or, if it never does, the first after the gap; in UTC."""
    return _instant(wall, zone, last=False)


def last_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The last instant at which the clock shows this time or, if it never does, the first after the gap; in UTC."""
    return _instant(wall, zone, last=True)


def in_utc(at: datetime) -> datetime:
    """The same instant in UTC; a time without a zone is no instant and is refused."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone: give an instant, such as 2026-03-01T09:00:00Z.")
    if not _FIRST_YEAR <= at.year < LAST_YEAR:
        raise ValueError(f"{at.isoformat()} is out of reach: give an instant from {_FIRST_YEAR} to {LAST_YEAR - 1}.")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _instant(wall: datetime, zone: ZoneInfo, last: bool) -> datetime:
    offset = zone.utcoffset(wall)
    assert offset is not None  # a ZoneInfo always knows it
    if not zone.utcoffset(wall - _DAY) == offset == zone.utcoffset(wall + _DAY):
        late = zone.utcoffset(wall.replace(fold=1))
        assert late is not None
        if offset < late:  # the clock was put forward over this time
            return _after_gap(wall, zone, offset, late)
        offset = late if last else offset
    return _EPOCH + (wall - _NAIVE - offset)


def _after_gap(wall: datetime, zone: ZoneInfo, before: timedelta, after: timedelta) -> datetime:
    """Where the clock jumps over `wall`; no zone jumps at a fraction of a second."""
    low = (wall - after).replace(tzinfo=UTC, microsecond=0)
    seconds = range((after - before) // _SECOND + 2)
    return low + _SECOND * bisect_left(seconds, True, key=lambda n: wall_clock(low + n * _SECOND, zone) > wall)
