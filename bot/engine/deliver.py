"""Deliver: takes what waits in the outbox, has it carried out, and notes what came of it.

A row is claimed with a lease, carried out outside of any transaction, and its receipt is handled in
the same transaction that marks the row as sent. If the process dies in between, the lease runs out and
the row is carried again; carriers make that harmless.
"""

import logging
import os
import platform
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from bot.core.effects import IncidentEffect
from bot.core.events import DeliveryGivenUp, Event
from bot.core.lanes import Outward
from bot.core.oncall_effects import (
    FetchFeed,
    FollowShift,
    HandoffEffect,
    PostOffer,
    RemindOfShift,
    TellOfMovedShifts,
    TellOfStandIn,
)
from bot.core.oncall_events import FeedUnread, GroupLeftBehind, HandoffGivenUp, OfferUndelivered, PersonUnreachable
from bot.engine.engine import Engine
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
PATIENCE = timedelta(hours=24)  # how long an unwilling world is asked again
MAX_BACKOFF = timedelta(minutes=1)
MOST_FAULTS = 8  # how often something that raises is tried before it is given up
URGENT_WORKERS = 16
WORKERS = 32


@dataclass(frozen=True, slots=True)
class Sent:
    """Done; `receipt` is what the world answered, as an event."""

    receipt: Event | None = None


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The world is unwilling for now; None: ask again after a growing pause."""

    why: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The world is unwilling for good."""

    why: str


Answer = Sent | TryAgain | GiveUp
Carry = Callable[[Parcel], Answer]


class Deliverer:
    """One dispatching thread, and two pools: pages never wait for anything else."""

    def __init__(self, engine: Engine, carry: Carry) -> None:
        self._engine = engine
        self._carry = carry
        self.owner = f"{platform.node()}/{os.getpid()}/{uuid4().hex[:8]}"
        self._changed = threading.Condition()
        self._free = {True: URGENT_WORKERS, False: WORKERS}
        self._under_way: set[int] = set()
        self._faults: dict[int, int] = {}  # how often carrying a parcel raised
        self._pending = True
        self._claiming = False
        self._stopped = False
        self._pools = {
            True: ThreadPoolExecutor(URGENT_WORKERS, "deliver-urgent"),
            False: ThreadPoolExecutor(WORKERS, "deliver"),
        }
        self._thread = threading.Thread(target=self._run, name="dispatch", daemon=True)

    def start(self) -> None:
        self.take_over_from_the_dead()
        self._engine.on_commit(self.wake)
        self._thread.start()

    def stop(self) -> None:
        """What is under way is finished; what waits stays in the outbox."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def wake(self) -> None:
        with self._changed:
            self._pending = True
            self._changed.notify_all()

    def settle(self, timeout: float = 30.0) -> None:
        """Waits until nothing is under way and nothing that could be sent now is left."""
        with self._changed:
            if not self._changed.wait_for(self._is_idle, timeout):
                raise TimeoutError("deliveries did not come to rest")

    def renew(self) -> None:
        """Keeps the leases of what is under way; a slow call is not taken over by somebody else."""
        with self._changed:
            mine = list(self._under_way)
        if mine:
            with self._engine.store.transaction() as work:
                work.renew(self.owner, self._engine.clock.now() + LEASE, mine)

    def take_over_from_the_dead(self) -> None:
        """What a process of this machine that no longer runs had claimed is free again at once."""
        with self._engine.store.transaction() as work:
            for owner in work.claimants():
                if owner != self.owner and _has_died(owner):
                    work.release(owner, self._engine.clock.now())

    def _is_idle(self) -> bool:
        return not (self._pending or self._claiming or self._under_way)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._stopped)
                if self._stopped:
                    return
                self._pending, self._claiming = False, True
            try:
                self._claim()
            except Exception:
                log.exception("the outbox could not be read; the next beat tries again")
            finally:
                with self._changed:
                    self._claiming = False
                    self._changed.notify_all()

    def _claim(self) -> None:
        for urgent in (True, False):
            with self._changed:
                free = self._free[urgent]
            if not free:
                continue
            with self._engine.store.transaction() as work:
                parcels = work.claim(self._engine.clock.now(), LEASE, self.owner, free, urgent)
            with self._changed:
                self._free[urgent] -= len(parcels)
                self._under_way.update(parcel.id for parcel in parcels)
            for parcel in parcels:
                self._pools[urgent].submit(self._deliver, parcel, urgent)

    def _deliver(self, parcel: Parcel, urgent: bool) -> None:
        try:
            self._note(parcel, self._ask(parcel))
        except Exception:
            log.exception("what came of parcel %s could not be noted; its lease will run out", parcel.id)
        finally:
            with self._changed:
                self._free[urgent] += 1
                self._under_way.discard(parcel.id)
                self._pending = True  # what this one held back may go now
                self._changed.notify_all()

    def _ask(self, parcel: Parcel) -> Answer:
        try:
            return self._carry(parcel)
        except Exception as fault:
            log.exception("parcel %s could not be carried: %s", parcel.id, type(parcel.effect).__name__)
            why = f"{type(fault).__name__} in Baton itself"
            faults = self._faults[parcel.id] = self._faults.pop(parcel.id, 0) + 1
            return GiveUp(why) if faults >= MOST_FAULTS else TryAgain(why)

    def _note(self, parcel: Parcel, answer: Answer) -> None:
        engine, now = self._engine, self._engine.clock.now()
        if isinstance(answer, TryAgain) and now - parcel.enqueued_at > PATIENCE:
            answer = GiveUp(answer.why)
        if not isinstance(answer, TryAgain):
            self._faults.pop(parcel.id, None)
        with engine.store.transaction() as work:
            match answer:
                case Sent(receipt):
                    mine = work.sent(parcel, now)
                case TryAgain(why, after):
                    mine, receipt = work.try_again(parcel, now + (after or _backoff(parcel.attempt)), why), None
                case GiveUp(why):
                    mine, receipt = work.give_up(parcel, why), _given_up(parcel.effect, why)
                    if mine:
                        log.warning("given up: %s: %s", type(parcel.effect).__name__, why)
            if mine and receipt is not None:
                engine.apply(work, receipt, now)
        engine.committed()


def _backoff(attempt: int) -> timedelta:
    return min(timedelta(seconds=0.5 * 2 ** min(attempt, 10)), MAX_BACKOFF)


def _given_up(effect: Outward, why: str) -> Event | None:
    match effect:
        case IncidentEffect(number=number):
            page = getattr(effect, "page", None)
            return DeliveryGivenUp(number=number, effect=type(effect).__name__, why=why, page=page)
        case HandoffEffect(schedule=schedule, handoff=handoff):
            return HandoffGivenUp(schedule=schedule, handoff=handoff, why=why)
        case RemindOfShift(schedule=schedule, person=person, start=start):
            return PersonUnreachable(schedule=schedule, person=person, start=start, why=why)
        case TellOfStandIn(schedule=schedule, person=person) | TellOfMovedShifts(schedule=schedule, person=person):
            return PersonUnreachable(schedule=schedule, person=person, why=why)
        case PostOffer(schedule=schedule, id=id_, person=person):
            return OfferUndelivered(schedule=schedule, id=id_, person=person)
        case FollowShift(schedule=schedule):
            return GroupLeftBehind(schedule=schedule, why=why)
        case FetchFeed(schedule=schedule, layer=layer):
            return FeedUnread(schedule=schedule, layer=layer, why=why)
        case _:
            return None


def _has_died(owner: str) -> bool:
    node, pid, _ = owner.rsplit("/", 2)
    if node != platform.node():
        return False
    if int(pid) == os.getpid():
        return True  # an earlier life of this very process number, as in a container
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
