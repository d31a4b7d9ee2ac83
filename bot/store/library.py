"""The library of runbooks as a row and back; there is one at most."""

from sqlalchemy import Connection, select

from bot.core.library import Library
from bot.store.changes import Facts, write_changes
from bot.store.locks import lock_named
from bot.store.rows import table

LIBRARY = table("library")

TABLES = {LIBRARY.name: LIBRARY}

_ONLY = 1


def load(connection: Connection, *, lock: bool = False) -> Library | None:
    if lock:
        lock_library(connection)
    reminded_at = connection.scalar(select(LIBRARY.c.reminded_at).where(LIBRARY.c.id == _ONLY))
    return Library(reminded_at) if reminded_at is not None else None


def lock_library(connection: Connection) -> None:
    """Until this transaction ends."""
    lock_named(connection, "library")


def save(connection: Connection, before: Library | None, after: Library) -> None:
    write_changes(connection, TABLES, _facts(before) if before is not None else {}, _facts(after))


def _facts(library: Library) -> Facts:
    return {LIBRARY.name: {(_ONLY,): {"reminded_at": library.reminded_at}}}
