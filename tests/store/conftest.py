"""The store on both databases."""

from collections.abc import Iterator

import pytest

from bot.store.store import Store
from tests.databases import database, empty_database, postgres, sqlite_template, store

__all__ = ["another_store", "database", "empty_database", "postgres", "sqlite_template", "store"]


@pytest.fixture
def another_store(database: str) -> Iterator[Store]:
    """The same database, as another process has it open."""
    opened = Store(database)
    yield opened
    opened.close()
