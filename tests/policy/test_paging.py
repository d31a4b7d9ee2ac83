"""Contacts, paths by severity, holds and conditions as people write them; and steps as plain data."""

import json
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.policy.load import load
from bot.policy.model import (
    Acknowledge,
    Condition,
    Contact,
    EscalationPath,
    Hold,
    PageTarget,
    Person,
    Pick,
    Policy,
    Step,
    TargetKind,
    Window,
    path_name,
)

MINUTE = timedelta(minutes=1)
GOOD = Path(__file__).parent.parent / "bad_config" / "good" / "config"
EVERYTHING = """
people:
  sita:
    name: Sita Gurung
    slack: U0SITA
    country: NP
    contact:
      - {env: SITA_MAIL, name: e-mail}
      - {env: SITA_SMS, name: SMS, after: 2m}
severities:
  sev3: {name: Minor}
escalation_paths:
  loud:
    repeat: 2
    hold: {severity: [sev2, sev3], until: ["Mon-Fri 09:00-17:00"], time_zone: Africa/Nairobi, holidays: KE}
    steps:
      - {page: ["schedule:l1"], wait: 5m}
      - {page: ["schedule:l1", "group:@ml-oncall"], wait: 10m, acknowledge: all}
      - {page: ["team:support"], wait: 5m, pick: one}
      - page: ["channel:#mlops-support"]
        wait: 10m
        when: {severity: [sev1], hours: ["Mon-Fri 09:00-17:00"], time_zone: own}
      - {page: ["person:sita"], wait: 5m, when: {holiday: false}}
      - {page: ["person:luis"], wait: 5m, when: {holidays: KE, holiday: true}}
services:
  fraud: {name: Fraud, kind: llm, sla: [standard, minor], escalation_path: {sev1: loud, default: follow-the-sun}}
slas:
  minor: {applies_to: {kinds: [batch-inference]}, targets: {sev3: {}}}
"""


def policy(default: str | None, path: Any) -> Policy:
    steps = {"steps": [{"page": ["person:amina"], "wait": "5m"}]}
    return Policy.model_validate(
        {
            "workspace": {"default_escalation_path": default},
            "services": {"churn": {"name": "Churn", "kind": "llm", "escalation_path": path}},
            "escalation_paths": {"quiet": steps, "loud": steps},
        }
    )


def test_contacts_are_read_in_order_and_wait_for_nothing_unless_told_so() -> None:
    written = {
        "name": "A",
        "contact": [{"env": "A_MAIL", "name": "e-mail"}, {"env": "A_SMS", "name": "SMS", "after": "2m"}],
    }
    assert Person.model_validate(written).contact == (
        Contact(env="A_MAIL", name="e-mail", after=timedelta()),
        Contact(env="A_SMS", name="SMS", after=2 * MINUTE),
    )
    assert Person(name="B").contact == ()


@pytest.mark.parametrize(
    "contact",
    [
        "mailto://amina:hunter2@example.com",
        ["mailto://amina:hunter2@example.com"],
        [{"env": "mailto://amina:hunter2@example.com", "name": "e-mail"}],
        [{"env": "hunter2:amina", "name": "e-mail"}],
    ],
)
def test_what_may_be_a_secret_in_the_wrong_place_is_not_repeated(contact: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        Person.model_validate({"name": "A", "contact": contact})
    told = [error["msg"] for error in caught.value.errors()]
    assert len(told) == 1
    assert "hunter2" not in told[0]


def test_a_step_with_everything_is_read() -> None:
    when = {"severity": ["sev1"], "hours": ["Mon-Fri 09:00-17:00"], "time_zone": "own", "holiday": False}
    step = Step.model_validate(
        {
            "page": ["group:@ml-oncall", "channel:#mlops-support", "team: support"],
            "wait": "10m",
            "acknowledge": "all",
            "pick": "one",
            "when": when,
        }
    )
    assert step.page == (
        PageTarget(kind=TargetKind.GROUP, name="@ml-oncall"),
        PageTarget(kind=TargetKind.CHANNEL, name="#mlops-support"),
        PageTarget(kind=TargetKind.TEAM, name="support"),
    )
    assert (step.acknowledge, step.pick) == (Acknowledge.ALL, Pick.ONE)
    office = Window(weekdays=frozenset(range(5)), start=time(9), end=time(17))
    assert step.when == Condition(severity=("sev1",), hours=(office,), time_zone="own", holiday=False)


def test_a_plain_step_asks_for_any_acknowledgement_and_pages_all() -> None:
    step = Step.model_validate({"page": ["person:amina"], "wait": "5m"})
    assert (step.acknowledge, step.pick, step.when) == (Acknowledge.ANY, Pick.ALL, Condition())


def test_a_hold_is_read() -> None:
    path = EscalationPath.model_validate(
        {
            "hold": {
                "severity": ["sev3"],
                "until": ["Mon 09:00-17:00"],
                "time_zone": "Africa/Nairobi",
                "holidays": "KE",
            },
            "steps": [{"page": ["person:amina"], "wait": "5m"}],
        }
    )
    monday = Window(weekdays=frozenset({0}), start=time(9), end=time(17))
    assert path.hold == Hold(severity=("sev3",), until=(monday,), time_zone="Africa/Nairobi", holidays="KE")


@pytest.mark.parametrize(
    ("default", "path", "at_sev1", "at_sev3"),
    [
        (None, "quiet", "quiet", "quiet"),
        ("loud", "quiet", "quiet", "quiet"),
        ("loud", None, "loud", "loud"),
        (None, None, None, None),
        (None, {"sev1": "loud", "default": "quiet"}, "loud", "quiet"),
        ("quiet", {"sev1": "loud"}, "loud", "quiet"),
        (None, {"sev1": "loud"}, "loud", None),
        (None, "gone", None, None),
    ],
)
def test_a_service_is_answered_by_the_path_of_its_severity(
    default: str | None, path: Any, at_sev1: str | None, at_sev3: str | None
) -> None:
    written = policy(default, path)
    service = written.services["churn"]
    assert path_name(service, "sev1", written) == at_sev1
    assert path_name(service, "sev3", written) == at_sev3


def test_without_a_service_the_default_path_answers() -> None:
    assert path_name(None, "sev1", policy("loud", "quiet")) == "loud"
    assert path_name(None, "sev1", policy(None, "quiet")) is None


def test_a_configuration_with_all_of_it_has_no_fault(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_bytes(next(GOOD.glob("*.yaml")).read_bytes())
    (tmp_path / "more.yaml").write_text(EVERYTHING, encoding="utf-8")
    written = load(tmp_path)
    assert [path_name(written.services["fraud"], sev, written) for sev in written.severities] == [
        "loud",
        "follow-the-sun",
        "follow-the-sun",
    ]
    assert [contact.after for contact in written.people["sita"].contact] == [timedelta(), 2 * MINUTE]
    assert written.escalation_paths["loud"].hold is not None


# Wire form

ZONES = st.sampled_from(["UTC", "Africa/Nairobi", "Asia/Kathmandu", "America/Bogota"])
TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))
WINDOWS = st.builds(Window, weekdays=st.frozensets(st.integers(0, 6), min_size=1, max_size=7), start=TIMES, end=TIMES)
SOME_WINDOWS = st.lists(WINDOWS, min_size=1, max_size=3).map(tuple)
SEVERITIES = st.lists(st.sampled_from(["sev1", "sev2"]), max_size=2, unique=True).map(tuple)
COUNTRIES = st.none() | st.sampled_from(["KE", "NP"])
TARGETS = st.builds(PageTarget, kind=st.sampled_from(TargetKind), name=st.text(min_size=1, max_size=9))
CONDITIONS = (
    st.builds(Condition, severity=SEVERITIES)
    | st.builds(Condition, severity=SEVERITIES, hours=SOME_WINDOWS, time_zone=ZONES | st.just("own"))
    | st.builds(Condition, hours=SOME_WINDOWS, time_zone=ZONES, holiday=st.booleans(), holidays=COUNTRIES)
)
STEPS = st.builds(
    Step,
    page=st.lists(TARGETS, min_size=1, max_size=3).map(
        lambda some: (*some, PageTarget(kind=TargetKind.TEAM, name="a"))
    ),
    wait=st.timedeltas(timedelta(microseconds=1), timedelta(days=3653)),
    when=CONDITIONS,
    acknowledge=st.sampled_from(Acknowledge),
    pick=st.sampled_from(Pick),
)
HOLDS = st.builds(Hold, severity=SEVERITIES, until=SOME_WINDOWS, time_zone=ZONES, holidays=COUNTRIES)


@given(STEPS)
def test_a_step_goes_through_json_unchanged(step: Step) -> None:
    assert Step.from_json(json.loads(json.dumps(step.to_json()))) == step


@given(HOLDS)
def test_a_hold_goes_through_json_unchanged(hold: Hold) -> None:
    assert Hold.model_validate(json.loads(json.dumps(hold.model_dump(mode="json")))) == hold


def test_a_step_that_was_kept_before_there_were_conditions_on_time_is_read() -> None:
    kept = {"page": [{"kind": "schedule", "name": "l1"}], "wait": 300.0, "when": {"severity": ["sev1"]}}
    assert Step.from_json(kept) == Step.model_validate(
        {"page": ["schedule:l1"], "wait": "5m", "when": {"severity": ["sev1"]}}
    )
