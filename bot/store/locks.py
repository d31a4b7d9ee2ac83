"""Locks by name: what happens around the same schedule, or in the library of runbooks, happens in turn."""

from sqlalchemy import Connection, func, select


def lock_schedule(connection: Connection, schedule: str) -> None:
    lock_named(connection, f"schedule:{schedule}")


def lock_named(connection: Connection, name: str) -> None:
    """Until this transaction ends. By a name: what is not kept yet has no row to lock, and two may begin it at once.

    On SQLite a transaction that writes is alone anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
