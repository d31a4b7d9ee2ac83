"""Rotations that follow each other, people who join and leave, and shifts of a feed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.oncall.rotation import of_rotations
from bot.oncall.schedule import on_call, shifts
from bot.policy.model import Feed, FeedShift, Layer
from tests.oncall.build import DAY, brief, layer, schedule, utc


def held(of: Layer, start: str, end: str) -> list[tuple[str, str]]:
    """(day and hour, people) of each shift."""
    found = shifts(schedule(of), utc(start), utc(end))
    return [(f"{shift.start:%m-%d %H}", "+".join(shift.people)) for shift in found]


def order(people: list[Any], until: str, after: list[Any]) -> list[str]:
    """Whose the days from the 5th are: daily turns of `people`, and from `until` on of `after`."""
    of = layer(people, "1d", "2026-01-05T08:00", until=until, then=[{"every": "1d", "people": after}])
    return [
        "+".join(on_call(schedule(of), utc("2026-01-05 08:00") + day * DAY).people) for day in range(8)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("until", "after", "days"),
    [
        ("2026-01-08T08:00", ["a", "b", "c"], "abc abcab"),  # as if nothing had changed
        ("2026-01-07T08:00", ["a", "b", "c"], "ab cabcab"),
        ("2026-01-07T08:00", ["a", "b", "c", "d"], "ab cdabcd"),
        ("2026-01-07T08:00", ["d", "a", "b", "c"], "ab cdabcd"),
        ("2026-01-07T08:00", ["c", "b", "a"], "ab acbacb"),  # the new order, after whoever was last
        ("2026-01-07T08:00", ["a", "c"], "ab cacaca"),  # b has left: c was to come next
        ("2026-01-07T08:00", ["a", "d"], "ab adadad"),  # b and c have left: then a
        ("2026-01-07T08:00", ["x", "y"], "ab xyxyxy"),  # all are new
        ("2026-01-07T08:00", [["a", "d"], "c"], "ab c(a+d)c(a+d)c(a+d)"),
    ],
)
def test_the_next_in_order_has_the_first_turn_of_a_successor(until: str, after: list[Any], days: str) -> None:
    assert "".join(f"({day})" if "+" in day else day for day in order(["a", "b", "c"], until, after)) == (
        days.replace(" ", "")
    )


def test_whoever_has_several_turns_goes_on_from_the_one_they_had() -> None:
    assert "".join(order(["a", "b", "a", "c"], "2026-01-08T08:00", ["a", "b", "a", "c"])) == "abacabac"
    assert "".join(order(["a", "b", "a", "c"], "2026-01-06T08:00", ["a", "b", "a", "c"])) == "abacabac"


def test_a_turn_that_is_cut_short_is_a_turn() -> None:
    weekly = layer(["a", "b"], until="2026-01-14T12:00", then=[{"every": "2w", "people": ["a", "b", "c"]}])
    assert held(weekly, "2026-01-05 08:00", "2026-02-20 00:00") == [
        ("01-05 08", "a"), ("01-12 08", "b"), ("01-14 12", "c"), ("01-28 12", "a"), ("02-11 12", "b"),
    ]  # fmt: skip


def test_a_successor_with_a_start_of_its_own_begins_with_its_first() -> None:
    then = [{"every": "1d", "starts": "2026-01-08T08:00", "people": ["a", "b"]}]
    gap = layer(["a", "b"], "1d", until="2026-01-07T08:00", then=then)
    assert held(gap, "2026-01-05 08:00", "2026-01-10 00:00") == [
        ("01-05 08", "a"), ("01-06 08", "b"), ("01-07 08", ""), ("01-08 08", "a"), ("01-09 08", "b"),
    ]  # fmt: skip


def test_a_rotation_that_ends_leaves_nobody() -> None:
    ended = on_call(schedule(layer(["a", "b"], "1d", until="2026-01-07T20:00")), utc("2026-02-01 00:00"))
    assert (ended.people, brief(ended.since), ended.until) == ((), "2026-01-07 20:00", None)


def test_three_in_a_row_lose_no_turn() -> None:
    then = [
        {"every": "1d", "people": ["a", "b", "c"], "until": "2026-01-09T08:00"},
        {"every": "1d", "people": ["c", "b", "a"]},
    ]
    assert [people for _, people in held(
        layer(["a", "b", "c"], "1d", until="2026-01-07T08:00", then=then), "2026-01-05 08:00", "2026-01-13 08:00"
    )] == ["a", "b", "c", "a", "c", "b", "a", "c"]  # fmt: skip


def test_whoever_joins_has_their_place_in_the_order() -> None:
    joining = layer(["a", {"person": "b", "from": "2026-01-08"}, "c"], "1d")
    assert "".join(people for _, people in held(joining, "2026-01-05 08:00", "2026-01-12 08:00")) == "acabcab"


def test_whoever_leaves_is_passed_over_and_nobody_loses_a_turn() -> None:
    leaving = layer(["a", {"person": "b", "until": "2026-01-08"}, "c"], "1d")
    assert "".join(people for _, people in held(leaving, "2026-01-05 08:00", "2026-01-12 08:00")) == "abcacac"


def test_dates_count_when_the_turn_begins() -> None:
    """b leaves within a turn and has it to its end; d joins within one and waits for the next."""
    of = layer([{"person": "b", "until": "2026-01-05T12:00"}, {"person": "d", "from": "2026-01-05T12:00"}, "a"], "1d")
    assert held(of, "2026-01-05 08:00", "2026-01-08 00:00") == [("01-05 08", "b"), ("01-06 08", "d"), ("01-07 08", "a")]
    on_the_dot = layer([{"person": "b", "until": "2026-01-07T08:00"}, "a"], "1d")
    assert held(on_the_dot, "2026-01-05 08:00", "2026-01-20 00:00") == [("01-05 08", "b"), ("01-06 08", "a")]


def test_a_turn_of_two_goes_on_with_the_one_who_is_there() -> None:
    pair = layer([["a", {"person": "b", "until": "2026-01-06"}], "c"], "1d")
    assert [people for _, people in held(pair, "2026-01-05 08:00", "2026-01-09 08:00")] == ["a+b", "c", "a", "c"]


def test_a_date_with_an_offset_is_moved_to_the_zone_of_the_layer() -> None:
    until = "2026-01-07T02:15+00:00"
    of = layer(
        ["a", {"person": "b", "from": until}],
        "1d",
        zone="Asia/Kathmandu",
        until=until,
        then=[{"every": "1d", "people": ["b"]}],
    )
    assert of.rotation is not None
    assert of.rotation.until == of.rotation.joins["b"] == datetime(2026, 1, 7, 8, 0)  # noqa: DTZ001 - wall clock


def test_turns_of_nobody_and_closed_hours_are_one_gap() -> None:
    then = [{"every": "1d", "starts": "2026-01-20T12:00", "people": ["a"]}]
    office = schedule(layer(["a"], "1d", on_call=["09:00-17:00"], until="2026-01-07T12:00", then=then))
    for at in ("2026-01-07 12:00", "2026-01-07 18:00", "2026-01-15 10:00", "2026-01-20 11:59"):
        nobody = on_call(office, utc(at))
        assert (nobody.people, brief(nobody.since), brief(nobody.until)) == ((), "2026-01-07 12:00", "2026-01-20 12:00")


def test_a_gap_above_does_not_cut_the_shift_below() -> None:
    then = [{"every": "1d", "starts": "2026-01-20T12:00", "people": ["a"]}]
    top = layer(["a"], "1d", on_call=["09:00-17:00"], until="2026-01-07T12:00", then=then)
    below = on_call(schedule(top, layer(["z"], name="last")), utc("2026-01-15 10:00"))
    assert (below.people, brief(below.since), brief(below.until)) == (("z",), "2026-01-07 12:00", "2026-01-20 12:00")


def fed(*shifts_: tuple[str, str, str]) -> Layer:
    made = tuple(FeedShift(start=utc(start), end=utc(end), people=(person,)) for start, end, person in shifts_)
    return Layer(name="feed", time_zone="UTC", feed=Feed(ical="https://example.com/a.ics", shifts=made))


def test_a_feed_is_a_layer_like_others() -> None:
    vendor = fed(("2026-01-06 08:00", "2026-01-06 20:00", "v"), ("2026-01-06 16:00", "2026-01-07 08:00", "w"))
    found = shifts(schedule(vendor, layer(["a"])), utc("2026-01-06 00:00"), utc("2026-01-08 00:00"))
    assert [(brief(shift.start), shift.people, shift.layer) for shift in found] == [
        ("2026-01-06 00:00", ("a",), "first"),
        ("2026-01-06 08:00", ("v",), "feed"),
        ("2026-01-06 16:00", ("v", "w"), "feed"),
        ("2026-01-06 20:00", ("w",), "feed"),
        ("2026-01-07 08:00", ("a",), "first"),
    ]


def test_a_feed_that_was_never_read_is_nobody() -> None:
    here = on_call(schedule(fed(), layer(["a"])), utc("2026-02-01 00:00"))
    assert (here.people, brief(here.since), here.until) == (("a",), "2026-01-05 08:00", None)


def test_ten_years_of_daily_turns_are_a_few_segments() -> None:
    """So that the answer comes as fast as on the second day."""
    people = [{"person": f"p{n}", "from": f"20{26 + n}-03-01"} for n in range(9)]
    of = layer(["a", "b", *people], "1d")
    assert of.rotation is not None
    assert len(of_rotations([of.rotation], ZoneInfo("UTC")).segments) == 10
    late = on_call(schedule(of), utc("2036-01-06 09:00"))
    assert (brief(late.since), brief(late.until)) == ("2036-01-06 08:00", "2036-01-07 08:00")
