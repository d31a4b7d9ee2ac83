"""Looking back: which clocks count, past incidents in batches, and the view for tools that read the database."""

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from bot.core.effects import Record
from bot.core.history import Entry
from bot.core.incident import SlaClock, Status
from bot.core.kept import KeptClock
from bot.policy.model import Clock
from bot.store.store import Store
from tests.store.build import NOW, declare, minutes

DUE = NOW + minutes(60)
LATER = NOW + minutes(600)
RUNS = SlaClock(Clock.RESOLVE, NOW, DUE, minutes(60), "always", "gold", promised="1h", since=NOW)
MET = replace(RUNS, since=None, used=minutes(30), met_at=NOW + minutes(30), held_by="amina", held_on="l1/nairobi")
LATE = replace(MET, used=minutes(75), met_at=NOW + minutes(75), breached_at=DUE)
BROKEN = replace(RUNS, breached_at=DUE)
CANCELLED = replace(RUNS, cancelled_at=NOW + minutes(20), since=None)
GIVEN_UP = replace(BROKEN, cancelled_at=LATER, since=None)  # an update that was never written


def kept(store: Store, *, since: float = 0, until: float = 1, now: float = 0) -> list[KeptClock]:
    """Of incidents declared in a span, in minutes around NOW."""
    with store.reading() as read:
        return read.kept_clocks(NOW + minutes(since), NOW + minutes(until), NOW + minutes(now))


def test_what_was_met_or_broken_counts_and_what_was_cancelled_before_or_runs_does_not(store: Store) -> None:
    declare(store, service="churn", clocks=(MET, LATE, BROKEN, CANCELLED, RUNS, GIVEN_UP))
    found = kept(store)
    known = {"number": 1, "severity": "sev1", "service": "churn", "clock": Clock.RESOLVE, "sla": "gold"}
    times = {"started": NOW, "due": DUE, "within": minutes(60)}
    held = {"held_by": "amina", "held_on": "l1/nairobi"}
    assert found == [
        KeptClock(**known, **times, used=minutes(30), met_at=NOW + minutes(30), **held),
        KeptClock(**known, **times, used=minutes(75), met_at=NOW + minutes(75), breached_at=DUE, **held),
        KeptClock(**known, **times, used=minutes(0), breached_at=DUE),
        KeptClock(**known, **times, used=minutes(0), breached_at=DUE, cancelled_at=LATER),
    ]
    assert [each.in_time for each in found] == [True, False, False, False]
    assert found[-1].late(LATER + minutes(99)) == minutes(540)


def test_what_fell_due_while_nobody_looked_counts_as_broken(store: Store) -> None:
    declare(store, clocks=(RUNS,))
    assert kept(store, now=59) == []
    assert [each.in_time for each in kept(store, now=60)] == [False]


def test_an_incident_counts_from_its_declaration_on_and_not_if_it_was_declined_or_merged(store: Store) -> None:
    declare(store, clocks=(MET,))
    for status in (Status.DECLINED, Status.MERGED):
        declare(store, clocks=(MET,), status=status)
    assert [each.number for each in kept(store)] == [1]
    assert kept(store, since=1, until=2) == []
    assert kept(store, since=-1, until=0) == []


def test_past_incidents_come_in_batches_with_the_history_they_are_counted_from(store: Store) -> None:
    with store.transaction() as work:
        for _ in range(3):
            work.next_number()
    stale = [declare(store, title=f"Stale {number}", clocks=(MET, RUNS)) for number in range(5)]
    declare(store, status=Status.DECLINED)
    declare(store, declared_at=NOW - minutes(1))
    with store.transaction() as work:
        for held in stale:
            work.record(Record(number=held.number, at=NOW, by="amina", what=Entry.DECLARED, new="sev1"))
            work.record(Record(number=held.number, at=NOW, by="amina", what=Entry.NOTE, text="does not count"))
            work.record(Record(number=held.number, at=NOW, by="sita", what=Entry.ACKNOWLEDGED))
    with store.reading() as read:
        found = list(read.past_incidents(NOW, batch=2))
        assert read.how_many_past(NOW) == len(found) == 5
        assert [each.title for each in found] == [held.title for held in stale]
        assert all(each.clocks == (MET, RUNS) for each in found)
        assert all(each.history == whole.history for each in found if (whole := read.incident(each.number)))
        assert [mark.what for mark in found[0].history] == [Entry.DECLARED, Entry.ACKNOWLEDGED]


VIEW = text("SELECT number, service, clock, outcome, seconds_late, held_by FROM sla_adherence ORDER BY ordinal")


def test_a_tool_reads_adherence_from_a_view(store: Store) -> None:
    declare(store, service="churn", clocks=(MET, LATE, CANCELLED, RUNS, GIVEN_UP, BROKEN))
    with store.reading() as read:
        rows: list[Any] = list(read._connection.execute(VIEW))
    assert [(row.number, row.service, row.clock) for row in rows] == [(1, "churn", "resolve")] * 6
    assert [row.outcome for row in rows] == ["met", "breached", None, None, "breached", "breached"]
    assert [row.seconds_late for row in rows[:5]] == [None, 900.0, None, None, 540 * 60.0]
    assert rows[5].seconds_late > 0  # until now
    assert [row.held_by for row in rows] == ["amina", "amina", None, None, None, None]


def test_declined_and_merged_incidents_have_no_outcome_in_the_view(store: Store) -> None:
    declare(store, clocks=(MET,), status=Status.DECLINED)
    declare(store, clocks=(LATE,), status=Status.MERGED)
    with store.reading() as read:
        assert [(row.outcome, row.seconds_late) for row in read._connection.execute(VIEW)] == [(None, None)] * 2
