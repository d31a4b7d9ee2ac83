"""Promises as people write them, and the terms of an incident as they are kept."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.load import load
from bot.policy.model import BusinessDays, Calendar, DayEnd, DayTime, Terms, Within, slas_of, terms_of
from bot.policy.promises import promise, promised

ROOT = Path(__file__).parent.parent.parent
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
HOURS = st.lists(
    st.tuples(MINUTES, MINUTES)
    .filter(lambda ends: ends[0] != ends[1])
    .map(lambda ends: f"{ends[0]:%H:%M}-{ends[1]:%H:%M}"),
    max_size=3,
)
DATES = st.dates(date(2020, 1, 1), date(2035, 12, 31))
PROMISES = st.one_of(
    st.integers(1, 3653 * 86400).map(lambda n: timedelta(seconds=n)),
    st.integers(1, 3653).map(lambda n: BusinessDays(count=n)),
    st.integers(0, 1).map(lambda n: DayEnd(ahead=n)),
    MINUTES.map(lambda at: DayTime(at=at)),
)
CALENDARS = st.builds(
    lambda zone, days, hours, holidays, closed, exceptions: Calendar.model_validate(
        {
            "time_zone": zone,
            "hours": [f"{days}{each}" for each in hours],
            "holidays": holidays,
            "closed": closed,
            "exceptions": exceptions,
        }
    ),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"]),
    st.sampled_from(["", "Mon-Fri ", "Sat,Tue,Sun "]),
    HOURS,
    st.sampled_from([None, "KE", "NP"]),
    st.lists(DATES, max_size=4),
    st.dictionaries(DATES.map(str), HOURS, max_size=3),
)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("4h", timedelta(hours=4)),
        ("1d", timedelta(days=1)),
        ("1 business day", BusinessDays(count=1)),
        ("2 business days", BusinessDays(count=2)),
        ("end of business day", DayEnd(ahead=0)),
        ("End of  next business day", DayEnd(ahead=1)),
        ("next business day 10:00", DayTime(at=time(10))),
        ("next business day 9:30", DayTime(at=time(9, 30))),
    ],
)
def test_a_promise_is_read(text: str, within: Within) -> None:
    assert promise(text) == within


@given(PROMISES)
def test_a_promise_that_is_written_is_read_back(within: Within) -> None:
    assert promise(promised(within)) == within


@pytest.mark.parametrize(
    "text",
    ["", "0m", "0 business days", "-1 business days", "99999 business days", "1 working day", "8 hours", "30m1h",
     "business day", "next business day", "next business day 24:00", "next business day 10", "\u0661 business day"],
)  # fmt: skip
def test_what_is_no_promise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"can be promised|no time|ten years|duration"):
        promise(text)


def test_the_terms_of_every_service_of_the_sample_are_kept_as_they_are() -> None:
    policy = load(ROOT / "config")
    for service in (None, *policy.services):
        terms = terms_of(service, policy)
        kept = Terms.read(terms.written())
        assert kept == terms
        assert hash(kept) == hash(terms)
        assert kept.written() == terms.written()
    assert slas_of("fraud-detection", policy) == ("gold", "support-ola")


@settings(max_examples=60)
@given(st.lists(CALENDARS, max_size=2), PROMISES, st.integers(1, 999).map(lambda n: n / 1000), st.integers(1, 10**7))
def test_odd_terms_are_kept_as_they_are(calendars: list[Calendar], within: Within, warn: float, at_most: int) -> None:
    sla = {
        "warn_at": [warn],
        "pause_while": {"waiting": ["partner"], "clocks": ["rca"], "at_most": timedelta(seconds=at_most)},
        "applies_to": {"kinds": ["llm"], "tiers": [2], "customer_tiers": ["gold"]},
        "targets": {"sev1": {"rca": {"within": within, "calendar": "0"}}, "sev2": {}},
    }
    named = {str(n): calendar for n, calendar in enumerate(calendars)}
    terms = Terms.model_validate({"severities": ["sev1", "sev2"], "slas": {"odd": sla}, "calendars": named})
    kept = Terms.read(terms.written())
    assert kept == terms
    assert kept.written() == terms.written()
    assert [hash(calendar) for calendar in kept.calendars.values()] == [hash(calendar) for calendar in calendars]
