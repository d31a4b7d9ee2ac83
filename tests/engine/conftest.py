"""The engine on both databases, with a held clock; deliverers are stopped when the test ends."""

from collections.abc import Callable, Iterator

import pytest

from bot.engine.deliver import Deliverer
from bot.engine.engine import Engine
from bot.store.store import Store
from tests.databases import database, postgres, sqlite_template, store
from tests.engine.build import HeldClock, World, engine_on

__all__ = ["database", "postgres", "sqlite_template", "store"]

Deliver = Callable[[Engine, World], Deliverer]


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def engine(store: Store, clock: HeldClock) -> Engine:
    return engine_on(store, clock)


@pytest.fixture
def another_engine(database: str, clock: HeldClock) -> Iterator[Engine]:
    """The same database, as another process has it open."""
    opened = Store(database)
    yield engine_on(opened, clock)
    opened.close()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def deliver(engine: Engine, another_engine: Engine) -> Iterator[Deliver]:
    """Starts a deliverer; however the test ends, gates are opened and deliverers stopped."""
    running: list[tuple[Deliverer, World]] = []

    def start(engine: Engine, world: World) -> Deliverer:
        deliverer = Deliverer(engine, world.carry)
        deliverer.start()
        running.append((deliverer, world))
        return deliverer

    yield start
    for deliverer, world in running:
        world.opens_all()
        deliverer.stop()
