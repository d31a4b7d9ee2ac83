"""A form that was sent: what it is about, what was filled in, and what happens then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.events import Event
from bot.slack.ids import Field
from bot.slack.listeners.asked import Answer, Asked


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form is about, and what was filled in."""

    asked: Asked
    about: Mapping[str, str]
    values: Mapping[str, str]

    @property
    def by(self) -> str:
        return self.asked.by

    @property
    def number(self) -> int:
        return int(self.about["number"])

    def instant(self, field: Field) -> datetime:
        return datetime.fromtimestamp(int(self[field]), UTC)

    def __getitem__(self, field: str) -> str:
        """By its name, or by `ids.field_of` where one is asked of each incident."""
        return self.values.get(field, "")


@dataclass(frozen=True, slots=True)
class Form:
    """`event` is what happens when it is sent, `field` where a refusal is shown; `answer` is for what does not show
    itself."""

    event: Callable[[Sent], Event]
    field: Field
    answer: Callable[[Asked, Any], Answer] | None = None
