"""The `bot` commands, as somebody in a terminal or a script uses them."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.core.standin import Span
from bot.store.store import Store
from tests.store.build import override

ROOT = Path(__file__).parent.parent
AT = "2026-03-02T19:00Z"  # a Monday, when the first line is in Bogotá


class Terminal:
    """Runs `bot WORDS` in an environment of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._env: dict[str, str | None] = {
            "BATON_CONFIG": str(ROOT / "config"),
            "BATON_RUNBOOKS": str(ROOT / "runbooks"),
            "DATABASE_URL": f"sqlite:///{folder / 'baton.db'}",
            "COLUMNS": "200",
        }

    def runs(self, *words: str, **env: str) -> Result:
        return CliRunner().invoke(app, list(words), env=self._env | env)

    def prints(self, *words: str, **env: str) -> str:
        done = self.runs(*words, **env)
        assert done.exit_code == 0, done.output
        return str(done.stdout)

    def refuses(self, *words: str, code: int = 2, **env: str) -> str:
        done = self.runs(*words, **env)
        assert done.exit_code == code, done.output
        assert done.stdout == ""
        return str(done.stderr)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    yield Terminal(tmp_path)


def test_check_says_that_the_sample_is_sound(terminal: Terminal) -> None:
    said = terminal.prints("check")
    assert "are sound: 18 people, 11 services, 4 schedules" in said


def test_check_names_every_fault_with_its_line(terminal: Terminal) -> None:
    bad = terminal.folder / "config"
    bad.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        (bad / file.name).write_text(file.read_text().replace("country: KE", "country: Kenya"))
    said = terminal.refuses("check", code=1, BATON_CONFIG=str(bad))
    named = [line for line in said.splitlines() if line.startswith(f"{bad}/people.yaml:")]
    assert len(named) == 5
    assert "5 faults in the configuration" in said


def test_oncall_answers_for_machines(terminal: Terminal) -> None:
    answers = json.loads(terminal.prints("oncall", "--at", AT, "--json"))
    first = next(answer for answer in answers if answer["schedule"] == "l1")
    assert first == {
        "schedule": "l1",
        "at": "2026-03-02T19:00:00Z",
        "people": ["luis"],
        "layer": "bogota",
        "until": "2026-03-03T02:00:00Z",
        "next": ["sita"],
    }
    assert json.loads(terminal.prints("oncall", "l1", "--at", AT, "--json")) == first
    assert json.loads(terminal.prints("oncall", "l1", "--at", "2026-03-02T14:00-05:00", "--json")) == first


def test_oncall_answers_for_people(terminal: Terminal) -> None:
    said = terminal.prints("oncall", "--at", AT)
    assert "luis" in said
    assert "andres" in said


def test_oncall_of_an_unknown_schedule_suggests_the_nearest(terminal: Terminal) -> None:
    said = terminal.refuses("oncall", "plattform")
    assert said == "There is no schedule 'plattform'. Did you mean platform?\n"


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "", "2026-03-02T25:00"])
def test_an_instant_that_is_none_is_said_so(at: str, terminal: Terminal) -> None:
    assert "is not an instant" in terminal.refuses("oncall", "--at", at)


def test_an_instant_before_all_time_is_out_of_reach(terminal: Terminal) -> None:
    said = terminal.refuses("oncall", "--at", "0001-01-01T00:00+05:00")
    assert said == "0001-01-01T00:00+05:00 is out of reach; ask about a time between 1900 and 9980.\n"


def test_shifts_of_a_day_follow_each_other_without_a_gap(terminal: Terminal) -> None:
    span = ("--from", "2026-03-02T00:00Z", "--to", "2026-03-03T00:00Z")
    shifts: list[dict[str, Any]] = json.loads(terminal.prints("shifts", "l1", *span, "--json"))
    assert [shift["people"] for shift in shifts] == [["camila"], ["sita"], ["amina"], ["luis"]]
    assert (shifts[0]["start"], shifts[-1]["end"]) == ("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")
    assert all(before["end"] == after["start"] for before, after in pairwise(shifts))
    assert "camila" in terminal.prints("shifts", "l1", *span)


def test_shifts_backwards_are_refused(terminal: Terminal) -> None:
    said = terminal.refuses("shifts", "l1", "--from", AT, "--to", AT)
    assert said == "--to must come after --from.\n"


def test_coverage_answers_for_machines(terminal: Terminal) -> None:
    answers = json.loads(terminal.prints("coverage", "--from", "2026-03-02", "--weeks", "1", "--json"))
    assert [answer["schedule"] for answer in answers] == ["l1", "l2", "platform", "engineering"]
    first = answers[0]
    assert list(first) == ["schedule", "from", "to", "score", "reasons", "gaps", "holidays", "nights", "people"]
    assert (first["from"], first["to"]) == ("2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z")
    assert first["gaps"] == []
    assert first["people"]["luis"] == {"hours": 54.0, "night_hours": 0.0, "weekends": 1}
    named = terminal.prints("coverage", "l1", "--from", "2026-03-02", "--weeks", "1", "--json")
    assert json.loads(named) == first


def test_coverage_answers_for_people(terminal: Terminal) -> None:
    said = terminal.prints("coverage")
    for told in ("First line (l1)", "of 100", "Somebody is on call at every moment.", "Amina Otieno", "Labor Day"):
        assert told in said


def test_coverage_is_of_whole_days_so_that_two_runs_agree(terminal: Terminal) -> None:
    told = json.loads(terminal.prints("coverage", "l1", "--json"))
    assert (told["from"][10:], told["to"][10:]) == ("T00:00:00Z", "T00:00:00Z")


def test_coverage_is_strict_about_gaps_if_asked(terminal: Terminal) -> None:
    gappy = terminal.folder / "config"
    gappy.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        (gappy / file.name).write_text(file.read_text().replace("Mon-Sun 07:45-15:45", "Mon-Sun 07:45-15:30"))
    schedules = gappy / "schedules.yaml"
    head, anyone, rest = schedules.read_text().partition("      - name: anyone")
    schedules.write_text(head + rest[rest.index("    handoff:") :])
    assert anyone
    terminal.prints("coverage", "l1", "--strict")
    terminal.prints("coverage", "l1", BATON_CONFIG=str(gappy))
    done = terminal.runs("coverage", "l1", "--strict", "--json", BATON_CONFIG=str(gappy))
    assert done.exit_code == 1
    assert len(json.loads(done.stdout)["gaps"]) == 364


def test_coverage_is_drawn_if_asked(terminal: Terminal) -> None:
    file = terminal.folder / "l1.png"
    terminal.prints("coverage", "l1", "--picture", str(file))
    assert file.read_bytes().startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plattform",), "There is no schedule 'plattform'. Did you mean platform?\n"),
        (("--weeks", "0"), "--weeks must be from 1 to 520.\n"),
        (("--weeks", "521"), "--weeks must be from 1 to 520.\n"),
        (("--from", "soon"), "'soon' is not an instant; write it like 2026-03-01T09:00Z.\n"),
        (("--from", "1800-01-01"), "52 weeks from 1800-01-01 are out of reach; begin between 1900 and 9980.\n"),
        (("--from", "9999-06-01"), "52 weeks from 9999-06-01 are out of reach; begin between 1900 and 9980.\n"),
        (("--from", "0001-01-01T00:00+05:00"), "0001-01-01T00:00+05:00 is out of reach; "
                                               "ask about a time between 1900 and 9980.\n"),
        (("l1", "--picture", "no/such.png"), "The picture cannot be written to no/such.png: "
                                             "No such file or directory.\n"),
        (("--picture", "all.png"), "A picture shows one schedule: name it, as in "
                                   "`bot coverage SCHEDULE --picture all.png`.\n"),
    ],
)  # fmt: skip
def test_coverage_says_what_is_wrong_in_one_sentence(words: tuple[str, ...], said: str, terminal: Terminal) -> None:
    assert terminal.refuses("coverage", *words) == said


def test_simulate_tells_people_who_would_be_paged_when(terminal: Terminal) -> None:
    said = terminal.prints("simulate", "churn-scoring", "sev1", "--at", AT)
    for told in (
        "Churn scoring, sev1",
        "Luis Herrera",
        "Mon 14:00 Bogota",
        "😴 asleep",
        "the path has run out",
        "Amina Otieno are told",
    ):
        assert told in said


def test_simulate_tells_machines_the_same(terminal: Terminal) -> None:
    found = json.loads(terminal.prints("simulate", "churn-scoring", "sev1", "--at", AT, "--json"))
    assert (found["service"], found["severity"], found["at"]) == ("churn-scoring", "sev1", "2026-03-02T19:00:00Z")
    assert [each["person"] for each in found["moments"][0]["people"]] == ["luis"]
    assert found["exhausted_at"] == "2026-03-02T20:30:00Z"


def test_simulate_is_of_no_service_in_particular_if_none_is_named(terminal: Terminal) -> None:
    answers = [
        json.loads(terminal.prints("simulate", *words, "--at", AT, "--json")) for words in (["-", "sev2"], ["sev2"])
    ]
    assert answers[0] == answers[1]
    assert answers[0]["service"] is None


def test_simulate_knows_who_stands_in_at_present(terminal: Terminal) -> None:
    terminal.prints("migrate")
    with closing(Store(f"sqlite:///{terminal.folder / 'baton.db'}")) as store, store.transaction() as work:
        span = Span(datetime(2026, 3, 2, 18, tzinfo=UTC), datetime(2026, 3, 2, 20, tzinfo=UTC), "sita", "luis")
        work.save_stand_in(None, override(1, spans=(span,)))
    found = json.loads(terminal.prints("simulate", "churn-scoring", "sev1", "--at", AT, "--json"))
    assert [each["person"] for each in found["moments"][0]["people"]] == ["sita"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("churn-scorin", "sev1"), "There is no service “churn-scorin”. Did you mean churn-scoring?\n"),
        (("-", "sv1"), "There is no severity “sv1”. Did you mean sev1?\n"),
        (("churn-scoring",), "Say how bad it is, too, as in `bot simulate churn-scoring sev1`.\n"),
        (("sev1", "--at", "noon"), "'noon' is not an instant; write it like 2026-03-01T09:00Z.\n"),
        (("sev1", "--at", "9999-12-31"), "9999-12-31T00:00:00+00:00 is out of reach; "
                                         "ask about a time between 1900 and 9980.\n"),
    ],
)  # fmt: skip
def test_simulate_says_what_is_wrong_in_one_sentence(words: tuple[str, ...], said: str, terminal: Terminal) -> None:
    assert terminal.refuses("simulate", *words) == said


def test_doctor_says_what_is_missing_and_looks_at_the_rest(terminal: Terminal) -> None:
    done = terminal.runs("doctor", SLACK_BOT_TOKEN="")
    assert done.exit_code == 1
    assert "✗ tokens: SLACK_BOT_TOKEN is not set." in done.stdout
    assert "✓ " in done.stdout and "Sound; 18 people." in done.stdout
    assert not (terminal.folder / "baton.db").exists()


def test_doctor_answers_machines_and_says_a_malformed_token_without_it(terminal: Terminal) -> None:
    done = terminal.runs("doctor", "--json", SLACK_BOT_TOKEN="a-secret")
    assert done.exit_code == 1
    assert "a-secret" not in done.output
    (found,) = json.loads(done.stdout)
    assert (found["room"], found["grade"]) == ("environment", "fault")


def test_the_manifest_is_for_socket_mode_unless_an_address_is_given(terminal: Terminal) -> None:
    by_socket = json.loads(terminal.prints("manifest"))
    by_http = json.loads(terminal.prints("manifest", "--events-url", "https://bot.example.com/slack/events"))
    assert by_socket["settings"]["socket_mode_enabled"] is True
    assert by_http["settings"]["socket_mode_enabled"] is False
    assert by_http["features"]["slash_commands"][0]["url"] == "https://bot.example.com/slack/events"
    assert by_socket["oauth_config"] == by_http["oauth_config"]


def test_migrate_makes_the_database_and_may_be_run_again(terminal: Terminal) -> None:
    for _ in range(2):
        assert "newest schema" in terminal.prints("migrate")
    with sqlite3.connect(terminal.folder / "baton.db") as connection:
        assert connection.execute("SELECT count(*) FROM incident").fetchone() == (0,)
    connection.close()


def test_a_backup_is_a_whole_database_and_overwrites_nothing(terminal: Terminal) -> None:
    terminal.prints("migrate")
    copy = terminal.folder / "copy.db"
    assert str(copy) in terminal.prints("backup", str(copy))
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert "exists already" in terminal.refuses("backup", str(copy))


def test_a_backup_of_nothing_is_refused_and_makes_nothing(terminal: Terminal) -> None:
    assert "There is no database" in terminal.refuses("backup", "copy.db")
    assert list(terminal.folder.iterdir()) == []


@pytest.mark.parametrize("command", ["migrate", "backup"])
def test_an_address_that_leads_nowhere_is_said_in_one_sentence(command: str, terminal: Terminal) -> None:
    words = (command, "copy.db") if command == "backup" else (command,)
    said = terminal.refuses(*words, DATABASE_URL="sqlite:////no/such/folder/baton.db")
    assert said.startswith("The folder /no/such/folder for the database does not exist")
    assert said.count("\n") == 1


def test_a_missing_folder_of_configuration_is_said(terminal: Terminal) -> None:
    said = terminal.refuses("check", code=1, BATON_CONFIG="nowhere")
    assert "nowhere" in said
    assert "Traceback" not in said


def test_help_names_every_command(terminal: Terminal) -> None:
    said = terminal.prints("--help")
    for command in (
        "demo",
        "run",
        "check",
        "oncall",
        "shifts",
        "coverage",
        "simulate",
        "doctor",
        "manifest",
        "migrate",
        "backup",
    ):
        assert command in said
