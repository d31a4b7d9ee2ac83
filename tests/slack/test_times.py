"""Instants and spans as people say them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.listeners.times import Span, instant, span, speaks_of_time, zone_named

NAIROBI = ZoneInfo("Africa/Nairobi")
CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)  # 10:30 in Nairobi
INSTANTS = st.integers(0, 11 * 365 * 24 * 60).map(lambda n: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
ZONES = ["Asia/Kathmandu", "America/Bogota", "Africa/Nairobi", "Australia/Lord_Howe", "America/Chicago"]


def told(at: datetime | None, zone: ZoneInfo = NAIROBI) -> str | None:
    return at.astimezone(zone).strftime("%a %d %b %Y %H:%M") if at else None


def told_span(found: Span | None) -> tuple[str | None, str | None] | None:
    return (told(found.start), told(found.end)) if found else None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("now", "Mon 02 Mar 2026 10:30"),
        ("Tomorrow 9am", "Tue 03 Mar 2026 09:00"),
        ("tomorrow at 9", "Tue 03 Mar 2026 09:00"),
        ("9 a.m. tomorrow", "Tue 03 Mar 2026 09:00"),
        ("tomorrow", "Tue 03 Mar 2026 00:00"),
        ("today", "Mon 02 Mar 2026 10:30"),
        ("today 9am", "Mon 02 Mar 2026 09:00"),
        ("yesterday 9am", "Sun 01 Mar 2026 09:00"),
        ("day after tomorrow noon", "Wed 04 Mar 2026 12:00"),
        ("friday 18:00", "Fri 06 Mar 2026 18:00"),
        ("on thurs, 18:00", "Thu 05 Mar 2026 18:00"),
        ("friday", "Fri 06 Mar 2026 00:00"),
        ("friday 24:00", "Sat 07 Mar 2026 00:00"),
        ("monday", "Mon 09 Mar 2026 00:00"),
        ("mon 9", "Mon 09 Mar 2026 09:00"),
        ("monday 10:30", "Mon 02 Mar 2026 10:30"),
        ("mon 11", "Mon 02 Mar 2026 11:00"),
        ("next monday 8:00", "Mon 09 Mar 2026 08:00"),
        ("this friday 8:00", "Fri 06 Mar 2026 08:00"),
        ("next friday 8:00", "Fri 13 Mar 2026 08:00"),
        ("last monday 8:00", "Mon 23 Feb 2026 08:00"),
        ("in 2 hours", "Mon 02 Mar 2026 12:30"),
        ("in 1h30m", "Mon 02 Mar 2026 12:00"),
        ("in half an hour", "Mon 02 Mar 2026 11:00"),
        ("in two weeks", "Mon 16 Mar 2026 10:30"),
        ("in 3 days at 9am", "Thu 05 Mar 2026 09:00"),
        ("2 hours ago", "Mon 02 Mar 2026 08:30"),
        ("2026-03-05 14:00", "Thu 05 Mar 2026 14:00"),
        ("2026-03-05T14:00", "Thu 05 Mar 2026 14:00"),
        ("2026-03-05T14:00Z", "Thu 05 Mar 2026 17:00"),
        ("2026-03-05T14:00+05:45", "Thu 05 Mar 2026 11:15"),
        ("2026-03-05 14:00 +05:45", "Thu 05 Mar 2026 11:15"),
        ("2026-03-05T14:00-0500", "Thu 05 Mar 2026 22:00"),
        ("2026-03-05", "Thu 05 Mar 2026 00:00"),
        ("5pm", "Mon 02 Mar 2026 17:00"),
        ("9am", "Tue 03 Mar 2026 09:00"),
        ("12am", "Tue 03 Mar 2026 00:00"),
        ("12pm", "Mon 02 Mar 2026 12:00"),
        ("2.30pm", "Mon 02 Mar 2026 14:30"),
        ("18", "Mon 02 Mar 2026 18:00"),
        ("at 5", "Tue 03 Mar 2026 05:00"),
        ("1400hrs", "Mon 02 Mar 2026 14:00"),
        ("noon", "Mon 02 Mar 2026 12:00"),
        ("midnight", "Tue 03 Mar 2026 00:00"),
        ("tonight", "Mon 02 Mar 2026 22:00"),
        ("tonight at 9", "Mon 02 Mar 2026 21:00"),
        ("tonight at 2", "Tue 03 Mar 2026 02:00"),
        ("tonight at midnight", "Tue 03 Mar 2026 00:00"),
        ("3 Mar 14:00", "Tue 03 Mar 2026 14:00"),
        ("march 3 at 2pm", "Tue 03 Mar 2026 14:00"),
        ("2pm on the 3rd of March, 2026", "Tue 03 Mar 2026 14:00"),
        ("tue 3 mar 14:00", "Tue 03 Mar 2026 14:00"),
        ("2 mar 9am", "Mon 02 Mar 2026 09:00"),
        ("1 mar 9am", "Mon 01 Mar 2027 09:00"),
        ("29 feb 9am", "Tue 29 Feb 2028 09:00"),
        ("9am UTC", "Mon 02 Mar 2026 12:00"),
        ("14:00Z", "Mon 02 Mar 2026 17:00"),
        ("18:00 Nairobi", "Mon 02 Mar 2026 18:00"),
        ("tomorrow 18:00 in Bogotá", "Wed 04 Mar 2026 02:00"),
        ("friday 9am New York time", "Fri 06 Mar 2026 17:00"),
        ("9:00 asia/kathmandu", "Tue 03 Mar 2026 06:15"),
    ],
)
def test_an_instant_is_what_people_mean(words: str, expected: str) -> None:
    assert told(instant(words, MONDAY, NAIROBI)) == expected


@pytest.mark.parametrize(
    "words",
    [
        "",
        "to",
        "banana",
        "5",
        "3.03",
        "25:00",
        "24:30",
        "13pm",
        "0am",
        "9am 9am",
        "tomorrow friday",
        "9am banana",
        "9am EAT",
        "9am EST",
        "utc",
        "friday midnight",
        "tonight 8am",
        "31 feb",
        "29 feb 2026",
        "fri 3 mar",
        "march",
        "2026-13-01",
        "9999-12-31",
        "1700-01-01",
        "in 999999 weeks",
        "in banana",
        "2026",
        "in 0h",
        "03/04",
        "9am " * 40,
    ],
)
def test_what_is_not_sure_is_not_guessed(words: str) -> None:
    assert instant(words, MONDAY, NAIROBI) is None


def test_a_weekday_is_today_until_its_time_is_past() -> None:
    assert told(instant("monday 9am", MONDAY - timedelta(hours=2, minutes=30), NAIROBI)) == "Mon 02 Mar 2026 09:00"
    assert told(instant("monday 9am", MONDAY - timedelta(minutes=30), NAIROBI)) == "Mon 09 Mar 2026 09:00"


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("tomorrow 9am to 5pm", "Tue 03 Mar 2026 09:00", "Tue 03 Mar 2026 17:00"),
        ("from tomorrow 9am until friday 9am", "Tue 03 Mar 2026 09:00", "Fri 06 Mar 2026 09:00"),
        ("friday from 9am till noon", "Fri 06 Mar 2026 09:00", "Fri 06 Mar 2026 12:00"),
        ("friday 14:00-18:00", "Fri 06 Mar 2026 14:00", "Fri 06 Mar 2026 18:00"),
        ("friday 14:00 – 18:00", "Fri 06 Mar 2026 14:00", "Fri 06 Mar 2026 18:00"),
        ("14:00-18:00 friday", "Fri 06 Mar 2026 14:00", "Fri 06 Mar 2026 18:00"),
        ("9am to 5pm tomorrow", "Tue 03 Mar 2026 09:00", "Tue 03 Mar 2026 17:00"),
        ("now to 5pm tomorrow", "Mon 02 Mar 2026 10:30", "Tue 03 Mar 2026 17:00"),
        ("14:00-18:00", "Mon 02 Mar 2026 14:00", "Mon 02 Mar 2026 18:00"),
        ("22:00 to 06:00", "Mon 02 Mar 2026 22:00", "Tue 03 Mar 2026 06:00"),
        ("friday 18:00 to midnight", "Fri 06 Mar 2026 18:00", "Sat 07 Mar 2026 00:00"),
        ("friday 18:00 to monday 9:00", "Fri 06 Mar 2026 18:00", "Mon 09 Mar 2026 09:00"),
        ("next friday 18:00 to monday 9:00", "Fri 13 Mar 2026 18:00", "Mon 16 Mar 2026 09:00"),
        ("9-17", "Tue 03 Mar 2026 09:00", "Tue 03 Mar 2026 17:00"),
        ("9-5pm", "Tue 03 Mar 2026 09:00", "Tue 03 Mar 2026 17:00"),
        ("2-5pm", "Mon 02 Mar 2026 14:00", "Mon 02 Mar 2026 17:00"),
        ("tomorrow 10 to 2am", "Tue 03 Mar 2026 22:00", "Wed 04 Mar 2026 02:00"),
        ("tomorrow", "Tue 03 Mar 2026 00:00", "Wed 04 Mar 2026 00:00"),
        ("on 3 march", "Tue 03 Mar 2026 00:00", "Wed 04 Mar 2026 00:00"),
        ("today", "Mon 02 Mar 2026 10:30", "Tue 03 Mar 2026 00:00"),
        ("tonight", "Mon 02 Mar 2026 22:00", "Tue 03 Mar 2026 06:00"),
        ("tomorrow to friday", "Tue 03 Mar 2026 00:00", "Sat 07 Mar 2026 00:00"),
        ("mon to fri", "Mon 09 Mar 2026 00:00", "Sat 14 Mar 2026 00:00"),
        ("28 dec to 3 jan", "Mon 28 Dec 2026 00:00", "Mon 04 Jan 2027 00:00"),
        ("2026-03-05 - 2026-03-06", "Thu 05 Mar 2026 00:00", "Sat 07 Mar 2026 00:00"),
        ("2026-03-05 09:00-17:00", "Thu 05 Mar 2026 09:00", "Thu 05 Mar 2026 17:00"),
        ("2026-03-05T09:00Z-2026-03-05T17:00Z", "Thu 05 Mar 2026 12:00", "Thu 05 Mar 2026 20:00"),
        ("9am to 5pm UTC", "Mon 02 Mar 2026 12:00", "Mon 02 Mar 2026 20:00"),
        ("9am UTC to 5pm", "Mon 02 Mar 2026 12:00", "Mon 02 Mar 2026 20:00"),
        ("9am UTC to 5pm Bogota", "Mon 02 Mar 2026 12:00", "Tue 03 Mar 2026 01:00"),
        ("until 18:00", "Mon 02 Mar 2026 10:30", "Mon 02 Mar 2026 18:00"),
        ("until friday", "Mon 02 Mar 2026 10:30", "Sat 07 Mar 2026 00:00"),
        ("for 3 hours", "Mon 02 Mar 2026 10:30", "Mon 02 Mar 2026 13:30"),
        ("tomorrow for 4h", "Tue 03 Mar 2026 00:00", "Tue 03 Mar 2026 04:00"),
        ("tomorrow 9am for 2 hours and 30 minutes", "Tue 03 Mar 2026 09:00", "Tue 03 Mar 2026 11:30"),
        ("for 2 days from friday 18:00", "Fri 06 Mar 2026 18:00", "Sun 08 Mar 2026 18:00"),
        ("in 2 hours for 1.5h", "Mon 02 Mar 2026 12:30", "Mon 02 Mar 2026 14:00"),
    ],
)
def test_a_span_is_what_people_mean(words: str, start: str, end: str) -> None:
    assert told_span(span(words, MONDAY, NAIROBI)) == (start, end)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "to",
        "for",
        "from",
        "until",
        "banana to 5pm",
        "9am to banana",
        "for banana",
        "for 0h",
        "for 2h 2h",
        "9am",
        "friday 9am",
        "tomorrow 9 to 5",
        "22:00 to 6:00 friday",
        "tomorrow 9am to yesterday 5pm",
        "until tonight",
        "5 for 2h",
        "5 to friday",
        "tomorrow for 999999 weeks",
        "2026-12-31 to 9998-12-31",
    ],
)
def test_half_a_span_is_none(words: str) -> None:
    assert span(words, MONDAY, NAIROBI) is None


def test_tonight_that_has_begun_begins_now() -> None:
    late = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    assert told_span(span("tonight", late, NAIROBI)) == ("Mon 02 Mar 2026 23:00", "Tue 03 Mar 2026 06:00")


def test_a_skipped_time_is_the_first_instant_after_the_gap() -> None:
    saturday = datetime(2026, 3, 7, 18, tzinfo=UTC)
    assert told(instant("tomorrow 2:30", saturday, CHICAGO), CHICAGO) == "Sun 08 Mar 2026 03:00"


def test_a_time_that_occurs_twice_is_the_first() -> None:
    saturday = datetime(2026, 10, 31, 18, tzinfo=UTC)
    assert instant("tomorrow 1:30", saturday, CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_days_are_counted_on_the_wall_clock_and_hours_on_the_watch() -> None:
    saturday = datetime(2026, 3, 7, 18, tzinfo=UTC)
    by_days, by_hours = (span(f"tomorrow 1am for {length}", saturday, CHICAGO) for length in ("1 day", "24h"))
    assert by_days is not None
    assert by_hours is not None
    assert (by_days.end - by_days.start, by_hours.end - by_hours.start) == (timedelta(hours=23), timedelta(hours=24))


@settings(deadline=None, max_examples=60)
@given(
    now=INSTANTS,
    name=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
)
def test_tomorrow_shows_that_time_on_the_wall_clock(now: datetime, name: str, hour: int) -> None:
    zone = ZoneInfo(name)
    at = instant(f"tomorrow {hour:02}:00", now, zone)
    assert at is not None
    assert at.tzinfo is UTC
    assert_shows(at, now.astimezone(zone).date() + timedelta(days=1), time(hour), zone)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 4, 5), date(2026, 10, 4), date(2026, 11, 1)])
@pytest.mark.parametrize("words", ["0:00", "1:30", "02:00", "2:15", "02:30", "9am"])
def test_the_days_of_a_change_are_no_different(name: str, day: date, words: str) -> None:
    zone = ZoneInfo(name)
    noon_before = datetime.combine(day - timedelta(days=1), time(12), zone).astimezone(UTC)
    at = instant(f"tomorrow at {words}", noon_before, zone)
    assert at is not None
    hour, minute = (9, 0) if words == "9am" else map(int, words.split(":"))
    assert_shows(at, day, time(hour, minute), zone)


def assert_shows(at: datetime, day: date, clock: time, zone: ZoneInfo) -> None:
    """The clock of the zone shows it for the first time; or it was put forward over it at that very instant."""
    wanted = datetime.combine(day, clock)
    shown, before = (moment.astimezone(zone).replace(tzinfo=None) for moment in (at, at - timedelta(seconds=1)))
    assert before < wanted <= shown
    assert at.astimezone(zone).fold == 0
    assert shown == wanted or shown - before > timedelta(seconds=1)


DAYS = st.sampled_from(["", "tomorrow", "today", "friday", "next mon", "3 mar", "2026-03-05", "tonight", "in 2 days"])
CLOCKS = st.sampled_from(["", "9am", "9", "18:00", "5pm UTC", "noon", "midnight", "24:00", "2:30 Nairobi", "now"])
JOINTS = st.sampled_from([" to ", "-", " until ", " for ", " ", ""])
ENDS = st.sampled_from(["4h", "2 days", ""])


@settings(deadline=None, max_examples=300)
@given(
    parts=st.tuples(DAYS, CLOCKS, JOINTS, DAYS, CLOCKS, ENDS),
    now=INSTANTS,
    name=st.sampled_from(ZONES),
)
def test_a_span_runs_forward(parts: tuple[str, ...], now: datetime, name: str) -> None:
    day, clock, joint, last_day, last_clock, length = parts
    found = span(f"{day} {clock}{joint}{last_day} {last_clock} {length}", now, ZoneInfo(name))
    if found is not None:
        assert found.start < found.end
        assert found.start.tzinfo is UTC
        assert found.end.tzinfo is UTC


@settings(deadline=None)
@given(st.text())
def test_no_words_confuse_the_reader(words: str) -> None:
    for said in (words, f"tomorrow {words}", f"{words} to 5pm"):
        instant(said, MONDAY, NAIROBI)
        span(said, MONDAY, NAIROBI)
    speaks_of_time(words)


@pytest.mark.parametrize(
    ("words", "name"),
    [("UTC", "UTC"), ("kathmandu", "Asia/Kathmandu"), ("Lord Howe", "Australia/Lord_Howe"), ("EST", None), ("", None)],
)
def test_a_zone_goes_by_its_name_or_its_city(words: str, name: str | None) -> None:
    zone = zone_named(words)
    assert (zone and zone.key) == name


def test_words_of_time_are_told_from_names() -> None:
    assert [word for word in ("friday", "18", "4h", "until", "May", "9:30") if not speaks_of_time(word)] == []
    assert [word for word in ("l1", "sita", "24x7", "sunrise", "") if speaks_of_time(word)] == []
