"""Rotations as they are written, and what the models make of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.policy.model import Layer, Override, Schedule
from tests.oncall.build import utc, wall

FIRST = {"every": "1w", "starts": "2026-01-05T08:00", "people": ["amina", "brian"]}


def layer(rotation: Any) -> Layer:
    return Layer.model_validate({"name": "day", "time_zone": "Africa/Nairobi", "rotation": rotation})


def test_people_join_and_leave_on_dates() -> None:
    people = ["amina", {"person": "brian", "from": "2026-03-01", "until": "2026-09-01T08:00"}, ["luis", "camila"]]
    rotation = layer(FIRST | {"people": people}).rotation
    assert rotation is not None
    assert rotation.people == (("amina",), ("brian",), ("luis", "camila"))
    assert rotation.joins == {"brian": wall("2026-03-01 00:00")}
    assert rotation.leaves == {"brian": wall("2026-09-01 08:00")}


def test_a_person_of_a_turn_of_several_has_dates_too() -> None:
    rotation = layer(FIRST | {"people": ["amina", ["luis", {"person": "camila", "until": "2026-09-01"}]]}).rotation
    assert rotation is not None
    assert (rotation.people[1], rotation.leaves) == (("luis", "camila"), {"camila": wall("2026-09-01")})


def test_rotations_in_a_row_are_the_first_and_those_that_follow() -> None:
    second: dict[str, Any] = {"every": "2w", "people": ["amina", "brian", "joseph"]}
    made = layer([FIRST | {"until": "2026-06-01T08:00"}, second])
    assert made.rotation is not None
    assert made.rotation.until == wall("2026-06-01 08:00")
    assert [(each.starts, each.every.count) for each in made.then] == [(None, 2)]
    assert layer([FIRST]) == layer(FIRST)


def test_every_time_is_moved_to_the_wall_clock_of_the_layer() -> None:
    stay = {"person": "brian", "from": "2026-03-01T00:00Z"}
    made = layer(
        [FIRST | {"people": ["amina", stay], "until": "2026-06-01T05:00Z"}, {"every": "1w", "people": ["amina"]}]
    )
    assert made.rotation is not None
    assert made.rotation.until == wall("2026-06-01 08:00")
    assert made.rotation.joins == {"brian": wall("2026-03-01 03:00")}


def test_what_was_read_can_be_written_and_read_again() -> None:
    stay = {"person": "brian", "from": "2026-03-01", "until": "2026-09-01"}
    made = layer(
        [FIRST | {"people": ["amina", stay], "until": "2026-06-01T08:00"}, {"every": "1w", "people": ["amina"]}]
    )
    again = Layer.model_validate(made.model_dump())
    assert again == made
    assert hash(again) == hash(made)
    assert Layer.model_validate_json(made.model_dump_json()) == made


def test_a_feed_stands_in_the_place_of_a_rotation() -> None:
    made = Layer.model_validate({"name": "vendor", "time_zone": "UTC", "feed": {"ical": "https://example.com/a.ics"}})
    assert made.rotation is None
    assert made.feed is not None
    assert (made.feed.ical, made.feed.shifts) == ("https://example.com/a.ics", ())


def test_a_reminder_comes_half_a_day_before_unless_said_otherwise() -> None:
    assert Schedule(layers=(layer(FIRST),)).remind == timedelta(hours=12)
    written = {"layers": [layer(FIRST).model_dump()], "remind": "1d", "user_group": "@mlops-oncall"}
    made = Schedule.model_validate(written)
    assert (made.remind, made.user_group) == (timedelta(days=1), "@mlops-oncall")


@pytest.mark.parametrize("end", ["2026-01-05 08:00", "2026-01-04 08:00"])
def test_an_override_ends_after_it_starts(end: str) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Override(id=1, schedule="l1", person="amina", start=utc("2026-01-05 08:00"), end=utc(end))


def test_an_override_has_instants_and_no_wall_clock() -> None:
    start = datetime(2026, 1, 5, 8, 0)  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="timezone"):
        Override(id=1, schedule="l1", person="amina", start=start, end=utc("2026-01-06 08:00"))
