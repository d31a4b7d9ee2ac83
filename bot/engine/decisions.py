"""Which aggregate an event is about: loads it, lets the core decide, and saves what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core import feeds, library, plan, shiftwatch, standin
from bot.core.decide import decide
from bot.core.decision import Decision
from bot.core.events import Event, IncidentDeclared, IncidentEvent, ReviewFellDue
from bot.core.feeds import FeedCopy
from bot.core.handoff import NOTHING, ShiftWatch
from bot.core.incident import Incident
from bot.core.library import Library
from bot.core.oncall_events import FeedEvent, PlanReviewed, ShiftEvent, StandInEvent
from bot.core.plan import Plan
from bot.core.standin import StandIn
from bot.policy.model import Policy
from bot.store.work import Work

State = Incident | ShiftWatch | StandIn | Plan | FeedCopy | Library | None


@dataclass(frozen=True, slots=True)
class Case:
    """An event, the moment, and the policy as it holds then."""

    event: Any
    now: datetime
    policy: Policy


def decide_and_save(work: Work, event: Event, now: datetime, policy: Policy) -> Decision[Any]:
    family = next(family for family in _FAMILIES if isinstance(event, family))
    return _FAMILIES[family](work, Case(event, now, policy))


def _incident(work: Work, case: Case) -> Decision[Incident | None]:
    event = case.event
    declared = isinstance(event, IncidentDeclared)
    if declared:
        event = replace(event, number=work.next_number())
    before = None if declared else work.incident(event.number)
    decision = decide(before, event, case.now, case.policy)
    if decision.state is not None and decision.state != before:
        work.save(before, decision.state)
    return decision


def _watch(work: Work, case: Case) -> Decision[ShiftWatch | None]:
    watch = work.watch(case.event.schedule)
    # Only a change of shift hands them over, and there may be a thousand.
    looks_around = shiftwatch.looks_around(watch, case.event, case.now, case.policy)
    around = work.around(case.event.schedule, case.now) if looks_around else NOTHING
    decision = shiftwatch.decide(watch, case.event, case.now, case.policy, around)
    if decision.state is not None and decision.state != watch:
        work.save_watch(watch, decision.state)
    return decision


def _stand_in(work: Work, case: Case) -> Decision[StandIn | None]:
    event = case.event
    before = work.stand_in(event.id) if event.id else None
    if before is not None and before.schedule != event.schedule:
        before = None
    if not event.id:
        event = replace(event, id=work.next_number("stand_in"))
    decision = standin.decide(before, event, case.now, case.policy)
    if decision.state is not None and decision.state != before:
        work.save_stand_in(before, decision.state)
    return decision


def _plan(work: Work, case: Case) -> Decision[Plan | None]:
    before = work.plan(case.event.schedule)
    decision = plan.decide(before, case.event, case.now, case.policy)
    if decision.state != before:
        work.save_plan(before, decision.state)
    return decision


def _feed(work: Work, case: Case) -> Decision[FeedCopy | None]:
    before = work.feed(case.event.schedule, case.event.layer)
    decision = feeds.decide(before, case.event, case.now, case.policy)
    if decision.state != before:
        work.save_feed(before, decision.state)
    return decision


def _library(work: Work, case: Case) -> Decision[Library | None]:
    before = work.library()
    decision = library.decide(before, case.event, case.now, case.policy)
    if decision.state is not None and decision.state != before:
        work.save_library(before, decision.state)
    return decision


_FAMILIES: Mapping[type, Callable[[Work, Case], Decision[Any]]] = {
    IncidentEvent: _incident,
    ShiftEvent: _watch,
    StandInEvent: _stand_in,
    PlanReviewed: _plan,
    FeedEvent: _feed,
    ReviewFellDue: _library,
}
