"""Who is on call, and the shifts of a span."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.oncall.schedule import Shift, next_change, on_call, shifts
from bot.policy.model import Schedule
from tests.oncall.build import DAY, HOUR, SECOND, brief, layer, schedule, utc

FOLLOW_THE_SUN = schedule(
    layer(["amina", "brian"], zone="Africa/Nairobi", on_call=["08:00-16:00"], name="nairobi"),
    layer(["luis", "maria"], zone="America/Bogota", on_call=["08:00-16:00"], name="bogota"),
    layer(["sita", "hari"], zone="Asia/Kathmandu", on_call=["08:00-16:00"], name="kathmandu"),
)


def lines(of: Schedule, start: str, end: str) -> list[tuple[str, str, str | None]]:
    """(from, people, layer) of each shift; the next one starts where it ends."""
    found = shifts(of, utc(start), utc(end))
    return [(brief(shift.start) or "", "+".join(shift.people), shift.layer) for shift in found]


def test_the_pager_follows_the_sun() -> None:
    assert lines(FOLLOW_THE_SUN, "2026-03-04 05:00", "2026-03-05 05:00") == [
        ("2026-03-04 05:00", "amina", "nairobi"),
        ("2026-03-04 13:00", "luis", "bogota"),
        ("2026-03-04 21:00", "", None),
        ("2026-03-05 02:15", "sita", "kathmandu"),
    ]


def test_the_first_layer_with_somebody_gives_the_answer() -> None:
    here = on_call(FOLLOW_THE_SUN, utc("2026-03-04 06:00"))  # in Kathmandu too it is day
    assert (here.people, here.layer, here.next) == (("amina",), "nairobi", ("luis",))
    assert (brief(here.since), brief(here.until)) == ("2026-03-04 05:00", "2026-03-04 13:00")


def test_a_layer_below_is_interrupted_and_comes_back() -> None:
    below = schedule(layer(["a"], on_call=["12:00-13:00"]), layer(["z"], name="last"))
    assert lines(below, "2026-03-04 00:00", "2026-03-05 00:00") == [
        ("2026-03-04 00:00", "z", "last"),
        ("2026-03-04 12:00", "a", "first"),
        ("2026-03-04 13:00", "z", "last"),
    ]
    here = on_call(below, utc("2026-03-04 20:00"))
    assert (brief(here.since), brief(here.until)) == ("2026-03-04 13:00", "2026-03-05 12:00")


def test_the_boundary_belongs_to_the_next() -> None:
    at = utc("2026-03-04 13:00")
    assert on_call(FOLLOW_THE_SUN, at - timedelta(microseconds=1)).people == ("amina",)
    assert on_call(FOLLOW_THE_SUN, at).people == ("luis",)


def test_a_gap_says_since_when_until_when_and_who_ends_it() -> None:
    nobody = on_call(FOLLOW_THE_SUN, utc("2026-03-04 23:00"))
    assert (nobody.people, nobody.layer, nobody.next) == ((), None, ("sita",))
    assert (brief(nobody.since), brief(nobody.until)) == ("2026-03-04 21:00", "2026-03-05 02:15")
    assert on_call(FOLLOW_THE_SUN, utc("2026-03-04 20:00")).next == ()


def test_nobody_is_on_call_before_the_rotation_starts() -> None:
    for windows, first in (([], "2026-01-05 08:00"), (["20:00-22:00"], "2026-01-05 20:00")):
        early = on_call(schedule(layer(["a", "b"], on_call=windows)), utc("2026-01-01 00:00"))
        assert (early.people, early.layer, early.since, early.next) == ((), None, None, ("a",))
        assert brief(early.until) == first
        just_before = on_call(schedule(layer(["a", "b"], on_call=windows)), utc(first) - SECOND)
        assert just_before == early


def test_a_rotation_that_starts_inside_its_window_starts_then() -> None:
    late = schedule(layer(["a", "b"], starts="2026-01-05T12:00", on_call=["09:00-17:00"]))
    assert brief(on_call(late, utc("2026-01-05 13:00")).since) == "2026-01-05 12:00"
    assert brief(on_call(late, utc("2026-01-05 18:00")).since) == "2026-01-05 17:00"
    after_hours = schedule(layer(["a", "b"], starts="2026-01-05T17:00", on_call=["09:00-17:00"]))
    assert on_call(after_hours, utc("2026-01-05 18:00")).since is None  # nobody was ever there before


def test_one_person_without_hours_has_no_end() -> None:
    alone = schedule(layer(["a"], every="1h"))
    here = on_call(alone, utc("2026-03-04 00:00"))
    assert (here.people, brief(here.since), here.until, here.next) == (("a",), "2026-01-05 08:00", None, ())
    assert next_change(alone, utc("2026-03-04 00:00")) is None
    assert len(shifts(alone, utc("2026-03-04 00:00"), utc("2036-03-04 00:00"))) == 1


def test_two_turns_of_the_same_person_are_one_shift() -> None:
    twice = schedule(layer(["a", "a", "b"], every="1d"))
    assert lines(twice, "2026-01-05 08:00", "2026-01-09 08:00") == [
        ("2026-01-05 08:00", "a", "first"),
        ("2026-01-07 08:00", "b", "first"),
        ("2026-01-08 08:00", "a", "first"),
    ]


def test_the_same_person_in_another_layer_is_another_shift() -> None:
    two = schedule(layer(["a"], on_call=["12:00-13:00"]), layer(["a"], name="last"))
    assert [name for _, _, name in lines(two, "2026-03-04 00:00", "2026-03-05 00:00")] == ["last", "first", "last"]


def test_the_turn_changes_within_an_open_window() -> None:
    night = schedule(layer(["a", "b"], every="1d", starts="2026-01-05T00:00", on_call=["22:00-06:00"]))
    assert lines(night, "2026-01-05 22:00", "2026-01-06 22:00") == [
        ("2026-01-05 22:00", "a", "first"),
        ("2026-01-06 00:00", "b", "first"),
        ("2026-01-06 06:00", "", None),
    ]


def test_all_of_a_turn_are_on_call() -> None:
    pair = schedule(layer([["a", "b"], "c"], every="1d"))
    assert on_call(pair, utc("2026-01-05 09:00")).people == ("a", "b")


def test_a_daily_rotation_at_half_past_two_leaves_no_hole_in_march() -> None:
    chicago = schedule(layer(["a", "b"], "1d", "2026-03-01T02:30", "America/Chicago"))
    assert lines(chicago, "2026-03-07 08:30", "2026-03-10 07:30") == [
        ("2026-03-07 08:30", "a", "first"),
        ("2026-03-08 08:00", "b", "first"),
        ("2026-03-09 07:30", "a", "first"),
    ]


def test_an_empty_or_backward_span_has_no_shifts() -> None:
    at = utc("2026-03-04 00:00")
    assert shifts(FOLLOW_THE_SUN, at, at) == []
    assert shifts(FOLLOW_THE_SUN, at, at - DAY) == []


def test_any_zone_may_ask_and_the_answer_is_in_utc() -> None:
    at = datetime(2026, 3, 4, 11, 45, tzinfo=ZoneInfo("Asia/Kathmandu"))
    assert on_call(FOLLOW_THE_SUN, at) == on_call(FOLLOW_THE_SUN, utc("2026-03-04 06:00"))
    first = shifts(FOLLOW_THE_SUN, at, at + HOUR)[0]
    assert first == Shift(utc("2026-03-04 06:00"), utc("2026-03-04 07:00"), ("amina",), "nairobi")
    assert first.start.tzname() == "UTC"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        on_call(FOLLOW_THE_SUN, at=utc("2026-03-04 06:00").replace(tzinfo=None))
