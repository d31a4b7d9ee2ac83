"""The tables: rows, not domain objects, with a comment on each table and column for those who query them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table
from sqlalchemy import Row as Found

from bot.store.rows import incidents, machinery, oncall
from bot.store.rows.row import Row

__all__ = ["Row", "grouped", "incidents", "machinery", "oncall", "table"]


def table(name: str) -> Table:
    return Row.metadata.tables[name]


def grouped(
    connection: Connection, found: Select[Any], values: Mapping[str, Any], by: str
) -> defaultdict[Any, list[Found[Any]]]:
    """What is found, by what stands in one column and in its order: what hangs on many, with one statement."""
    held: defaultdict[Any, list[Found[Any]]] = defaultdict(list)
    for row in connection.execute(found, values):
        held[getattr(row, by)].append(row)
    return held
