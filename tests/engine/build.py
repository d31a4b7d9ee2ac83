"""What the tests of the engine are made of: a small policy, a held clock, a world to deliver to, and faults."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core import effects as do
from bot.core import oncall_effects as oncall
from bot.core.events import CardPosted, ChannelCreated, Event, IncidentDeclared, PageDelivered
from bot.core.incident import Incident, Message
from bot.core.lanes import Outward
from bot.core.oncall_events import HandoffPosted
from bot.engine.deliver import Answer, Sent
from bot.engine.engine import Engine, Outcome
from bot.policy.model import Policy
from bot.store.outbox import Parcel
from bot.store.rows import Row, table
from bot.store.store import Store

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)  # luis has the shift; at midnight it is amina's
PATIENT = 20.0  # seconds that a test waits for another thread before it fails

POLICY = Policy.model_validate(
    {
        "workspace": {"default_escalation_path": "first-line", "default_sla": "standard"},
        "people": {name: {"name": name.capitalize()} for name in ("amina", "brian", "luis")},
        "severities": {"sev1": {"name": "Critical"}, "sev2": {"name": "Major"}},
        "schedules": {
            "l1": {
                "layers": [
                    {
                        "name": "day",
                        "time_zone": "UTC",
                        "rotation": {"every": "1d", "starts": "2026-01-05T00:00", "people": ["amina", "luis"]},
                    }
                ],
                "handoff": {"channel": "#handoffs"},
            }
        },
        "escalation_paths": {
            "first-line": {
                "steps": [{"page": ["schedule:l1"], "wait": "5m"}, {"page": ["person:brian"], "wait": "10m"}],
            }
        },
        "slas": {"standard": {"warn_at": ["75%"], "targets": {"sev1": {"update": "30m"}, "sev2": {"resolve": "1d"}}}},
    }
)


class HeldClock:
    """Stands still until the test says that time passes."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        return self._now

    def passes(self, **span: float) -> None:
        self._now += timedelta(**span)


def declared(title: str = "Scores are stale", severity: str = "sev1") -> IncidentDeclared:
    return IncidentDeclared(by="amina", title=title, severity=severity)


def incident(outcome: Outcome) -> Incident:
    assert isinstance(outcome.state, Incident)
    return outcome.state


# The world


@dataclass
class Gate:
    """Holds back a carrier until it is opened; `reached` counts those that stand before it."""

    reached: threading.Semaphore
    opened: threading.Event

    def wait_for(self, count: int = 1) -> None:
        for _ in range(count):
            assert self.reached.acquire(timeout=PATIENT), "nobody came to the gate"


class World:
    """Does what it is asked, answers with a receipt, and remembers what it was asked.

    It can be told to answer otherwise (`answers`), or to take its time (`holds`).
    """

    def __init__(self) -> None:
        self.asked: list[Parcel] = []
        self._answers: dict[type[Outward], list[Answer | Exception]] = defaultdict(list)
        self._gates: dict[type[Outward], Gate] = {}

    def answers(self, kind: type[Outward], *answers: Answer | Exception) -> None:
        """So many times, in this order; then again as always."""
        self._answers[kind] += answers

    def holds(self, kind: type[Outward]) -> Gate:
        self._gates[kind] = Gate(threading.Semaphore(0), threading.Event())
        return self._gates[kind]

    def opens_all(self) -> None:
        for gate in self._gates.values():
            gate.opened.set()

    def carry(self, parcel: Parcel) -> Answer:
        kind = type(parcel.effect)
        self.asked.append(parcel)
        if kind in self._gates:
            self._gates[kind].reached.release()
            self._gates[kind].opened.wait(3 * PATIENT)  # longer than any test waits, which opens it at the latest
        answer = self._answers[kind].pop(0) if self._answers[kind] else Sent(receipt(parcel.effect))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kinds(self) -> list[str]:
        return [type(parcel.effect).__name__ for parcel in self.asked]

    def times(self, kind: type[Outward]) -> int:
        return self.kinds().count(kind.__name__)


def receipt(effect: Outward) -> Event | None:
    match effect:
        case do.CreateChannel(number=number):
            return ChannelCreated(number=number, channel=f"C{number}", name=f"inc-{number}")
        case do.PostCard(number=number):
            return CardPosted(number=number, message=Message(f"C{number}", "1.0"))
        case do.SendPage(number=number, page=page):
            return PageDelivered(number=number, page=page, message=Message("D1", page))
        case oncall.PostHandoff(schedule=schedule, handoff=handoff):
            return HandoffPosted(schedule=schedule, handoff=handoff, message=Message("C0", "2.0"))
        case _:
            return None


# What stands in the store


def stored(store: Store, number: int = 1) -> Incident:
    with store.reading() as read:
        found = read.incident(number)
    assert found is not None
    return found


def everything(store: Store) -> dict[str, list[Any]]:
    """All rows of all tables."""
    names = [each.name for each in Row.metadata.sorted_tables]
    with store.reading() as read:
        return {name: sorted(map(repr, read._connection.execute(table(name).select()))) for name in names}


def outbox(store: Store, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of the outbox, in the order in which its rows were written."""
    rows = table("outbox")
    with store.reading() as read:
        found = read._connection.execute(rows.select().order_by(rows.c.id))
        return [tuple(getattr(row, name) for name in columns) for row in found]


def timers(store: Store) -> list[tuple[str, datetime]]:
    rows = table("timer")
    with store.reading() as read:
        return [(row.key, row.due) for row in read._connection.execute(rows.select().order_by(rows.c.key))]


# Faults


@contextmanager
def failing(store: Store, name: str, when: str = "1 = 1") -> Iterator[None]:
    """As long as this lasts, the database refuses to insert rows into this table."""
    sqlite = store._engine.dialect.name == "sqlite"
    if sqlite:
        making = [
            f"CREATE TRIGGER broken BEFORE INSERT ON {name} WHEN {when} BEGIN SELECT RAISE(ABORT, 'no space left'); END"
        ]
    else:
        making = [
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'no space left'; END $$",
            f"CREATE TRIGGER broken BEFORE INSERT ON {name} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION fail()",
        ]
    _run(store, *making)
    try:
        yield
    finally:
        _run(store, "DROP TRIGGER broken" if sqlite else f"DROP TRIGGER broken ON {name}")


@contextmanager
def hidden(store: Store, name: str) -> Iterator[None]:
    """As long as this lasts, the database has no such table."""
    _run(store, f"ALTER TABLE {name} RENAME TO hidden")
    try:
        yield
    finally:
        _run(store, f"ALTER TABLE hidden RENAME TO {name}")


def _run(store: Store, *statements: str) -> None:
    with store.transaction() as work:
        for statement in statements:
            work._connection.exec_driver_sql(statement)


def wait_for_locks(store: Store, count: int) -> None:
    """Until so many transactions of PostgreSQL wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(20_000):
        with store.reading() as read:
            if read._connection.exec_driver_sql(waiting).scalar() == count:
                return
    raise AssertionError(f"never did {count} transactions wait")


def engine_on(store: Store, clock: HeldClock) -> Engine:
    return Engine(store, POLICY, clock)
