"""Layers that follow a calendar in the folder of the configuration."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.oncall.schedule import on_call
from bot.policy.ical import AHEAD, BEHIND, around
from bot.policy.load import ConfigFaults, load
from bot.policy.model import FeedShift, Policy, Schedule
from bot.policy.schedules import with_feed

CONFIG = """
people:
  amina: {name: Amina Otieno, email: amina@example.com, time_zone: Africa/Nairobi}
  luis: {name: Luis Herrera}
schedules:
  l1:
    layers:
      - {name: vendor, time_zone: Africa/Nairobi, feed: {ical: shifts/vendor.ics}}
      - {name: other, time_zone: UTC, feed: {ical: "https://example.com/a.ics"}}
"""
WEEKLY = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:{title}\r\n"
    "DTSTART:20260105T080000\r\nDTEND:20260112T080000\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
MONDAY = datetime(2026, 1, 5, 5, tzinfo=UTC)  # 08:00 in Nairobi


def folder(tmp_path: Path, title: str = "Amina Otieno", config: str = CONFIG) -> Path:
    (tmp_path / "shifts").mkdir()
    (tmp_path / "shifts" / "vendor.ics").write_text(WEEKLY.format(title=title), newline="")
    (tmp_path / "all.yaml").write_text(config)
    return tmp_path


def shifts_of(policy: Policy, layer: int = 0) -> tuple[FeedShift, ...]:
    feed = policy.schedules["l1"].layers[layer].feed
    assert feed is not None
    return feed.shifts


def test_the_shifts_of_a_file_are_in_its_layer(tmp_path: Path) -> None:
    policy = load(folder(tmp_path))
    assert shifts_of(policy)[0] == FeedShift(start=MONDAY, end=datetime(2026, 1, 12, 5, tzinfo=UTC), people=("amina",))
    assert on_call(policy.schedules["l1"], MONDAY).people == ("amina",)


def test_a_feed_at_an_address_stays_empty(tmp_path: Path) -> None:
    assert shifts_of(load(folder(tmp_path)), layer=1) == ()


def test_what_is_read_lies_well_around_the_instants_asked_about(tmp_path: Path) -> None:
    asked = datetime(2031, 6, 2, tzinfo=UTC)
    shifts = shifts_of(load(folder(tmp_path), since=asked))
    assert shifts[0].start <= asked - BEHIND < shifts[0].end
    assert shifts[-1].start < asked + AHEAD <= shifts[-1].end


def test_the_whole_span_asked_about_is_read(tmp_path: Path) -> None:
    since, until = datetime(2028, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    shifts = shifts_of(load(folder(tmp_path), since=since, until=until))
    assert shifts[0].start < since
    assert shifts[-1].end > until


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_instants_out_of_reach_are_no_trouble(at: datetime) -> None:
    since, until = around(at, at)
    assert since.tzinfo is until.tzinfo is UTC


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    config = folder(tmp_path, config=CONFIG.replace("shifts/vendor.ics", "shifts"))
    with pytest.raises(ConfigFaults, match=r"feed\.ical: shifts cannot be read: is a directory"):
        load(config)


def test_nobody_is_called_unknown_while_people_have_faults_of_their_own(tmp_path: Path) -> None:
    config = folder(tmp_path, config=CONFIG.replace("name: Amina Otieno, email", "nam: Amina Otieno, email"))
    with pytest.raises(ConfigFaults) as caught:
        load(config)
    assert "vendor.ics" not in str(caught.value)


def test_fresh_shifts_are_put_into_their_layer_alone(tmp_path: Path) -> None:
    schedule = load(folder(tmp_path)).schedules["l1"]
    shifts = (FeedShift(start=MONDAY, end=datetime(2026, 1, 6, tzinfo=UTC), people=("luis",)),)
    fresh = with_feed(schedule, "vendor", shifts)
    assert [layer.feed and layer.feed.shifts for layer in fresh.layers] == [shifts, ()]
    assert on_call(fresh, MONDAY).people == ("luis",)
    assert on_call(schedule, MONDAY).people == ("amina",)


def test_the_same_shifts_leave_the_schedule_as_it_is(tmp_path: Path) -> None:
    """It is the key of what has been made ready for questions; a new one would cost that again."""
    schedule: Schedule = load(folder(tmp_path)).schedules["l1"]
    again = tuple(shift.model_copy() for shift in schedule.layers[0].feed.shifts) if schedule.layers[0].feed else ()
    assert with_feed(schedule, "vendor", again) is schedule
    assert with_feed(schedule, "nowhere", ()) is schedule
