"""How many tests run side by side, and what the garbage collector goes through."""

import gc
import os
import sys

import pytest

gc.disable()  # what is imported while tests are collected stays


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: now and then a test waits for a process, a socket or a disk."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Modules and collected tests live to the end of the run, so that no collection goes through them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def pytest_runtest_logfinish(nodeid: str, location: tuple[str, int | None, str]) -> None:
    """FastAPI remembers the functions of the latest few thousand routes, and with them every bot that there was."""
    routes = sys.modules.get("fastapi.dependencies.models")
    for remembered in vars(routes).values() if routes else ():
        if hasattr(remembered, "cache_clear"):
            remembered.cache_clear()
