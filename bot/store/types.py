"""The column types that both databases keep alike: instants, spans of time, terms, things as JSON, and growing ids."""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Float, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from bot.policy.model import Terms


class Instant(TypeDecorator[datetime]):
    """An instant, kept in UTC and given back in UTC. SQLite has no zones, so there it is naive text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone, so it is not an instant.")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


def instant(kept: datetime | str) -> datetime:
    """The instant that a driver has given: SQLite's own is text."""
    at = datetime.fromisoformat(kept) if isinstance(kept, str) else kept
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


class Seconds(TypeDecorator[timedelta]):
    """A span of time as a number of seconds, which every report can add up."""

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> float | None:
        return None if value is None else value.total_seconds()

    def process_result_value(self, value: float | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(seconds=value)


class Promised(TypeDecorator[Terms]):
    """What was promised, as text. The many incidents with the same terms share them: equal texts are read once."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Terms | None, dialect: Dialect) -> str | None:
        return None if value is None else value.written()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Terms | None:
        return None if value is None else Terms.read(value)


class Written(TypeDecorator[Any]):
    """Something of this kind with parts of its own, as JSON in text; what is not written of it is as by default."""

    impl = String
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self._adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else self._adapter.validate_json(value)


Json = JSON().with_variant(JSONB(), "postgresql")
GrowingId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite grows ids for INTEGER alone
