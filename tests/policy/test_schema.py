"""The JSON Schemas: they are those of the models, take what the bot takes, and refuse what it does not know."""

from pathlib import Path
from typing import Any

import pytest

from bot.policy.schema import schemas, text
from bot.policy.tree import read
from tests.policy.json_schema import objections

ROOT = Path(__file__).parent.parent.parent
BAD = ROOT / "tests" / "bad_config"
SCHEMAS = schemas()
CONFIG, RUNBOOK = SCHEMAS["config.schema.json"], SCHEMAS["runbook.schema.json"]
GOOD = [
    *((file, CONFIG) for file in sorted((ROOT / "config").glob("*.yaml"))),
    *((file, CONFIG) for file in sorted((BAD / "good" / "config").glob("*.yaml"))),
    *((file, RUNBOOK) for file in sorted((ROOT / "runbooks").glob("*.yaml"))),
    *((file, RUNBOOK) for file in sorted((BAD / "good" / "runbooks").glob("*.yaml"))),
]
UNKNOWN = [
    (file, schema)
    for folder, schema in ((BAD, CONFIG), (BAD / "runbooks", RUNBOOK))
    for file in sorted(folder.glob("*.yaml"))
    if b"unknown key" in (first := file.read_bytes().splitlines()[0]) or b"unknown section" in first
]


def data(file: Path) -> Any:
    return read(file.read_bytes(), str(file)).data


def runbook(step: str) -> Any:
    return {"runbook": "a", "title": "A", "steps": [{"id": "a", **read(step.encode(), "a.yaml").data}]}


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_published_is_what_the_models_say(name: str) -> None:
    assert (ROOT / "schema" / name).read_text(encoding="utf-8") == text(SCHEMAS[name]), "run `bot schema`"


@pytest.mark.parametrize(("file", "schema"), GOOD, ids=lambda each: each.stem if isinstance(each, Path) else "")
def test_what_the_bot_takes_fits(file: Path, schema: dict[str, Any]) -> None:
    assert objections(data(file), schema) == []


@pytest.mark.parametrize(("file", "schema"), UNKNOWN, ids=lambda each: each.stem if isinstance(each, Path) else "")
def test_a_key_that_the_bot_does_not_know_does_not_fit(file: Path, schema: dict[str, Any]) -> None:
    assert objections(data(file), schema)


def test_there_are_files_of_all_sorts() -> None:
    assert len(GOOD) > 20
    assert len(UNKNOWN) >= 10


@pytest.mark.parametrize(
    "step",
    [
        "{do: Look.}",
        "{check: Age, expect: Low, wrong: end, stalls_after: 30m}",
        "{ask: So, answers: {yes: end, no: a}}",
        "{input: Which, name: partition, matches: '[0-9]+'}",
        "{wait: 1h30m, why: It starts.}",
        "{run: {command: restart, with: {job: churn}}, dry_run: {command: show}, approve: second}",
        "{run: {page: ['schedule:l1', {kind: person, name: amina}]}, safe: true}",
        "{run: {http: {method: POST, url: 'https://a.example', headers: {A: 'env:B'}, timeout: 1m}}, why: So.}",
    ],
)
def test_each_kind_of_step_fits_as_it_is_written(step: str) -> None:
    assert objections(runbook(step), RUNBOOK) == []


@pytest.mark.parametrize(
    "step",
    [
        "{}",
        "{do: Look., check: Age.}",
        "{do: Look., wrong: end}",
        "{ask: So}",
        "{ask: So, answers: [yes, no]}",
        "{input: Which}",
        "{wait: 10}",
        "{wait: ''}",
        "{run: {}}",
        "{run: {role: lead, severity: sev1}}",
        "{run: {role: lead, with: {job: churn}}}",
        "{run: {status: closed}}",
        "{run: {command: restart, with: {job: 42}}}",
        "{run: {http: {url: 'https://a.example', method: FETCH}}}",
        "{do: Look., dry_run: {command: show}}",
    ],
)
def test_a_step_that_the_bot_refuses_for_its_form_does_not_fit(step: str) -> None:
    assert objections(runbook(step), RUNBOOK)


@pytest.mark.parametrize(
    "written",
    [
        "services: {a: {name: A, kind: llm, sla: [x, y], escalation_path: {default: b}}}",
        "slas: {a: {warn_at: [0.5, 75%], targets: {sev1: {resolve: {within: 2 business days, calendar: c}, rca: 4h}}}}",
        "calendars: {a: {exceptions: {2026-12-24: ['08:00-12:00']}}, always: }",
        "schedules: {a: {layers: [{name: b, time_zone: UTC, feed: {ical: b.ics}}]}}",
        "schedules: {a: {layers: [{name: b, time_zone: UTC, rotation: [{every: 1w, starts: 2026-01-05T08:00, people: "
        "[amina, [brian, {person: sita, from: 2026-02-02T08:00}]]}]}]}}",
        "escalation_paths: {a: {steps: [{page: ['group:@mlops'], wait: 5m, when: {holiday: false, holidays: KE}}]}}",
        "customers: ",
    ],
)
def test_short_and_long_forms_of_the_configuration_fit(written: str) -> None:
    assert objections(read(written.encode(), "a.yaml").data, CONFIG) == []


def test_fields_say_what_their_comments_say() -> None:
    step = RUNBOOK["$defs"]["RunbookStep"]
    assert step["properties"]["safe"] == {
        "type": "boolean",
        "description": "L1 may do it without asking",
        "default": False,
    }
    assert step["description"].startswith("Exactly one of `do`")
