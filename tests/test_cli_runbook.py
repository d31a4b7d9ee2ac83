"""`bot runbook try`: a runbook is walked in the terminal, and nothing that it would do is done."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import RenderableType
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.policy.load import load
from bot.reports.trying import SKIP, walk
from bot.reports.trying_sample import Sample
from tests.test_cli import ROOT, Terminal

COMMANDS = """
commands:
  jobctl:
    run: [/nowhere/jobctl, restart, "{job}"]
    dry_run: [/nowhere/jobctl, restart, "{job}", --dry-run]
    arguments: {job: "[a-z-]+"}
"""
EVERY_KIND = """
runbook: restart
title: Restart the job
applies_to: {services: [churn-scoring], categories: [pipeline.failure]}
steps:
  - {id: look, check: "Open {{ service.links.jobs }}.", expect: It is red., wrong: tell}
  - {id: job, input: "Which job?", name: job, matches: "[a-z-]+"}
  - {id: rest, wait: 10m, why: It may heal by itself}
  - {id: restart, run: {command: jobctl, with: {job: "{{ inputs.job }}"}}, expect: It runs}
  - {id: call, approve: second, run: {http: {method: POST, url: "https://jobs.example.com/{{ inputs.job }}", \
headers: {X-Key: "env:JOBS"}, body: "now", timeout: 10s}}}
  - {id: worse, run: {severity: sev1}}
  - {id: again, ask: "Does {{ inputs.job }} run?", answers: {yes: end, no: tell}}
  - {id: tell, do: "Tell {{ people.lead }} that it is {{ incident.severity }}."}
"""


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "config"
    config.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        if "\ncommands:" not in file.read_text():
            (config / file.name).write_text(file.read_text())
    (config / "own.yaml").write_text(COMMANDS)
    (tmp_path / "restart.yaml").write_text(EVERY_KIND)
    opened = Terminal(tmp_path)
    opened._env["BATON_CONFIG"] = str(config)
    yield opened


def tried(terminal: Terminal, *answers: str, file: str = "restart.yaml", more: tuple[str, ...] = ()) -> Result:
    said = "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(app, ["runbook", "try", file, *more], env=terminal._env, input=said)


def walked(terminal: Terminal, *answers: str, more: tuple[str, ...] = ()) -> str:
    """What is shown, however wide the terminal is."""
    done = tried(terminal, *answers, more=more)
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_the_whole_list_and_the_first_step_are_shown(terminal: Terminal) -> None:
    said = walked(terminal)
    assert "Tried against INC-42 of churn-scoring, sev2, pipeline.failure." in said
    assert "because category is pipeline.failure and service is churn-scoring." in said
    for step in ("look", "job", "rest", "restart", "call", "worse", "again", "tell"):
        assert f" {step} " in said
    assert "Step 1 of 8 look ▶·······" in said
    assert "Open https://jobs.example.com/churn-scoring." in said
    assert said.endswith("The input ends here, and so does this walk. 0 steps dealt with.")


def test_every_kind_of_step_is_walked_and_nothing_is_done(terminal: Terminal) -> None:
    answers = [
        "",
        "CHURN!",
        "churn",
        "",
        "1",
        "",
        "",
        "",
        "run",
        "",
        "it failed",
        "run again",
        "",
        "",
        "1",
        "no",
        "done",
    ]
    said = walked(terminal, *answers)
    for words in (
        "“CHURN!” cannot be used here: it must match [a-z-]+",
        "In an incident this takes 10m; here it is over at once.",
        "The request (dry run, which is not done here either):",
        "jobctl: /nowhere/jobctl restart churn --dry-run",
        "jobctl: /nowhere/jobctl restart churn It would be given 30s.",
        "POST https://jobs.example.com/churn with 3 characters",
        "X-Key: env:JOBS",
        "It needs the consent of a second person.",
        "approves · 2 refuses",
        "Set the severity to sev1: Baton does this itself, here only in the sample.",
        "that it is sev1.",
        "→ churn",
        "→ no",
    ):
        assert words in said
    assert said.endswith("The end of the runbook. 8 steps dealt with: 8 done. 3 actions were shown and not done.")


def test_a_check_that_looks_wrong_leads_where_it_says(terminal: Terminal) -> None:
    said = walked(terminal, "looks w", "skip")
    assert "Step 8 of 8 tell ✓······▶" in said
    assert "2 steps dealt with: 1 done, 1 skipped." in said


def test_what_is_no_answer_is_asked_again_and_q_stops(terminal: Terminal) -> None:
    said = walked(terminal, "perhaps", "9", "q")
    assert said.count("Choose Looks right or Looks wrong or Skip, by number or by name; q stops.") == 2
    assert said.endswith("Stopped. 0 steps dealt with.")


def test_the_sample_is_what_was_asked_for(terminal: Terminal) -> None:
    said = walked(
        terminal, "2", more=("--service", "fraud-detection", "--severity", "sev3", "--category", "drift.data")
    )
    assert "Tried against INC-42 of fraud-detection, sev3, drift.data. It would not be offered there." in said
    assert "that it is sev3." in said


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--service=churn-scorin", "There is no service 'churn-scorin'; did you mean \"churn-scoring\"?"),
        ("--severity=sev9", "There is no severity 'sev9'"),
        ("--category=drift", "There is no category 'drift'"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(option: str, sentence: str, terminal: Terminal) -> None:
    done = tried(terminal, more=(option,))
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_faults_are_told_with_their_lines_and_nothing_is_walked(terminal: Terminal) -> None:
    (terminal.folder / "bad.yaml").write_text(
        "runbook: bad\ntitle: Bad\nsteps:\n  - {id: a, do: '{{ service.nmae }}'}\n"
    )
    done = tried(terminal, file="bad.yaml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "bad.yaml:4: " in done.stderr
    assert 'did you mean "name"' in done.stderr
    assert tried(terminal, file="none.yaml").exit_code == 1


def test_every_runbook_of_the_sample_can_be_walked() -> None:
    """Along the first road, with the first answer everywhere and no values."""
    policy = load(ROOT / "config", ROOT / "runbooks")
    for book in policy.runbooks.values():
        shown: list[RenderableType] = []
        left = iter(range(200))  # where the first answer leads round in a circle, the input ends

        def answers(prompt: str, left: Iterator[int] = left) -> str | None:
            return None if next(left, None) is None else SKIP if "A value" in prompt else ""

        sample = Sample(book, policy, datetime(2026, 3, 2, 19, tzinfo=UTC))
        walk(sample, shown.append, answers)
        assert sample.run.finished_at is not None
        assert "dealt with" in str(shown[-1])
