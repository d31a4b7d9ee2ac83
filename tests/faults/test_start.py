"""How the bot comes up, waits, and refuses to: one sentence, an exit code, and nothing half begun."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.policy.model import Policy
from bot.sandbox.refusals import Refused
from tests.faults.lives import ROOT, Life, Lives, bot_run, wait_for
from tests.faults.worlds import DECLARE, elsewhere, stands_once
from tests.faults.worlds_by_http import free_port

BAD_CONFIG = ROOT / "tests" / "bad_config"
NOWHERE = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",  # nobody listens there
    "BATON_HTTP": "127.0.0.1:0",
    "BATON_CONFIG": str(ROOT / "config"),
    "BATON_RUNBOOKS": str(ROOT / "runbooks"),
}


def _readiness(life: Life) -> tuple[int, dict[str, dict[str, object]]]:
    status, body = life.answers("/readyz")
    return status, json.loads(body)["checks"]


def _refuses(lives: Lives, env: Mapping[str, str]) -> str:
    """The one sentence with which the bot refuses to start."""
    life = lives.of(bot_run, env=env)
    assert life.ends() == 2, life.log
    assert "Traceback" not in life.log
    for secret in ("xoxb-", "xapp-"):
        assert secret + "1" not in life.log
    said = [line for line in life.log.splitlines() if " INFO " not in line]
    assert len(said) == 1, life.log
    return said[0]


def test_while_slack_is_away_the_bot_waits_and_says_why_it_is_not_ready(
    policy: Policy, database: str, lives: Lives
) -> None:
    port = free_port()
    with elsewhere(policy, database, started=False) as place:
        life = lives.of(bot_run, env=place.env | {"SLACK_API_URL": f"http://127.0.0.1:{port}/api/"})
        assert life.answers("/healthz") == (200, "ok\n")
        status, checks = _readiness(life)
        assert status == 503
        assert checks["slack"] == {"ok": False, "why": "not reached yet"}
        assert checks["database"]["ok"]

        place.sandbox.start(port=port)
        life.is_ready()
        assert place.person("noor").types(DECLARE, "general").ok
        place.wait_until_done()
        assert life.stop() == 0


def test_the_command_runs_and_stops_as_a_supervisor_runs_it(policy: Policy, database: str, tmp_path: Path) -> None:
    """`python -m bot run`, from its first line to its last."""
    with elsewhere(policy, database) as place, (tmp_path / "log").open("w") as log:
        command = [sys.executable, "-m", "bot", "run"]
        bot = subprocess.Popen(command, cwd=ROOT, env=place.env, stdout=log, stderr=log)
        try:
            place.sandbox.wait_connected(timeout=30)
            assert place.person("noor").types(DECLARE, "general").ok
            place.wait_until_done()
            stands_once(place.sandbox, policy, place.incident())
            bot.send_signal(signal.SIGTERM)
            assert bot.wait(timeout=15) == 0
        finally:
            bot.kill()
            bot.wait()
    said = (tmp_path / "log").read_text().splitlines()
    assert "WARNING" not in str(said)
    assert "Baton is running" in said[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_bot_that_waits_for_slack_can_be_stopped(number: int, lives: Lives, tmp_path: Path) -> None:
    life = lives.of(bot_run, env=NOWHERE)
    assert life.answers("/healthz")[0] == 200
    wait_for(lambda: "cannot be reached yet" in life.log, "a word about it")
    os.kill(life.pid, number)
    assert life.ends() == 0
    assert "Traceback" not in life.log


@pytest.mark.parametrize("answer", ["invalid_auth", "account_inactive", "token_revoked"])
def test_a_bot_token_that_slack_refuses_is_said_in_one_sentence(
    answer: str, policy: Policy, database: str, lives: Lives
) -> None:
    with elsewhere(policy, database) as place:

        def refuse(method: str, args: dict[str, object], when: str) -> None:
            if method == "auth.test":
                raise Refused(answer)

        place.sandbox.on_call(refuse)
        said = _refuses(lives, place.env)
        assert f"SLACK_BOT_TOKEN ({answer})" in said


BAD_SETTINGS = {
    "no bot token": ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set"),
    "neither ear": ({"SLACK_APP_TOKEN": ""}, "Neither SLACK_APP_TOKEN"),
    "an app token for a bot token": ({"SLACK_BOT_TOKEN": "xapp-1-secret"}, "SLACK_BOT_TOKEN is not a bot token"),
    "a bot token for an app token": ({"SLACK_APP_TOKEN": "xoxb-1-secret"}, "SLACK_APP_TOKEN is not an app-level token"),
    "no address": ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL is not an http(s) address"),
    "no door": ({"BATON_HTTP": "3000"}, "BATON_HTTP is not HOST:PORT"),
    "a door too far": ({"BATON_HTTP": "127.0.0.1:70000"}, "BATON_HTTP is not HOST:PORT"),
    "a door of nobody": ({"BATON_HTTP": "no.such.host.invalid:80"}, "(BATON_HTTP)"),
    "another database": ({"DATABASE_URL": "mysql://root:xoxb-1@host/db"}, "DATABASE_URL is neither"),
    "no folder for the file": ({"DATABASE_URL": "sqlite:////no/such/folder/baton.db"}, "folder /no/such/folder"),
    "a folder for a file": ({"DATABASE_URL": "sqlite:////tmp"}, "/tmp"),
    "a server that is away": ({"DATABASE_URL": "postgresql://me:xoxb-1@127.0.0.1:9/db"}, "database"),
    "a form of log": ({"BATON_LOG": "xml"}, "BATON_LOG"),
    "a patience": ({"BATON_SLACK_TIMEOUT": "soon"}, "BATON_SLACK_TIMEOUT"),
    "too much patience": ({"BATON_SLACK_TIMEOUT": "60"}, "BATON_SLACK_TIMEOUT"),
}


@pytest.mark.parametrize("what", BAD_SETTINGS)
def test_a_setting_that_cannot_be_used_is_said_in_one_sentence(what: str, lives: Lives) -> None:
    settings, words = BAD_SETTINGS[what]
    assert words in _refuses(lives, NOWHERE | settings)


def test_a_door_that_is_taken_is_said_in_one_sentence(lives: Lives, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = _refuses(lives, NOWHERE | {"BATON_HTTP": f"127.0.0.1:{taken.getsockname()[1]}"})
    assert "in use" in said
    assert not (tmp_path / "baton.db").exists()


def test_a_database_from_a_newer_version_is_refused_and_left_as_it_is(database: str, lives: Lives) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_from_tomorrow'"))
    said = _refuses(lives, NOWHERE | {"DATABASE_URL": database})
    assert "newer Baton (version 9999_from_tomorrow)" in said
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999_from_tomorrow"
    engine.dispose()


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(lives: Lives, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database at all\n" * 100)
    said = _refuses(lives, NOWHERE | {"DATABASE_URL": f"sqlite:///{tmp_path / 'notes.txt'}"})
    assert "notes.txt" in said
    assert (tmp_path / "notes.txt").read_text().startswith("not a database")


def test_faults_of_the_configuration_are_all_named_and_nothing_is_started(lives: Lives, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text())
    people = (folder / "people.yaml").read_text()
    (folder / "people.yaml").write_text(people.replace("Africa/Nairobi", "Africa/Nairoby", 1))
    slas = (folder / "slas.yaml").read_text()
    (folder / "slas.yaml").write_text(slas.replace("acknowledge: 5m", "acknowledge: 5 minutes", 1))
    life = lives.of(bot_run, env=NOWHERE | {"BATON_CONFIG": str(folder)})
    assert life.ends() == 1
    assert f"{folder}/people.yaml:" in life.log
    assert "Africa/Nairobi" in life.log
    assert f"{folder}/slas.yaml:" in life.log
    assert "2 faults in the configuration; nothing was started." in life.log
    assert not (tmp_path / "baton.db").exists()
    assert "HTTP door" not in life.log
