"""Whose turn it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.oncall.rotation import Turns, of_rotations
from bot.oncall.wallclock import first_instant
from bot.policy.model import Every, Unit
from tests.oncall.build import brief, layer, utc


def turns(people: Sequence[str | Sequence[str]], every: str, starts: str, zone: str = "UTC") -> Turns:
    return of_rotations([layer(people, every, starts, zone).rotation], ZoneInfo(zone))


def starts(of: Turns, at: str, count: int) -> list[str | None]:
    """When the turn at an instant and those after it start."""
    found = []
    turn = of.at(utc(at))
    for _ in range(count):
        found.append(brief(turn.since))
        assert turn.until is not None
        turn = of.at(turn.until)
    return found


def test_a_daily_turn_in_the_hour_that_is_left_out_starts_when_the_clock_goes_on() -> None:
    daily = turns(["a", "b"], "1d", "2026-03-01T02:30", "America/Chicago")
    assert starts(daily, "2026-03-07 09:00", 3) == ["2026-03-07 08:30", "2026-03-08 08:00", "2026-03-09 07:30"]


def test_a_daily_turn_in_the_hour_that_comes_twice_starts_at_the_first() -> None:
    daily = turns(["a", "b"], "1d", "2026-03-01T01:30", "America/Chicago")
    assert starts(daily, "2026-10-31 12:00", 3) == ["2026-10-31 06:30", "2026-11-01 06:30", "2026-11-02 07:30"]


def test_a_rotation_that_begins_in_the_hour_that_comes_twice_begins_at_the_first() -> None:
    rotation = layer(["a", "b"], "1mo", "2026-11-01T01:30", "America/Chicago").rotation
    second = rotation.model_copy(update={"starts": rotation.starts.replace(fold=1)})
    assert brief(of_rotations([second], ZoneInfo("America/Chicago")).begins) == "2026-11-01 06:30"


def test_the_repeated_hour_makes_one_longer_turn() -> None:
    hourly = turns(["a", "b"], "1h", "2026-01-01T00:00", "America/Chicago")
    assert starts(hourly, "2026-11-01 05:30", 3) == ["2026-11-01 05:00", "2026-11-01 06:00", "2026-11-01 08:00"]


def test_a_turn_that_the_clock_leaves_out_joins_those_around_it() -> None:
    hourly = turns(["a", "b", "a", "c"], "1h", "2026-03-08T01:00", "America/Chicago")  # no 02:00 for b
    joined = hourly.at(utc("2026-03-08 07:30"))
    assert (joined.people, brief(joined.since), brief(joined.until)) == (("a",), "2026-03-08 07:00", "2026-03-08 09:00")
    assert hourly.at(utc("2026-03-08 08:30")) == joined


@pytest.mark.parametrize(
    ("every", "at", "people"),
    [
        ("12h", "2026-01-05 19:59", "a"),
        ("12h", "2026-01-05 20:00", "b"),
        ("12h", "2026-01-06 08:00", "c"),
        ("24h", "2026-01-06 08:00", "b"),
        ("1d", "2026-01-06 08:00", "b"),
        ("3d", "2026-01-08 07:59", "a"),
        ("3d", "2026-01-08 08:00", "b"),
        ("2w", "2026-01-19 07:59", "a"),
        ("2w", "2026-01-19 08:00", "b"),
        ("2w", "2026-02-16 08:00", "a"),
        ("5mo", "2026-06-05 07:59", "a"),
        ("5mo", "2026-06-05 08:00", "b"),
    ],
)
def test_any_multiple_of_any_unit_turns(every: str, at: str, people: str) -> None:
    assert turns(["a", "b", "c"], every, "2026-01-05T08:00").at(utc(at)).people == (people,)


def test_months_are_counted_from_the_start_and_clipped_to_the_months_end() -> None:
    monthly = turns(["a", "b"], "1mo", "2026-01-31T09:00")
    assert starts(monthly, "2026-01-31 09:00", 5) == [
        "2026-01-31 09:00",
        "2026-02-28 09:00",
        "2026-03-31 09:00",
        "2026-04-30 09:00",
        "2026-05-31 09:00",
    ]
    leap = turns(["a", "b"], "12mo", "2024-02-29T00:00")
    assert starts(leap, "2027-01-01 00:00", 3) == ["2026-02-28 00:00", "2027-02-28 00:00", "2028-02-29 00:00"]


def test_nobody_has_a_turn_before_the_first() -> None:
    weekly = turns(["a", "b"], "1w", "2026-01-05T08:00", "Asia/Kathmandu")
    before = weekly.at(utc("2026-01-05 02:14"))
    assert (before.people, before.since, brief(before.until)) == ((), None, "2026-01-05 02:15")
    assert weekly.at(utc("2026-01-05 02:15")).people == ("a",)


def test_a_rotation_of_one_person_never_changes() -> None:
    alone = turns(["a", "a"], "1h", "2026-01-05T08:00").at(utc("2030-01-01 00:00"))
    assert (alone.people, brief(alone.since), alone.until) == (("a",), "2026-01-05 08:00", None)


def test_turns_of_the_same_people_that_follow_each_other_are_one() -> None:
    weekly = turns([["a", "b"], ["b", "a"], "c"], "1w", "2026-01-05T08:00")
    first = weekly.at(utc("2026-01-14 00:00"))
    assert (first.people, brief(first.since), brief(first.until)) == (
        ("a", "b"),
        "2026-01-05 08:00",
        "2026-01-19 08:00",
    )


@pytest.mark.parametrize("every", [Every(count=99_999, unit=Unit.MONTHS), Every(count=999_999, unit=Unit.WEEKS)])
def test_a_turn_that_the_calendar_cannot_hold_has_no_end(every: Every) -> None:
    rotation = layer(["a", "b"]).rotation.model_copy(update={"every": every})
    turn = of_rotations([rotation], ZoneInfo("UTC")).at(utc("2027-01-01 00:00"))
    assert (turn.people, brief(turn.since), turn.until) == (("a",), "2026-01-05 08:00", None)


ZONES = [
    "America/Chicago",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Gaza",
]


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from([*ZONES, "Pacific/Apia", "Africa/Juba"]),
    hours=st.sampled_from([1, 2, 5, 12, 24, 36, 24 * 7]),
    begins=st.datetimes(datetime(2010, 12, 1), datetime(2026, 12, 1)),  # noqa: DTZ001 - wall clock
    people=st.lists(st.sampled_from("abc"), min_size=1, max_size=4),
)
def test_the_turn_by_arithmetic_is_the_turn_by_counting(
    zone: str, hours: int, begins: datetime, people: list[str]
) -> None:
    begins = begins.replace(second=0, microsecond=0)
    rotation = turns(people, f"{hours}h", begins.isoformat(), zone)
    count = max(20, 24 * 40 // hours)
    counted = [first_instant(begins + n * timedelta(hours=hours), ZoneInfo(zone)) for n in range(count)]
    for n, (start, end) in enumerate(pairwise(counted)):
        if start < end:
            for at in (start, end - timedelta(seconds=1)):
                turn = rotation.at(at)
                assert turn.people == (people[n % len(people)],)
                assert turn.since is not None
                assert turn.since <= start
                assert turn.until is None or end <= turn.until
