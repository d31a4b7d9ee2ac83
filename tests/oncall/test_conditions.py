"""Whether a step is for somebody at an instant, and until when a path holds its pages back."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.oncall.conditions import held_until, next_open, terms, why_not
from bot.policy.model import Condition, Hold
from tests.oncall.build import brief, utc

NAIROBI, KATHMANDU, BOGOTA = ("Africa/Nairobi", "KE"), ("Asia/Kathmandu", "NP"), ("America/Bogota", "CO")
CHICAGO, NOBODY = ("America/Chicago", "US"), (None, None)
OFFICE = {"hours": ["Mon-Fri 09:00-17:00"], "time_zone": "Africa/Nairobi"}
OWN_OFFICE = OFFICE | {"time_zone": "own"}
OWN_NIGHT = {"hours": ["22:00-06:00"], "time_zone": "own"}
OFFICE_ONLY = "only within Mon-Fri 09:00-17:00"


def condition(**written: Any) -> Condition:
    return Condition.model_validate(written)


def hold(*until: str, zone: str = "Africa/Nairobi", **more: Any) -> Hold:
    return Hold.model_validate({"until": until, "time_zone": zone, **more})


TABLE = [
    # condition, severity, instant, who, why not
    ({}, "sev4", "2026-03-07 03:00", NOBODY, None),
    ({"severity": ["sev1", "sev2"]}, "sev2", "2026-03-07 03:00", NAIROBI, None),
    ({"severity": ["sev1", "sev2"]}, "sev3", "2026-03-07 03:00", NAIROBI, "only for sev1 or sev2"),
    # hours of a named zone, whoever is paged; the end is outside
    (OFFICE, "sev1", "2026-03-06 06:00", BOGOTA, None),
    (OFFICE, "sev1", "2026-03-06 05:59", BOGOTA, f"{OFFICE_ONLY} Africa/Nairobi"),
    (OFFICE, "sev1", "2026-03-06 13:59", BOGOTA, None),
    (OFFICE, "sev1", "2026-03-06 14:00", BOGOTA, f"{OFFICE_ONLY} Africa/Nairobi"),
    (OFFICE, "sev1", "2026-03-07 09:00", BOGOTA, f"{OFFICE_ONLY} Africa/Nairobi"),
    (OFFICE, "sev1", "2026-03-07 09:00", NOBODY, f"{OFFICE_ONLY} Africa/Nairobi"),
    # hours of their own zone; a channel has none
    (OWN_OFFICE, "sev1", "2026-03-06 03:15", KATHMANDU, None),
    (OWN_OFFICE, "sev1", "2026-03-06 03:14", KATHMANDU, f"{OFFICE_ONLY} Asia/Kathmandu"),
    (OWN_OFFICE, "sev1", "2026-03-06 03:15", NAIROBI, f"{OFFICE_ONLY} Africa/Nairobi"),
    (OWN_OFFICE, "sev1", "2026-03-07 03:15", NOBODY, None),
    # over midnight
    (OWN_NIGHT, "sev1", "2026-03-06 00:14", KATHMANDU, None),
    (OWN_NIGHT, "sev1", "2026-03-06 00:15", KATHMANDU, "only within 22:00-06:00 Asia/Kathmandu"),
    # the clock is changed: forward at 08:00 on 8 March, back at 07:00 on 1 November
    ({"hours": ["Sun 02:30-04:00"], "time_zone": "own"}, "sev1", "2026-03-08 07:59", CHICAGO,
     "only within Sun 02:30-04:00 America/Chicago"),
    ({"hours": ["Sun 02:30-04:00"], "time_zone": "own"}, "sev1", "2026-03-08 08:00", CHICAGO, None),
    ({"hours": ["Sun 02:30-04:00"], "time_zone": "own"}, "sev1", "2026-03-08 09:00", CHICAGO,
     "only within Sun 02:30-04:00 America/Chicago"),
    ({"hours": ["Sun 00:00-01:30"], "time_zone": "own"}, "sev1", "2026-11-01 07:29", CHICAGO, None),
    ({"hours": ["Sun 00:00-01:30"], "time_zone": "own"}, "sev1", "2026-11-01 07:30", CHICAGO,
     "only within Sun 00:00-01:30 America/Chicago"),
    # their own holidays, by the date where they are
    ({"holiday": False}, "sev1", "2026-06-01 09:00", NAIROBI, "not on public holidays of KE (Madaraka Day)"),
    ({"holiday": False}, "sev1", "2026-05-31 21:00", NAIROBI, "not on public holidays of KE (Madaraka Day)"),
    ({"holiday": False}, "sev1", "2026-05-31 20:59", NAIROBI, None),
    ({"holiday": False}, "sev1", "2026-06-01 21:00", NAIROBI, None),
    ({"holiday": False}, "sev1", "2026-06-01 09:00", KATHMANDU, None),
    ({"holiday": True}, "sev1", "2026-06-01 09:00", NAIROBI, None),
    ({"holiday": True}, "sev1", "2026-06-02 09:00", NAIROBI, "only on public holidays of KE"),
    ({"holiday": True}, "sev1", "2025-12-31 18:15", ("Asia/Kathmandu", "KE"), None),
    (OFFICE | {"holiday": False}, "sev1", "2026-09-18 12:59", KATHMANDU, None),
    (OFFICE | {"holiday": False}, "sev1", "2026-10-18 18:15", KATHMANDU, f"{OFFICE_ONLY} Africa/Nairobi"),
    (OFFICE | {"holiday": False}, "sev1", "2026-10-19 10:00", KATHMANDU,
     "not on public holidays of NP (Maha Ashtami; Maha Navami)"),
    # of a country, whoever is paged: by the date of the zone that is named, else of their own
    ({"holiday": False, "holidays": "KE"}, "sev1", "2026-06-01 12:00", BOGOTA,
     "not on public holidays of KE (Madaraka Day)"),
    ({"holiday": False, "holidays": "KE"}, "sev1", "2026-06-01 04:00", BOGOTA, None),
    ({"holiday": False, "holidays": "KE"}, "sev1", "2026-06-01 04:00", NOBODY,
     "not on public holidays of KE (Madaraka Day)"),
    ({"holiday": False, "holidays": "KE", "time_zone": "Africa/Nairobi"}, "sev1", "2026-06-01 04:00", BOGOTA,
     "not on public holidays of KE (Madaraka Day)"),
    ({"holiday": True, "holidays": "KE"}, "sev1", "2026-06-02 12:00", NOBODY, "only on public holidays of KE"),
    # nobody knows the holidays of a channel, nor those of a country that is not listed
    ({"holiday": False}, "sev1", "2026-12-25 12:00", NOBODY, None),
    ({"holiday": False}, "sev1", "2026-12-25 12:00", ("UTC", "KK"), None),
    ({"holiday": True}, "sev1", "2026-12-25 12:00", ("UTC", "KK"), "only on public holidays of KK"),
    ({"holiday": True}, "sev1", "2026-12-25 12:00", NOBODY,
     "only on public holidays of their country, which nobody knows"),
    # the first that is not met is told
    (OFFICE | {"severity": ["sev1"]}, "sev2", "2026-03-07 09:00", NAIROBI, "only for sev1"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "severity", "at", "who", "reason"), TABLE)
def test_a_step_is_for_somebody_or_it_is_said_why_not(
    written: dict[str, Any], severity: str, at: str, who: tuple[str | None, str | None], reason: str | None
) -> None:
    assert why_not(condition(**written), severity, utc(at), *who) == reason


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, ()),
        ({"severity": ["sev1", "sev2"]}, ("only for sev1 or sev2",)),
        (OFFICE, (f"{OFFICE_ONLY} Africa/Nairobi",)),
        (
            {"hours": ["Mon-Fri 09:00-17:00", "Sat 10:00-12:00"], "time_zone": "own", "holiday": False},
            (
                "only within Mon-Fri 09:00-17:00 or Sat 10:00-12:00 their own time",
                "not on public holidays of their country",
            ),
        ),
        ({"holiday": True, "holidays": "KE"}, ("only on public holidays of KE",)),
    ],
)  # fmt: skip
def test_the_terms_of_a_condition_are_said(written: dict[str, Any], said: tuple[str, ...]) -> None:
    assert terms(condition(**written)) == said


OPENINGS = [
    # hold, instant, the next open one
    (hold("Mon-Fri 09:00-17:00"), "2026-03-06 06:00", "2026-03-06 06:00"),
    (hold("Mon-Fri 09:00-17:00"), "2026-03-06 13:59", "2026-03-06 13:59"),
    (hold("Mon-Fri 09:00-17:00"), "2026-03-06 14:00", "2026-03-09 06:00"),
    (hold("Mon-Fri 09:00-17:00"), "2026-03-05 23:00", "2026-03-06 06:00"),
    (hold("Mon-Fri 09:00-17:00", zone="Asia/Kathmandu"), "2026-03-07 00:00", "2026-03-09 03:15"),
    (hold("00:00-24:00"), "2026-03-07 00:00", "2026-03-07 00:00"),
    # holidays have no open hours: Good Friday to Easter Monday; Christmas and Boxing Day before a Sunday
    (hold("Mon-Fri 09:00-17:00", holidays="KE"), "2026-04-02 14:00", "2026-04-07 06:00"),
    (hold("Mon-Fri 09:00-17:00", holidays="KE"), "2026-04-03 07:00", "2026-04-07 06:00"),
    (hold("Mon-Fri 09:00-17:00"), "2026-04-03 07:00", "2026-04-03 07:00"),
    (hold("09:00-17:00", holidays="KE"), "2026-12-25 07:00", "2026-12-27 06:00"),
    (hold("00:00-24:00", holidays="KE"), "2026-12-25 07:00", "2026-12-26 21:00"),
    (hold("20:00-08:00", holidays="KE"), "2026-06-01 00:00", "2026-06-01 21:00"),
    # the clock is changed: forward at 08:00 on 8 March, back at 07:00 on 1 November; at midnight on 31 March 2024
    (hold("09:00-17:00", zone="America/Chicago"), "2026-03-08 00:00", "2026-03-08 14:00"),
    (hold("09:00-17:00", zone="America/Chicago"), "2026-03-07 00:00", "2026-03-07 15:00"),
    (hold("Sun 02:30-04:00", zone="America/Chicago"), "2026-03-08 00:00", "2026-03-08 08:00"),
    (hold("Sun 02:00-02:30", zone="America/Chicago"), "2026-03-08 00:00", "2026-03-15 07:00"),
    (hold("Sun 01:30-03:00", zone="America/Chicago"), "2026-11-01 06:00", "2026-11-01 06:30"),
    (hold("Sun 00:00-08:00", zone="Asia/Beirut"), "2024-03-30 12:00", "2024-03-30 22:00"),
    # a holiday that ends at a midnight which the clock shows twice: it was put back from 00:01 to 23:01
    (hold("00:00-24:00", zone="America/St_Johns", holidays="CZ"), "2006-10-29 01:00", "2006-10-29 02:30"),
    (hold("00:00-24:00", zone="America/St_Johns", holidays="CZ"), "2006-10-29 02:45", "2006-10-29 03:30"),
]  # fmt: skip


@pytest.mark.parametrize(("holding", "at", "opens"), OPENINGS)
def test_a_hold_ends_with_its_next_open_hour(holding: Hold, at: str, opens: str) -> None:
    assert brief(next_open(holding, utc(at))) == opens


@given(
    st.sampled_from([holding for holding, _, _ in OPENINGS]),
    st.datetimes(min_value=utc("2026-01-01").replace(tzinfo=None), max_value=utc("2027-01-01").replace(tzinfo=None)),
)
def test_an_opening_is_open_and_soon_and_nothing_between_is(holding: Hold, naive: Any) -> None:
    at = naive.replace(tzinfo=utc("2026-01-01").tzinfo)
    opens = next_open(holding, at)
    in_hours = Condition(
        hours=holding.until,
        time_zone=holding.time_zone,
        holiday=False if holding.holidays else None,
        holidays=holding.holidays,
    )
    assert at <= opens < at + timedelta(days=15)
    assert why_not(in_hours, "sev1", opens) is None
    for part in range(8):
        between = at + (opens - at) * part / 8
        assert between == opens or why_not(in_hours, "sev1", between) is not None


def test_only_the_severities_of_a_hold_wait() -> None:
    holding = hold("Mon-Fri 09:00-17:00", severity=["sev3", "sev4"])
    night = utc("2026-03-05 23:00")
    assert brief(held_until(holding, "sev3", night)) == "2026-03-06 06:00"
    assert held_until(holding, "sev1", night) is None
    assert held_until(holding, "sev3", utc("2026-03-06 06:00")) is None
    assert held_until(None, "sev3", night) is None
    assert brief(held_until(hold("Mon-Fri 09:00-17:00"), "sev1", night)) == "2026-03-06 06:00"


def test_a_time_without_a_zone_is_refused() -> None:
    naive = utc("2026-03-05 23:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        why_not(condition(severity=["sev1"]), "sev1", naive)
    with pytest.raises(ValueError, match="no time zone"):
        next_open(hold("Mon-Fri 09:00-17:00"), naive)
