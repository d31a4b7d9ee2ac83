"""Labels as people write them behind `/incident label`."""

import pytest

from bot.slack.listeners.parse import labels_written


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("alertname=Late", {"alertname": "Late"}),
        ('alertname=Late job="nightly scoring"', {"alertname": "Late", "job": "nightly scoring"}),
        ("alertname=Late, job=x; team=y", {"alertname": "Late", "job": "x", "team": "y"}),
        ("job=“a, b” team=‘c d’ at=«e f» of='g h'", {"job": "a, b", "team": "c d", "at": "e f", "of": "g h"}),
        ("query=up==1", {"query": "up==1"}),
        ("job=", {"job": ""}),
        ("late", None),
        ("alertname=Late and more", None),
        ("job=a,b", None),
        ('job="a', None),
        ("", None),
    ],
)
def test_labels_are_read(words: str, expected: dict[str, str] | None) -> None:
    assert labels_written(words) == expected
