"""`bot runbook stats`: what runbooks are worth, as somebody in a terminal or a script asks for it."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.incident import RunbookRun, StepState, StepTaken
from bot.store.store import Store
from tests.store.build import declare
from tests.test_cli import Terminal

DRIFT = """
runbook: drift
title: Input data has drifted
reviewed: 2020-01-01
steps:
  - {id: plot, do: Plot the features.}
  - {id: tell, do: Tell the owner.}
"""


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """With one runbook of its own, which was skipped through three times a week ago and once last year."""
    monkeypatch.chdir(tmp_path)
    runbooks = tmp_path / "runbooks"
    runbooks.mkdir()
    (runbooks / "drift.yaml").write_text(DRIFT)
    opened = Terminal(tmp_path)
    opened._env["BATON_RUNBOOKS"] = str(runbooks)
    with closing(Store(f"sqlite:///{tmp_path / 'baton.db'}")) as store:
        store.migrate()
        now = datetime.now(UTC)
        for number, ago in enumerate((7, 7, 7, 300), 1):
            declare(store, runs=(skipped_through(f"{number}-r1", now - timedelta(days=ago)),))
    yield opened


def skipped_through(id_: str, at: datetime) -> RunbookRun:
    end = at + timedelta(minutes=10)
    steps = (
        StepTaken("plot", StepState.DONE, "luis", end, since=at),
        StepTaken("tell", StepState.SKIPPED, "luis", end),
    )
    said = "The link is dead."
    return RunbookRun(id_, "drift", "luis", at, None, steps, end, helped=False, rated_by="luis", feedback=said)


def test_it_counts_what_was_used_of_late(terminal: Terminal) -> None:
    said = terminal.prints("runbook", "stats").splitlines()
    assert said[0].startswith("drift: used 3 times, 3 to the end, median 10m, helped 0 of 3, last on 20")
    assert said[0].endswith(", not reviewed since 2020-01-01")
    assert said[1:] == ["    Nobody does the step “tell”."]
    for since in ("52w", "2020-01-01"):
        assert "drift: used 4 times" in terminal.prints("runbook", "stats", "--since", since)


def test_of_one_runbook_it_shows_each_step(terminal: Terminal) -> None:
    said = terminal.prints("runbook", "stats", "drift").splitlines()
    assert said[0] == "Input data has drifted (drift)"
    assert said[2:4] == [
        "    plot: reached 3×, done 3, median 10m",
        "    tell: reached 3×, done 0, skipped 3, nobody does it",
    ]
    assert said[4] == "    INC-3, luis: The link is dead."


def test_a_machine_gets_plain_facts(terminal: Terminal) -> None:
    [found] = json.loads(terminal.prints("runbook", "stats", "--json"))["runbooks"]
    assert (found["runbook"], found["uses"], found["median_seconds"], found["stale"]) == ("drift", 3, 600, True)
    assert json.loads(terminal.prints("runbook", "stats", "drift", "--json")) == found


def test_what_it_does_not_know_it_says(terminal: Terminal) -> None:
    assert "There is no runbook 'drit'. Did you mean drift?" in terminal.refuses("runbook", "stats", "drit")
    assert "'soon' is neither a length of time" in terminal.refuses("runbook", "stats", "--since", "soon")
    assert terminal.refuses("runbook", "stats", "--since", "2999-01-01") == "--since must lie in the past.\n"
    nowhere = f"sqlite:///{terminal.folder / 'none.db'}"
    assert "There is no database yet" in terminal.refuses("runbook", "stats", DATABASE_URL=nowhere)
