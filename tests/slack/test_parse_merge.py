"""Which incident is merged into which, and where the reason begins."""

import pytest

from bot.slack.listeners.parse import Subject
from bot.slack.listeners.parse_merge import Merge, merge


def number(at: int) -> Subject:
    return Subject(number=at)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Merge()),
        ("42", Merge(into=number(42))),
        ("into INC-42", Merge(into=number(42))),
        ("#42 the same job failed", Merge(into=number(42), reason="the same job failed")),
        ("42 3 replicas are down", Merge(into=number(42), reason="3 replicas are down")),
        ("<#C42|inc-42>", Merge(into=Subject(channel="C42"))),
        ("41 42", Merge(number(41), number(42))),
        ("41 into 42 the same", Merge(number(41), number(42), "the same")),
        ("41 INC-42 the same", Merge(number(41), number(42), "the same")),
        ("the same as the other", Merge(reason="the same as the other")),
        ("into the other", Merge(reason="into the other")),
    ],
)
def test_in_the_channel_of_an_incident_it_is_the_one_that_ends(typed: str, meant: Merge) -> None:
    assert merge(typed, inside=True) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("41", Merge(what=number(41))),
        ("41 42", Merge(number(41), number(42))),
        ("41 42 3 replicas", Merge(number(41), number(42), "3 replicas")),
        ("inc-41 into <#C42|inc-42> the same", Merge(number(41), Subject(channel="C42"), "the same")),
        ("41 the same", Merge(what=number(41), reason="the same")),
        ("into 42", Merge(into=number(42))),
    ],
)
def test_elsewhere_the_first_is_the_one_that_ends(typed: str, meant: Merge) -> None:
    assert merge(typed, inside=False) == meant
