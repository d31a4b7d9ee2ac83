"""Facts as rows: what a state says, table by table, and the writing of only what has changed."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Delete, Table, Update, and_, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.incident import Message

Key = tuple[Any, ...]
Values = Mapping[str, Any]
# Table to primary key to the other columns; the tables in an order in which they can be inserted.
Facts = dict[str, Mapping[Key, Values]]


def insert(dialect: str, table: Table) -> Any:
    """An insert of this dialect; both have the same `on_conflict_…`."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def write_changes(connection: Connection, tables: Mapping[str, Table], before: Facts, after: Facts) -> None:
    for name in reversed(after):
        gone = [key for key in before.get(name, {}) if key not in after[name]]
        if gone:
            connection.execute(_delete(tables[name]), [_named(tables[name], key) for key in gone])
    for name, rows in after.items():
        _write(connection, tables[name], before.get(name, {}), rows)


def _write(connection: Connection, table: Table, before: Mapping[Key, Values], after: Mapping[Key, Values]) -> None:
    keys = [column.name for column in table.primary_key]
    new = [dict(zip(keys, key, strict=True), **values) for key, values in after.items() if key not in before]
    if new:
        connection.execute(table.insert(), new)
    for key, values in after.items():
        if key not in before:
            continue
        changed = {name: value for name, value in values.items() if value != before[key][name]}
        if changed:
            connection.execute(_update(table), changed | _named(table, key))


@cache
def _update(table: Table) -> Update:
    """Of one row; the columns are those that it is executed with."""
    return table.update().where(_is(table))


@cache
def _delete(table: Table) -> Delete:
    return table.delete().where(_is(table))


def _is(table: Table) -> Any:
    return and_(*(column == bindparam(f"this_{column.name}") for column in table.primary_key))


def _named(table: Table, key: Key) -> dict[str, Any]:
    return {f"this_{column.name}": part for column, part in zip(table.primary_key, key, strict=True)}


def place(name: str, message: Message | None) -> dict[str, str | None]:
    """A message of Slack as the two columns `{name}_channel` and `{name}_ts`."""
    return {
        f"{name}_channel": message.channel if message else None,
        f"{name}_ts": message.ts if message else None,
    }


def message(channel: str | None, ts: str | None) -> Message | None:
    return None if channel is None or ts is None else Message(channel, ts)
