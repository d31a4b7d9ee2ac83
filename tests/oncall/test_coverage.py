"""Whether somebody is always on call, and whose night it is."""

import pytest

from bot.oncall.coverage import gaps, in_night
from tests.oncall.build import brief, layer, schedule, utc


def test_gaps_are_the_stretches_with_nobody() -> None:
    office = schedule(layer(["a"], on_call=["Mon-Fri 09:00-17:00"]))
    found = gaps(office, utc("2026-03-06 12:00"), utc("2026-03-09 12:00"))
    assert [(brief(gap.start), brief(gap.end)) for gap in found] == [("2026-03-06 17:00", "2026-03-09 09:00")]


def test_a_schedule_that_is_always_covered_has_no_gaps() -> None:
    assert gaps(schedule(layer(["a", "b"])), utc("2026-03-06 12:00"), utc("2027-03-06 12:00")) == []


@pytest.mark.parametrize(
    ("zone", "at", "night"),
    [
        ("Asia/Kathmandu", "2026-03-04 16:14", False),
        ("Asia/Kathmandu", "2026-03-04 16:15", True),
        ("Asia/Kathmandu", "2026-03-05 00:14", True),
        ("Asia/Kathmandu", "2026-03-05 00:15", False),
        ("America/Bogota", "2026-03-04 16:15", False),
    ],
)
def test_night_is_from_ten_to_six(zone: str, at: str, night: bool) -> None:
    assert in_night(zone, utc(at)) is night
