"""What the tests about shifts are given: a team, its schedules, and a small world in which shifts are changed.

`l1` has the week in turns (Amina, Luis, Sita) from Monday 08:00 UTC; `l2` has Kofi by day and Amina by night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.core import plan, shiftwatch, standin
from bot.core.decision import Decision
from bot.core.effects import CancelTimer, Effect, SetTimer, Tell
from bot.core.handoff import Handoff, ShiftWatch
from bot.core.oncall_effects import PostOffer, RefreshOffer, RemindOfShift, TellOfStandIn
from bot.core.oncall_events import (
    CoverAsked,
    OverrideSet,
    PlanReviewed,
    ScheduleEvent,
    ShiftEvent,
    StandInAccepted,
    StandInEvent,
    StandInRefused,
    StandInUndone,
    SwapAsked,
)
from bot.core.plan import Plan
from bot.core.standin import StandIn
from bot.oncall.schedule import on_call
from bot.policy.model import Policy

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday; Amina has the week on l1
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def turns(people: list[Any], every: str = "1w", **more: Any) -> dict[str, Any]:
    """A layer in UTC whose first turn begins on that Monday at 08:00."""
    name = more.pop("name", "turns")
    rotation = {"every": every, "starts": "2026-03-02T08:00", "people": people, **more.pop("rotation", {})}
    return {"name": name, "time_zone": "UTC", "rotation": rotation, **more}


WRITTEN: Mapping[str, Any] = {
    "people": {
        name: {"name": name.capitalize()} for name in ("amina", "luis", "sita", "kofi", "noor", "rosa", "vera", "zoe")
    },
    "teams": {
        "support": {"name": "Support", "kind": "support", "lead": "noor", "members": ["amina", "luis", "sita", "kofi"]},
        "vendor": {"name": "Vendor", "kind": "partner", "lead": "vera", "members": ["rosa"]},
    },
    "schedules": {
        "l1": {"layers": [turns(["amina", "luis", "sita"])]},
        "l2": {
            "layers": [
                turns(["kofi"], on_call=["Mon-Sun 08:00-20:00"], name="day"),
                turns(["amina"], name="night"),
            ]
        },
    },
}
PAIRS = {"layers": [turns([["amina", "luis"], ["luis", "sita"], ["sita", "kofi"]])]}  # two at a time
OFFICE = {"layers": [turns(["amina"], on_call=["Mon-Fri 09:00-17:00"])]}  # and nobody at other times


def policy(**schedules: Any) -> Policy:
    """The policy above; the schedules that are named here replace the ones of that name, or go if they are None."""
    known = {name: each for name, each in {**WRITTEN["schedules"], **schedules}.items() if each is not None}
    return Policy.model_validate({**WRITTEN, "schedules": known})


POLICY = policy()


def at(written: str) -> datetime:
    """`03-02 15:00` of the year in which all of this happens, UTC."""
    return datetime.strptime(f"2026-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


Kind = TypeVar("Kind", bound=Effect)


class Rota:
    """All stand-ins, the watch over a schedule and its plan, their timers, and all that has been done about them."""

    def __init__(self, policy: Policy = POLICY, now: datetime = NOON) -> None:
        self.configured = policy
        self.now = now
        self.stand_ins: dict[int, StandIn] = {}
        self.watches: dict[str, ShiftWatch | None] = {}
        self.handoffs: dict[str, Handoff] = {}  # all that were made
        self.plan: Plan | None = None
        self.timers: dict[str, SetTimer] = {}
        self.effects: list[Effect] = []  # of all events, in order
        self.refusal: str | None = None  # of the last event

    @property
    def policy(self) -> Policy:
        """With the overrides that stand."""
        overrides = tuple(override for each in self.stand_ins.values() for override in each.overrides())
        return self.configured.model_copy(update={"overrides": overrides})

    def happens(self, *events: ScheduleEvent) -> Rota:
        for event in events:
            waiting: list[Any] = [event]
            self._decide(waiting)
            refusal = self.refusal
            while waiting:
                self._decide(waiting)
            self.refusal = refusal
        return self

    def passes(self, *, until: datetime) -> Rota:
        """Time passes, and every timer rings when it is due."""
        while (timer := self._next(until)) is not None:
            self.now = max(self.now, timer.due)
            del self.timers[timer.key]
            assert isinstance(timer.event, ScheduleEvent)
            self.happens(timer.event)
            assert self.refusal is None, f"a timer was refused: {self.refusal}"
        self.now = until
        return self

    def sleeps(self, *, until: datetime) -> Rota:
        """No timer rings until the end, when all that are due ring late."""
        self.now = until
        return self.passes(until=until)

    def forget(self) -> Rota:
        self.effects.clear()
        return self

    def done(self, kind: type[Kind]) -> list[Kind]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def told(self) -> list[str]:
        """Who has been told of a stand-in, in order."""
        return [told.person for told in self.done(TellOfStandIn)]

    @property
    def offered(self) -> list[str]:
        return [posted.person for posted in self.done(PostOffer)]

    @property
    def redrawn(self) -> list[str]:
        return [drawn.person for drawn in self.done(RefreshOffer)]

    @property
    def reminded(self) -> list[tuple[str, datetime]]:
        return [(reminder.person, reminder.start) for reminder in self.done(RemindOfShift)]

    @property
    def events(self) -> list[ScheduleEvent]:
        """What other aggregates were told."""
        return [told.event for told in self.done(Tell) if isinstance(told.event, ScheduleEvent)]

    def who(self, at: datetime, schedule: str = "l1") -> tuple[str, ...]:
        return on_call(self.configured.schedules[schedule], at, self.policy.overrides_of(schedule)).people

    def due(self, key: str) -> datetime | None:
        timer = self.timers.get(key)
        return timer.due if timer else None

    def _next(self, until: datetime) -> SetTimer | None:
        due = [timer for timer in self.timers.values() if timer.due <= until]
        return min(due, key=lambda timer: (timer.due, timer.key), default=None)

    def _decide(self, waiting: list[Any]) -> None:
        event = waiting.pop(0)
        before: Any
        decision: Decision[Any]
        match event:
            case StandInEvent():
                event = event if event.id else replace(event, id=len(self.stand_ins) + 1)
                before = self.stand_ins.get(event.id)
                decision = standin.decide(before, event, self.now, self.policy)
                if decision.state is not None:
                    self.stand_ins[event.id] = decision.state
            case ShiftEvent():
                before = self.watches.get(event.schedule)
                decision = shiftwatch.decide(before, event, self.now, self.policy)
                self.watches[event.schedule] = decision.state
                if decision.state is not None and decision.state.handoff is not None:
                    self.handoffs[decision.state.handoff.id] = decision.state.handoff
            case PlanReviewed():
                before, decision = self.plan, plan.decide(self.plan, event, self.now, self.policy)
                self.plan = decision.state
            case _:
                raise TypeError(type(event).__name__)
        self.refusal = decision.refusal
        if decision.refusal is not None:
            assert decision.state is before, "refused, and yet the state is another"
            assert decision.effects == (), "refused, and yet something is done"
        for effect in decision.effects:
            self.effects.append(effect)
            match effect:
                case SetTimer(key=key):
                    self.timers[key] = effect
                case CancelTimer(key=key):
                    self.timers.pop(key, None)
                case Tell(event=told):
                    waiting.append(told)


def history(*events: ScheduleEvent | datetime, policy: Policy = POLICY, now: datetime = NOON) -> Rota:
    """The world after these events; an instant between them is time that passes. Nothing in it may be refused."""
    rota = Rota(policy, now)
    for event in events:
        if isinstance(event, datetime):
            rota.passes(until=event)
        else:
            rota.happens(event)
            assert rota.refusal is None, f"{type(event).__name__} was refused: {rota.refusal}"
    return rota


def refused(rota: Rota, event: ScheduleEvent) -> str:
    """The sentence with which this event is refused; both halves hold: nothing has changed, nothing is done."""
    before = (dict(rota.stand_ins), dict(rota.watches), rota.plan, dict(rota.timers), list(rota.effects))
    rota.happens(event)
    assert rota.refusal is not None, f"{type(event).__name__} was not refused"
    assert before == (rota.stand_ins, rota.watches, rota.plan, rota.timers, rota.effects)
    return rota.refusal


# Events in few words; of l1, unless another schedule is named


def override(
    person: str,
    start: str | datetime,
    end: str | datetime,
    by: str = "noor",
    instead_of: str | None = None,
    schedule: str = "l1",
    reason: str = "",
) -> OverrideSet:
    start, end = (at(each) if isinstance(each, str) else each for each in (start, end))
    return OverrideSet(
        schedule=schedule, by=by, person=person, start=start, end=end, instead_of=instead_of, reason=reason
    )


def cover(by: str, start: str, end: str, schedule: str = "l1", reason: str = "") -> CoverAsked:
    return CoverAsked(schedule=schedule, by=by, start=at(start), end=at(end), reason=reason)


def swap(by: str, other: str, mine: str, theirs: str, schedule: str = "l1") -> SwapAsked:
    return SwapAsked(schedule=schedule, by=by, other=other, mine=at(mine), theirs=at(theirs))


def accepted(by: str, id_: int = 1, schedule: str = "l1") -> StandInAccepted:
    return StandInAccepted(schedule=schedule, id=id_, by=by)


def declined(by: str, id_: int = 1, schedule: str = "l1") -> StandInRefused:
    return StandInRefused(schedule=schedule, id=id_, by=by)


def undone(by: str, id_: int = 1, schedule: str = "l1") -> StandInUndone:
    return StandInUndone(schedule=schedule, id=id_, by=by)
