"""A world a test, whose bot waits for Slack no longer than a second, and processes that can be killed."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.policy.load import load
from bot.policy.model import Policy
from tests.databases import postgres, sqlite_template
from tests.faults.lives import ROOT, Lives, lives_in
from tests.faults.worlds import FEW_RUNBOOKS, ImpatientWorld
from tests.flows.people import Someone

__all__ = ["postgres", "sqlite_template"]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The sample configuration; shifts are reminded of so late that no reminder comes between what is counted."""
    sample = load(ROOT / "config", FEW_RUNBOOKS)
    late = {"remind": timedelta(minutes=1)}
    schedules = {key: schedule.model_copy(update=late) for key, schedule in sample.schedules.items()}
    return sample.model_copy(update={"schedules": schedules})


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated file."""
    file = tmp_path / "baton.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def world(policy: Policy, database: str) -> Iterator[ImpatientWorld]:
    with ImpatientWorld(policy, database) as opened:
        yield opened


@pytest.fixture
def lives(tmp_path: Path) -> Iterator[Lives]:
    with lives_in(tmp_path) as opened:
        yield opened


def _person(key: str) -> Callable[[ImpatientWorld], Someone]:
    @pytest.fixture(name=key)
    def person(world: ImpatientWorld) -> Someone:
        return world.person(key)

    return person


amina = _person("amina")
luis = _person("luis")
andres = _person("andres")
sita = _person("sita")
noor = _person("noor")
