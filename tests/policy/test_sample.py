"""The configuration and the runbooks that come with the bot."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.policy.load import load
from bot.policy.matching import can_apply, matching
from bot.policy.model import Layer, Policy, TeamKind
from bot.policy.template import render, service_names

ROOT = Path(__file__).parent.parent.parent
INCIDENT = {name: name for name in ("number", "title", "severity", "status", "started", "declared", "channel")}


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


def test_every_service_has_runbooks_that_render_without_a_hole(policy: Policy) -> None:
    for name, service in policy.services.items():
        names = {"incident": INCIDENT, "service": service_names(name, service)}
        offered = matching(policy.runbooks, name, service.kind)
        assert len(offered) >= 2, name
        for runbook, _ in offered:
            for step in runbook.steps:
                for text in (step.do, step.check, step.expect, step.ask, step.run and step.run.http.url):
                    shown = render(text or "", names)
                    assert "not set" not in shown
                    assert "{{" not in shown


def test_every_runbook_is_short_and_is_for_some_service(policy: Policy) -> None:
    for runbook in policy.runbooks.values():
        assert 4 <= len(runbook.steps) <= 8, runbook.id
        assert any(can_apply(runbook.applies_to, name, each.kind) for name, each in policy.services.items())
        for step in runbook.steps:
            assert all(len(text or "") <= 350 for text in (step.do, step.check, step.expect, step.ask)), step.id


def test_stale_scores_are_answered_with_the_runbook_for_them(policy: Policy) -> None:
    best, reason = matching(policy.runbooks, "churn-scoring", "batch-inference", "data.freshness")[0]
    assert best.id == "stale-predictions"
    assert reason == "because churn-scoring is batch-inference and the trouble is data.freshness"
