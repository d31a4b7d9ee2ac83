"""Which runbooks are offered, in what order, and why."""

from bot.policy.matching import matching
from bot.policy.runbook import AppliesTo, Runbook, RunbookStep


def book(id: str, **applies_to: object) -> Runbook:
    return Runbook(
        id=id, title=id, applies_to=AppliesTo.model_validate(applies_to), steps=(RunbookStep(id="a", do="Look."),)
    )


BOOKS = {
    each.id: each
    for each in (
        book("general"),
        book("labels-only", labels={"alertname": "X"}),
        book("by-kind", kinds=["batch-inference"]),
        book("by-service", services=["churn-scoring"]),
        book("by-category", categories=["data.freshness"]),
        book("by-both", kinds=["batch-inference"], categories=["data.freshness"]),
        book("other-kind", kinds=["llm"], categories=["data.freshness"]),
    )
}


def test_the_one_that_fits_in_most_ways_comes_first() -> None:
    found = matching(BOOKS, "churn-scoring", "batch-inference", "data.freshness")
    assert [runbook.id for runbook, _ in found] == ["by-both", "by-category", "by-service", "by-kind", "general"]


def test_each_comes_with_its_reason() -> None:
    reasons = {
        runbook.id: reason for runbook, reason in matching(BOOKS, "churn-scoring", "batch-inference", "data.freshness")
    }
    assert reasons["by-kind"] == "because kind is batch-inference"
    assert reasons["by-service"] == "because service is churn-scoring"
    assert reasons["by-both"] == "because category is data.freshness and kind is batch-inference"
    assert reasons["general"] == "because it fits every service"


def test_another_category_rules_a_runbook_out() -> None:
    found = matching(BOOKS, "churn-scoring", "batch-inference", "drift.data")
    assert [runbook.id for runbook, _ in found] == ["by-service", "by-kind", "general"]


def test_without_a_category_the_runbooks_of_all_categories_are_offered() -> None:
    offered = {runbook.id for runbook, _ in matching(BOOKS, "churn-scoring", "batch-inference")}
    assert offered == {"by-service", "by-kind", "by-both", "by-category", "general"}


def test_a_runbook_for_nothing_but_an_alert_is_not_offered() -> None:
    assert all(runbook.id != "labels-only" for runbook, _ in matching(BOOKS, "x", "llm"))
