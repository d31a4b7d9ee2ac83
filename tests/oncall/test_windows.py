"""Weekly windows as intervals."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from bot.oncall.windows import WeeklyHours
from bot.policy.model import Window
from tests.oncall.build import brief, utc


def hours(*windows: str, zone: str = "UTC") -> WeeklyHours:
    return WeeklyHours([Window.model_validate(window) for window in windows], ZoneInfo(zone))


def between(of: WeeklyHours, start: str, end: str) -> list[tuple[str | None, str | None]]:
    return [(brief(opens), brief(closes)) for opens, closes in of.between(utc(start), utc(end))]


TABLE = [
    # zone, windows, span, open
    ("UTC", ["Mon-Fri 09:00-17:00"], "2026-03-06 00:00", "2026-03-10 00:00",
     [("2026-03-06 09:00", "2026-03-06 17:00"), ("2026-03-09 09:00", "2026-03-09 17:00")]),
    ("Asia/Kathmandu", ["08:00-16:00"], "2026-03-06 00:00", "2026-03-07 00:00",
     [("2026-03-06 02:15", "2026-03-06 10:15")]),
    # over midnight, over the week's end, clipped at both ends of the span
    ("UTC", ["22:00-06:00"], "2026-03-06 00:00", "2026-03-07 03:00",
     [("2026-03-06 00:00", "2026-03-06 06:00"), ("2026-03-06 22:00", "2026-03-07 03:00")]),
    ("UTC", ["Sun 22:00-06:00"], "2026-03-08 00:00", "2026-03-10 00:00", [("2026-03-08 22:00", "2026-03-09 06:00")]),
    ("UTC", ["Sun 22:00-06:00", "Mon 05:00-09:00"], "2026-03-08 00:00", "2026-03-10 00:00",
     [("2026-03-08 22:00", "2026-03-09 09:00")]),
    # those that overlap or touch are one
    ("UTC", ["Mon 09:00-12:00", "Mon 11:00-13:00", "Mon 13:00-14:00", "Mon 15:00-16:00"],
     "2026-03-09 00:00", "2026-03-10 00:00",
     [("2026-03-09 09:00", "2026-03-09 14:00"), ("2026-03-09 15:00", "2026-03-09 16:00")]),
    ("UTC", ["Mon 00:00-24:00", "Tue 00:00-24:00"], "2026-03-08 00:00", "2026-03-12 00:00",
     [("2026-03-09 00:00", "2026-03-11 00:00")]),
    ("UTC", ["00:00-12:00", "12:00-24:00"], "2026-03-08 00:00", "2026-03-12 00:00",
     [("2026-03-08 00:00", "2026-03-12 00:00")]),
    # a start in the hour that is left out, an end in it, both in it
    ("America/Chicago", ["Sun 02:30-04:00"], "2026-03-08 00:00", "2026-03-09 00:00",
     [("2026-03-08 08:00", "2026-03-08 09:00")]),
    ("America/Chicago", ["Sun 01:00-02:30"], "2026-03-08 00:00", "2026-03-09 00:00",
     [("2026-03-08 07:00", "2026-03-08 08:00")]),
    ("America/Chicago", ["Sun 02:00-02:30"], "2026-03-08 00:00", "2026-03-09 00:00", []),
    ("America/Chicago", ["Sun 01:00-02:10", "Sun 02:20-02:30", "Sun 02:40-04:00"],
     "2026-03-08 00:00", "2026-03-09 00:00", [("2026-03-08 07:00", "2026-03-08 09:00")]),
    # the hour that comes twice: the first start, the last end; what lies between comes to touch
    ("America/Chicago", ["Sun 01:30-03:00"], "2026-11-01 00:00", "2026-11-02 00:00",
     [("2026-11-01 06:30", "2026-11-01 09:00")]),
    ("America/Chicago", ["Sun 00:00-01:30"], "2026-11-01 00:00", "2026-11-02 00:00",
     [("2026-11-01 05:00", "2026-11-01 07:30")]),
    ("America/Chicago", ["Sun 01:00-01:15", "Sun 01:45-03:00"], "2026-11-01 00:00", "2026-11-02 00:00",
     [("2026-11-01 06:00", "2026-11-01 09:00")]),
    # at midnight
    ("Asia/Beirut", ["Sun 00:00-08:00"], "2024-03-30 12:00", "2024-03-31 12:00",
     [("2024-03-30 22:00", "2024-03-31 05:00")]),
    ("Asia/Beirut", ["Sat 23:30-24:00"], "2024-10-26 12:00", "2024-10-27 12:00",
     [("2024-10-26 20:30", "2024-10-26 22:00")]),
    ("America/Havana", ["Sun 00:30-02:00"], "2024-11-03 00:00", "2024-11-04 00:00",
     [("2024-11-03 04:30", "2024-11-03 07:00")]),
    # half an hour, quarters, a day that never was
    ("Australia/Lord_Howe", ["Sun 02:15-03:00"], "2026-10-03 00:00", "2026-10-04 12:00",
     [("2026-10-03 15:30", "2026-10-03 16:00")]),
    ("Australia/Lord_Howe", ["Sun 01:00-01:45"], "2026-04-04 00:00", "2026-04-05 12:00",
     [("2026-04-04 14:00", "2026-04-04 15:15")]),
    ("Pacific/Chatham", ["Sun 03:00-05:00"], "2026-09-26 00:00", "2026-09-27 12:00",
     [("2026-09-26 14:00", "2026-09-26 15:15")]),
    ("Pacific/Apia", ["09:00-17:00"], "2011-12-29 12:00", "2012-01-01 00:00",
     [("2011-12-29 19:00", "2011-12-30 03:00"), ("2011-12-30 19:00", "2011-12-31 03:00"),
      ("2011-12-31 19:00", "2012-01-01 00:00")]),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "windows", "start", "end", "open_"), TABLE)
def test_windows_are_open_when_they_should_be(
    zone: str, windows: Sequence[str], start: str, end: str, open_: list[tuple[str, str]]
) -> None:
    assert between(hours(*windows, zone=zone), start, end) == open_


def test_an_empty_span_has_no_open_hours() -> None:
    assert between(hours("09:00-17:00"), "2026-03-06 10:00", "2026-03-06 10:00") == []
    assert between(hours("00:00-24:00"), "2026-03-06 10:00", "2026-03-06 10:00") == []


def test_an_interval_holds_its_start_and_not_its_end() -> None:
    office = hours("Mon-Fri 09:00-17:00")
    assert [office.at(utc(f"2026-03-06 {at}")).open for at in ("08:59:59", "09:00", "16:59:59", "17:00")] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_whole_stretch_is_known_from_any_instant_in_it() -> None:
    office = hours("Mon-Fri 09:00-17:00")
    closed = office.at(utc("2026-03-07 12:00"))
    assert (closed.open, brief(closed.since), brief(closed.until)) == (False, "2026-03-06 17:00", "2026-03-09 09:00")
    assert office.at(utc("2026-03-09 08:59:59")) == closed
    always = hours("Mon-Sat 00:00-24:00", "Sun 00:00-12:00", "Sun 10:00-24:00")
    assert always.at(utc("2026-03-07 12:00")) == (True, None, None)


def test_a_window_that_the_clock_leaves_out_is_as_closed_as_the_time_around_it() -> None:
    swallowed = hours("Sat 09:00-10:00", "Sun 02:15-02:45", "Sun 09:00-10:00", zone="America/Chicago")
    for at in ("2026-03-08 07:59", "2026-03-08 08:00", "2026-03-08 08:30"):
        closed = swallowed.at(utc(at))
        assert (closed.open, brief(closed.since), brief(closed.until)) == (
            False, "2026-03-07 16:00", "2026-03-08 14:00",
        )  # fmt: skip


def test_windows_that_come_to_touch_at_a_change_are_one_stretch() -> None:
    left_out = hours("Sun 01:00-02:10", "Sun 02:20-02:30", "Sun 02:40-04:00", zone="America/Chicago")
    for at in ("2026-03-08 07:00", "2026-03-08 07:59", "2026-03-08 08:00", "2026-03-08 08:59"):
        assert left_out.at(utc(at)) == (True, utc("2026-03-08 07:00"), utc("2026-03-08 09:00"))
    twice = hours("Sun 01:00-01:15", "Sun 01:45-03:00", zone="America/Chicago")
    for at in ("2026-11-01 06:00", "2026-11-01 06:30", "2026-11-01 07:30", "2026-11-01 08:59"):
        assert twice.at(utc(at)) == (True, utc("2026-11-01 06:00"), utc("2026-11-01 09:00"))
