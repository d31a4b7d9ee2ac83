"""Whom a step means: conditions for each person, one in turn, user groups and channels."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core import targets
from bot.core.effects import Entry, InviteToChannel, LookUpGroup, Notice
from bot.core.incident import EscalationState
from bot.policy.model import PageTarget, Policy
from tests.core.given import (
    NOON,
    POLICY,
    SATURDAY,
    acknowledged,
    declared,
    escalation_asked,
    group_looked_up,
    history,
    hours,
    minutes,
    page_declined,
    page_given_up,
    policy,
    refused,
    resolved,
    severity,
    with_path,
)

EVERYBODY = {"page": ["team:support"], "wait": "5m"}
GROUP = {"page": ["group:@ml"], "wait": "5m"}
SITA = {"page": ["person:sita"], "wait": "10m"}
MADARAKA_DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a public holiday of Kenya alone


def test_a_target_means_people_at_an_instant() -> None:
    def who(written: str, at: Any = NOON, of: Policy = POLICY) -> tuple[str, ...]:
        return targets.who(PageTarget.model_validate(written), of, at)

    assert who("person:amina") == ("amina",)
    assert who("team:support") == ("amina", "luis", "sita")
    assert who("schedule:l1") == ("amina",)
    assert who("schedule:l1", NOON + hours(6)) == ("luis",)
    assert who("schedule:l2", SATURDAY) == ()
    assert who("channel:#ml") == ("#ml",)
    assert who("group:@ml") == ()  # only Slack knows
    assert [who(f"{kind}:gone") for kind in ("person", "team", "schedule")] == [(), (), ()]


def test_hours_in_their_own_zone_leave_out_those_for_whom_it_is_night() -> None:
    step = {**EVERYBODY, "when": {"hours": ["09:00-18:00"], "time_zone": "own"}}
    assert history(declared(), policy=with_path(step)).paged == ["amina", "sita"]  # in Bogotá it is seven
    assert history(declared(), policy=with_path(step), now=NOON + hours(5)).paged == ["luis"]


def test_hours_in_a_named_zone_are_the_same_for_everybody() -> None:
    step = {**EVERYBODY, "when": {"hours": ["Mon-Fri 06:00-09:00"], "time_zone": "America/Bogota"}}
    assert history(declared(), policy=with_path(step)).paged == ["amina", "luis", "sita"]
    assert history(declared(), policy=with_path(step, SITA), now=SATURDAY).paged == ["sita"]


@pytest.mark.parametrize(("holiday", "paged"), [(False, ["luis", "sita"]), (True, ["amina"])])
def test_a_public_holiday_is_that_of_each_country(holiday: bool, paged: list[str]) -> None:
    step = {**EVERYBODY, "when": {"holiday": holiday}}
    people = {
        name: {**POLICY.people[name].model_dump(), "country": country}
        for name, country in (("amina", "KE"), ("luis", "CO"), ("sita", "NP"))
    }
    written = with_path(step).model_copy(update={"people": policy(people=people).people})
    assert history(declared(), policy=written, now=MADARAKA_DAY).paged == paged


def test_when_conditions_leave_everybody_out_the_next_is_paged_and_it_is_said_why() -> None:
    step = {"page": ["person:luis"], "wait": "5m", "when": {"hours": ["09:00-17:00"], "time_zone": "own"}}
    world = history(declared(), policy=with_path(step, SITA))
    assert world.paged == ["sita"]
    why = "only within 09:00-17:00 America/Bogota"
    assert world.facts(Notice.NOBODY_ON_CALL) == {"targets": "person:luis", "why": why}
    assert world.entry(Entry.STEP_SKIPPED).text == f"Nobody could be paged for this step: {why}."


def test_one_of_a_team_is_paged_in_turn_from_round_to_round() -> None:
    world = history(declared(), minutes(12), policy=with_path({**EVERYBODY, "pick": "one"}, repeat=2))
    assert world.paged == ["luis", "sita", "amina"]


def test_one_of_a_team_is_paged_in_turn_from_incident_to_incident() -> None:
    world = history(declared(), policy=with_path({**EVERYBODY, "pick": "one"}))
    step, incident = world.acting.steps[0], world.incident
    called = [targets.called(step, replace(incident, number=n), 0, POLICY, NOON).people for n in (1, 2, 3, 4)]
    assert called == [("luis",), ("sita",), ("amina",), ("luis",)]


def test_the_turn_passes_over_those_who_have_declined() -> None:
    world = history(declared(), page_declined("1-1", "luis"), policy=with_path({**EVERYBODY, "pick": "one"}, repeat=1))
    assert world.paged == ["luis", "amina"]


# User groups


def test_a_group_is_looked_up_and_its_people_are_paged() -> None:
    world = history(declared(), policy=with_path(GROUP))
    assert world.paged == []
    assert world.done(LookUpGroup) == [LookUpGroup(number=1, handle="@ml", round=0, step=0)]
    assert world.timer("escalation") == NOON + minutes(5)  # also if Slack never answers
    world.happens(group_looked_up("luis", "U0VISITOR", "luis"))
    assert world.paged == ["luis", "U0VISITOR"]
    assert world.timer("escalation") == NOON + minutes(5)


def test_a_group_that_is_never_found_holds_nothing_up() -> None:
    assert history(declared(), minutes(5), policy=with_path(GROUP, SITA)).paged == ["sita"]


def test_an_empty_group_is_said_and_the_next_step_runs_at_once() -> None:
    world = history(declared(), group_looked_up(), policy=with_path(GROUP, SITA))
    assert world.paged == ["sita"]
    assert world.facts(Notice.NOBODY_ON_CALL) == {"targets": "group:@ml"}


def test_an_empty_group_beside_somebody_who_is_paged_is_no_trouble() -> None:
    step = {"page": ["person:amina", "group:@ml"], "wait": "5m"}
    world = history(declared(), group_looked_up(), policy=with_path(step, SITA))
    assert world.paged == ["amina"]
    assert world.notices == []


def test_who_is_named_and_in_the_group_is_paged_once() -> None:
    step = {"page": ["person:amina", "group:@ml"], "wait": "5m"}
    world = history(declared(), group_looked_up("amina", "luis"), group_looked_up("luis"), policy=with_path(step))
    assert world.paged == ["amina", "luis"]


def test_the_conditions_of_a_step_hold_for_the_people_of_a_group() -> None:
    step = {**GROUP, "when": {"hours": ["09:00-18:00"], "time_zone": "own"}}
    assert history(declared(), group_looked_up("luis", "amina"), policy=with_path(step)).paged == ["amina"]


def test_a_group_that_answers_when_its_step_is_over_changes_nothing() -> None:
    late = history(declared(), minutes(5), policy=with_path(GROUP, SITA)).forget()
    assert late.happens(group_looked_up("luis")).effects == []
    taken = history(declared(), acknowledged(), policy=with_path(GROUP)).forget()
    assert taken.happens(group_looked_up("luis")).effects == []
    ended = history(declared(), resolved(), policy=with_path(GROUP)).forget()
    assert ended.happens(group_looked_up("luis")).effects == []


def test_a_group_asked_for_by_another_path_is_not_paged_by_this_one() -> None:
    written = policy(
        escalation_paths={"loud": {"steps": [SITA]}, "quiet": {"steps": [GROUP]}},
        services={
            "churn-scoring": {
                "name": "Churn",
                "kind": "llm",
                "escalation_path": {"sev1": "loud", "default": "quiet"},
            }
        },
    )
    world = history(declared("sev3"), severity("sev1"), group_looked_up("luis"), policy=written)
    assert world.paged == ["sita"]


def test_a_group_is_paged_again_when_the_path_begins_again() -> None:
    world = history(declared(), group_looked_up("luis"), acknowledged("luis"), minutes(30), policy=with_path(GROUP))
    assert world.forget().happens(group_looked_up("luis")).paged == ["luis"]


def test_one_of_a_group_is_enough_though_two_groups_answer() -> None:
    step = {"page": ["group:@ml", "group:@ops"], "wait": "5m", "pick": "one"}
    world = history(declared(), group_looked_up("luis"), group_looked_up("sita"), policy=with_path(step))
    assert world.paged == ["luis"]


@pytest.mark.parametrize("gone", [page_declined("1-1"), page_given_up("1-1")], ids=["declined", "unreachable"])
def test_a_group_that_is_not_known_yet_is_not_passed_over(gone: Any) -> None:
    step = {"page": ["person:amina", "group:@ml"], "wait": "5m"}
    world = history(declared(), gone, policy=with_path(step, SITA))
    assert world.paged == ["amina"]
    assert len(world.done(LookUpGroup)) == 2  # asked once more: the answer decides
    assert world.happens(group_looked_up("luis")).paged == ["amina", "luis"]
    assert history(declared(), gone, group_looked_up(), policy=with_path(step, SITA)).paged == ["amina", "sita"]


def test_when_all_of_a_group_have_declined_the_next_is_paged_at_once() -> None:
    declines = page_declined("1-1", "luis"), page_declined("1-2", "noor")
    world = history(declared(), group_looked_up("luis", "noor"), *declines, policy=with_path(GROUP, SITA))
    assert world.paged == ["luis", "noor", "sita"]


# Channels


def test_in_a_channel_anybody_acknowledges() -> None:
    world = history(declared(), policy=with_path({"page": ["channel:#ml"], "wait": "5m"}))
    assert world.paged == ["#ml"]
    assert world.done(InviteToChannel)[-1].people == ("noor", "amina", "luis", "sita")  # nobody called #ml
    world.happens(acknowledged("U0VISITOR", "1-1"))
    page = world.page_of("#ml")
    assert (page.state, page.ended_by) == ("acknowledged", "U0VISITOR")
    assert world.path_state is EscalationState.ACKNOWLEDGED


def test_a_channel_cannot_decline() -> None:
    world = history(declared(), policy=with_path({"page": ["channel:#ml"], "wait": "5m"}))
    assert refused(world, page_declined("1-1", "luis")) == (
        "This page is for everybody here; whoever can take it acknowledges it."
    )


def test_a_channel_that_cannot_be_written_to_counts_as_no_answer() -> None:
    step = {"page": ["channel:#ml"], "wait": "5m"}
    assert history(declared(), page_given_up("1-1"), policy=with_path(step, SITA)).paged == ["#ml", "sita"]


def test_a_channel_knows_no_night_of_its_own() -> None:
    step = {"page": ["channel:#ml"], "wait": "5m", "when": {"hours": ["09:00-10:00"], "time_zone": "own"}}
    assert history(declared(), escalation_asked(), policy=with_path(step, step)).paged == ["#ml", "#ml"]
