"""The folders as a whole: the documented examples, several faults at once, and folders that are not there."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.policy.load import ConfigFaults, load
from bot.policy.model import Clock, Every, TargetKind, Unit

CONFIG = """
workspace:
  announcements: "#incidents"            # where new incidents are announced
  channel_name: "inc-{number}-{slug}"
  default_escalation_path: follow-the-sun
  default_sla: standard

people:
  amina: {name: Amina Otieno, slack: U0AMINA, email: amina@example.com, time_zone: Africa/Nairobi, country: KE}
teams:                                    # kinds: support, engineering, platform, partner
  support: {name: MLOps Support, kind: support, channel: "#mlops-support", lead: amina, members: [amina, luis, sita]}

severities:                              # in order, worst first
  sev1: {name: Critical, means: "Customers are harmed now", re_page_after: 30m}
  sev2: {name: Major, means: "…"}
categories:                              # kinds of trouble, for triage and reports
  drift: {name: Data or concept drift}

services:
  churn-scoring:
    name: Churn scoring
    kind: batch-inference                # or online-inference, training, pipeline, feature-store, labelling, llm, …
    tier: 1                              # 1 matters most
    customer: Acme Telecom
    support: support                     # team that answers
    owner: ml-engineering                # team that fixes
    partners: [annotation-vendor]        # teams of kind partner
    escalation_path: follow-the-sun
    sla: standard
    links: {dashboard: "https://grafana.example.com/d/churn"}

schedules:
  l1:
    layers:
      - name: nairobi
        time_zone: Africa/Nairobi
        on_call: ["Mon-Sun 08:00-16:00"]
        rotation: {every: 1w, starts: 2026-01-05T08:00, people: [amina, brian]}
      - name: anyone                      # last resort
        rotation: {every: 1w, starts: 2026-01-05T00:00, people: [sita]}
        time_zone: UTC
    handoff: {channel: "#mlops-handoffs", lead_time: 30m}

escalation_paths:
  follow-the-sun:
    repeat: 2
    steps:
      - {page: ["schedule:l1"], wait: 5m}          # also person:, team:, group:@handle, channel:#name
      - {page: ["schedule:l2"], wait: 10m}
      - {page: ["team:support", "person:amina"], wait: 15m, when: {severity: [sev1, sev2]}}

calendars:
  always: {}
  nairobi-office: {time_zone: Africa/Nairobi, hours: ["Mon-Fri 08:00-17:00"], holidays: KE}
slas:
  standard:
    warn_at: [50%, 75%, 90%]
    pause_while: {waiting: [customer, partner], clocks: [mitigate, resolve]}
    targets:
      sev1: {acknowledge: 5m, first_update: 15m, update: 30m, mitigate: 2h, resolve: 8h}
      sev2: {}
      sev3: {acknowledge: {within: 4h, calendar: nairobi-office}, resolve: {within: 40h, calendar: nairobi-office}}
"""

# What the example names and leaves out.
REST = """
people:
  brian: {name: Brian, slack: U0BRIAN}
  luis: {name: Luis, email: luis@example.com}
  sita: {name: Sita, slack: U0SITA}
teams:
  ml-engineering: {name: ML Engineering, kind: engineering}
  annotation-vendor: {name: Annotation vendor, kind: partner}
severities:
  sev3: {name: Minor}
categories:
  freshness: {name: Data is late}
schedules:
  l2:
    layers:
      - {name: all, time_zone: UTC, rotation: {every: 1mo, starts: 2026-01-05T00:00Z, people: [[luis, sita]]}}
"""

RUNBOOK = """
runbook: stale-predictions
title: Predictions are stale
owner: support
reviewed: 2026-10-01
applies_to: {kinds: [batch-inference], categories: [freshness], labels: {alertname: PredictionsStale}}
steps:
  - id: last-run
    do: "Open {{ service.links.jobs }} and find the last successful run."
    expect: "A success within the last {{ service.freshness | default('24 hours') }}."
  - id: upstream
    ask: "Did the upstream table arrive?"
    answers: {yes: rerun, no: upstream-late}
  - id: rerun
    run: {http: {method: POST, url: "{{ service.links.rerun }}"}}
    approve: lead
"""

# The example's other answer, and the links of the service that it is for.
LAST_STEP = """
  - id: upstream-late
    do: "Wait."
"""
LINKS = """
services:
  demand-forecast:
    name: Demand forecast
    kind: training
    links: {jobs: "https://jobs.example.com", rerun: "https://jobs.example.com/rerun"}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return folder(tmp_path / "config", product=CONFIG, rest=REST)


def folder(path: Path, **files: str) -> Path:
    path.mkdir()
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def faults(config: Path, runbooks: Path | None = None) -> list[str]:
    with pytest.raises(ConfigFaults) as caught:
        load(config, runbooks)
    return [str(fault).replace(f"{config.parent}/", "") for fault in caught.value.faults]


def test_the_documented_configuration_means_what_is_said_of_it(config: Path) -> None:
    policy = load(config)
    nairobi, anyone = policy.schedules["l1"].layers
    assert policy.workspace.announcements == "#incidents"
    assert list(policy.severities) == ["sev1", "sev2", "sev3"]
    assert policy.severities["sev1"].re_page_after == timedelta(minutes=30)
    assert nairobi.rotation.every == Every(count=1, unit=Unit.WEEKS)
    assert nairobi.rotation.people == (("amina",), ("brian",))
    assert nairobi.on_call[0].start.hour == 8
    assert anyone.on_call == ()
    assert policy.escalation_paths["follow-the-sun"].steps[2].when.severity == ("sev1", "sev2")
    assert policy.escalation_paths["follow-the-sun"].steps[2].page[1].kind is TargetKind.PERSON
    assert policy.slas["standard"].warn_at == (0.5, 0.75, 0.9)
    assert policy.slas["standard"].targets["sev3"][Clock.ACKNOWLEDGE].calendar == "nairobi-office"
    assert policy.slas["standard"].targets["sev1"][Clock.RESOLVE].within == timedelta(hours=8)
    assert policy.slas["standard"].pause_while is not None
    assert policy.calendars["nairobi-office"].holidays == "KE"


def test_the_documented_runbook_loads(tmp_path: Path) -> None:
    example = RUNBOOK.replace("kinds: [batch-inference]", "kinds: [training]")
    config = folder(tmp_path / "config", product=CONFIG, rest=REST, links=LINKS)
    policy = load(config, folder(tmp_path / "runbooks", stale=example + LAST_STEP))
    runbook = policy.runbooks["stale-predictions"]
    assert runbook.steps[1].answers == {"yes": "rerun", "no": "upstream-late"}
    assert runbook.applies_to.labels == {"alertname": "PredictionsStale"}
    assert runbook.steps[2].run is not None
    assert runbook.steps[2].approve == "lead"


def test_several_people_of_one_turn_and_a_start_in_utc_are_read(config: Path) -> None:
    layer = load(config).schedules["l2"].layers[0]
    assert layer.rotation.people == (("luis", "sita"),)
    assert layer.rotation.starts == datetime(2026, 1, 5, 0, 0)  # noqa: DTZ001 (the wall clock of the layer's zone)
    assert layer.rotation.every == Every(count=1, unit=Unit.MONTHS)


def test_a_start_with_an_offset_is_moved_to_the_wall_clock_of_the_layer(config: Path) -> None:
    (config / "more.yaml").write_text(
        "schedules: {l3: {layers: [{name: a, time_zone: Asia/Kathmandu, "
        "rotation: {every: 24h, starts: 2026-01-05T08:00+00:00, people: [amina]}}]}}"
    )
    rotation = load(config).schedules["l3"].layers[0].rotation
    assert rotation.starts.isoformat() == "2026-01-05T13:45:00"
    assert rotation.every == Every(count=1, unit=Unit.DAYS)


def test_the_calendar_that_never_closes_needs_no_mention(tmp_path: Path) -> None:
    policy = load(folder(tmp_path / "config", a="people:\n"))
    assert policy.calendars["always"].hours == ()


def test_every_fault_of_every_file_is_told_at_once_in_order(config: Path) -> None:
    (config / "b.yaml").write_text("teams:\n  ops: {name: Ops, kind: suport, led: amina, members: [anima]}\n")
    (config / "a.yaml").write_text("people:\n  x: {name: X, time_zone: Mars/Olympus}\nservice: {}\n")
    assert faults(config) == [
        'config/a.yaml:2: people.x.time_zone: there is no time zone "Mars/Olympus"; write it like Africa/Nairobi',
        'config/a.yaml:3: unknown section "service"; did you mean "services"?',
        'config/b.yaml:2: teams.ops.kind: "suport" is not known here; did you mean "support"?',
        'config/b.yaml:2: teams.ops.led: unknown key; did you mean "lead"?',
        'config/b.yaml:2: teams.ops.members.#1: there is no person "anima"; did you mean "amina"?',
    ]


def test_a_file_that_cannot_be_read_does_not_make_its_names_unknown(config: Path) -> None:
    (config / "rest.yaml").write_text(REST + "  - [")
    assert [fault.split(": ")[0] for fault in faults(config)] == ["config/rest.yaml:17"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path / "config", tmp_path / "runbooks") == [
        "config: there is no such folder; make it, or say with BATON_CONFIG where it is",
        "runbooks: there is no such folder; make it, or say with BATON_RUNBOOKS where it is",
    ]


def test_an_empty_folder_of_configuration_is_told_and_one_of_runbooks_is_fine(config: Path, tmp_path: Path) -> None:
    empty = folder(tmp_path / "empty")
    assert faults(empty) == ["empty: this folder has no *.yaml file; put the configuration in it"]
    assert load(config, empty).runbooks == {}


def test_a_file_with_another_ending_is_told(config: Path) -> None:
    (config / "people.yml").write_text("people: {}")
    assert faults(config) == ["config/people.yml: only *.yaml is read; rename it to people.yaml"]


def test_a_folder_with_the_name_of_a_file_is_told(config: Path) -> None:
    (config / "a.yaml").mkdir()
    assert faults(config) == ["config/a.yaml: it cannot be read: is a directory"]


def test_a_policy_cannot_be_changed(config: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(config).people["amina"].name = "Somebody else"  # type: ignore[misc]  # what is tried here
