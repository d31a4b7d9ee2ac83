"""The tables: rows, not domain objects, with a comment on each table and column for those who query them."""

from sqlalchemy import Table

from bot.store.rows import incidents, machinery, oncall
from bot.store.rows.row import Row

__all__ = ["Row", "incidents", "machinery", "oncall", "table"]


def table(name: str) -> Table:
    return Row.metadata.tables[name]
