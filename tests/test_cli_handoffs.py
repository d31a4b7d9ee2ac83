"""`bot handoffs`: how shifts were handed over, as somebody in a terminal or a script asks for it."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.handoff import Handoff, ShiftWatch
from bot.store.store import Store
from tests.test_cli import Terminal


@pytest.fixture
def looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """With one quiet handoff of three days ago, taken after six minutes."""
    monkeypatch.chdir(tmp_path)
    at = datetime.now(UTC) - timedelta(days=3)
    taken = {"posted_at": at, "taken_by": "amina", "taken_at": at + timedelta(minutes=6)}
    handoff = Handoff("l1-1", "l1", at, ("luis",), ("amina",), **taken)
    with closing(Store(f"sqlite:///{tmp_path / 'baton.db'}")) as store:
        store.migrate()
        with store.transaction() as work:
            work.save_watch(None, ShiftWatch("l1", ("amina",), "nairobi", None, handoff))
    return Terminal(tmp_path)


def test_how_shifts_were_handed_over_is_drawn_and_told_to_machines(looking: Terminal) -> None:
    found = json.loads(looking.prints("handoffs", "--json"))
    assert found["overall"]["median_seconds_to_accept"] == 360.0
    assert [(each["schedule"], each["region"]) for each in found["groups"]] == [("l1", "KE")]
    assert looking.prints("handoffs", "l1", "--csv").splitlines()[1].startswith("l1-1,l1,KE,")
    drawn = looking.prints("handoffs", "l1")
    assert "1 shift was handed over." in drawn
    assert "after 6 min by amina" in drawn
    assert "The latest handoffs" not in looking.prints("handoffs")
    assert "no shift was handed over" in looking.prints("handoffs", "--since", "2d")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("L1x",), "There is no schedule 'L1x'. Did you mean l1?\n"),
        (("--since", "soon"), "'soon' is neither a length of time like 30d nor a date like 2026-03-01.\n"),
        (("--since", "2999-01-01"), "--since must lie in the past.\n"),
        (("--json", "--csv"), "Ask for --json or for --csv, not for both.\n"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(words: tuple[str, ...], said: str, looking: Terminal) -> None:
    assert looking.refuses("handoffs", *words) == said


def test_without_a_database_there_is_nothing_to_look_back_at(looking: Terminal, tmp_path: Path) -> None:
    said = looking.refuses("handoffs", DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")
    assert said.startswith("There is no database yet")
