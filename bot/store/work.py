"""What can be done to the store in one transaction; what is read here is locked until it ends."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.core.effects import Record
from bot.core.events import Event, IncidentMerged, ReviewFellDue
from bot.core.feeds import FeedCopy
from bot.core.handoff import ShiftWatch
from bot.core.incident import Incident
from bot.core.lanes import Outward
from bot.core.library import Library
from bot.core.oncall_events import ScheduleEvent
from bot.core.plan import Plan
from bot.core.standin import StandIn
from bot.store import feeds, handoffs, incidents, library, outbox, plans, standins, timers
from bot.store.changes import insert
from bot.store.locks import lock_schedule
from bot.store.outbox import Parcel
from bot.store.reading import SLACK_PERSON, Reading
from bot.store.rows import table
from bot.store.timers import Timer

COUNTER = table("counter")
INBOX = table("inbox")


class Work(Reading):
    # Incidents and shifts

    def lock(self, event: Event) -> None:
        """Nobody else changes what this event is about until this transaction ends."""
        if isinstance(event, ScheduleEvent):
            lock_schedule(self._connection, event.schedule)
        elif isinstance(event, ReviewFellDue):
            library.lock_library(self._connection)
        else:
            numbers = {event.number, event.into} if isinstance(event, IncidentMerged) else {event.number}
            incidents.lock(self._connection, numbers)

    def incident(self, number: int) -> Incident | None:
        """Locked: nobody else changes it until this transaction ends."""
        return next(iter(incidents.load(self._connection, [number], lock=True)), None)

    def watch(self, schedule: str) -> ShiftWatch | None:
        """Locked, as an incident is."""
        return handoffs.load_watch(self._connection, schedule, lock=True)

    def stand_in(self, standin: int) -> StandIn | None:
        """With its schedule locked."""
        return standins.load(self._connection, standin, lock=True)

    def plan(self, schedule: str) -> Plan | None:
        """With its schedule locked."""
        return plans.load(self._connection, schedule, lock=True)

    def feed(self, schedule: str, layer: str) -> FeedCopy | None:
        """With its schedule locked."""
        return feeds.load(self._connection, schedule, layer, lock=True)

    def library(self) -> Library | None:
        """Locked, as an incident is."""
        return library.load(self._connection, lock=True)

    def next_number(self, of: str = "incident") -> int:
        """The number of the next one. Without gaps: a transaction that fails gives its number back.

        Nobody else is given one until this transaction ends, so a schedule is locked before, never after.
        """
        adding = insert(self._connection.dialect.name, COUNTER).values(name=of, value=1)
        counted = adding.on_conflict_do_update(index_elements=["name"], set_={"value": COUNTER.c.value + 1})
        return int(self._connection.execute(counted.returning(COUNTER.c.value)).scalar_one())

    def save(self, before: Incident | None, after: Incident) -> None:
        """`before` is what was read in this transaction, None for a new one; only what changed is written."""
        incidents.save(self._connection, before, after)

    def record(self, entry: Record) -> None:
        """Adds to the timeline of an incident that has been saved."""
        incidents.record(self._connection, entry)

    def save_watch(self, before: ShiftWatch | None, after: ShiftWatch) -> None:
        handoffs.save_watch(self._connection, before, after)

    def save_stand_in(self, before: StandIn | None, after: StandIn) -> None:
        standins.save(self._connection, before, after)

    def save_plan(self, before: Plan | None, after: Plan | None) -> None:
        """`after` None: it is deleted."""
        plans.save(self._connection, before, after)

    def save_feed(self, before: FeedCopy | None, after: FeedCopy | None) -> None:
        """`after` None: it is deleted."""
        feeds.save(self._connection, before, after)

    def save_library(self, before: Library | None, after: Library) -> None:
        library.save(self._connection, before, after)

    # Timers

    def set_timer(self, key: str, due: datetime, event: Event) -> None:
        timers.set_timer(self._connection, key, due, event)

    def cancel_timer(self, key: str) -> None:
        timers.cancel_timer(self._connection, key)

    def due_timer(self, now: datetime) -> Timer | None:
        return timers.due_timer(self._connection, now)

    def take_timer(self, timer: Timer) -> bool:
        """False: it has been set anew since, or somebody else took it."""
        return timers.take_timer(self._connection, timer)

    def hold_off_timer(self, timer: Timer, until: datetime, error: str) -> None:
        """Handling it failed: it is not looked at before `until`."""
        timers.hold_off_timer(self._connection, timer, until, error)

    # What goes out

    def enqueue(self, effect: Outward, now: datetime) -> int | None:
        return outbox.enqueue(self._connection, effect, now)

    def claim(self, now: datetime, lease: timedelta, owner: str, limit: int, urgent: bool) -> list[Parcel]:
        return outbox.claim(self._connection, now, lease, owner, limit, urgent)

    def sent(self, parcel: Parcel, now: datetime) -> bool:
        return outbox.sent(self._connection, parcel, now)

    def try_again(self, parcel: Parcel, not_before: datetime, error: str, undone: bool = False) -> bool:
        """`undone`: it was not begun, so this attempt does not count."""
        return outbox.try_again(self._connection, parcel, not_before, error, undone)

    def give_up(self, parcel: Parcel, error: str) -> bool:
        return outbox.give_up(self._connection, parcel, error)

    def renew(self, owner: str, until: datetime, ids: Collection[int] | None = None) -> set[int]:
        """Prolongs the leases of this owner: of these parcels, or of all. Which of them are still theirs."""
        return outbox.renew(self._connection, owner, until, ids)

    def release(self, owner: str, now: datetime) -> None:
        outbox.release(self._connection, owner, now)

    # What comes in

    def seen(self, envelope: str) -> dict[str, Any] | None:
        """What was answered to this request before, if it has come before."""
        found: dict[str, Any] | None = self._connection.scalar(
            select(INBOX.c.answer).where(INBOX.c.envelope == envelope)
        )
        return found

    def remember(self, envelope: str, answer: dict[str, Any], at: datetime) -> bool:
        """False: it was remembered already, and the first answer stays."""
        adding = insert(self._connection.dialect.name, INBOX).values(envelope=envelope, answer=answer, at=at)
        added = adding.on_conflict_do_nothing().returning(INBOX.c.envelope)
        return self._connection.scalar(added) is not None

    def forget_before(self, instant: datetime) -> None:
        """Forgets the requests handled and the deliveries made before then."""
        self._connection.execute(INBOX.delete().where(INBOX.c.at < instant))
        outbox.forget_before(self._connection, instant)

    def save_slack_id(self, person: str, slack_id: str) -> None:
        adding = insert(self._connection.dialect.name, SLACK_PERSON).values(person=person, slack_id=slack_id)
        self._connection.execute(adding.on_conflict_do_update(index_elements=["person"], set_={"slack_id": slack_id}))
