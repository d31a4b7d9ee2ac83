"""Incidents come back from the store as they went in, and only what changed is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text

from bot.core.effects import Record
from bot.core.history import Entry, Mark
from bot.core.incident import Incident, Page, SlaClock, Status, Wait
from bot.policy.model import Clock, Terms, Waiting
from bot.store.store import Store
from tests.store.build import CALENDARS, NOW, declare, gold, incident, incidents, minutes, states

CLOCK = SlaClock(Clock.MITIGATE, NOW, NOW + minutes(60), minutes(60), "office", "gold", promised="1h", since=NOW)

# Each example declares an incident of its own, so they may share the database.
shared = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def read(store: Store, number: int) -> Incident | None:
    with store.reading() as reading:
        return reading.incident(number)


@shared
@given(data=st.data())
def test_an_incident_comes_back_as_it_went_in(store: Store, data: st.DataObject) -> None:
    with store.transaction() as work:
        declared = data.draw(incidents(work.next_number()))
        work.save(None, declared)
        assert work.incident(declared.number) == declared
    assert read(store, declared.number) == declared


@shared
@given(data=st.data())
def test_any_change_of_an_incident_is_saved_whole(store: Store, data: st.DataObject) -> None:
    with store.transaction() as work:
        before = data.draw(incidents(work.next_number()))
        after = data.draw(incidents(before.number))
        work.save(None, before)
    with store.transaction() as work:
        work.save(work.incident(before.number), after)
    assert read(store, before.number) == after


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that write, as they reach the database."""
    with executed() as statements:
        found: list[str] = []
        yield found
        found += [each for each in statements if not each.startswith(("SELECT", "BEGIN"))]


@contextmanager
def executed() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_an_incident_that_did_not_change_writes_nothing(store: Store) -> None:
    declared = declare(store, pages=(Page("1-1", "amina", 0, 0, NOW),))
    with store.transaction() as work, written() as statements:
        work.save(work.incident(1), declared)
    assert statements == []


def test_only_the_column_that_changed_is_written(store: Store) -> None:
    first, second = Page("1-1", "amina", 0, 0, NOW), Page("1-2", "luis", 0, 0, NOW)
    before = declare(store, pages=(first, second))
    after = replace(before, pages=(first, replace(second, ended_by="amina")))
    with store.transaction() as work, written() as statements:
        work.save(before, after)
    assert len(statements) == 1
    assert statements[0].startswith("UPDATE page SET ended_by=")
    assert "paged_at" not in statements[0]
    assert read(store, 1) == after


def test_an_unknown_number_is_no_incident(store: Store) -> None:
    assert read(store, 7) is None


def test_open_incidents_are_those_that_nobody_has_ended(store: Store) -> None:
    for status in Status:
        declare(store, status=status, schedule="l1")
    with store.reading() as reading:
        found = [held.status for held in reading.open_incidents()]
    assert found == [Status.TRIAGE, Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING]


def test_open_incidents_of_a_schedule_are_its_own(store: Store) -> None:
    declare(store, schedule="l1")
    theirs = declare(store, schedule="l2")
    declare(store, schedule=None)
    with store.reading() as reading:
        assert reading.open_incidents("l2") == [theirs]
        assert len(reading.open_incidents()) == 3


def test_each_incident_of_a_list_has_its_own_pages(store: Store) -> None:
    first = declare(store, pages=(Page("1-1", "amina", 0, 0, NOW),))
    second = declare(store, pages=(Page("2-1", "luis", 0, 0, NOW), Page("2-2", "maya", 0, 1, NOW)))
    with store.reading() as reading:
        assert reading.open_incidents() == [first, second]


def test_recent_incidents_come_newest_first(store: Store) -> None:
    made = [declare(store, status=Status.CLOSED) for _ in range(4)]
    with store.reading() as reading:
        assert reading.recent_incidents(limit=3) == [made[3], made[2], made[1]]


def test_an_incident_is_known_by_its_channel(store: Store) -> None:
    declare(store, channel="C1")
    declare(store, channel="C2")
    with store.reading() as reading:
        assert reading.number_of_channel("C2") == 2
        assert reading.number_of_channel("C3") is None


def test_open_incidents_are_counted_by_severity(store: Store) -> None:
    for severity, status in [("sev1", Status.TRIAGE), ("sev2", Status.TRIAGE), ("sev2", Status.MONITORING)]:
        declare(store, severity=severity, status=status)
    declare(store, severity="sev1", status=Status.CLOSED)
    with store.reading() as reading:
        assert reading.counts() == {"sev1": 1, "sev2": 2}


def test_the_timeline_keeps_the_order_in_which_it_was_written(store: Store) -> None:
    entries = [
        Record(number=1, at=NOW, by="amina", what=Entry.DECLARED, new="triage"),
        Record(number=1, at=NOW - minutes(5), by=None, what=Entry.NOTE, text="<!channel> ولكن 🙂 " * 300),
        Record(number=1, at=NOW, by="U123", what=Entry.SEVERITY, old="sev2", new="sev1"),
    ]
    declare(store)
    other = Record(number=2, at=NOW, by=None, what=Entry.NOTE)
    declare(store)
    with store.transaction() as work:
        for entry in [entries[0], other, *entries[1:]]:
            work.record(entry)
    with store.reading() as reading:
        assert reading.timeline(1) == entries
        assert reading.timeline(2) == [other]


# Clocks, and what they are counted from


def test_the_history_is_what_counts_of_the_timeline(store: Store) -> None:
    declare(store)
    other = declare(store)
    spoken = [
        Record(number=1, at=NOW, by="amina", what=Entry.DECLARED, new="sev2"),
        Record(number=1, at=NOW, by=None, what=Entry.PAGED, new="luis"),
        Record(number=1, at=NOW + minutes(9), by="luis", what=Entry.SEVERITY, old="sev2", new="sev1"),
        Record(number=1, at=NOW + minutes(2), by="luis", what=Entry.NOTE, text="Looking."),
        Record(number=1, at=NOW + minutes(5), by="luis", what=Entry.UPDATE, text="We are looking."),
    ]
    with store.transaction() as work:
        for entry in spoken:
            work.record(entry)
    held = read(store, 1)
    assert held is not None
    assert held.history == (
        Mark(NOW, Entry.DECLARED, new="sev2", by="amina"),
        Mark(NOW + minutes(9), Entry.SEVERITY, "sev2", "sev1", "luis"),
        Mark(NOW + minutes(5), Entry.UPDATE, by="luis", text="We are looking."),
    )
    assert read(store, 2) == other


def test_the_history_is_not_written_with_the_incident(store: Store) -> None:
    declared = declare(store)
    with store.transaction() as work, written() as statements:
        work.save(declared, replace(declared, history=(Mark(NOW, Entry.DECLARED),)))
    assert statements == []


def test_everything_about_an_incident_is_read_in_seven_statements(store: Store) -> None:
    for _ in range(3):
        declare(store, clocks=(CLOCK,), terms=Terms(slas={"gold": gold()}))
    with store.reading() as reading:
        numbers = reading.open_incidents()
        with executed() as statements:
            assert reading.incident(2) == numbers[1]
        assert len(statements) == 7


def test_terms_are_read_once_for_all_who_have_them(store: Store) -> None:
    terms = Terms(severities=("sev1", "sev2"), slas={"gold": gold()}, calendars=CALENDARS)
    for _ in range(2):
        declare(store, terms=terms)
    with store.reading() as reading:
        first, second = reading.open_incidents()
    assert first.terms == terms
    assert first.terms is second.terms


def test_terms_that_did_not_change_are_not_written_again(store: Store) -> None:
    terms = Terms(severities=("sev1",), slas={"gold": gold()}, calendars=CALENDARS)
    before = declare(store, terms=terms)
    with store.transaction() as work, written() as statements:
        held = work.incident(1)
        assert held is not None
        work.save(held, replace(before, title="Scores are late", terms=terms.model_copy(deep=True)))
    assert [statement.split(" WHERE")[0].split("=")[0] for statement in statements] == ["UPDATE incident SET title"]


def test_clocks_that_vanish_are_deleted(store: Store) -> None:
    broken = replace(CLOCK, clock=Clock.UPDATE, turn=1, breached_at=NOW + minutes(30), held_by="luis", held_on="l1/day")
    still = replace(CLOCK, clock=Clock.RESOLVE, since=None, paused_until=NOW + minutes(90))
    before = declare(store, clocks=(CLOCK, broken, still))
    with store.transaction() as work:
        assert states(work) == ["running", "breached", "paused"]
        work.save(before, replace(before, clocks=(still,)))
        assert states(work) == ["paused"]
    held = read(store, 1)
    assert held is not None
    assert held.clocks == (still,)


def test_the_end_of_a_wait_leaves_nothing_of_it(store: Store) -> None:
    wait = Wait(Waiting.CUSTOMER, NOW, NOW + minutes(60), "They send us a file.", "luis")
    before = declare(store, waiting=wait)
    assert read(store, 1) == before
    with store.transaction() as work:
        work.save(before, replace(before, waiting=None))
        row = work._connection.execute(text("SELECT * FROM incident")).one()._mapping
    assert [value for name, value in row.items() if name.startswith("waiting_")] == [None] * 5


def test_what_failed_leaves_nothing_behind(store: Store) -> None:
    declare(store)
    try:
        with store.transaction() as work:
            work.save(None, incident(work.next_number()))
            work.record(Record(number=1, at=NOW, by=None, what=Entry.NOTE))
            raise LookupError
    except LookupError:
        pass
    with store.reading() as reading:
        assert (reading.incident(2), reading.timeline(1)) == (None, [])
