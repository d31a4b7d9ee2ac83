"""Promises in open hours."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar import Budget, NeverOpen, after, budget, due, elapsed, promised
from bot.oncall.holidays import public_holidays
from bot.policy.model import BusinessDays, Calendar, DayEnd, DayTime, Within
from tests.core.calendar_oracle import Counted, walk

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NAIROBI = ZoneInfo("Africa/Nairobi")


def calendar(
    *hours: str,
    zone: str = "Africa/Nairobi",
    holidays: str | None = None,
    closed: tuple[str, ...] = (),
    exceptions: Mapping[str, Sequence[str]] | None = None,
) -> Calendar:
    written = {"time_zone": zone, "hours": hours, "holidays": holidays, "closed": closed}
    return Calendar.model_validate(written | {"exceptions": exceptions or {}})


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


# Business days, as people say them.

LUNCH = calendar("Mon-Fri 09:00-12:00", "Mon-Fri 13:00-17:00")
NIGHTS = calendar("22:00-06:00")
TUESDAY, WEDNESDAY = "2026-03-10", "2026-03-11"


@pytest.mark.parametrize(
    ("start", "within", "on", "then"),
    [
        (f"{SATURDAY} 12:00", BusinessDays(count=1), NINE_TO_FIVE, f"{MONDAY} 17:00"),
        (f"{FRIDAY} 16:00", BusinessDays(count=1), NINE_TO_FIVE, f"{MONDAY} 16:00"),
        (f"{FRIDAY} 17:00", BusinessDays(count=1), NINE_TO_FIVE, f"{MONDAY} 17:00"),
        (f"{TUESDAY} 11:00", BusinessDays(count=1), NINE_TO_FIVE, f"{WEDNESDAY} 11:00"),
        (f"{FRIDAY} 07:00", BusinessDays(count=2), NINE_TO_FIVE, f"{MONDAY} 17:00"),
        (f"{FRIDAY} 16:00", BusinessDays(count=250), NINE_TO_FIVE, "2027-02-19 16:00"),
        (f"{FRIDAY} 12:30", BusinessDays(count=1), LUNCH, f"{MONDAY} 12:00"),
        (f"{FRIDAY} 16:00", BusinessDays(count=1), Calendar(), f"{SATURDAY} 16:00"),
        (f"{FRIDAY} 12:00", BusinessDays(count=1), NIGHTS, f"{SATURDAY} 06:00"),
        (f"{FRIDAY} 16:00", DayEnd(ahead=0), NINE_TO_FIVE, f"{FRIDAY} 17:00"),
        (f"{FRIDAY} 07:00", DayEnd(ahead=0), NINE_TO_FIVE, f"{FRIDAY} 17:00"),
        (f"{FRIDAY} 17:00", DayEnd(ahead=0), NINE_TO_FIVE, f"{MONDAY} 17:00"),
        (f"{FRIDAY} 16:00", DayEnd(ahead=1), NINE_TO_FIVE, f"{MONDAY} 17:00"),
        (f"{SATURDAY} 16:00", DayEnd(ahead=1), NINE_TO_FIVE, f"{MONDAY} 17:00"),
        (f"{FRIDAY} 16:00", DayEnd(ahead=0), calendar(closed=("2026-12-25",)), f"{SATURDAY} 00:00"),
        (f"{FRIDAY} 07:00", DayTime(at=time(10)), NINE_TO_FIVE, f"{MONDAY} 10:00"),
        (f"{FRIDAY} 18:00", DayTime(at=time(20)), NINE_TO_FIVE, f"{MONDAY} 17:00"),
        (f"{FRIDAY} 16:00", DayTime(at=time(9)), NINE_TO_FIVE, f"{MONDAY} 09:00"),
        (f"{FRIDAY} 18:00", DayTime(at=time(7)), NINE_TO_FIVE, f"{MONDAY} 09:00"),
        (f"{FRIDAY} 16:00", DayTime(at=time(12, 30)), LUNCH, f"{MONDAY} 12:00"),
        (f"{FRIDAY} 16:00", DayTime(at=time(13)), LUNCH, f"{MONDAY} 13:00"),
        (f"{FRIDAY} 16:00", 4 * HOUR, NINE_TO_FIVE, f"{MONDAY} 12:00"),
    ],
)
def test_a_business_day_is_a_date_on_which_it_opens(start: str, within: Within, on: Calendar, then: str) -> None:
    assert promised(at(start), within, on) == at(then)
    assert after(at(start), budget(at(start), within, on), on) == at(then)


def test_what_is_promised_for_an_opening_is_not_due_at_the_closing_before_it() -> None:
    assert budget(at(f"{FRIDAY} 16:00"), DayTime(at=time(9)), NINE_TO_FIVE) == Budget(HOUR, opening=True)
    assert budget(at(f"{FRIDAY} 16:00"), DayTime(at=time(10)), NINE_TO_FIVE) == Budget(2 * HOUR, opening=False)
    assert budget(at(f"{FRIDAY} 16:00"), BusinessDays(count=1), NINE_TO_FIVE) == Budget(8 * HOUR, opening=False)
    assert budget(at(f"{FRIDAY} 16:00"), HOUR, NINE_TO_FIVE) == Budget(HOUR, opening=False)
    assert after(at(f"{MONDAY} 10:00"), Budget(HOUR, opening=True), NINE_TO_FIVE) == at(f"{MONDAY} 11:00")
    assert after(at(f"{SATURDAY} 10:00"), Budget(HOUR, opening=False), NINE_TO_FIVE) == at(f"{MONDAY} 10:00")


def test_an_exception_has_its_own_hours_though_it_be_a_holiday_or_a_sunday() -> None:
    own: dict[str, list[str]] = {"2026-05-01": ["10:00-12:00", "11:00-14:00"], "2026-05-03": ["22:00-06:00"]}
    kenyan = calendar("Mon-Fri 08:00-17:00", holidays="KE", exceptions=own | {"2026-05-05": []})
    assert elapsed(at("2026-04-30 17:00"), at("2026-05-02 00:00"), kenyan) == 4 * HOUR  # Labour Day
    assert elapsed(at("2026-05-02 00:00"), at("2026-05-04 08:00"), kenyan) == 2 * HOUR  # it ends with its date
    assert due(at("2026-05-04 16:00"), 2 * HOUR, kenyan) == at("2026-05-06 09:00")
    assert promised(at("2026-04-30 15:00"), BusinessDays(count=1), kenyan) == at("2026-05-01 14:00")


def test_an_exception_cuts_the_night_before_it_at_midnight() -> None:
    night = calendar("22:00-06:00", exceptions={SATURDAY: ["08:00-12:00"]})
    assert elapsed(at(f"{FRIDAY} 12:00"), at(f"{SATURDAY} 23:59"), night) == 2 * HOUR + 4 * HOUR
    around = calendar(exceptions={SATURDAY: ["08:00-12:00"]})  # always open, save on this date
    assert elapsed(at(f"{FRIDAY} 12:00"), at("2026-03-08 12:00"), around) == 28 * HOUR


@pytest.mark.parametrize("within", [BusinessDays(count=1), DayEnd(ahead=1), DayTime(at=time(9))])
def test_no_business_day_comes_on_a_calendar_that_never_opens(within: Within) -> None:
    shut = tuple(str(date(2025, 12, 1) + n * DAY) for n in range(6 * 366))
    with pytest.raises(NeverOpen, match="no open hours in five years"):
        promised(at("2026-01-01 00:00"), within, calendar(closed=shut))
    with pytest.raises(NeverOpen, match="no open hours in five years"):
        after(at("2026-01-01 00:00"), Budget(timedelta(), opening=True), calendar(closed=shut))


# Properties: the same, counted minute by minute around changes of the clock.

CHANGES = [
    ("UTC", "2024-12-30"),
    ("Asia/Kathmandu", "2024-10-12"),
    ("America/Chicago", "2024-03-10"),
    ("America/Chicago", "2024-11-03"),
    ("America/Havana", "2024-03-10"),
    ("America/Havana", "2024-11-03"),
    ("America/Caracas", "2016-05-01"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("Africa/Cairo", "2024-04-26"),
    ("Africa/Cairo", "2024-11-01"),
    ("Africa/Casablanca", "2024-03-10"),
    ("Antarctica/Troll", "2024-10-27"),
    ("Asia/Beirut", "2024-03-31"),
    ("Asia/Beirut", "2024-10-27"),
    ("Australia/Lord_Howe", "2024-04-07"),
    ("Australia/Lord_Howe", "2024-10-06"),
    ("Pacific/Chatham", "2024-04-07"),
    ("Pacific/Chatham", "2024-09-29"),
    ("Pacific/Apia", "2011-12-30"),  # a date that never was
]
QUARTERS = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
HOURS = st.tuples(QUARTERS, QUARTERS).filter(lambda ends: ends[0] != ends[1]).map("-".join)
WINDOWS = st.tuples(st.sampled_from(["", "Mon-Fri ", "Sat,Sun ", "Mon,Wed,Fri "]), HOURS).map("".join)
TIMES = st.integers(0, 24 * 60 * 4 - 1).map(lambda n: time(n // 240, n // 4 % 60, n % 4 * 15))
PROMISES = st.one_of(
    st.integers(1, 3).map(lambda count: BusinessDays(count=count)),
    st.integers(0, 1).map(lambda ahead: DayEnd(ahead=ahead)),
    st.one_of(TIMES, QUARTERS.map(time.fromisoformat)).map(lambda clock: DayTime(at=clock)),
)
NEAR = st.integers(-2, 3)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, Counted, datetime]:
    """A calendar, the same counted, and a start within two days of the change."""
    zone, change = draw(st.sampled_from(CHANGES))
    day = date.fromisoformat(change)
    on = calendar(
        *draw(st.lists(WINDOWS, max_size=3)),
        zone=zone,
        holidays=draw(st.sampled_from([None, None, "NP", "US"])),
        closed=tuple(str(day + n * DAY) for n in draw(st.lists(NEAR, max_size=2))),
        exceptions={str(day + n * DAY): own for n, own in draw(OWN).items()},
    )
    start = datetime.combine(day, time(0), UTC) + draw(st.integers(-48 * 3600, 36 * 3600)) * SECOND
    return on, Counted(on, walk(zone, day)), start


OWN = st.dictionaries(NEAR, st.lists(HOURS, max_size=2), max_size=2)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_open_time_is_what_is_counted_minute_by_minute(case: tuple[Calendar, Counted, datetime]) -> None:
    on, counted, start = case
    for n in range(0, 72 * 60, 45):
        end = start + n * MINUTE
        passed = counted.elapsed(start, end)
        assert elapsed(start, end, on) == passed
        if passed and counted.is_open(end - SECOND):
            assert due(start, passed, on) == end


@settings(max_examples=100, deadline=None)
@given(cases(), st.integers(0, 100_000))
def test_what_is_due_is_the_first_instant_by_which_it_has_passed(
    case: tuple[Calendar, Counted, datetime], seconds: int
) -> None:
    on, counted, start = case
    within = min(timedelta(seconds=seconds), counted.elapsed(start, counted.end))
    then = due(start, within, on)
    assert then == promised(start, within, on) == counted.due(start, within)
    assert elapsed(start, then, on) == within
    assert elapsed(start, then - SECOND, on) == max(within - SECOND, timedelta())


@settings(max_examples=150, deadline=None)
@given(cases(), PROMISES)
def test_what_is_promised_is_what_the_wall_clock_says(
    case: tuple[Calendar, Counted, datetime], within: BusinessDays | DayEnd | DayTime
) -> None:
    on, counted, start = case
    then = promised(start, within, on)
    assert then == counted.promised(start, within)
    left = budget(start, within, on)
    assert left.length == counted.elapsed(start, then)
    assert after(start, left, on) == then
    assert left.opening == (then != due(start, left.length, on))
