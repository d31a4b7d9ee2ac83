"""Promises as people write them: calendars, targets, what pauses a clock, and the terms of one incident.

A target is a length of open time (`4h`, `1d`), whole business days (`2 business days`), the end of one
(`end of next business day`) or an hour of the next one (`next business day 10:00`). A business day is a date of the
calendar's zone on which it opens at all.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from bot.policy import durations
from bot.policy.fields import Day, Holidays, Length, Share, Zone
from bot.policy.frozen import Frozen
from bot.policy.promises import FORMS, promise, promised
from bot.policy.promises import BusinessDays as BusinessDays
from bot.policy.promises import DayEnd as DayEnd
from bot.policy.promises import DayTime as DayTime
from bot.policy.promises import Within as Within
from bot.policy.schedules import Window


class Exceptional(Frozen):
    """A date on which the hours are these instead, though it be a holiday; none: it is closed."""

    on: Day
    hours: tuple[Window, ...]


def _by_date(value: Any) -> Any:
    """`{2026-12-24: ["08:00-12:00"]}` as it is written."""
    if not isinstance(value, Mapping):
        return value
    return [{"on": on, "hours": hours} for on, hours in value.items()]


class Calendar(Frozen):
    """The hours that count for a clock. No `hours`: always open, save the holidays."""

    time_zone: Zone = "UTC"
    hours: tuple[Window, ...] = ()
    holidays: Holidays | None = None
    closed: Annotated[frozenset[Day], PlainSerializer(sorted)] = frozenset()
    exceptions: Annotated[tuple[Exceptional, ...], BeforeValidator(_by_date)] = ()


class Clock(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    FIRST_UPDATE = "first_update"
    UPDATE = "update"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"
    RCA = "rca"
    ACTION = "action"
    ACCEPT = "accept"


def _within(value: Any) -> Any:
    if isinstance(value, str):
        return promise(value)
    if not isinstance(value, Within):
        raise ValueError(f"this is nothing that can be promised; write it like {FORMS}")
    return value


class Target(Frozen):
    within: Annotated[
        Length | BusinessDays | DayEnd | DayTime,
        BeforeValidator(_within),
        PlainSerializer(promised),
    ]
    calendar: str = "always"

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return {"within": value} if isinstance(value, str | int | float | list) else value

    @property
    def text(self) -> str:
        """As it is written: `4h`, `1 business day`."""
        return promised(self.within)


class Waiting(StrEnum):
    """On whom an open incident may wait."""

    CUSTOMER = "customer"
    PARTNER = "partner"
    ENGINEERING = "engineering"


class PauseWhile(Frozen):
    """Which clocks stand still while the incident waits on one of these, and for how long it may wait at once."""

    waiting: tuple[Waiting, ...] = Field(min_length=1)
    clocks: tuple[Clock, ...] = Field(min_length=1)
    at_most: Annotated[Length, PlainSerializer(durations.written)] = timedelta(days=7)


class SlaKind(StrEnum):
    CUSTOMER = "customer"  # what the customer was promised
    INTERNAL = "internal"  # what teams promise each other (an OLA)


class AppliesTo(Frozen):
    """The services that an SLA is for where they name none themselves. What is left out restricts nothing."""

    kinds: tuple[str, ...] = ()
    tiers: tuple[Annotated[int, Field(ge=1, le=4, strict=True)], ...] = ()  # of the service, 1 matters most
    customer_tiers: tuple[str, ...] = ()


class Sla(Frozen):
    name: str = ""  # as people know it; empty: its key
    kind: SlaKind = SlaKind.CUSTOMER
    applies_to: AppliesTo | None = None
    warn_at: tuple[Share, ...] = (0.5, 0.75, 0.9)  # shares of the time, 0 < x < 1
    pause_while: PauseWhile | None = None
    targets: Mapping[str, Mapping[Clock, Target]]  # severity to clock to target

    def pauses(self, clock: Clock, on: str) -> bool:
        """Whether a clock stands still while the incident waits on somebody."""
        pause = self.pause_while
        return pause is not None and clock in pause.clocks and on in pause.waiting


class Terms(Frozen):
    """What was promised of one incident, as it stood when it was declared: later changes do not alter it."""

    severities: tuple[str, ...] = ()  # in order, worst first
    slas: Mapping[str, Sla] = {}
    calendars: Mapping[str, Calendar] = {}

    def __hash__(self) -> int:
        return hash((self.severities, frozenset(self.slas), frozenset(self.calendars)))

    def written(self) -> str:
        """As JSON that `read` takes, the same for the same terms."""
        return self.model_dump_json(exclude_defaults=True)

    @staticmethod
    @lru_cache(maxsize=256)
    def read(text: str) -> "Terms":
        return Terms.model_validate_json(text)

    def calendar(self, name: str) -> Calendar:
        return self.calendars.get(name) or Calendar()

    def rank(self, severity: str) -> int:
        """The place in their order, the worst first; one that is not known comes last."""
        return self.severities.index(severity) if severity in self.severities else len(self.severities)
