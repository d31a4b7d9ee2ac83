"""kill -9 and a plain stop in the middle of an action: it is done no second time, and nobody claims to know."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.effects import Entry
from bot.core.events import IncidentDeclared
from bot.core.incident import ActionRun, ActionState
from bot.core.runbook_events import ActionAsked, RunbookStarted
from bot.engine.engine import Engine
from bot.policy.load import load
from bot.policy.model import Policy
from tests.faults.lives import ROOT, Lives, bot_run, wait_for
from tests.faults.worlds import Elsewhere, elsewhere
from tests.integrations.services import Answering, Service, service

PATIENT = 30.0


@pytest.fixture
def jobs() -> Iterator[Service]:
    with service() as opened:
        opened.answers = Answering.says_nothing
        yield opened


@pytest.fixture
def runbooks(jobs: Service, tmp_path: Path) -> Path:
    """A folder with one, whose only step starts a job."""
    folder = tmp_path / "runbooks"
    folder.mkdir()
    steps = [
        {"id": "start", "run": {"http": {"method": "POST", "url": jobs.url(), "timeout": "5m"}}, "expect": "It runs."}
    ]
    (folder / "start.yaml").write_text(json.dumps({"runbook": "start", "title": "Start the job", "steps": steps}))
    return folder


def asks(engine: Engine) -> None:
    assert engine.handle(ActionAsked(number=1, by="luis", run="1-r1", step="start")).refusal is None


def actions(place: Elsewhere) -> list[ActionRun]:
    return list(place.incident().runs[0].actions)


@pytest.mark.parametrize("ends", [signal.SIGKILL, signal.SIGTERM])
def test_what_was_cut_off_is_told_as_unknown_and_done_again_only_when_somebody_asks(
    ends: signal.Signals, policy: Policy, database: str, lives: Lives, jobs: Service, runbooks: Path
) -> None:
    with elsewhere(policy, database) as place:
        env = place.env | {"BATON_RUNBOOKS": str(runbooks)}
        engine = Engine(place.store, load(ROOT / "config", runbooks), place.clock)
        engine.handle(IncidentDeclared(by="noor", title="Stale", severity="sev2", service="churn-scoring"))
        engine.handle(RunbookStarted(number=1, by="luis", runbook="start"))
        asks(engine)
        life = lives.of(bot_run, env=env)
        place.sandbox.wait_connected()
        assert jobs.heard.acquire(timeout=PATIENT)
        if ends is signal.SIGKILL:
            life.kill()
        else:
            assert life.stop() == 0

        lives.of(bot_run, env=env)
        place.sandbox.wait_connected()
        wait_for(lambda: actions(place)[0].state is ActionState.UNKNOWN, "an action of which nobody knows")
        place.wait_until_done()
        assert len(jobs.asked) == 1
        with place.store.reading() as read:
            told = [entry for entry in read.timeline(1) if entry.what is Entry.ACTION_ENDED]
        assert [(entry.new, "nobody knows whether it was done" in entry.text) for entry in told] == [("unknown", True)]

        jobs.answers = lambda to: to.says(b"")
        asks(engine)
        assert jobs.heard.acquire(timeout=PATIENT)
        wait_for(lambda: [each.state for each in actions(place)] == ["unknown", "done"], "the end of the second")
        assert len(jobs.asked) == 2
