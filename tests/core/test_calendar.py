"""Promises in open hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar import NeverOpen, due, elapsed
from bot.oncall.holidays import public_holidays
from bot.policy.model import Calendar

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NAIROBI = ZoneInfo("Africa/Nairobi")


def calendar(
    *hours: str, zone: str = "Africa/Nairobi", holidays: str | None = None, closed: tuple[str, ...] = ()
) -> Calendar:
    return Calendar.model_validate({"time_zone": zone, "hours": hours, "holidays": holidays, "closed": closed})


def at(text: str, zone: ZoneInfo = NAIROBI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


NINE_TO_FIVE = calendar("Mon-Fri 09:00-17:00")
EIGHT_TO_FIVE = calendar("Mon-Fri 08:00-17:00")
FRIDAY, SATURDAY, MONDAY = "2026-03-06", "2026-03-07", "2026-03-09"


@pytest.mark.parametrize(
    ("start", "hours", "on", "then"),
    [
        (f"{FRIDAY} 16:00", 4, NINE_TO_FIVE, f"{MONDAY} 12:00"),
        (f"{FRIDAY} 16:00", 4, EIGHT_TO_FIVE, f"{MONDAY} 11:00"),
        (f"{FRIDAY} 17:00", 8, NINE_TO_FIVE, f"{MONDAY} 17:00"),
        (f"{FRIDAY} 09:00", 8, NINE_TO_FIVE, f"{FRIDAY} 17:00"),  # at closing time, not at the next opening
        (f"{SATURDAY} 12:00", 1, NINE_TO_FIVE, f"{MONDAY} 10:00"),
        (f"{FRIDAY} 16:00", 4, Calendar(), f"{FRIDAY} 20:00"),
        (f"{FRIDAY} 16:00", 0, NINE_TO_FIVE, f"{FRIDAY} 16:00"),
        (f"{FRIDAY} 16:00", 40, NINE_TO_FIVE, "2026-03-13 16:00"),
        (f"{FRIDAY} 16:00", 40 * 52, NINE_TO_FIVE, "2027-03-05 16:00"),
        (f"{FRIDAY} 16:00", 40 * 312, NINE_TO_FIVE, "2032-02-27 16:00"),
    ],
)
def test_a_promise_is_due_when_its_open_hours_have_passed(start: str, hours: int, on: Calendar, then: str) -> None:
    assert due(at(start), hours * HOUR, on) == at(then)


@pytest.mark.parametrize(
    ("start", "end", "on", "passed"),
    [
        (f"{FRIDAY} 21:00", f"{MONDAY} 09:30", EIGHT_TO_FIVE, timedelta(hours=1, minutes=30)),
        (f"{FRIDAY} 21:00", f"{MONDAY} 09:30", Calendar(), timedelta(hours=60, minutes=30)),
        (f"{FRIDAY} 16:00", f"{MONDAY} 12:00", NINE_TO_FIVE, 4 * HOUR),
        (f"{SATURDAY} 10:00", f"{SATURDAY} 20:00", NINE_TO_FIVE, timedelta()),
        (f"{MONDAY} 10:00", f"{MONDAY} 10:00", NINE_TO_FIVE, timedelta()),
        (f"{MONDAY} 10:00", f"{FRIDAY} 10:00", NINE_TO_FIVE, timedelta()),
        (f"{MONDAY} 10:00", f"{FRIDAY} 10:00", Calendar(), timedelta()),
        ("2026-03-09 00:00", "2027-03-08 00:00", NINE_TO_FIVE, 52 * 40 * HOUR),
    ],
)
def test_only_open_hours_pass(start: str, end: str, on: Calendar, passed: timedelta) -> None:
    assert elapsed(at(start), at(end), on) == passed


def test_public_holidays_are_closed_in_the_calendars_zone() -> None:
    kenyan = calendar("Mon-Fri 08:00-17:00", holidays="KE")
    assert due(at("2026-04-30 16:00"), 2 * HOUR, kenyan) == at("2026-05-04 09:00")  # Friday is Labour Day
    assert due(at("2026-12-31 16:00"), 2 * HOUR, kenyan) == at("2027-01-04 09:00")
    around = calendar(holidays="KE")  # always open, save the holidays
    assert elapsed(at("2026-04-30 12:00"), at("2026-05-02 12:00"), around) == 24 * HOUR


def test_closed_dates_are_closed_from_midnight_to_midnight() -> None:
    night = calendar("22:00-06:00", closed=("2026-03-07",))
    assert elapsed(at("2026-03-06 12:00"), at("2026-03-08 12:00"), night) == 2 * HOUR + 6 * HOUR
    assert due(at("2026-03-06 22:00"), 3 * HOUR, night) == at("2026-03-08 01:00")


def test_hours_are_counted_in_seconds_when_the_clock_changes() -> None:
    sundays = calendar("Sun 00:00-06:00", zone="America/Chicago")
    chicago = ZoneInfo("America/Chicago")
    assert elapsed(at("2026-03-08 00:00", chicago), at("2026-03-09 00:00", chicago), sundays) == 5 * HOUR
    assert elapsed(at("2026-11-01 00:00", chicago), at("2026-11-02 00:00", chicago), sundays) == 7 * HOUR
    assert due(at("2026-11-01 00:00", chicago), 7 * HOUR, sundays) == at("2026-11-01 06:00", chicago)


def test_answers_are_in_utc() -> None:
    assert due(at(f"{FRIDAY} 16:00"), HOUR, Calendar()).tzinfo is UTC
    assert due(at(f"{FRIDAY} 16:00"), HOUR, NINE_TO_FIVE).tzinfo is UTC


def test_a_calendar_that_never_opens_is_refused() -> None:
    shut = tuple(str(date(2025, 12, 1) + n * DAY) for n in range(6 * 366))
    with pytest.raises(NeverOpen, match="no open hours in five years"):
        due(at("2026-01-01 00:00"), HOUR, calendar(closed=shut))


def test_a_time_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="Nothing can be due before it starts"):
        due(at(f"{FRIDAY} 16:00"), -HOUR, NINE_TO_FIVE)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        due(at(f"{FRIDAY} 16:00").replace(tzinfo=None), HOUR, NINE_TO_FIVE)


def test_a_country_without_known_holidays_is_refused() -> None:
    assert date(2026, 5, 1) in public_holidays("KE", 2026)
    with pytest.raises(ValueError, match="No public holidays are known for 'XX'"):
        public_holidays("XX", 2026)


# Properties: the same, counted minute by minute.

ZONES = [
    "UTC",
    "America/Chicago",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "America/Havana",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
]
CHANGES = [
    "2024-03-10",
    "2024-03-31",
    "2024-04-06",
    "2024-09-28",
    "2024-10-05",
    "2024-10-27",
    "2024-11-03",
    "2024-12-30",
]
QUARTERS = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
WINDOWS = (
    st.tuples(st.sampled_from(["", "Mon-Fri ", "Sat,Sun ", "Sun "]), QUARTERS, QUARTERS)
    .filter(lambda parts: parts[1] != parts[2])
    .map(lambda parts: f"{parts[0]}{parts[1]}-{parts[2]}")
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    change = date.fromisoformat(draw(st.sampled_from(CHANGES)))
    closed = draw(st.lists(st.integers(-2, 2), max_size=2))
    hours = draw(st.lists(WINDOWS, max_size=3))
    start = datetime.combine(change, time(0), UTC) + draw(st.integers(-36 * 60, 12 * 60)) * MINUTE
    days = tuple(str(change + n * DAY) for n in closed)
    return calendar(*hours, zone=draw(st.sampled_from(ZONES)), closed=days), start


def open_minutes(on: Calendar, start: datetime, count: int) -> list[bool]:
    """Whether each minute from `start` is open: a window's first start, its last end, and no closed date."""
    zone = ZoneInfo(on.time_zone)
    spans = []
    for n in range(-2, count // 1440 + 3):
        day = start.astimezone(zone).date() + n * DAY
        for window in on.hours:
            if day.weekday() in window.weekdays:
                end = day if window.end > window.start else day + DAY
                spans.append((showing(day, window.start, zone, 0), showing(end, window.end, zone, 1)))
    minutes = [start + n * MINUTE for n in range(count)]
    dates = [minute.astimezone(zone).date() for minute in minutes]
    return [
        day not in on.closed and (not on.hours or any(opens <= minute < closes for opens, closes in spans))
        for minute, day in zip(minutes, dates, strict=True)
    ]


def showing(day: date, clock: time, zone: ZoneInfo, fold: int) -> datetime:
    """The first or last showing of a clock time; a time that is left out comes when the clock goes on."""
    wall = datetime.combine(day, clock, zone)
    if wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return wall.replace(fold=fold).astimezone(UTC)
    early = wall.replace(fold=1).astimezone(UTC)
    return next(
        m
        for n in range(180)
        if (m := early + n * MINUTE).astimezone(zone).utcoffset() != early.astimezone(zone).utcoffset()
    )


@settings(max_examples=50, deadline=None)
@given(cases())
def test_open_time_is_what_is_counted_minute_by_minute(case: tuple[Calendar, datetime]) -> None:
    on, start = case
    passed = timedelta()
    for n, is_open in enumerate(open_minutes(on, start, 48 * 60)):
        if n % 15 == 0:
            assert elapsed(start, start + n * MINUTE, on) == passed
        passed += is_open * MINUTE
        if is_open:
            assert due(start, passed, on) == start + (n + 1) * MINUTE


@settings(max_examples=80, deadline=None)
@given(cases(), st.integers(1, 3_000_000))
def test_what_is_due_is_the_first_instant_by_which_it_has_passed(case: tuple[Calendar, datetime], seconds: int) -> None:
    on, start = case
    within = timedelta(seconds=seconds)
    then = due(start, within, on)
    assert elapsed(start, then, on) == within
    assert elapsed(start, then - timedelta(seconds=1), on) == within - timedelta(seconds=1)
