"""Consent to what people do by hand: asked for, given by the right people, and needed before it counts as done."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.core.effects import Entry, Notice
from bot.core.events import IncidentEvent
from bot.core.incident import ActionRun, ActionState, Role, RunbookRun, StepState
from bot.core.runbook_events import ActionApproved, ActionAsked, ActionRefused, RunbookStopped
from tests.core.given import World, acknowledged, declared, history, policy, refused, role_taken, runbook_started, step

LOCK = {"do": "Lock the deployments of {{ service.name }}."}
RESTART = {"run": {"http": {"method": "POST", "url": "https://jobs.example.com/restart", "timeout": "10s"}}}


def world(facts: Mapping[str, Any], *events: IncidentEvent) -> World:
    steps = [{"id": "act", **facts}, {"id": "after", "do": "Look."}]
    known = policy(runbooks={"stale": {"id": "stale", "title": "Predictions are stale", "steps": steps}})
    return history(declared(), acknowledged(), runbook_started(), *events, policy=known)


def asked(by: str = "amina") -> IncidentEvent:
    return ActionAsked(number=1, by=by, run="1-r1", step="act")


def approved(by: str) -> IncidentEvent:
    return ActionApproved(number=1, by=by, run="1-r1", step="act")


def done(by: str = "amina") -> IncidentEvent:
    return step("act", StepState.DONE, by=by)


def run(held: World) -> RunbookRun:
    found = held.incident.run("1-r1")
    assert found is not None
    return found


def consent(held: World) -> ActionRun:
    return run(held).actions[-1]


def test_what_needs_consent_is_not_done_without_it() -> None:
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"))
    assert refused(held, done()) == (
        "This is only done with the consent of @[noor]. The runbook has the button that asks."
    )
    assert run(held).present == "act"


def test_whoever_may_give_it_is_asked_and_gives_it() -> None:
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"), asked())
    assert consent(held).state is ActionState.ASKED
    assert "Lock the deployments" in consent(held).request
    assert Notice.CONSENT_ASKED in held.notices
    held.happens(approved("noor"))
    assert (consent(held).state, consent(held).decided_by) == (ActionState.CONSENTED, "noor")
    assert Entry.ACTION_APPROVED in held.entries
    assert run(held.happens(done())).present == "after"


def test_nobody_else_may_give_it() -> None:
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"), asked())
    assert refused(held, approved("luis")) == "Only @[noor] may consent to this."


def test_whoever_may_give_it_need_not_ask() -> None:
    known = {**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor")
    assert run(world(*known, done("noor"))).present == "after"
    assert consent(world(*known, asked("noor"))).state is ActionState.CONSENTED


def test_a_second_person_is_another_than_who_asks() -> None:
    held = world({**LOCK, "approve": "second"}, asked())
    assert refused(held, approved("amina")) == "A second person must consent; you are the one who asked."
    assert run(held.happens(approved("luis"), done())).present == "after"


def test_a_refusal_is_no_consent_and_it_may_be_asked_for_again() -> None:
    no = ActionRefused(number=1, by="noor", run="1-r1", step="act", reason="Not yet.")
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"), asked(), no)
    assert "only done with the consent" in refused(held, done())
    assert run(held.happens(asked(), approved("noor"), done())).present == "after"


def test_a_runbook_that_waits_for_consent_can_be_stopped() -> None:
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"), asked())
    assert run(held.happens(RunbookStopped(number=1, by="amina", run="1-r1"))).stopped


def changed(held: World, **facts: Any) -> World:
    """The file of the runbook has been changed since, and the bot was started anew."""
    steps = [{"id": "act", "approve": "communications", **facts}, {"id": "after", "do": "Look."}]
    held.policy = policy(runbooks={"stale": {"id": "stale", "title": "Predictions are stale", "steps": steps}})
    return held


def test_consent_is_to_what_stood_there_then() -> None:
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"), asked())
    refusal = refused(changed(held, do="Drop production."), approved("noor"))
    assert refusal == "The runbook has been changed since that was asked for. Refuse it, and ask again."
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"))
    held.happens(asked(), approved("noor"))
    assert "only done with the consent" in refused(changed(held, do="Drop production."), done())


def test_consent_to_a_step_by_hand_runs_no_action_that_came_in_its_place() -> None:
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"), asked())
    assert "changed since" in refused(changed(held, run={"severity": "sev1"}), approved("noor"))


def test_it_can_be_left_undone_without_consent() -> None:
    held = world({**LOCK, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"))
    assert run(held.happens(step("act", StepState.SKIPPED, reason="No deployments today."))).present == "after"


@pytest.mark.parametrize("facts", [LOCK, {"check": "Is it locked?"}])
def test_where_none_is_needed_none_is_asked_for(facts: Mapping[str, Any]) -> None:
    assert run(world(facts, done())).present == "after"


def test_an_action_that_needs_consent_is_not_done_by_hand_without_it() -> None:
    held = world({**RESTART, "approve": "communications"}, role_taken(Role.COMMUNICATIONS, "noor"))
    assert "only done with the consent of @[noor]" in refused(held, done())
