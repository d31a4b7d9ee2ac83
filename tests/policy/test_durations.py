"""Durations and turns as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.durations import duration, every, written


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("5m", 300), ("1h30m", 5400), ("2d", 172800), ("1w", 604800), ("24h", 86400), ("1w2d3h4m5s", 788645)],
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@given(st.integers(min_value=1, max_value=3653 * 86400))
def test_a_duration_that_is_written_reads_back_the_same(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert duration(written(length)) == length


@pytest.mark.parametrize(
    "text",
    ["", "0m", "-5m", "5", "m", "5 m", "30m1h", "1.5h", "5M", "1mo", "٣m", "999999999999w", "1h1h", "9" * 60 + "s"],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|no time|ten years"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "turn"),
    [("12h", (12, "h")), ("24h", (1, "d")), ("1d", (1, "d")), ("48h", (2, "d")), ("2w", (2, "w")), ("1mo", (1, "mo"))],
)
def test_how_often_a_rotation_turns_is_read(text: str, turn: tuple[int, str]) -> None:
    assert every(text) == turn


@pytest.mark.parametrize("text", ["", "0d", "30m", "1h30m", "week", "-1w", "9999999999h", "1 w"])
def test_what_is_no_turn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="turn"):
        every(text)
