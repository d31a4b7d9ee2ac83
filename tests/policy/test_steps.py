"""The roads through a runbook: what `wrong` leads to, and where an input has not been asked for."""

from typing import Any

import pytest

from bot.policy.steps import objections, unasked

DO: dict[str, Any] = {"do": "Look."}
CHECK: dict[str, Any] = {"check": "Age."}


def steps(**each: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": id_, **step} for id_, step in each.items()]


def ask(**answers: str) -> dict[str, Any]:
    return {"ask": "So?", "answers": answers}


def value(name: str) -> dict[str, Any]:
    return {"input": "Which?", "name": name}


def test_a_step_to_which_only_a_wrong_check_leads_can_be_reached() -> None:
    found = steps(a=CHECK | {"wrong": "c"}, b=ask(yes="end", no="a"), c=DO)
    assert list(objections(found)) == []


def test_a_check_may_lead_back_for_it_leads_on_too() -> None:
    assert list(objections(steps(a=DO, b=CHECK | {"wrong": "a"}))) == []


def test_a_loop_that_only_a_wrong_check_leads_into_is_told() -> None:
    found = steps(a=CHECK | {"wrong": "c"}, b=ask(yes="end", no="end"), c=ask(again="c"))
    assert list(objections(found)) == [((2,), 'the steps go round for ever (c); let an answer lead to "end"')]


@pytest.mark.parametrize(
    ("found", "places"),
    [
        (steps(a=value("x"), b=DO), {0}),
        (steps(a=DO, b=value("x"), c=DO), {0, 1}),
        (steps(a=ask(yes="b", no="c"), b=value("x"), c=DO), {0, 1, 2}),
        (steps(a=ask(yes="b", no="c"), b=value("x"), c=value("x"), d=DO), {0, 1, 2}),
        (steps(a=ask(yes="b", no="end"), b=value("x"), c=DO), {0, 1}),
        (steps(a=CHECK | {"wrong": "c"}, b=value("x"), c=DO), {0, 1, 2}),
        (steps(a=value("x"), b=CHECK | {"wrong": "a"}, c=DO), {0}),
        (steps(a=value("y"), b=DO), {0, 1}),
        (steps(a=DO, b=ask(yes="nowhere")), set()),
        (None, set()),
    ],
)
def test_where_an_input_may_not_have_been_asked_for(found: Any, places: set[int]) -> None:
    """Of broken roads nothing is said: that they are broken is said elsewhere."""
    assert unasked(found, "x") == places
