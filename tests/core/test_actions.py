"""Actions of runbooks: consented to by the right people, done once, and never a second time by themselves."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.core.effects import Entry, Notice, RunAction, SendPage
from bot.core.events import IncidentEvent
from bot.core.incident import ActionRun, ActionState, Role, RunbookRun
from bot.core.requests import CommandRequest, HttpRequest, load
from bot.core.runbook_events import ActionApproved, ActionAsked, ActionBegan, ActionEnded, ActionRefused
from tests.core.given import (
    World,
    acknowledged,
    declared,
    history,
    policy,
    refused,
    role_taken,
    runbook_started,
    step,
)

CALL = {"http": {"method": "POST", "url": "https://jobs.example.com/{{ incident.title }}", "timeout": "10s"}}
COMMANDS = {
    "restart": {"run": ["/usr/bin/jobctl", "restart", "{job}"], "arguments": {"job": "[a-z-]+"}},
    "careful": {"run": ["/usr/bin/jobctl", "drop"], "dry_run": ["/usr/bin/jobctl", "drop", "--dry-run"]},
}


def world(step_facts: Mapping[str, Any], *events: IncidentEvent | timedelta, first: str = "sev1") -> World:
    steps = [{"id": "act", **step_facts}, {"id": "after", "do": "Look."}]
    book = {"id": "stale", "title": "Predictions are stale", "steps": steps}
    known = policy(runbooks={"stale": book}, commands=COMMANDS)
    return history(declared(first), acknowledged(), runbook_started(), *events, policy=known)


def asked(by: str = "amina", *, dry: bool = False) -> IncidentEvent:
    return ActionAsked(number=1, by=by, run="1-r1", step="act", dry=dry)


def approved(by: str) -> IncidentEvent:
    return ActionApproved(number=1, by=by, run="1-r1", step="act")


def no(by: str, reason: str = "") -> IncidentEvent:
    return ActionRefused(number=1, by=by, run="1-r1", step="act", reason=reason)


def began(action: str = "1-r1-a1") -> IncidentEvent:
    return ActionBegan(number=1, run="1-r1", action=action)


def ended(state: ActionState = ActionState.DONE, result: str = "200 OK", action: str = "1-r1-a1") -> IncidentEvent:
    return ActionEnded(number=1, run="1-r1", action=action, state=state, result=result)


def run(held: World) -> RunbookRun:
    found = held.incident.run("1-r1")
    assert found is not None
    return found


def action(held: World) -> ActionRun:
    return run(held).actions[-1]


def test_an_action_is_carried_out_as_it_was_asked_for() -> None:
    held = world({"run": CALL}, asked())
    assert held.done(RunAction) == [RunAction(number=1, run="1-r1", action="1-r1-a1")]
    request = load(action(held).call)
    assert isinstance(request, HttpRequest)
    assert (request.method, request.url) == ("POST", "https://jobs.example.com/Customers%20complain")
    assert request.limit.total_seconds() == 10


def test_a_success_that_asks_for_no_second_look_ends_the_step() -> None:
    held = world({"run": CALL}, asked(), began(), ended())
    assert (action(held).state, run(held).present) == (ActionState.DONE, "after")
    entry = held.entry(Entry.ACTION_ENDED)
    assert (entry.old, entry.new, entry.text) == ("act", "done", "200 OK")


def test_after_a_success_with_something_to_look_for_a_person_has_the_last_word() -> None:
    held = world({"run": CALL, "expect": "The job runs"}, asked(), began(), ended())
    assert run(held).present == "act"
    assert run(held.happens(step("act"))).present == "after"


def test_a_failure_stays_and_may_be_tried_again_when_somebody_asks() -> None:
    held = world({"run": CALL}, asked(), began(), ended(ActionState.FAILED, "500"))
    assert (run(held).present, len(held.told(Notice.ACTION_FAILED))) == ("act", 1)
    assert held.forget().passes(hours=2).done(RunAction) == []
    assert held.happens(asked()).done(RunAction) == [RunAction(number=1, run="1-r1", action="1-r1-a2")]


def test_it_is_not_asked_for_twice() -> None:
    assert refused(world({"run": CALL}, asked()), asked("luis")).startswith("Its action has been asked for already")


def test_it_begins_only_once() -> None:
    held = world({"run": CALL}, asked(), began())
    assert refused(held, began()) == "That action is not waiting to be done."


def test_what_was_cut_off_is_unknown_and_not_done_again_by_itself() -> None:
    held = world({"run": CALL}, asked(), began(), ended(ActionState.UNKNOWN))
    assert (action(held).state, run(held).present) == (ActionState.UNKNOWN, "act")
    assert held.told(Notice.ACTION_UNKNOWN)[0].facts["person"] == "amina"
    assert [each.action for each in held.passes(hours=9).done(RunAction)] == ["1-r1-a1"]


def test_the_end_that_was_not_lost_after_all_counts_more_than_not_knowing() -> None:
    held = world({"run": CALL}, asked(), began(), ended(ActionState.UNKNOWN), ended())
    assert (action(held).state, run(held).present) == (ActionState.DONE, "after")


def test_an_end_that_is_told_twice_changes_nothing() -> None:
    held = world({"run": CALL, "expect": "x"}, asked(), began(), ended())
    before = held.incident
    assert held.happens(ended(ActionState.FAILED)).incident == before


def test_while_it_is_under_way_the_step_cannot_be_left() -> None:
    assert refused(world({"run": CALL}, asked(), began()), step("act")).startswith("Its action is under way")


def test_the_lead_consents_to_what_somebody_else_asks_for() -> None:
    held = world({"run": CALL, "approve": "lead"}, asked("sita"))
    assert (action(held).state, held.done(RunAction)) == (ActionState.ASKED, [])
    (notice,) = held.told(Notice.CONSENT_ASKED)
    assert (notice.facts["people"], notice.facts["by"]) == ("amina", "sita")
    assert refused(held, approved("sita")) == "Only @[amina] may consent to this."
    held.happens(approved("amina"))
    assert (action(held).decided_by, len(held.done(RunAction))) == ("amina", 1)
    assert refused(held, approved("amina")) == "Nothing waits for consent there any more."


def test_who_may_consent_need_not_ask_anybody() -> None:
    held = world({"run": CALL, "approve": "lead"}, asked("amina"))
    assert (action(held).decided_by, len(held.done(RunAction))) == ("amina", 1)


def test_a_second_person_is_never_the_one_who_asked() -> None:
    held = world({"run": CALL, "approve": "second"}, asked("amina"))
    assert refused(held, approved("amina")) == "A second person must consent; you are the one who asked."
    assert len(held.happens(approved("luis")).done(RunAction)) == 1


def test_anybody_of_a_team_consents_for_it() -> None:
    held = world({"run": CALL, "approve": "headless"}, asked("sita"))
    assert refused(held, approved("amina")) == "Only @[luis] may consent to this."
    assert len(held.happens(approved("luis")).done(RunAction)) == 1


def test_a_role_that_nobody_has_is_to_be_given_first() -> None:
    held = world({"run": CALL, "approve": "scribe"}, asked("sita"))
    assert refused(held, approved("luis")).startswith("Nobody is scribe of INC-1 yet.")
    assert len(held.happens(role_taken(Role.SCRIBE), approved("luis")).done(RunAction)) == 1


def test_what_is_refused_is_not_done_and_may_be_asked_for_anew() -> None:
    held = world({"run": CALL, "approve": "lead"}, asked("sita"), no("amina", "too early"))
    assert (action(held).state, action(held).result, held.done(RunAction)) == (ActionState.REFUSED, "too early", [])
    assert action(held.happens(asked("sita"))).state is ActionState.ASKED


def test_whoever_asked_may_think_better_of_it_and_nobody_else() -> None:
    held = world({"run": CALL, "approve": "lead"}, asked("sita"))
    assert refused(held, no("luis")) == "Only @[amina] may consent to this."
    assert action(held.happens(no("sita"))).state is ActionState.REFUSED


def test_what_can_be_shown_beforehand_is_shown_beforehand() -> None:
    held = world({"run": {"command": "careful"}})
    assert refused(held, asked()) == "Look at the dry run first."
    held.happens(asked(dry=True))
    request = load(action(held).call)
    assert isinstance(request, CommandRequest)
    assert request.words == ("/usr/bin/jobctl", "drop", "--dry-run")
    held.happens(began(), ended(result="would drop 3 rows"))
    assert run(held).present == "act"
    held.happens(asked())
    request = load(action(held).call)
    assert isinstance(request, CommandRequest)
    assert request.words == ("/usr/bin/jobctl", "drop")


def test_a_dry_run_needs_no_consent_and_may_be_an_action_of_its_own() -> None:
    look = {"http": {"url": "https://jobs.example.com/plan"}}
    held = world({"run": CALL, "dry_run": look, "approve": "lead"}, asked("sita", dry=True))
    request = load(action(held).call)
    assert isinstance(request, HttpRequest)
    assert (request.url, len(held.done(RunAction))) == ("https://jobs.example.com/plan", 1)
    held.happens(began(), ended(), asked("sita"))
    assert action(held).state is ActionState.ASKED


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ({"command": "restart", "with": {"job": "a; rm -rf /"}}, "The command restart cannot be run so: job may not"),
        ({"command": "restart"}, "The command restart cannot be run so: the argument job has no value."),
        ({"command": "gone"}, "The configuration has no command “gone”"),
        ({"http": {"url": "ftp://jobs.example.com"}}, "The address of this action cannot be used: ftp://"),
        ({"http": {"url": "https://[jobs/x"}}, "The address of this action cannot be used: https://[jobs"),
        ({"http": {"url": "{{ service.links.jobs }}/x"}}, "The address of this action cannot be used: (not set:"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_a_sentence(call: Mapping[str, Any], sentence: str) -> None:
    held = world({"run": call})
    assert refused(held, asked()).startswith(sentence)
    assert run(held).actions == ()


def test_what_baton_does_itself_is_done_in_the_same_decision() -> None:
    held = world({"run": {"severity": "sev1"}}, asked(), first="sev3")
    assert (held.incident.severity, run(held).present) == ("sev1", "after")
    assert action(held).state is ActionState.DONE


@pytest.mark.parametrize(
    ("call", "result"),
    [
        ({"severity": "sev1"}, "It is sev1 already."),
        ({"severity": "sev3"}, "It is sev1 already."),  # never milder
        ({"status": "investigating"}, "It is investigating already."),
        ({"role": "lead"}, "You are lead already."),
    ],
)
def test_what_is_so_already_need_not_be_done(call: Mapping[str, Any], result: str) -> None:
    held = world({"run": call}, asked())
    assert (action(held).state, action(held).result, run(held).present) == (ActionState.DONE, result, "after")


def test_whoever_is_being_paged_is_not_paged_again() -> None:
    held = world({"run": {"page": ["person:luis"]}}, asked())
    held.happens(step("after"), runbook_started("stale"))
    again = ActionAsked(number=1, by="amina", run="1-r2", step="act")
    assert len(held.forget().happens(again).done(SendPage)) == 0
    assert held.refusal is None


def test_what_the_incident_refuses_is_refused_and_nothing_is_half_done() -> None:
    held = world({"run": {"page": ["schedule:l2"]}}, timedelta(hours=10))  # after 20:00 nobody has it
    assert refused(held, asked()).startswith("Nobody is on call there now")
    assert run(held).actions == ()


def test_a_runbook_pages_and_posts_and_gives_a_role() -> None:
    paged = world({"run": {"page": ["person:luis"]}}, asked()).done(SendPage)
    assert "luis" in [page.person for page in paged]
    assert world({"run": {"update": "We look at {{ service.name }}."}}, asked()).incident.last_update == (
        "We look at Churn scoring."
    )
    held = world({"run": {"role": "scribe"}}, asked("sita"))
    assert dict(held.incident.roles)[Role.SCRIBE] == "sita"


def test_an_action_that_ends_the_incident_leaves_its_runbook_where_it_is() -> None:
    held = world({"run": {"status": "resolved"}}, asked())
    assert (held.incident.is_open, run(held).present) == (False, "act")


def test_a_step_without_an_action_has_none_to_ask_for() -> None:
    assert refused(world({"do": "Look."}), asked()).startswith("This step has no action")


def test_a_run_of_many_actions_comes_to_an_end() -> None:
    held = world({"run": CALL})
    for number in range(1, 21):
        name = f"1-r1-a{number}"
        held.happens(asked(), began(name), ended(ActionState.FAILED, action=name))
    assert refused(held, asked()).startswith("This runbook has run 20 actions already.")
