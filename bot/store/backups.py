"""A consistent copy of the database, made while it is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine


class NoBackup(Exception):
    """The copy cannot be made; the message says why and what to do instead."""


def backup(engine: Engine, file: Path) -> None:
    if engine.dialect.name != "sqlite":
        raise NoBackup("This database is on PostgreSQL: back it up with pg_dump, which does so while it is in use.")
    if not Path(str(engine.url.database)).exists():
        raise NoBackup(f"There is no database {engine.url.database} yet to be copied.")
    if file.exists():
        raise NoBackup(f"{file} exists already: name a new file, so that no older backup is lost.")
    if not file.absolute().parent.is_dir():
        raise NoBackup(f"The folder {file.absolute().parent} does not exist: make it first, or name another.")
    source = engine.raw_connection()
    try:
        assert isinstance(source.driver_connection, sqlite3.Connection)
        with closing(sqlite3.connect(file)) as copy:
            source.driver_connection.backup(copy)  # in one go: writers never make it start anew
    finally:
        source.close()
