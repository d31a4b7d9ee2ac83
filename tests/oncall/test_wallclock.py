"""What the clock shows once, twice or never."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.oncall.wallclock import first_instant, in_utc, last_instant, wall_clock
from tests.oncall.build import brief, utc, wall

CHANGES = [
    # zone, wall clock, first instant, last instant (UTC)
    # a plain day
    ("America/Chicago", "2026-03-07 02:30", "2026-03-07 08:30", "2026-03-07 08:30"),
    ("Asia/Kathmandu", "2026-01-01 08:00", "2026-01-01 02:15", "2026-01-01 02:15"),
    # the hour from 02:00 does not exist
    ("America/Chicago", "2026-03-08 01:30", "2026-03-08 07:30", "2026-03-08 07:30"),
    ("America/Chicago", "2026-03-08 02:00", "2026-03-08 08:00", "2026-03-08 08:00"),
    ("America/Chicago", "2026-03-08 02:30", "2026-03-08 08:00", "2026-03-08 08:00"),
    ("America/Chicago", "2026-03-08 03:00", "2026-03-08 08:00", "2026-03-08 08:00"),
    # the hour from 01:00 comes twice
    ("America/Chicago", "2026-11-01 00:59", "2026-11-01 05:59", "2026-11-01 05:59"),
    ("America/Chicago", "2026-11-01 01:00", "2026-11-01 06:00", "2026-11-01 07:00"),
    ("America/Chicago", "2026-11-01 01:30", "2026-11-01 06:30", "2026-11-01 07:30"),
    ("America/Chicago", "2026-11-01 02:00", "2026-11-01 08:00", "2026-11-01 08:00"),
    # changes at midnight: forward at 00:00, back at 00:00 to 23:00, back at 01:00 to 00:00
    ("Asia/Beirut", "2024-03-31 00:00", "2024-03-30 22:00", "2024-03-30 22:00"),
    ("Asia/Beirut", "2024-03-31 00:30", "2024-03-30 22:00", "2024-03-30 22:00"),
    ("Asia/Beirut", "2024-10-26 23:30", "2024-10-26 20:30", "2024-10-26 21:30"),
    ("Asia/Beirut", "2024-10-27 00:00", "2024-10-26 22:00", "2024-10-26 22:00"),
    ("America/Havana", "2024-03-10 00:00", "2024-03-10 05:00", "2024-03-10 05:00"),
    ("America/Havana", "2024-11-03 00:00", "2024-11-03 04:00", "2024-11-03 05:00"),
    # half an hour, and quarter-hour zones
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30", "2026-10-03 15:30"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45", "2026-04-04 15:15"),
    ("Australia/Lord_Howe", "2026-04-05 02:00", "2026-04-04 15:30", "2026-04-04 15:30"),
    ("Pacific/Chatham", "2026-09-27 03:00", "2026-09-26 14:00", "2026-09-26 14:00"),
    ("Pacific/Chatham", "2026-04-05 03:00", "2026-04-04 13:15", "2026-04-04 14:15"),
    # the month of Ramadan, and dates set by decree
    ("Africa/Casablanca", "2024-03-10 02:30", "2024-03-10 01:30", "2024-03-10 02:30"),
    ("Africa/Casablanca", "2024-04-14 02:30", "2024-04-14 02:00", "2024-04-14 02:00"),
    ("Asia/Gaza", "2023-04-29 02:30", "2023-04-29 00:00", "2023-04-29 00:00"),
    ("Asia/Gaza", "2023-10-28 01:30", "2023-10-27 22:30", "2023-10-27 23:30"),
    # three hours, at a minute past midnight
    ("Antarctica/Casey", "2020-10-04 02:30", "2020-10-03 16:01", "2020-10-03 16:01"),
    # changed for good: a quarter of an hour, half an hour, an hour back, a whole day left out
    ("Asia/Kathmandu", "1986-01-01 00:10", "1985-12-31 18:30", "1985-12-31 18:30"),
    ("Asia/Pyongyang", "2018-05-04 23:45", "2018-05-04 15:00", "2018-05-04 15:00"),
    ("Africa/Juba", "2021-01-31 23:30", "2021-01-31 20:30", "2021-01-31 21:30"),
    ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00", "2011-12-30 10:00"),
]


@pytest.mark.parametrize(("zone", "clock", "first", "last"), CHANGES)
def test_a_clock_time_is_found_where_the_clock_changes(zone: str, clock: str, first: str, last: str) -> None:
    assert brief(first_instant(wall(clock), ZoneInfo(zone))) == first
    assert brief(last_instant(wall(clock), ZoneInfo(zone))) == last


def test_instants_come_back_in_utc() -> None:
    assert first_instant(wall("2026-03-07 02:30"), ZoneInfo("America/Chicago")).tzinfo is UTC
    assert in_utc(datetime(2026, 3, 7, tzinfo=ZoneInfo("Asia/Kathmandu"))) == utc("2026-03-06 18:15")


def test_a_fraction_of_a_second_is_kept() -> None:
    exact = wall("2026-03-07 02:30") + timedelta(microseconds=7)
    assert first_instant(exact, ZoneInfo("America/Chicago")) == utc("2026-03-07 08:30") + timedelta(microseconds=7)
    in_the_gap = wall("2026-03-08 02:59:59.999999")
    assert first_instant(in_the_gap, ZoneInfo("America/Chicago")) == utc("2026-03-08 08:00")


def test_the_second_showing_looks_like_the_first() -> None:
    zone = ZoneInfo("America/Chicago")
    assert wall_clock(utc("2026-11-01 06:30"), zone) == wall_clock(utc("2026-11-01 07:30"), zone)
    assert wall_clock(utc("2026-11-01 07:30"), zone).fold == 0


@pytest.mark.parametrize("at", [wall("2026-03-01 09:00"), utc("9999-01-01"), utc("0001-01-01")])
def test_what_is_no_instant_within_reach_is_refused(at: datetime) -> None:
    with pytest.raises(ValueError, match="give an instant"):
        in_utc(at)
