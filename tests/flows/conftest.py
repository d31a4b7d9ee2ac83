"""A world a test, on a copy of a migrated database, and its people by their first names."""

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.policy.load import load
from bot.policy.model import Policy
from bot.store.store import Store
from tests.flows.people import Someone
from tests.flows.world import World

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The sample configuration, which every test here speaks of."""
    return load(ROOT / "config", ROOT / "runbooks")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("flows") / "migrated.db"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    store.close()
    return file


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> str:
    file = tmp_path / "baton.db"
    shutil.copy(migrated, file)
    return f"sqlite:///{file}"


@pytest.fixture
def world(policy: Policy, database: str, no_faults_in_the_log: None) -> Iterator[World]:
    with World(policy, database) as opened:
        yield opened


@pytest.fixture
def no_faults_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What the bot logs as its own fault fails the test, though nobody in Slack may have seen it."""
    yield
    logged = caplog.get_records("call") + caplog.get_records("setup") + caplog.records
    ours = {id(one): one for one in logged if one.levelno >= logging.ERROR and one.name.split(".")[0] == "bot"}
    assert not ours, "The bot logged: " + "\n".join(one.getMessage() for one in ours.values())


@pytest.fixture
def declared(world: World) -> World:
    """The world in which Amina has declared INC-1 as sev2, and Luis is paged for it."""
    world.person("amina").types("/incident declare sev2 churn-scoring Scores are stale")
    return world


@pytest.fixture
def acknowledged(declared: World) -> World:
    """And Luis has acknowledged it a minute later."""
    declared.passes(minutes=1)
    declared.person("luis").sees("You are paged").clicks("Acknowledge")
    return declared


def _person(key: str) -> Callable[[World], Someone]:
    @pytest.fixture(name=key)
    def person(world: World) -> Someone:
        return world.person(key)

    return person


amina = _person("amina")
brian = _person("brian")
luis = _person("luis")
andres = _person("andres")
sita = _person("sita")
prakash = _person("prakash")
noor = _person("noor")
wanjiru = _person("wanjiru")
priya = _person("priya")
