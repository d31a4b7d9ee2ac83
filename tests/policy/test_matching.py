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


ALERTED = {
    each.id: each
    for each in (
        book("late", kinds=["llm"], labels={"alertname": "Late"}),
        book("both", labels={"alertname": "Late", "job": "scoring"}),
        book("by-category", kinds=["llm"], categories=["cost"]),
    )
}


def test_labels_weigh_most_and_are_the_reason() -> None:
    found = matching(ALERTED, "x", "llm", "cost", labels={"alertname": "Late"})
    assert [(runbook.id, why) for runbook, why in found] == [
        ("late", "because alertname is Late and kind is llm"),
        ("by-category", "because category is cost and kind is llm"),
    ]


def test_another_label_rules_a_runbook_out() -> None:
    found = matching(ALERTED, "x", "llm", labels={"alertname": "Wrong"})
    assert [runbook.id for runbook, _ in found] == ["by-category"]


def test_a_runbook_for_nothing_but_an_alert_waits_for_all_of_its_labels() -> None:
    found = matching(ALERTED, "x", "llm", labels={"alertname": "Late", "job": "scoring", "team": "a"})
    assert (found[0][0].id, found[0][1]) == ("both", "because alertname is Late and job is scoring")
