"""What is typed to pause the clocks of an incident and to correct its instants."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.history import Moment
from bot.policy.model import Waiting
from bot.slack.listeners.parse_sla import Action, Correction, Pause, action, correction, pause

NAIROBI = ZoneInfo("Africa/Nairobi")
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # 15:00 in Nairobi


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("", Pause()),
        ("customer", Pause(Waiting.CUSTOMER)),
        ("customer 4h they send it", Pause(Waiting.CUSTOMER, utc(2, 16), "they send it")),
        ("on partner for 4h: they send it", Pause(Waiting.PARTNER, utc(2, 16), "they send it")),
        ("engineering until 17:00 a fix", Pause(Waiting.ENGINEERING, utc(2, 14), "a fix")),
        ("Customer, 09:00 - two\nlines", Pause(Waiting.CUSTOMER, utc(3, 6), "two\nlines")),
        ("customer until tomorrow 9:00 2 replicas", Pause(Waiting.CUSTOMER, utc(3, 6), "2 replicas")),
        ("customer they sleep", Pause(Waiting.CUSTOMER, None, "they sleep")),
        ("nobody 4h x", Pause(odd="nobody")),
    ],
)
def test_a_pause_is_read(words: str, read: Pause) -> None:
    assert pause(words, NOW, NAIROBI) == read


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("", Correction()),
        ("resolved", Correction(Moment.RESOLVED)),
        ("resolved 14:30", Correction(Moment.RESOLVED, utc(2, 11, 30))),
        ("mitigated at 16:30 by hand", Correction(Moment.MITIGATED, utc(1, 13, 30), "by hand")),
        ("acknowledged 10 minutes ago", Correction(Moment.ACKNOWLEDGED, utc(2, 11, 50))),
        ("declared to yesterday 23:50, really", Correction(Moment.DECLARED, utc(1, 20, 50), "really")),
        ("declared tomorrow 9:00", Correction(Moment.DECLARED, utc(3, 6))),
        ("closed 14:30", Correction(odd="closed")),
    ],
)
def test_a_correction_is_read(words: str, read: Correction) -> None:
    assert correction(words, NOW, NAIROBI) == read


def test_what_is_wanted_stands_first_or_not_at_all() -> None:
    assert action("explain 42") == (Action.EXPLAIN, "42")
    assert action("Pause: customer") == (Action.PAUSE, "customer")
    assert action("42 explain") == (None, "42 explain")
