"""The known name that a mistyped one means."""

import pytest

from bot.policy.nearest import hint, known, meant

NAMES = ["churn-scoring", "churn-training", "fraud-detection", "sev1"]


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Churn-Scoring", "churn-scoring"),
        ("fraud", "fraud-detection"),
        ("fraude", "fraud-detection"),
        ("frod-detection", "fraud-detection"),
        ("SEV-1", "sev1"),
        ("zebra", None),
        ("", None),
    ],
)
def test_a_mistyped_name_finds_the_one_that_was_meant(written: str, right: str | None) -> None:
    assert known(written, NAMES) == right


def test_an_exact_name_wins_over_one_that_only_looks_like_it() -> None:
    assert known("sev1", ["SEV11", "sev1"]) == "sev1"


def test_a_hint_names_the_nearest_or_all_of_a_few_or_nothing_of_many() -> None:
    assert hint("fraude", NAMES) == '; did you mean "fraud-detection"?'
    assert hint("zebra", ["l1", "l2"]) == "; known are l1, l2"
    assert hint("zebra", [f"name{number}" for number in range(20)]) == ""
    assert hint("zebra", []) == ""


def test_after_an_unknown_name_a_sentence_names_the_nearest_or_all_of_them() -> None:
    assert meant("fraude", NAMES) == "Did you mean fraud-detection?"
    assert meant("zebra", ["l1", "l2"]) == "Known are l1, l2."
    assert meant("zebra", []) == "Known are none."
