"""The reminder of runbooks that nobody has reviewed: short, however many there are."""

from datetime import date, timedelta
from typing import Any

from bot.policy.model import Policy
from bot.policy.runbook import Runbook
from bot.slack.views.library import review


def books(count: int, **facts: Any) -> list[Runbook]:
    step = {"id": "look", "do": "Look."}
    return [
        Runbook.model_validate({"id": f"b{n}", "title": f"Book {n}", "steps": [step], **facts}) for n in range(count)
    ]


def text(stale: list[Runbook], **workspace: Any) -> str:
    drawn = review(stale, Policy.model_validate({"workspace": workspace}))
    return "\n".join(str(block["text"]["text"]) for block in drawn.blocks if block["type"] == "section")


def test_one_is_told_as_one_and_says_when_it_was_read_last() -> None:
    assert text(books(1, reviewed=date(2025, 6, 1))) == (
        "*📚 One runbook of yours has not been reviewed within 180 days.*\n• Book 0 (`b0`): last reviewed 2025-06-01"
    )


def test_at_most_twenty_are_listed_and_the_rest_is_counted() -> None:
    said = text(books(23)).splitlines()
    assert said[0] == "*📚 23 runbooks of yours have not been reviewed within 180 days.*"
    assert [line.endswith("never reviewed") for line in said[1:]] == [True] * 20 + [False]
    assert said[-1] == "…and 3 more"


def test_the_words_of_authors_are_escaped_and_cut() -> None:
    said = text(books(20, title="<!channel> " + "long " * 100), runbooks_reviewed_within=timedelta(hours=36))
    assert "within 1d12h" in said
    assert "<!" not in said
    assert len(said) < 3000
