"""What rows are made of: one catalogue of tables, columns that each have a comment, and indices."""

from typing import Any

from sqlalchemy import Index, MetaData, text
from sqlmodel import Field, SQLModel

from bot.store.types import GrowingId


class Row(SQLModel):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def column(
    comment: str,
    kind: Any = None,
    *,
    null: bool = False,
    key: bool = False,
    to: str | None = None,
    default: str | None = None,
) -> Any:
    kept = {"comment": comment, "autoincrement": kind is GrowingId, "server_default": default}
    options: dict[str, Any] = {"sa_column_kwargs": kept, "nullable": null}
    if kind is not None:
        options["sa_type"] = kind
    if key:
        options["primary_key"] = True
    if to is not None:
        options["foreign_key"] = to
    return Field(**options)


def partial(name: str, *columns: str, where: str) -> Index:
    """An index over the few rows that are asked for, so that all the others never slow it."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
