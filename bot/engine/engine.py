"""Handle: load, decide, save, all in one transaction; only then is the world told.

State, timeline, timers, outgoing messages and the memory of the request are committed together, or
not at all. Whoever listens with `on_commit` is told afterwards what may now be sent and when the next
timer is due.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.effects import CancelTimer, Effect, Record, SetTimer, Tell
from bot.core.events import Event, IncidentMerged
from bot.core.handoff import ShiftWatch
from bot.core.incident import Incident
from bot.core.lanes import Outward
from bot.core.oncall_events import ScheduleEvent
from bot.core.standin import StandIn
from bot.engine.clock import Clock
from bot.engine.decisions import State, decide_and_save
from bot.engine.present import Present
from bot.policy.model import Policy
from bot.store.reading import Reading
from bot.store.store import Store
from bot.store.work import Work

log = logging.getLogger(__name__)

MAX_HOLD_OFF = timedelta(minutes=10)
TOLD_EVERY = 25  # timers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the state as it is now, or the sentence that says why nothing happened.

    Without a state, too, if it was refused by what it was bound to.
    """

    state: State
    refusal: str | None = None
    repeated: bool = False  # the same request had been handled before; nothing was done again


class _NothingHappened(Exception):
    """Leaves the transaction without a trace."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class Engine:
    def __init__(self, store: Store, policy: Policy, clock: Clock) -> None:
        self.store = store
        self.policy = policy
        self.clock = clock
        self._present = Present(policy)
        self._listeners: list[Callable[[], None]] = []
        self.is_ticking = False  # timers are due, and what they call for is not all decided yet

    def on_commit(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def handle(self, event: Event, *, envelope: str | None = None) -> Outcome:
        """One event, one transaction. The same `envelope` again changes nothing."""
        now = self.clock.now()
        try:
            with self.store.transaction() as work:
                _stop_at_a_repeat(work, envelope)
                outcome = self.apply(work, event, now)
                if outcome.refusal is not None:
                    _stop_at_a_repeat(work, envelope)  # handled at this moment, and refused for that very reason
                    raise _NothingHappened(outcome)
                if envelope is not None and not work.remember(envelope, _answer(outcome), now):
                    _stop_at_a_repeat(work, envelope)  # another process was handling it too, and was first
        except _NothingHappened as nothing:
            return nothing.outcome
        self.committed()
        return outcome

    def post(self, effect: Outward) -> None:
        """Puts one outward effect into the outbox."""
        with self.store.transaction() as work:
            work.enqueue(effect, self.clock.now())
        self.committed()

    def present(self, read: Reading, at: datetime | None = None) -> Policy:
        """The policy with the stand-ins in force now (or at an instant of the past) and the calendars as last read."""
        now = self.clock.now()
        return self._present.policy(read, min(at or now, now))

    def present_now(self, at: datetime | None = None) -> Policy:
        """The same, for whoever reads nothing else."""
        with self.store.reading() as read:
            return self.present(read, at)

    def tick(self) -> int:
        """Handles every timer that is due, each in a transaction of its own; how many there were."""
        handled = 0
        try:
            while self._tick_once():
                handled += 1
                self.is_ticking = True
                if handled % TOLD_EVERY == 0:
                    self.committed()  # the page that the first calls for does not wait for the last of a thousand
        finally:
            self.is_ticking = False
            if handled:
                self.committed()
        return handled

    def apply(self, work: Work, event: Event, now: datetime) -> Outcome:
        """Decides and saves within an open transaction, and so for whatever else thereby happened.

        What was bound to an answer that is a refusal leaves the transaction by an exception.
        """
        waiting = deque([Tell(event=event)])
        first: Outcome | None = None
        while waiting:
            told = waiting.popleft()
            event = told.event
            if isinstance(event, ScheduleEvent | IncidentMerged):
                # Before the stand-ins are read, or two that overlap would not see each other; and both incidents of a
                # merge in one order, or two that merge them crosswise would wait for each other.
                work.lock(event)
            decision = decide_and_save(work, event, now, self._present.policy(work, now))
            if told.binding and decision.refusal is not None:
                raise _NothingHappened(Outcome(None, decision.refusal))
            first = first or Outcome(decision.state, decision.refusal)
            waiting.extend(effect for effect in decision.effects if isinstance(effect, Tell))
            for effect in decision.effects:
                _carry_out(work, effect, now)
        assert first is not None
        return first

    def _tick_once(self) -> bool:
        now = self.clock.now()
        timer = None
        try:
            with self.store.transaction() as work:
                timer = work.due_timer(now)
                if timer is None:
                    return False
                # In the order in which `handle` locks them, or each would wait for the other.
                work.lock(timer.event)
                if work.take_timer(timer):
                    self.apply(work, timer.event, now)
        except Exception as fault:
            if timer is None:
                raise
            log.exception("timer %s could not be handled: %s", timer.key, timer.facts)
            hold_off = min(timedelta(seconds=2 ** min(timer.attempts, 10)), MAX_HOLD_OFF)
            with self.store.transaction() as work:
                work.hold_off_timer(timer, now + hold_off, type(fault).__name__)
        return True

    def committed(self) -> None:
        """Tells whoever listens that there may be something to send or a new time to wake at."""
        for listener in self._listeners:
            try:
                listener()
            except Exception:
                # What was committed stands, and the next beat of the pulse finds it.
                log.exception("what was committed could not be told on; the next beat does it")


def _carry_out(work: Work, effect: Effect, now: datetime) -> None:
    match effect:
        case Record():
            work.record(effect)
        case SetTimer():
            work.set_timer(effect.key, effect.due, effect.event)
        case CancelTimer():
            work.cancel_timer(effect.key)
        case Tell():
            pass  # handled by `apply`, in the same transaction
        case _:
            work.enqueue(effect, now)


def _answer(outcome: Outcome) -> dict[str, Any]:
    match outcome.state:
        case Incident(number=number):
            return {"number": number}
        case ShiftWatch(schedule=schedule):
            return {"schedule": schedule}
        case StandIn(id=stand_in):
            return {"stand_in": stand_in}
        case _:
            return {}


def _stop_at_a_repeat(work: Work, envelope: str | None) -> None:
    answer = work.seen(envelope) if envelope is not None else None
    if answer is None:
        return
    if "number" in answer:
        raise _NothingHappened(Outcome(work.incident(answer["number"]), repeated=True))
    if "schedule" in answer:
        raise _NothingHappened(Outcome(work.watch(answer["schedule"]), repeated=True))
    if "stand_in" in answer:
        raise _NothingHappened(Outcome(work.stand_in(answer["stand_in"]), repeated=True))
    raise _NothingHappened(Outcome(None, repeated=True))
