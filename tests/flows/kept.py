"""All that the database holds, so that a test can hold what was before against what is afterwards."""

import sqlite3
from contextlib import closing

from tests.flows.world import World


def everything(world: World, database: str) -> list[str]:
    """Every row of every table, once all is quiet: state, timers, messages to be sent and what has been heard."""
    world.settle()
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as opened:
        return list(opened.iterdump())
