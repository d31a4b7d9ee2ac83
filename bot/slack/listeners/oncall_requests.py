"""What can be asked with `/oncall`, as plain data; what was left out is None."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import TypeAlias

from bot.slack.listeners import parse_path
from bot.slack.listeners.times import Span


class Me(Enum):
    """Whoever typed it."""

    ME = "me"


ME = Me.ME
Who: TypeAlias = str | Me  # a Slack user id, if mentioned; else a key of the configuration, or the asker


@dataclass(frozen=True, slots=True)
class Look:
    schedule: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Week:
    schedule: str | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """My shifts."""


@dataclass(frozen=True, slots=True)
class Override:
    schedule: str | None = None
    person: Who | None = None
    span: Span | None = None
    instead_of: Who | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody is sought who stands in for the asker."""

    schedule: str | None = None
    span: Span | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Swap:
    """An instant inside a shift of mine against one inside a shift of the other's."""

    schedule: str | None = None
    other: Who | None = None
    mine: datetime | None = None
    theirs: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    schedule: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    schedule: str | None = None


@dataclass(frozen=True, slots=True)
class Help:
    pass


class Kind(StrEnum):
    """What is wrong with a word."""

    WORD = "word"  # neither a schedule nor anything else that is known in this place
    PERSON = "person"  # nobody is called that
    INSTANT = "instant"  # a time is not understood
    SPAN = "span"  # nor is a span
    END = "end"  # an instant stands where a span should: until when?
    NUMBER = "number"  # a change is undone by its number


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    kind: Kind
    word: str
    nearest: str | None = None


Typed: TypeAlias = (
    Look | Week | Mine | Override | Cover | Swap | Undo | Changes | Coverage | Help | parse_path.Read | NotUnderstood
)
