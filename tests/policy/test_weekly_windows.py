"""Weekly windows as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.windows import WEEKDAYS, window, written

EVERY_DAY = frozenset(range(7))


@pytest.mark.parametrize(
    ("text", "weekdays", "start", "end"),
    [
        ("Mon-Sun 08:00-16:00", EVERY_DAY, time(8), time(16)),
        ("Mon,Wed 09:00-17:00", {0, 2}, time(9), time(17)),
        ("Mon-Wed, Sat 09:00-17:00", {0, 1, 2, 5}, time(9), time(17)),
        ("22:00-06:00", EVERY_DAY, time(22), time(6)),
        ("Fri-Mon 7:45-15:45", {4, 5, 6, 0}, time(7, 45), time(15, 45)),
        ("saturday 00:00-24:00", {5}, time(0), time(0)),
        ("Sun 18:00-24:00", {6}, time(18), time(0)),
        ("Mon 09:00–17:00", {0}, time(9), time(17)),
    ],
)
def test_a_window_is_read(text: str, weekdays: set[int], start: time, end: time) -> None:
    assert window(text) == (frozenset(weekdays), start, end)


@given(st.sampled_from(WEEKDAYS), st.sampled_from(WEEKDAYS), st.times(), st.times())
def test_a_window_of_any_days_and_times_is_read(first: str, last: str, start: time, end: time) -> None:
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    text = f"{first}-{last} {start:%H:%M}-{end:%H:%M}"
    if start == end:
        with pytest.raises(ValueError, match="same time"):
            window(text)
    else:
        weekdays, *times = window(text)
        assert times == [start, end]
        assert {WEEKDAYS.index(first), WEEKDAYS.index(last)} <= weekdays


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon",
        "09:00",
        "09:00-09:00",
        "9:00-09:00",
        "24:00-06:00",
        "08:60-09:00",
        "Mo 08:00-09:00",
        "Mon-Fri-Sun 1:00-2:00",
    ],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"window|time|24:00|weekday"):
        window(text)


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("Monday-Friday 9:00 - 17:00", "Mon-Fri 09:00-17:00"),
        ("Mon,Tue,Wed,Sat 09:00-17:00", "Mon-Wed,Sat 09:00-17:00"),
        ("Fri-Mon 07:45-15:45", "Mon,Fri-Sun 07:45-15:45"),
        ("Mon-Sun 22:00-06:00", "22:00-06:00"),
        ("Sun 00:00-24:00", "Sun 00:00-24:00"),
        ("18:00-00:00", "18:00-24:00"),
    ],
)
def test_a_window_is_written_in_few_letters(text: str, shortest: str) -> None:
    assert written(*window(text)) == shortest


@given(st.frozensets(st.integers(0, 6), min_size=1), st.times(), st.times())
def test_a_window_that_is_written_is_read_back(weekdays: frozenset[int], start: time, end: time) -> None:
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    if start != end or end == time():
        assert window(written(weekdays, start, end)) == (weekdays, start, end)
