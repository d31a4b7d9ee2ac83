"""A service, a severity and a time after `/oncall path` and `/oncall simulate`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.slack.listeners.oncall_requests import Typed
from bot.slack.listeners.parse_oncall import typed
from bot.slack.listeners.parse_path import Path, Simulate, Unknown
from tests.slack.build import NINE, POLICY

THREE = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # three at night in Nairobi


def read(text: str) -> Typed:
    return typed(text, POLICY, NINE, ZoneInfo("Africa/Nairobi"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("path", Path(None)),
        ("path churn-scoring", Path("churn-scoring")),
        ("path for Churn scoring", Path("churn-scoring")),
        ("PATH payment FRAUD sev 1", Path("payments", "sev1")),
        ("path SEV-2 payments", Path("payments", "sev2")),
        ("path payments critical", Path("payments", "sev1")),
        ("simulate", Simulate(None)),
        ("simulate payments", Simulate("payments")),
        ("simulate sev1", Simulate(None, "sev1")),
        ("simulate payments sev1", Simulate("payments", "sev1")),
        ("simulate payments sev1 at tomorrow 3am", Simulate("payments", "sev1", THREE)),
        ("simulate sev1 “churn scoring” tomorrow 03:00", Simulate("churn-scoring", "sev1", THREE)),
        ("simulate payments at tomorrow 3am", Simulate("payments", None, THREE)),
    ],
)
def test_what_is_asked_is_understood_in_any_order(text: str, meant: Typed) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("path paymets", Unknown("service", "paymets", "payments")),
        ("path qqq", Unknown("service", "qqq")),
        ("path payments sev9", Unknown("severity", "sev9", "sev3")),
        ("path payments sev1 now please", Unknown("word", "now please")),
        ("simulate payments sev1 at half past", Unknown("time", "half past")),
        ("simulate paymets sev1", Unknown("service", "paymets", "payments")),
        ("simulate payments sev9 at tomorrow 3am", Unknown("severity", "sev9", "sev3")),
    ],
)
def test_what_is_not_understood_is_named(text: str, unknown: Unknown) -> None:
    found = read(text)
    assert isinstance(found, Unknown)
    assert (found.kind, found.word) == (unknown.kind, unknown.word)
    assert unknown.nearest is None or found.nearest is not None
