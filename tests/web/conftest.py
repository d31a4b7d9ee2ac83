"""A browser for all tests of the room, and for each test a world and the page on it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.flows.conftest import acknowledged, database, declared, migrated, no_faults_in_the_log, policy, world
from tests.flows.world import World
from tests.web.browser import NOT_INSTALLED, chromium, launched
from tests.web.visitor import Visitor, visiting

__all__ = ["acknowledged", "database", "declared", "migrated", "no_faults_in_the_log", "policy", "world"]

WAIT = 15_000  # milliseconds that a machine under load may take to show what happened


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with the room: while Playwright runs, no other loop can run in this thread, and other rooms' tests need one.

    In CI a missing Chromium is a failure, elsewhere a reason to skip.
    """
    executable = chromium()
    if executable is None and os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(NOT_INSTALLED)
    if executable is None:
        pytest.skip(NOT_INSTALLED)
    expect.set_options(timeout=WAIT)
    with launched(executable) as running:
        yield running


@pytest.fixture
def visits(browser: Browser, world: World) -> Iterator[Callable[..., Visitor]]:
    """`visits("amina")` opens the page as Amina; more arguments are those of Playwright's `new_context`."""
    with ExitStack() as pages:

        def visit(person: str, **traits: Any) -> Visitor:
            return pages.enter_context(visiting(browser, world, person, WAIT, **traits))

        yield visit


@pytest.fixture
def amina(visits: Callable[..., Visitor]) -> Visitor:
    """The page as Amina sees it who has been here before."""
    return visits("amina")
