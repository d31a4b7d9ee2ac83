"""Deliver: takes what waits in the outbox, has it carried out, and notes what came of it.

A row is claimed with a lease, carried out outside of any transaction, and its receipt is handled in
the same transaction that marks the row as sent. If the process dies in between, the lease runs out and
the row is carried again; carriers make that harmless. Pages that wait for the same person are carried
together, and those that come meanwhile wait for the next message; each keeps its own row and receipt.
"""

import logging
import os
import platform
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bot.core.effects import IncidentEffect, LookUpGroup, RunAction, SendContact, SendPage
from bot.core.events import ContactTried, DeliveryGivenUp, Event, GroupLookedUp, PageFellLate
from bot.core.incident import ActionState
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
from bot.core.runbook_events import ActionEnded
from bot.engine.engine import Engine
from bot.engine.waiting import Waiter, Waiting
from bot.store.outbox import Parcel
from bot.store.work import Work

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_EVERY = timedelta(seconds=4)  # less than a beat: in a storm beats come closer together
PATIENCE = timedelta(hours=24)  # how long an unwilling world is asked again
MAX_BACKOFF = timedelta(minutes=1)
MOST_FAULTS = 8  # how often something that raises is tried before it is given up
MOST_CLAIMED = 2000  # pages that wait in memory, so that the worst of all goes first
URGENT_WORKERS = 16
WORKERS = 32
BESIDE_PAGES = 1  # of them, while pages wait: what is no page uses up the same limits


@dataclass(frozen=True, slots=True)
class Sent:
    """Done; `receipt` is what the world answered, as an event, and `then` what is to be done thereafter."""

    receipt: Event | None = None
    then: Outward | None = None


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The world is unwilling for now; None: ask again after a growing pause.

    `held_until`: it was not begun, as the world has asked for a pause until then.
    """

    why: str
    after: timedelta | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The world is unwilling for good."""

    why: str


Answer = Sent | TryAgain | GiveUp
Carry = Callable[[Parcel], Answer]
CarryTogether = Callable[[Sequence[Parcel]], Sequence[Answer]]  # one answer each


class Deliverer:
    """One dispatching thread, and two pools: pages never wait for anything else."""

    def __init__(
        self,
        engine: Engine,
        carry: Carry,
        is_down: Callable[[], bool] = lambda: False,
        carry_together: CarryTogether | None = None,
    ) -> None:
        self._engine = engine
        self._carry = carry
        self._carry_together = carry_together or (lambda parcels: [carry(parcel) for parcel in parcels])
        self._is_down = is_down  # whether Slack is known to be
        self.owner = f"{platform.node()}/{os.getpid()}/{uuid4().hex[:8]}"
        self._changed = threading.Condition()
        self._free = {True: URGENT_WORKERS, False: WORKERS}
        self._urgent = Waiting()
        self._under_way: set[int] = set()
        self._acting = 0  # of the workers, those with an action, which may take long and asks nothing of Slack
        self._renewed = datetime.min.replace(tzinfo=UTC)
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
        self.take_over_from_the_dead(starting=True)
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
        if self._urgent:  # claimed, and not begun: the next life need not wait until the leases end
            with self._engine.store.transaction() as work:
                work.release(self.owner, self._engine.clock.now())

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
        """Keeps the leases of what is under way, that a slow call is not taken over; and takes over from the dead."""
        now = self._engine.clock.now()
        if now - self._renewed < RENEW_EVERY:
            return
        self._renewed = now
        self.take_over_from_the_dead()
        with self._changed:
            mine = list(self._under_way)
        if mine:
            with self._engine.store.transaction() as work:
                work.renew(self.owner, now + LEASE, mine)

    def take_over_from_the_dead(self, starting: bool = False) -> None:
        """What a process of this machine that no longer runs had claimed is free again at once."""
        with self._engine.store.reading() as read:
            dead = [owner for owner in read.claimants() if owner != self.owner and _has_died(owner, starting)]
        if dead:
            with self._engine.store.transaction() as work:
                for owner in dead:
                    work.release(owner, self._engine.clock.now())

    def _is_idle(self) -> bool:
        return not (self._pending or self._claiming) and len(self._under_way) == len(self._urgent)

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
        now = self._engine.clock.now()
        with self._changed:
            room = MOST_CLAIMED - len(self._urgent)
        pages = self._claim_fresh(now, room, urgent=True)
        with self._changed:
            self._urgent.add(pages, now, alone=self._faults)
            # At the instant of the claim, so that what a pause has held back in the database goes with the others.
            while self._free[True] and (taken := self._urgent.take(now)):
                self._free[True] -= 1
                self._pools[True].submit(self._deliver, taken, True)
            # Where pages wait still, as for a second message to the same person, little is done beside them.
            room = self._free[False] - (WORKERS - BESIDE_PAGES - self._acting if self._urgent else 0)
        if self._engine.is_ticking:
            return  # the next page may be among what is due; the end of it wakes us
        others = self._claim_fresh(now, room, urgent=False)
        with self._changed:
            self._free[False] -= len(others)
            self._acting += sum(isinstance(each.effect, RunAction) for each in others)
        for parcel in others:
            self._pools[False].submit(self._deliver, [Waiter(parcel, None, now)], False)

    def _claim_fresh(self, now: datetime, room: int, urgent: bool) -> list[Parcel]:
        """Without what is being carried, though its lease has ended meanwhile; what only waits here is taken anew."""
        if room <= 0:
            return []
        with self._engine.store.transaction() as work:
            parcels = work.claim(now, LEASE, self.owner, room, urgent)
        with self._changed:
            fresh = [each for each in parcels if each.id not in self._under_way or each.id in self._urgent]
            self._under_way.update(parcel.id for parcel in fresh)
        return fresh

    def _deliver(self, taken: list[Waiter], urgent: bool) -> None:
        try:
            parcels = self._still_mine(taken)
            answers = self._ask(parcels)
            held = [answer.held_until for answer in answers if isinstance(answer, TryAgain) and answer.held_until]
            if urgent and held:
                with self._changed:
                    self._urgent.close(taken, max(held))
            self._note(list(zip(parcels, answers, strict=True)))
        except Exception:
            ids = ", ".join(str(each.parcel.id) for each in taken)
            log.exception("what came of parcel %s could not be noted; its lease will run out", ids)
        finally:
            with self._changed:
                self._free[urgent] += 1
                self._acting -= sum(isinstance(each.parcel.effect, RunAction) for each in taken)
                self._urgent.done(taken)
                self._under_way.difference_update(each.parcel.id for each in taken)
                self._pending = True  # what this one held back may go now
                self._changed.notify_all()

    def _still_mine(self, taken: list[Waiter]) -> list[Parcel]:
        """What has waited for long may have been taken over by somebody else, whose it is then."""
        now = self._engine.clock.now()
        waited = [each.parcel.id for each in taken if now - each.leased > LEASE / 2]
        if not waited:
            return [each.parcel for each in taken]
        with self._engine.store.transaction() as work:
            mine = work.renew(self.owner, now + LEASE, waited)
        return [each.parcel for each in taken if each.parcel.id not in waited or each.parcel.id in mine]

    def _ask(self, parcels: list[Parcel]) -> Sequence[Answer]:
        if not parcels:
            return []
        try:
            return [self._carry(parcels[0])] if len(parcels) == 1 else self._carry_together(parcels)
        except Exception as fault:
            ids = ", ".join(str(parcel.id) for parcel in parcels)
            log.exception("parcel %s could not be carried: %s", ids, type(parcels[0].effect).__name__)
            return [self._fault(parcel, f"{type(fault).__name__} in Baton itself") for parcel in parcels]

    def _fault(self, parcel: Parcel, why: str) -> Answer:
        faults = self._faults[parcel.id] = self._faults.pop(parcel.id, 0) + 1
        return GiveUp(why) if faults >= MOST_FAULTS else TryAgain(why)

    def _note(self, answered: list[tuple[Parcel, Answer]]) -> None:
        """All in one transaction: who draws anew what went out as one message must know of all that is in it."""
        now = self._engine.clock.now()
        # In one order, or two processes would wait for each other's incidents.
        answered.sort(key=lambda each: (getattr(each[0].effect, "number", 0), each[0].id))
        try:
            self._write(answered, now)
        except Exception:
            if len(answered) == 1:
                raise
            log.exception("what came of %s parcels could not be noted at once; one by one", len(answered))
            for one in answered:
                self._write_alone(one, now)
        self._engine.committed()

    def _write(self, answered: Iterable[tuple[Parcel, Answer]], now: datetime) -> None:
        with self._engine.store.transaction() as work:
            for parcel, answer in answered:
                self._write_one(work, parcel, answer, now)

    def _write_alone(self, one: tuple[Parcel, Answer], now: datetime) -> None:
        try:
            self._write([one], now)
        except Exception:
            log.exception("what came of parcel %s could not be noted; its lease will run out", one[0].id)

    def _write_one(self, work: Work, parcel: Parcel, answer: Answer, now: datetime) -> None:
        if isinstance(answer, TryAgain) and now - parcel.enqueued_at > PATIENCE:
            answer = GiveUp(answer.why)
        if not isinstance(answer, TryAgain):
            self._faults.pop(parcel.id, None)
        then: Outward | None = None
        match answer:
            case Sent(receipt, then):
                # What came of an action counts also if somebody has taken it over since, who cannot know it.
                mine = work.sent(parcel, now) or isinstance(receipt, ActionEnded)
            case TryAgain(why, after, held_until):
                due = held_until or now + (after or _backoff(parcel.attempt))
                mine = work.try_again(parcel, due, why, undone=held_until is not None)
                receipt = _late(parcel.effect) if self._is_down() else None
            case GiveUp(why):
                mine, receipt = work.give_up(parcel, why), _given_up(parcel.effect, why)
                if mine:
                    log.warning("given up: %s: %s", type(parcel.effect).__name__, why)
        if mine and receipt is not None:
            self._engine.apply(work, receipt, now)
        if mine and then is not None:
            work.enqueue(then, now)


def _backoff(attempt: int) -> timedelta:
    return min(timedelta(seconds=0.5 * 2 ** min(attempt, 10)), MAX_BACKOFF)


def _late(effect: Outward) -> Event | None:
    """A page does not wait for a Slack that is down; again it changes nothing."""
    return PageFellLate(number=effect.number, page=effect.page) if isinstance(effect, SendPage) else None


def _given_up(effect: Outward, why: str) -> Event | None:
    match effect:
        case SendContact(number=number, page=page, contact=contact):
            return ContactTried(number=number, page=page, contact=contact, problem=why)
        case LookUpGroup(number=number, handle=handle, round=round_, step=step):
            return GroupLookedUp(number=number, handle=handle, round=round_, step=step, people=())
        case RunAction(number=number, run=run, action=action):
            return ActionEnded(number=number, run=run, action=action, state=ActionState.FAILED, result=why)
        case IncidentEffect(number=number):
            of = getattr(effect, "page", None)
            return DeliveryGivenUp(number=number, effect=type(effect).__name__, why=why, page=of)
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


def _has_died(owner: str, starting: bool) -> bool:
    node, pid, _ = owner.rsplit("/", 2)
    if node != platform.node():
        return False
    if int(pid) == os.getpid():
        # An earlier life of this very process number, as in a container; while we run it may be a neighbour that
        # lives in a container of the same name, and only the end of its lease tells.
        return starting
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
