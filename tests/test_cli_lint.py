"""`bot check`, `bot runbook lint` and `bot schema`: how what is written is looked at before it is used."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.test_cli import ROOT, Terminal, terminal

__all__ = ["terminal"]

DOUBTFUL = """runbook: stale
title: Stale
owner: support
reviewed: 2020-01-01
steps:
  - id: look
    do: Look.
"""
FAULTY = DOUBTFUL.replace("owner: support", "owner: suport")
GOOD = ROOT / "tests" / "bad_config" / "good" / "config"


def folder(terminal: Terminal, **runbooks: str) -> dict[str, str]:
    where = terminal.folder / "runbooks"
    where.mkdir()
    for name, text in runbooks.items():
        (where / f"{name}.yaml").write_text(text)
    return {"BATON_RUNBOOKS": str(where), "BATON_CONFIG": str(GOOD)}


def test_check_tells_doubts_and_is_content_unless_it_is_strict(terminal: Terminal) -> None:
    here = folder(terminal, stale=DOUBTFUL)
    done = terminal.runs("check", **here)
    assert done.exit_code == 0
    assert "are sound: 2 people" in done.stdout
    assert f"{here['BATON_RUNBOOKS']}/stale.yaml:4: reviewed: last reviewed" in done.stderr
    assert "1 thing to look at" in done.stderr
    assert terminal.runs("check", "--strict", **here).exit_code == 1


def test_check_tells_faults_and_doubts_together(terminal: Terminal) -> None:
    said = terminal.refuses("check", code=1, **folder(terminal, bad=FAULTY, stale=DOUBTFUL.replace("stale", "old")))
    assert 'bad.yaml:3: owner: there is no team "suport"' in said
    assert "stale.yaml:4: reviewed: last reviewed" in said
    assert "1 fault in the configuration" in said


def test_lint_is_content_with_what_is_sound(terminal: Terminal) -> None:
    sound = DOUBTFUL.replace("2020-01-01", f"{datetime.now(UTC):%Y-%m-%d}")
    assert "1 runbook, and nothing to put right" in terminal.prints("runbook", "lint", **folder(terminal, stale=sound))


def test_lint_is_not_content_with_a_doubt(terminal: Terminal) -> None:
    said = terminal.refuses("runbook", "lint", code=1, **folder(terminal, stale=DOUBTFUL))
    assert "stale.yaml:4: reviewed: last reviewed" in said
    assert "1 thing to put right" in said


def test_lint_looks_at_the_files_that_are_named_and_at_no_others(terminal: Terminal) -> None:
    here = folder(terminal, bad=FAULTY)
    elsewhere = Path(terminal.folder / "draft.yaml")
    elsewhere.write_text(DOUBTFUL.replace("owner: support\n", ""))
    said = terminal.refuses("runbook", "lint", str(elsewhere), "nowhere.yaml", code=1, **here)
    assert "bad.yaml" not in said
    assert f'{elsewhere}:1: it has no "owner"' in said
    assert "nowhere.yaml: it cannot be read: no such file or directory" in said


def test_schema_writes_both_schemas(terminal: Terminal) -> None:
    said = terminal.prints("schema", "--dir", "made/for/editors")
    assert said.splitlines() == ["made/for/editors/config.schema.json", "made/for/editors/runbook.schema.json"]
    for name in said.splitlines():
        assert json.loads((terminal.folder / name).read_text())["type"] == "object"


def test_schema_says_where_it_cannot_write(terminal: Terminal) -> None:
    (terminal.folder / "file").write_text("")
    assert terminal.refuses("schema", "--dir", "file").startswith("The schemas cannot be written into file: ")
