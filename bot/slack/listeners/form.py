"""A form that was sent, and what becomes of it."""

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

    by: str
    about: Mapping[str, str]
    values: Mapping[str, str]

    @property
    def number(self) -> int:
        return int(self.about["number"])

    def instant(self, field: Field) -> datetime:
        return datetime.fromtimestamp(int(self[field]), UTC)

    def __getitem__(self, field: Field) -> str:
        return self.values.get(field, "")


@dataclass(frozen=True, slots=True)
class Form:
    """`event` is what happens when it is sent, `field` where a refusal is shown; `answer` is for what does not show
    itself."""

    event: Callable[[Sent], Event]
    field: Field
    answer: Callable[[Asked, Any], Answer] | None = None
