"""Paths for each severity, and those that wait: tomorrow at nine is soon enough."""

from datetime import datetime
from typing import Any

import pytest

from bot.core.effects import Entry, Notice
from bot.core.events import HoldEnded, IncidentEvent, StepFellDue
from bot.core.incident import EscalationState, PageState
from bot.policy.model import Policy
from tests.core.given import (
    NOON,
    World,
    acknowledged,
    closed,
    declared,
    declined,
    escalation_asked,
    history,
    hours,
    lead_handed_over,
    minutes,
    policy,
    refused,
    resolved,
    responders_paged,
    severity,
)

NIGHT = NOON + hours(9)  # Monday at nine in the evening
NINE = NOON + hours(21)
HOLD = {"severity": ["sev3", "sev4"], "until": ["Mon-Fri 09:00-17:00"], "time_zone": "UTC"}
AMINA, LUIS = {"page": ["person:amina"], "wait": "5m"}, {"page": ["person:luis"], "wait": "5m"}
BY_SEVERITY = {"sev1": "loud", "sev4": "other", "default": "quiet"}


def written(answers: Any = BY_SEVERITY) -> Policy:
    return policy(
        severities={"sev3": {"name": "Minor", "re_page_after": "1h"}},
        escalation_paths={
            "loud": {"steps": [{"page": ["person:sita"], "wait": "5m"}, AMINA]},
            "quiet": {"hold": HOLD, "steps": [AMINA, LUIS]},
            "other": {"hold": HOLD, "steps": [LUIS]},
        },
        services={"churn-scoring": {"name": "Churn", "kind": "llm", "support": "support", "escalation_path": answers}},
    )


def held(at: datetime = NIGHT) -> World:
    return history(declared("sev3"), policy=written(), now=at)


def test_at_night_nobody_is_paged_and_it_is_said_until_when() -> None:
    world = held()
    assert world.paged == []
    assert (world.path_state, world.acting.due) == (EscalationState.HELD, NINE)
    assert world.timer("escalation") == NINE
    assert world.facts(Notice.HELD) == {"until": NINE.isoformat()}
    assert (world.entry(Entry.HELD).old, world.entry(Entry.HELD).new) == ("quiet", NINE.isoformat())


def test_by_day_and_for_other_severities_nothing_waits() -> None:
    assert held(NOON).paged == ["amina"]
    assert history(declared("sev2"), policy=written(), now=NIGHT).paged == ["amina"]


def test_when_the_hour_comes_the_path_begins() -> None:
    world = held().passes(hours=11.9)
    assert world.paged == []
    assert world.passes(hours=0.1).paged == ["amina"]
    assert world.timer("escalation") == NINE + minutes(5)
    assert world.passes(minutes=5).paged == ["amina", "luis"]


def test_after_a_power_cut_over_the_hour_it_begins_late() -> None:
    world = held().sleeps(hours=14)
    assert world.paged == ["amina"]
    assert world.timer("escalation") == NIGHT + hours(14) + minutes(5)


def test_escalating_by_hand_waits_for_no_hour() -> None:
    world = held().happens(escalation_asked())
    assert world.paged == ["amina"]
    assert world.timer("escalation") == NIGHT + minutes(5)
    assert world.passes(minutes=5).paged == ["amina", "luis"]


def test_the_end_of_a_hold_that_was_broken_by_hand_pages_nobody_again() -> None:
    world = held().happens(escalation_asked()).forget()
    assert world.happens(HoldEnded(number=1)).effects == []


def test_raised_to_a_severity_that_waits_for_nothing_it_is_paged_now() -> None:
    assert held().happens(severity("sev2")).paged == ["amina"]
    assert held().happens(severity("sev1")).paged == ["sita"]


def test_moved_to_another_severity_that_waits_it_goes_on_waiting() -> None:
    world = held().happens(severity("sev4"))
    assert world.paged == []
    assert (world.path_state, world.acting.path, world.timer("escalation")) == (EscalationState.HELD, "other", NINE)


@pytest.mark.parametrize("end", [resolved(), declined(), closed()], ids=lambda end: type(end).__name__)
def test_what_has_ended_while_it_was_held_pages_nobody(end: IncidentEvent) -> None:
    world = held().happens(end)
    assert world.timers == {}
    assert world.passes(hours=14).paged == []


@pytest.mark.parametrize(
    "taken", [acknowledged("luis"), lead_handed_over("luis")], ids=lambda taken: type(taken).__name__
)
def test_what_somebody_takes_while_it_is_held_waits_for_no_hour(taken: IncidentEvent) -> None:
    world = held().happens(taken)
    assert (world.incident.acknowledged_by, world.path_state) == ("luis", EscalationState.ACKNOWLEDGED)
    assert world.timer("escalation") is None


def test_somebody_may_be_asked_in_while_it_is_held() -> None:
    world = held().happens(responders_paged("person:luis"))
    assert world.paged == ["luis"]
    assert (world.path_state, world.timer("escalation")) == (EscalationState.HELD, NINE)


def test_forgotten_at_night_it_is_paged_again_at_the_hour() -> None:
    """Silence wakes nobody for what may wait until the morning."""
    world = held().happens(acknowledged("luis")).passes(hours=1)
    assert world.facts(Notice.PAGED_AGAIN) == {"by": "luis"}
    assert world.paged == []
    assert (world.path_state, world.timer("escalation")) == (EscalationState.HELD, NINE)
    assert world.passes(hours=11).paged == ["amina"]


def test_the_path_is_that_of_the_severity() -> None:
    assert history(declared("sev1"), policy=written(), now=NOON).paged == ["sita"]
    assert history(declared("sev4"), policy=written(), now=NOON).paged == ["luis"]


def test_raised_to_another_path_its_first_step_is_paged_at_once() -> None:
    world = history(declared("sev2"), minutes(2), severity("sev1"), policy=written())
    assert world.paged == ["amina", "sita"]
    assert world.page_of("amina").state is PageState.SUPERSEDED
    assert (world.acting.path, world.timer("escalation")) == ("loud", NOON + minutes(7))


def test_lowered_at_night_to_a_path_that_waits_nobody_need_answer_before() -> None:
    world = history(declared("sev1"), severity("sev3"), policy=written(), now=NIGHT)
    assert world.open_pages() == []
    assert (world.path_state, world.timer("escalation")) == (EscalationState.HELD, NINE)


def test_what_somebody_has_is_not_paged_for_another_severity() -> None:
    world = history(declared("sev2"), acknowledged(), severity("sev1"), policy=written())
    assert world.paged == ["amina"]
    assert world.path_state is EscalationState.ACKNOWLEDGED


def test_worse_than_was_thought_a_path_that_ran_out_begins_again() -> None:
    world = history(declared("sev3"), minutes(10), policy=written("quiet"))
    assert world.path_state is EscalationState.EXHAUSTED
    assert world.forget().happens(severity("sev2")).paged == ["amina"]
    assert world.passes(minutes=5).paged == ["amina", "luis"]


def test_less_bad_than_was_thought_the_same_path_stays_run_out() -> None:
    world = history(declared("sev2"), minutes(10), policy=written("quiet")).forget()
    assert world.happens(severity("sev3")).paged == []
    assert world.path_state is EscalationState.EXHAUSTED


def test_a_path_that_is_gone_from_the_configuration_goes_on_to_its_end() -> None:
    world = history(declared("sev2"), policy=written())
    world.policy = policy(services={"churn-scoring": {"name": "Churn", "kind": "llm"}})
    assert world.happens(severity("sev1")).timer("escalation") == NOON + minutes(5)
    assert world.open_pages() == ["amina"]
    assert world.passes(minutes=5).paged == ["amina", "luis"]


def test_held_by_a_path_that_is_gone_it_is_paged_when_it_is_raised_and_else_at_its_hour() -> None:
    gone = policy(services={"churn-scoring": {"name": "Churn", "kind": "llm"}})
    raised, lowered = held(), held()
    raised.policy = lowered.policy = gone
    assert raised.happens(severity("sev1")).paged == ["amina"]
    assert lowered.happens(severity("sev4")).timer("escalation") == NINE
    assert lowered.passes(hours=12).paged == ["amina"]


def test_a_path_that_was_configured_since_can_be_escalated_or_begins_when_the_severity_changes() -> None:
    for event in (escalation_asked(), severity("sev1")):
        world = history(declared("sev2", service="orphan"))
        refused(world, escalation_asked())
        world.policy = policy(services={"orphan": {"name": "Orphan", "kind": "llm", "escalation_path": "office-only"}})
        assert world.happens(event).paged == ["sita"]
        assert world.happens(StepFellDue(number=1, round=0, step=0)).path_state is EscalationState.EXHAUSTED


def test_somebody_who_has_what_has_no_path_is_left_in_peace_when_one_is_configured() -> None:
    world = history(declared("sev2", service="orphan"), acknowledged("luis"))
    world.policy = policy(services={"orphan": {"name": "Orphan", "kind": "llm", "escalation_path": "office-only"}})
    assert world.happens(severity("sev1")).paged == []
