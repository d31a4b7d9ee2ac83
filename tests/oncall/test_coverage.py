"""Whether somebody is always on call, whose night, weekend and holiday it is, and how the score comes about."""

from datetime import date, timedelta

import pytest

from bot.oncall.coverage import Coverage, coverage, gaps, in_night
from bot.oncall.holidays import public_holidays
from bot.oncall.score import Tally, marked
from bot.policy.model import Layer, Override, Person, Policy
from tests.oncall.build import DAY, HOUR, brief, layer, override, schedule, utc

POLICY = Policy(
    people={
        "amina": Person(name="Amina", time_zone="Africa/Nairobi", country="KE"),
        "luis": Person(name="Luis", time_zone="America/Bogota", country="CO"),
        "sita": Person(name="Sita", time_zone="Asia/Kathmandu", country="NP"),
    }
)


def covered(*layers: Layer, start: str, end: str, over: tuple[Override, ...] = ()) -> Coverage:
    return coverage(schedule(*layers), POLICY, utc(start), utc(end), over)


def test_gaps_are_the_stretches_with_nobody() -> None:
    office = schedule(layer(["a"], on_call=["Mon-Fri 09:00-17:00"]))
    found = gaps(office, utc("2026-03-06 12:00"), utc("2026-03-09 12:00"))
    assert [(brief(gap.start), brief(gap.end)) for gap in found] == [("2026-03-06 17:00", "2026-03-09 09:00")]
    over = (override(1, "z", "2026-03-07 00:00", "2026-03-09 09:00"),)
    found = gaps(office, utc("2026-03-06 12:00"), utc("2026-03-09 12:00"), over)
    assert [(brief(gap.start), brief(gap.end)) for gap in found] == [("2026-03-06 17:00", "2026-03-07 00:00")]


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


def test_a_night_is_counted_by_each_persons_own_clock() -> None:
    day = layer([["amina", "luis"]], on_call=["06:00-14:00"])  # 09-17 in Nairobi, 01-09 in Bogotá
    found = covered(day, start="2026-03-02 00:00", end="2026-03-04 00:00")
    assert found.hours == {"amina": 16 * HOUR, "luis": 16 * HOUR}
    assert found.night == {"amina": 0 * HOUR, "luis": 10 * HOUR}


def test_each_stretch_in_a_night_is_told() -> None:
    day = layer(["amina"], on_call=["18:00-04:00"])  # 21-07 in Nairobi
    found = covered(day, start="2026-03-02 12:00", end="2026-03-04 00:00")
    assert [(night.person, brief(night.start), brief(night.end)) for night in found.nights] == [
        ("amina", "2026-03-02 19:00", "2026-03-03 03:00"),
        ("amina", "2026-03-03 19:00", "2026-03-04 00:00"),
    ]


def test_the_night_of_the_change_has_the_hours_it_has() -> None:
    berlin = Policy(people={"noor": Person(name="Noor", time_zone="Europe/Berlin")})
    always = schedule(layer(["noor"]))
    spring = coverage(always, berlin, utc("2026-03-28 12:00"), utc("2026-03-29 12:00"))
    autumn = coverage(always, berlin, utc("2026-10-24 12:00"), utc("2026-10-25 12:00"))
    assert (spring.night["noor"], autumn.night["noor"]) == (7 * HOUR, 9 * HOUR)


def test_a_holiday_is_that_of_the_persons_own_country_by_their_own_clock() -> None:
    """Labour Day is the first of May in Kenya and in Colombia; there it lasts until 05:00 UTC of the second."""
    pair = layer([["amina", "luis"]])
    found = covered(pair, start="2026-04-30 12:00", end="2026-05-02 12:00").holidays
    assert [(on.person, on.holiday, brief(on.shift.start), brief(on.shift.end)) for on in found] == [
        ("amina", "Labor Day", "2026-04-30 21:00", "2026-05-01 21:00"),
        ("luis", "Labor Day", "2026-05-01 05:00", "2026-05-02 05:00"),
    ]


def test_a_shift_beside_a_holiday_is_not_on_it() -> None:
    office = layer(["amina"], zone="Africa/Nairobi", starts="2026-01-05T00:00", on_call=["Thu,Sat 00:00-24:00"])
    assert covered(office, start="2026-04-30 00:00", end="2026-05-03 00:00").holidays == []


def test_a_weekend_counts_once_however_often_one_is_on_call_in_it() -> None:
    hours = layer(["amina"], zone="Africa/Nairobi", on_call=["10:00-11:00", "15:00-16:00"])
    assert covered(hours, start="2026-03-02 00:00", end="2026-03-16 00:00").weekends == {"amina": 2}
    friday = layer(["amina"], zone="Africa/Nairobi", on_call=["Fri 20:00-24:00"])
    assert covered(friday, start="2026-03-02 00:00", end="2026-03-16 00:00").weekends == {"amina": 0}


def test_whoever_stands_in_is_counted() -> None:
    over = (override(1, "luis", "2026-03-02 00:00", "2026-03-02 12:00"),)
    found = covered(layer(["amina"]), start="2026-03-02 00:00", end="2026-03-03 00:00", over=over)
    assert found.hours == {"luis": 12 * HOUR, "amina": 12 * HOUR}


def test_people_whom_nobody_configured_live_in_utc() -> None:
    found = covered(layer(["stranger"]), start="2026-03-02 00:00", end="2026-03-03 00:00")
    assert (found.night, found.holidays) == ({"stranger": 8 * HOUR}, [])


def test_a_country_without_known_holidays_has_none() -> None:
    nowhere = Policy(people={"a": Person(name="A", country="XX")})
    assert coverage(schedule(layer(["a"])), nowhere, utc("2026-01-06"), utc("2027-01-01")).holidays == []


def test_an_empty_span_has_no_coverage() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        covered(layer(["amina"]), start="2026-03-02 00:00", end="2026-03-02 00:00")


def test_the_sun_followed_without_gap_by_equals_is_perfect() -> None:
    sun = [
        layer(["sita"], zone="Asia/Kathmandu", on_call=["07:45-15:45"], name="kathmandu"),
        layer(["amina"], zone="Africa/Nairobi", on_call=["13:00-21:00"], name="nairobi"),
        layer(["luis"], zone="America/Bogota", on_call=["13:00-21:00"], name="bogota"),
    ]
    found = covered(*sun, start="2026-02-23 02:00", end="2026-02-28 02:00")
    assert (found.gaps, found.holidays, found.score, found.reasons) == ([], [], 100.0, [])


def test_around_the_clock_in_one_zone_loses_the_points_of_the_night() -> None:
    found = covered(layer(["amina"], starts="2026-01-01T00:00"), start="2026-02-02 00:00", end="2026-02-16 00:00")
    assert found.score == 80.0
    assert found.reasons == [
        "33% of the hours on call are in the night of the person, most of them Amina's (112 h) (−20.0 points)"
    ]


def tally(**other: object) -> Tally:
    plain: dict[str, object] = {
        "span": 100 * DAY,
        "gaps": [],
        "hours": {"a": 50 * DAY, "b": 50 * DAY},
        "night": {},
        "holidays": [],
    }
    return Tally(**(plain | other))  # type: ignore[arg-type]  # each test names the fields that it is about


@pytest.mark.parametrize(
    ("what", "score", "reason"),
    [
        ({"gaps": [HOUR]}, 94.8, "Nobody is on call once, for 1 h in all, the longest 1 h (−5.2 points)"),
        ({"gaps": [DAY, 12 * HOUR]}, 87.5,
         "Nobody is on call 2 times, for 36 h in all, the longest 24 h (−12.5 points)"),
        ({"gaps": [50 * DAY]}, 50.0, "Nobody is on call once, for 1200 h in all, the longest 1200 h (−50.0 points)"),
        ({"night": {"a": 10 * DAY, "b": timedelta()}}, 94.0,
         "10% of the hours on call are in the night of the person, most of them a's (240 h) (−6.0 points)"),
        ({"hours": {"a": 60 * DAY, "b": 40 * DAY}}, 96.0,
         "10% of the hours would have to change hands to be even: a has 1440 h, b 960 h (−4.0 points)"),
        ({"holidays": [("a", "Labor Day", DAY), ("b", "Epiphany", 12 * HOUR)]}, 98.5,
         "36 h on call are on a public holiday of the person, such as a's on Labor Day (−1.5 points)"),
        ({"hours": {}}, 0.0, "Nobody is on call at any time."),
    ],
)  # fmt: skip
def test_a_score_is_what_its_reasons_leave_of_a_hundred(what: dict[str, object], score: float, reason: str) -> None:
    assert marked(tally(**what)) == (score, [reason])


def test_the_worst_reason_comes_first_and_a_score_is_never_below_zero() -> None:
    all_wrong = tally(
        gaps=[50 * DAY],
        hours={"a": 50 * DAY, "b": timedelta(hours=1)},
        night={"a": 30 * DAY},
        holidays=[("a", "Labor Day", 20 * DAY)],
    )
    score, reasons = marked(all_wrong)
    assert score == pytest.approx(0, abs=0.2)
    assert [reason.split(" (−")[1] for reason in reasons] == [
        "50.0 points)",
        "20.0 points)",
        "20.0 points)",
        "10.0 points)",
    ]


def test_holidays_have_names() -> None:
    assert public_holidays("KE", 2026)[date(2026, 5, 1)] == "Labor Day"
    with pytest.raises(ValueError, match="No public holidays are known for 'XX'"):
        public_holidays("XX", 2026)
