"""Killed anywhere on its way, a declaration is completed by the next life, and once in effect."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.deliver import Deliverer
from bot.engine.engine import Engine
from tests.engine.build import declared, everything, incident, outbox, stored, timers
from tests.engine.life import ENVELOPE, KILLED, Ledger

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def nursery() -> Iterator["subprocess.Popen[str]"]:
    """Where the lives are born: it has loaded everything, so that each is born at once."""
    command = [sys.executable, "-m", "tests.engine.life"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def live(nursery: "subprocess.Popen[str]", database: str, tmp_path: Path, point: str) -> None:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    print(database, tmp_path / "ledger", point, file=nursery.stdin, flush=True)
    assert nursery.stdout.readline().strip() == str(KILLED)


def next_life(engine: Engine, ledger: Ledger) -> None:
    """Slack sends the request again, because it was never acknowledged; and what waits is delivered."""
    deliverer = Deliverer(engine, ledger.carry)
    deliverer.start()
    try:
        assert incident(engine.handle(declared(), envelope=ENVELOPE)).number == 1
        deliverer.settle()
    finally:
        deliverer.stop()


def is_complete(engine: Engine, ledger: Ledger) -> None:
    with engine.store.reading() as read:
        assert [each.number for each in read.recent_incidents()] == [1]
    state = stored(engine.store)
    assert state.channel == "C1"
    assert state.card is not None
    assert [page.person for page in state.pages if page.message] == ["luis"]
    assert [key for key, _ in timers(engine.store)] == ["incident:1:clocks", "incident:1:escalation"]
    kinds = [kind for (kind,) in outbox(engine.store, "kind")]
    assert sorted(kinds) == sorted({*kinds})  # each thing was asked for once
    assert {state for (state,) in outbox(engine.store, "state")} == {"sent"}
    assert sorted(ledger.done()) == sorted(str(row) for (row,) in outbox(engine.store, "id"))  # and done once


def test_killed_before_the_commit_nothing_has_happened(
    engine: Engine, database: str, tmp_path: Path, nursery: "subprocess.Popen[str]", ledger: Ledger
) -> None:
    before = everything(engine.store)
    live(nursery, database, tmp_path, "before-commit")
    assert everything(engine.store) == before
    next_life(engine, ledger)
    is_complete(engine, ledger)


def test_killed_before_anything_was_delivered_everything_waits(
    engine: Engine, database: str, tmp_path: Path, nursery: "subprocess.Popen[str]", ledger: Ledger
) -> None:
    live(nursery, database, tmp_path, "after-commit")
    assert {state for (state,) in outbox(engine.store, "state")} == {"waiting"}
    assert ledger.done() == []
    next_life(engine, ledger)
    is_complete(engine, ledger)


def test_killed_before_it_was_noted_what_was_done_is_not_done_again(
    engine: Engine, database: str, tmp_path: Path, nursery: "subprocess.Popen[str]", ledger: Ledger
) -> None:
    live(nursery, database, tmp_path, "after-carrying")
    done = ledger.done()
    assert done
    sending = [str(row) for row, state in outbox(engine.store, "id", "state") if state == "sending"]
    assert set(done) <= set(sending)
    next_life(engine, ledger)
    assert ledger.done()[: len(done)] == done
    is_complete(engine, ledger)
