"""Promises, incidents and runbooks as they are looked back on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.history import Mark
from bot.core.incident import SlaClock, StepState
from bot.policy.model import Clock


@dataclass(frozen=True, slots=True)
class KeptClock:
    """A promise that was met or broken, as it is remembered."""

    number: int  # of its incident
    severity: str
    service: str | None
    clock: Clock
    sla: str
    started: datetime
    due: datetime
    within: timedelta  # of open hours
    used: timedelta  # likewise, if it was met
    met_at: datetime | None = None
    cancelled_at: datetime | None = None  # after it was broken
    breached_at: datetime | None = None
    held_by: str | None = None
    held_on: str | None = None  # schedule/layer

    @property
    def in_time(self) -> bool:
        return self.met_at is not None and self.breached_at is None

    def late(self, now: datetime) -> timedelta:
        """By how much it was broken, or has been until now."""
        return max((self.met_at or self.cancelled_at or now) - self.due, timedelta())

    @property
    def share(self) -> float:
        return min(self.used / self.within, 1.0) if self.within else 0.0


@dataclass(frozen=True, slots=True)
class Past:
    """An incident as far as its clocks are concerned: what they came to, and the history they are counted from."""

    number: int
    title: str
    severity: str
    service: str | None
    clocks: tuple[SlaClock, ...]
    history: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Dealt:
    """A step as somebody dealt with it; `since` is when it came in hand, if that is known."""

    step: str
    state: StepState
    at: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One run of a runbook."""

    runbook: str
    incident: int
    started: datetime
    finished: datetime | None = None
    stopped: bool = False  # finished before its end
    present: str | None = None  # the step in hand
    dealt: tuple[Dealt, ...] = ()
    helped: bool | None = None
    rated_by: str | None = None
    feedback: str = ""
