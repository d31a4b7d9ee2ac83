"""How a database is opened: the same code for SQLite and PostgreSQL, each with its own care.

What is written is not told in the messages of errors: they are logged, and calendars have secret addresses.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

MAKING_THE_LOG = 10  # tries, each after whoever was first
BUSY_AFTER = 30  # seconds that a second process waits for its turn to write to SQLite


class BadAddress(Exception):
    """The address of the database cannot be used; the message says why and what to write instead."""


def open_engine(address: str) -> Engine:
    """Connects to nothing yet."""
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    # A pool as large as a process has use for; a connection that the server has dropped is replaced before use.
    return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True)


def must_open(engine: Engine) -> None:
    """Connects for the first time. Raises BadAddress."""
    try:
        engine.connect().close()
    except DBAPIError as fault:
        why = " ".join(str(fault.orig).split()).rstrip(".")
        raise BadAddress(f"The database {engine.url.render_as_string()} cannot be opened: {why}.") from None


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        url = URL.create("nothing")
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise BadAddress(
            "The address of the database must be like sqlite:///baton.db (a file)"
            " or postgresql://user:password@host/baton."
        )
    folder = Path(str(url.database)).absolute().parent
    if not folder.is_dir():
        raise BadAddress(f"The folder {folder} for the database does not exist: make it, or name another file.")
    return url


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url, pool_size=10, max_overflow=40, connect_args={"timeout": BUSY_AFTER}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin` does
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Of those that open a new file at the same moment one makes the log; SQLite lets the others fail, not wait."""
    for left in reversed(range(MAKING_THE_LOG)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if not left:
                raise
            connection.execute("BEGIN IMMEDIATE")  # this does wait
            connection.execute("COMMIT")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later could fail half-way; one that will write says so at once.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
