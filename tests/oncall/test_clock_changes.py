"""Daily handovers at the hours at which clocks are changed, in every kind of zone; worked out by hand."""

import pytest

from bot.oncall.schedule import on_call, shifts
from tests.oncall.build import DAY, SECOND, brief, layer, schedule, utc, wall

# zone, hour of the handover, day, when the turn of that day begins and when that of the next (UTC)
TABLE = [
    # Chicago leaves out 02:00-03:00 on 8 March (08:00 UTC) and repeats 01:00-02:00 on 1 November (07:00 UTC).
    ("America/Chicago", "00:00", "2026-03-08", "2026-03-08 06:00", "2026-03-09 05:00"),
    ("America/Chicago", "01:30", "2026-03-08", "2026-03-08 07:30", "2026-03-09 06:30"),
    ("America/Chicago", "02:00", "2026-03-08", "2026-03-08 08:00", "2026-03-09 07:00"),
    ("America/Chicago", "02:30", "2026-03-08", "2026-03-08 08:00", "2026-03-09 07:30"),
    ("America/Chicago", "00:00", "2026-11-01", "2026-11-01 05:00", "2026-11-02 06:00"),
    ("America/Chicago", "01:30", "2026-11-01", "2026-11-01 06:30", "2026-11-02 07:30"),
    ("America/Chicago", "02:00", "2026-11-01", "2026-11-01 08:00", "2026-11-02 08:00"),
    ("America/Chicago", "02:30", "2026-11-01", "2026-11-01 08:30", "2026-11-02 08:30"),
    # Beirut leaves out 00:00-01:00 on 29 March and repeats the last hour of 24 October.
    ("Asia/Beirut", "00:00", "2026-03-29", "2026-03-28 22:00", "2026-03-29 21:00"),
    ("Asia/Beirut", "01:30", "2026-03-29", "2026-03-28 22:30", "2026-03-29 22:30"),
    ("Asia/Beirut", "23:30", "2026-10-24", "2026-10-24 20:30", "2026-10-25 21:30"),
    ("Asia/Beirut", "00:00", "2026-10-25", "2026-10-24 22:00", "2026-10-25 22:00"),
    # Havana leaves out and repeats 00:00-01:00.
    ("America/Havana", "00:00", "2026-03-08", "2026-03-08 05:00", "2026-03-09 04:00"),
    ("America/Havana", "00:00", "2026-11-01", "2026-11-01 04:00", "2026-11-02 05:00"),
    ("America/Havana", "01:30", "2026-11-01", "2026-11-01 06:30", "2026-11-02 06:30"),
    # Kathmandu is 5:45 ahead and never changes.
    ("Asia/Kathmandu", "00:00", "2026-03-29", "2026-03-28 18:15", "2026-03-29 18:15"),
    ("Asia/Kathmandu", "02:30", "2026-10-25", "2026-10-24 20:45", "2026-10-25 20:45"),
    # Chatham (12:45 ahead) leaves out 02:45-03:45 on 27 September and repeats it on 5 April.
    ("Pacific/Chatham", "02:30", "2026-09-27", "2026-09-26 13:45", "2026-09-27 12:45"),
    ("Pacific/Chatham", "03:00", "2026-09-27", "2026-09-26 14:00", "2026-09-27 13:15"),
    ("Pacific/Chatham", "02:30", "2026-04-05", "2026-04-04 12:45", "2026-04-05 13:45"),
    ("Pacific/Chatham", "03:00", "2026-04-05", "2026-04-04 13:15", "2026-04-05 14:15"),
    # Lord Howe leaves out 02:00-02:30 on 4 October and repeats 01:30-02:00 on 5 April.
    ("Australia/Lord_Howe", "00:00", "2026-10-04", "2026-10-03 13:30", "2026-10-04 13:00"),
    ("Australia/Lord_Howe", "01:30", "2026-10-04", "2026-10-03 15:00", "2026-10-04 14:30"),
    ("Australia/Lord_Howe", "02:00", "2026-10-04", "2026-10-03 15:30", "2026-10-04 15:00"),
    ("Australia/Lord_Howe", "02:30", "2026-10-04", "2026-10-03 15:30", "2026-10-04 15:30"),
    ("Australia/Lord_Howe", "01:30", "2026-04-05", "2026-04-04 14:30", "2026-04-05 15:00"),
    ("Australia/Lord_Howe", "02:00", "2026-04-05", "2026-04-04 15:30", "2026-04-05 15:30"),
    # Casablanca goes back for Ramadan: it repeats 02:00-03:00 on 15 February and leaves it out on 22 March.
    ("Africa/Casablanca", "02:30", "2026-02-15", "2026-02-15 01:30", "2026-02-16 02:30"),
    ("Africa/Casablanca", "00:00", "2026-03-22", "2026-03-22 00:00", "2026-03-22 23:00"),
    ("Africa/Casablanca", "02:00", "2026-03-22", "2026-03-22 02:00", "2026-03-23 01:00"),
    ("Africa/Casablanca", "02:30", "2026-03-22", "2026-03-22 02:00", "2026-03-23 01:30"),
    # Gaza leaves out 02:00-03:00 on 28 March and repeats 01:00-02:00 on 24 October.
    ("Asia/Gaza", "01:30", "2026-03-28", "2026-03-27 23:30", "2026-03-28 22:30"),
    ("Asia/Gaza", "02:00", "2026-03-28", "2026-03-28 00:00", "2026-03-28 23:00"),
    ("Asia/Gaza", "02:30", "2026-03-28", "2026-03-28 00:00", "2026-03-28 23:30"),
    ("Asia/Gaza", "01:30", "2026-10-24", "2026-10-23 22:30", "2026-10-24 23:30"),
    # For good: Almaty went from 6 to 5 hours ahead, Volgograd from 4 to 3, Juba from 3 to 2, Nuuk from -3 to -2.
    ("Asia/Almaty", "23:30", "2024-02-29", "2024-02-29 17:30", "2024-03-01 18:30"),
    ("Asia/Almaty", "00:00", "2024-03-01", "2024-02-29 19:00", "2024-03-01 19:00"),
    ("Europe/Volgograd", "01:30", "2020-12-27", "2020-12-26 21:30", "2020-12-27 22:30"),
    ("Europe/Volgograd", "02:00", "2020-12-27", "2020-12-26 23:00", "2020-12-27 23:00"),
    ("Africa/Juba", "00:00", "2021-02-01", "2021-01-31 22:00", "2021-02-01 22:00"),
    ("Africa/Juba", "23:30", "2021-01-31", "2021-01-31 20:30", "2021-02-01 21:30"),
    ("America/Nuuk", "22:30", "2023-03-25", "2023-03-26 01:00", "2023-03-27 00:30"),
]


@pytest.mark.parametrize(("zone", "hour", "day", "begins", "next_begins"), TABLE)
def test_the_pager_changes_hands_when_the_clock_says_so(
    zone: str, hour: str, day: str, begins: str, next_begins: str
) -> None:
    first = wall(f"{day} {hour}") - 3 * DAY
    of = schedule(layer(["a", "b", "c", "d"], "1d", first.isoformat(), zone))
    turn = on_call(of, utc(begins))
    assert (turn.people, brief(turn.since), brief(turn.until)) == (("d",), begins, next_begins)
    assert (on_call(of, utc(begins) - SECOND).people, on_call(of, utc(next_begins)).people) == (("c",), ("a",))
    assert [shift.people for shift in shifts(of, utc(begins) - SECOND, utc(next_begins) + SECOND)] == [
        ("c",), ("d",), ("a",),
    ]  # fmt: skip


@pytest.mark.parametrize(("zone", "hour", "day", "begins", "next_begins"), TABLE)
def test_a_rotation_that_changes_at_that_hour_does_so_at_the_same_instant(
    zone: str, hour: str, day: str, begins: str, next_begins: str
) -> None:
    until = wall(f"{day} {hour}")
    of = schedule(
        layer(
            ["a", "b", "c", {"person": "d", "from": (until + DAY).isoformat()}],
            "1d", (until - 3 * DAY).isoformat(), zone,
            until=until.isoformat(), then=[{"every": "1d", "people": ["b", "a", "e"]}],
        )
    )  # fmt: skip
    turn = on_call(of, utc(begins))
    assert (turn.people, brief(turn.since), brief(turn.until)) == (("a",), begins, next_begins)
    assert on_call(of, utc(begins) - SECOND).people == ("c",)
    assert on_call(of, utc(next_begins)).people == ("e",)
