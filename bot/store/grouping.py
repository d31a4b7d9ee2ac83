"""What hangs on many things, with one statement."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select


def grouped(
    connection: Connection, found: Select[Any], values: Mapping[str, Any], by: str
) -> defaultdict[Any, list[Row[Any]]]:
    """What is found, by what stands in one column and in its order."""
    held: defaultdict[Any, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(found, values):
        held[getattr(row, by)].append(row)
    return held
