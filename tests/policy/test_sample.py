"""The configuration and the runbooks that come with the bot."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.library import is_stale
from bot.policy.actions import Action
from bot.policy.load import load
from bot.policy.matching import can_apply, matching
from bot.policy.model import Layer, Policy, TeamKind
from bot.policy.runbook import Runbook, RunbookStep
from bot.policy.template import render, service_names

ROOT = Path(__file__).parent.parent.parent
INCIDENT = {name: name for name in ("number", "title", "severity", "status", "started", "declared", "channel")}
VALUES = {  # as people answer the input steps
    "eta": "2026-11-23 04:30",
    "key": "assistant-web",
    "node": "gpu-node-07.eu",
    "partition": "2026-11-23T04",
    "pod": "fraud-7f9c-abcde",
    "pods": "12",
    "rate": "600",
    "run": "4711",
    "secret": "svc-events@acme",
    "table": "events.clicks",
    "ticket": "INC-77123",
    "version": "17",
    "view": "customer_activity_7d",
}
SAFE = ("rerun-job", "materialise-view", "restart-pod")  # the first line may do them once, alone
WITH_CONSENT = (
    "repair-run",
    "roll-back",
    "champion-back",
    "scale-out",
    "stop-run",
    "quarantine",
    "resume-job",
    "limit-key",
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(ROOT / "config", ROOT / "runbooks")


def is_open(layer: Layer, at: datetime) -> bool:
    """Whether a window of the layer holds `at`; none of the sample's windows crosses midnight."""
    local = at.astimezone(ZoneInfo(layer.time_zone))
    return any(
        local.weekday() in window.weekdays and window.start <= local.time() < window.end for window in layer.on_call
    )


@pytest.mark.parametrize("schedule", ["l1", "l2"])
def test_the_sun_is_followed_without_a_gap_and_without_an_overlap(policy: Policy, schedule: str) -> None:
    regions = [layer for layer in policy.schedules[schedule].layers if layer.on_call]
    start = datetime(2026, 3, 2, tzinfo=UTC)
    for quarter in range(7 * 24 * 4):
        at = start + timedelta(minutes=15 * quarter)
        assert sum(is_open(layer, at) for layer in regions) == 1, at


@pytest.mark.parametrize("schedule", ["l1", "l2", "platform", "engineering"])
def test_every_schedule_has_a_last_resort(policy: Policy, schedule: str) -> None:
    assert policy.schedules[schedule].layers[-1].on_call == ()


def test_nobody_is_on_call_in_their_night(policy: Policy) -> None:
    for schedule in ("l1", "l2"):
        for layer in policy.schedules[schedule].layers[:-1]:
            for window in layer.on_call:
                assert (
                    (6, 0) <= (window.start.hour, window.start.minute) < (window.end.hour, window.end.minute) <= (22, 0)
                )


def test_there_are_teams_and_services_of_many_kinds(policy: Policy) -> None:
    assert {team.kind for team in policy.teams.values()} == set(TeamKind)
    assert len({service.kind for service in policy.services.values()}) == 8
    assert list(policy.severities) == ["sev1", "sev2", "sev3", "sev4"]


def test_everyone_can_be_reached(policy: Policy) -> None:
    assert all(person.slack and person.email for person in policy.people.values())


def test_every_severity_has_a_promise_in_every_sla(policy: Policy) -> None:
    for sla in policy.slas.values():
        assert list(sla.targets) == list(policy.severities)
        assert sla.warn_at == (0.75,)


def actions(runbook: Runbook) -> Iterator[tuple[RunbookStep, Action]]:
    return ((step, action) for step in runbook.steps for action in (step.run, step.dry_run) if action is not None)


def texts(runbook: Runbook) -> Iterator[str]:
    for step in runbook.steps:
        yield from (text for text in (step.text, step.expect) if text)
    for _, action in actions(runbook):
        yield from (action.command.arguments.values() if action.command else ())
        yield from (text for text in (action.update, *called(action)) if text)


def called(action: Action) -> tuple[str | None, ...]:
    return (action.http.url, action.http.body, *action.http.headers.values()) if action.http else ()


def applying(runbook: Runbook, policy: Policy) -> str:
    """The first service that it is for; that all others have the same names is checked when it is loaded."""
    return next(name for name, each in policy.services.items() if can_apply(runbook.applies_to, name, each.kind))


def test_every_service_is_offered_several_runbooks(policy: Policy) -> None:
    for name, service in policy.services.items():
        assert len(matching(policy.runbooks, name, service.kind)) >= 5, name


def test_every_runbook_renders_without_a_hole(policy: Policy) -> None:
    for runbook in policy.runbooks.values():
        service = applying(runbook, policy)
        names = {
            "incident": INCIDENT,
            "service": service_names(service, policy.services[service]),
            "inputs": VALUES,
        }
        for shown in (render(text, names) for text in texts(runbook)):
            assert "not set" not in shown
            assert "{{" not in shown and "{%" not in shown


def test_every_kind_of_trouble_has_a_runbook(policy: Policy) -> None:
    found = {category for runbook in policy.runbooks.values() for category in runbook.applies_to.categories}
    assert found == set(policy.categories)
    assert len(policy.runbooks) >= 20


def test_every_runbook_is_short_and_is_for_some_service(policy: Policy) -> None:
    for runbook in policy.runbooks.values():
        assert 6 <= len(runbook.steps) <= 12, runbook.id
        assert applying(runbook, policy)
        assert runbook.applies_to.labels.get("alertname"), runbook.id
        for step in runbook.steps:
            assert len(step.text) + len(step.expect or "") <= 600, f"{runbook.id}: {step.id}"


def test_every_runbook_asks_what_changed_and_says_whom_to_page(policy: Policy) -> None:
    for runbook in policy.runbooks.values():
        everything = " ".join(texts(runbook))
        pages = any(action.page for _, action in actions(runbook))
        assert pages or "`/incident page" in everything, runbook.id
        if runbook.id not in (
            "privacy-leak",
            "labels-late",
        ):  # nothing is to be found out first; weeks count, not hours
            assert "24 hours" in everything, runbook.id


def test_what_changes_a_system_has_a_limit_a_dry_run_and_a_way_by_hand(policy: Policy) -> None:
    for runbook in policy.runbooks.values():
        for step, action in actions(runbook):
            if action.is_outward:
                assert "By hand" in (step.why or ""), f"{runbook.id}: {step.id}"
            if action.command:
                command = policy.commands[action.command.command]
                assert command.timeout and command.dry_run and command.means, action.command.command
            elif action.http:
                assert action.http.timeout and (step.dry_run or action is step.dry_run), f"{runbook.id}: {step.id}"
    used = {
        action.command.command for each in policy.runbooks.values() for _, action in actions(each) if action.command
    }
    assert used == set(policy.commands)


def test_what_the_second_line_must_approve_is_never_called_safe(policy: Policy) -> None:
    for runbook in policy.runbooks.values():
        for step, action in actions(runbook):
            if step.safe:
                assert action.command and action.command.command in SAFE, f"{runbook.id}: {step.id}"
            elif action.command and action.command.command in WITH_CONSENT:
                assert step.approve == "support-l2", f"{runbook.id}: {step.id}"


def test_nothing_heals_itself_where_people_were_harmed(policy: Policy) -> None:
    for category in ("data.privacy_leak", "fairness.breach", "llm.guardrail_failure"):
        [runbook] = [each for each in policy.runbooks.values() if category in each.applies_to.categories]
        assert [step.id for step, action in actions(runbook) if action.is_outward or step.safe] == []
        assert any(
            "schedule:l2" in f"{each.kind}:{each.name}" for _, action in actions(runbook) for each in action.page
        )
        assert any("elete" in text and ("not" in text or "nothing" in text) for text in texts(runbook))


def test_every_value_that_is_asked_for_fits_the_command_that_gets_it(policy: Policy) -> None:
    for runbook in policy.runbooks.values():
        asked = {step.name: step.matches for step in runbook.steps if step.input}
        for name, pattern in asked.items():
            assert pattern and re.fullmatch(pattern, VALUES[str(name)]), f"{runbook.id}: {name}"
            assert re.fullmatch(pattern, "--force") is None, f"{runbook.id}: {name} could be an option"
        service = applying(runbook, policy)
        names = {"service": service_names(service, policy.services[service]), "inputs": VALUES}
        for _, action in actions(runbook):
            if action.command:
                given = {key: render(text, names) for key, text in action.command.arguments.items()}
                assert policy.commands[action.command.command].words(given)


def test_two_runbooks_show_what_stale_looks_like(policy: Policy) -> None:
    on = date(2026, 11, 23)
    assert [each.id for each in policy.runbooks.values() if is_stale(each, on, policy)] == [
        "gpu-capacity",
        "labels-late",
    ]


def test_every_file_names_its_schema_and_says_when_it_is_for() -> None:
    for file in (ROOT / "runbooks").glob("*.yaml"):
        schema, purpose, name = file.read_text().splitlines()[:3]
        assert schema == "# yaml-language-server: $schema=../schema/runbook.schema.json", file.name
        assert purpose.startswith("# For: ") and purpose.endswith("."), file.name
        assert name == f"runbook: {file.stem}"


def test_stale_scores_are_answered_with_the_runbook_for_them(policy: Policy) -> None:
    best, reason = matching(policy.runbooks, "churn-scoring", "batch-inference", "data.freshness")[0]
    assert best.id == "stale-predictions"
    assert reason == "because category is data.freshness and kind is batch-inference"
