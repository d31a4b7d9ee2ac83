"""From nothing to the newest version; a database that is newer or older is named in one sentence."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.core.handoff import ClockGlimpse, Handoff, HandoffItem, ItemState, ShiftWatch
from bot.core.history import Entry, Mark
from bot.core.incident import Escalation, Message, Page, RunbookRun, StepState, StepTaken, Tried
from bot.policy.model import Clock, Condition, PageTarget, Step, TargetKind
from bot.store import migrations
from bot.store.engines import open_engine
from bot.store.migrations import NewerDatabase, OlderDatabase
from bot.store.rows import Row, table
from bot.store.store import Store
from tests.store.build import NOW, declare, incident, minutes, states

Opens = Callable[[str], Store]


@pytest.fixture
def opened() -> Iterator[Opens]:
    """Opens databases, and closes them at the end."""
    with ExitStack() as closing:

        def opens(address: str) -> Store:
            store = Store(address)
            closing.callback(store.close)
            return store

        yield opens


def test_a_migrated_database_is_what_the_rows_say(empty_database: str) -> None:
    store = Store(empty_database)
    store.migrate()
    store.close()
    engine = open_engine(empty_database)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Row.metadata)
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    declared = declare(store)
    store.migrate()
    store.bring_up_to_date()
    with store.reading() as reading:
        assert reading.incident(declared.number) == declared


@contextmanager
def at_version(address: str, version: str) -> Iterator[Connection]:
    """A connection that writes to a database which an older Baton has made."""
    engine = open_engine(address)
    with engine.execution_options(writes=True).begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        yield connection
    engine.dispose()


def test_what_the_first_version_kept_is_kept(empty_database: str, opened: Opens) -> None:
    with at_version(empty_database, "0001") as connection:
        handoff = {"id": "l1-1", "schedule": "l1", "at": NOW, "outgoing": ["amina"], "incoming": ["luis"]}
        connection.execute(table("handoff").insert().values(handoff))
        watch = {"schedule": "l1", "people": ["luis"], "layer": "day", "until": NOW, "handoff": "l1-1"}
        connection.execute(table("shift_watch").insert().values(watch))
    store = opened(empty_database)
    store.migrate()
    with store.transaction() as work:
        before = work.watch("l1")
        assert before == ShiftWatch("l1", ("luis",), "day", NOW, Handoff("l1-1", "l1", NOW, ("amina",), ("luis",)))
        work.save_watch(before, replace(before, reminded=NOW))
    with store.reading() as reading:
        assert reading.watch("l1") == replace(before, reminded=NOW)
        assert (reading.overrides(NOW), reading.planned_schedules(), reading.feed_marks()) == ((), [], {})
    store.close()


def test_what_was_paged_before_there_were_contacts_is_kept(empty_database: str, opened: Opens) -> None:
    stale = {"number": 1, "title": "Scores are stale", "severity": "sev1", "status": "triage", "summary": ""}
    declared = {"declared_by": "amina", "declared_at": NOW, "started_at": NOW, "last_update": "", "invited": []}
    step = {"page": [{"kind": "person", "name": "amina"}], "wait": 300.0, "when": {"severity": ["sev1"]}}
    acting = {"path": "l1", "steps": [step], "repeat": 1, "round": 0, "step": 0, "state": "running", "due_at": NOW}
    paged = {"id": "1-1", "ordinal": 0, "person": "amina", "round": 0, "step": 0, "paged_at": NOW, "state": "open"}
    stands = {"message_channel": "D1", "message_ts": "1.5", "delivered_at": NOW}
    with at_version(empty_database, "0002") as connection:
        connection.execute(table("incident").insert().values(stale | declared))
        connection.execute(table("escalation").insert().values(acting | {"incident": 1}))
        connection.execute(table("page").insert().values(paged | stands | {"incident": 1}))
    store = opened(empty_database)
    store.migrate()
    only = Step(
        page=(PageTarget(kind=TargetKind.PERSON, name="amina"),), wait=minutes(5), when=Condition(severity=("sev1",))
    )
    kept = incident(
        1,
        escalation=Escalation(path="l1", steps=(only,), repeat=1, step=0, due=NOW),
        pages=(Page("1-1", "amina", 0, 0, NOW, message=Message("D1", "1.5"), delivered_at=NOW),),
    )
    with store.transaction() as work:
        assert work.incident(1) == kept
        assert work.pages_of_message("D1", "1.5") == [(kept, kept.pages[0])]
        assert work.night_pages(NOW) == {}  # nobody noted then whose night it was
        after = replace(kept, pages=(replace(kept.pages[0], tried=(Tried("SMS", NOW),)),))
        work.save(kept, after)
        assert work.incident(1) == after
    store.close()


def test_clocks_from_before_they_were_counted_say_how_they_stand(empty_database: str, opened: Opens) -> None:
    stale = {"number": 1, "title": "Scores are stale", "severity": "sev1", "status": "triage", "summary": ""}
    declared = {"declared_by": "amina", "declared_at": NOW, "started_at": NOW, "last_update": "", "invited": []}
    due = NOW + minutes(60)
    runs = {"incident": 1, "started_at": NOW, "due_at": due, "within_seconds": minutes(60), "calendar": "always"}
    ends = (None, None, None), (None, due, None), (due, due, None), (None, None, NOW)
    clocks = [
        runs
        | {"ordinal": ordinal, "clock": "resolve", "warned_share": 0.5}
        | dict(zip(("met_at", "breached_at", "cancelled_at"), end, strict=True))
        for ordinal, end in enumerate(ends)
    ]
    with at_version(empty_database, "0003") as connection:
        connection.execute(table("incident").insert().values(stale | declared))
        connection.execute(table("sla_clock").insert(), clocks)
        entry = {"incident": 1, "at": NOW, "what": "declared", "new_value": "sev1", "text": ""}
        connection.execute(table("timeline_entry").insert().values(entry))
    store = opened(empty_database)
    store.migrate()
    with store.transaction() as work:
        kept = work.incident(1)
        assert kept is not None
        assert (kept.terms, kept.waiting, kept.history) == (None, None, (Mark(NOW, Entry.DECLARED, new="sev1"),))
        assert [clock.since for clock in kept.clocks] == [NOW, NOW, None, None]
        assert states(work) == ["running", "breached", "met", "cancelled"]
        assert states(work) == [clock.state for clock in kept.clocks]
        work.save(kept, replace(kept, clocks=kept.clocks[:1]))
        assert states(work) == ["running"]
    store.close()


def test_runbooks_from_before_they_had_actions_go_on(empty_database: str, opened: Opens) -> None:
    stale = {"number": 1, "title": "Scores are stale", "severity": "sev1", "status": "triage", "summary": ""}
    declared = {"declared_by": "amina", "declared_at": NOW, "started_at": NOW, "last_update": "", "invited": []}
    run = {"id": "1-r1", "incident": 1, "ordinal": 0, "runbook": "stale", "started_by": "luis", "started_at": NOW}
    step = {"run": "1-r1", "ordinal": 0, "step": "look", "state": "done", "who": "luis", "at": NOW, "reason": ""}
    with at_version(empty_database, "0004") as connection:
        connection.execute(table("incident").insert().values(stale | declared))
        connection.execute(table("runbook_run").insert().inline(), run | {"present_step": "rerun"})
        connection.execute(table("runbook_step").insert().inline(), step)
    store = opened(empty_database)
    store.migrate()
    taken = (StepTaken("look", StepState.DONE, "luis", NOW),)
    kept = incident(1, runs=(RunbookRun("1-r1", "stale", "luis", NOW, present="rerun", taken=taken),))
    with store.transaction() as work:
        assert work.incident(1) == kept
        assert work.library() is None
        after = replace(kept, runs=(replace(kept.runs[0], inputs=(("day", "monday"),), evidence=("seen",)),))
        work.save(kept, after)
        assert work.incident(1) == after


def test_handoffs_from_before_each_incident_was_accepted_say_who_has_it(empty_database: str, opened: Opens) -> None:
    stale = {"number": 1, "title": "Scores are stale", "severity": "sev1", "status": "triage", "summary": ""}
    declared = {"declared_by": "amina", "declared_at": NOW, "started_at": NOW, "last_update": "", "invited": []}
    with at_version(empty_database, "0006") as connection:
        connection.execute(table("incident").insert().values(stale | declared))
        zone = None if connection.dialect.name == "sqlite" else UTC
        old = sa.Table("handoff_item", sa.MetaData(), autoload_with=connection)
        for number, taken in enumerate((None, NOW, None)):
            shift = {"id": f"l1-{number}", "schedule": "l1", "at": NOW, "outgoing": ["amina"], "incoming": ["luis"]}
            by = {"taken_by": "luis" if taken else None, "taken_at": taken}
            connection.execute(table("handoff").insert().values(shift | by))
            item = {"handoff": f"l1-{number}", "ordinal": 0, "incident": 1, "title": "Scores are stale"}
            due = (NOW + minutes(30 * (number - 1))).replace(tzinfo=zone)
            clock = {"next_clock": "resolve", "next_due_at": due} if number else {}
            connection.execute(old.insert().values(item | {"severity": "sev1", "status": "triage"} | clock))
        watch = {"schedule": "l1", "people": ["luis"], "layer": "day", "until": NOW, "handoff": "l1-2"}
        connection.execute(table("shift_watch").insert().values(watch))
    store = opened(empty_database)
    store.migrate()
    item = HandoffItem(1, "Scores are stale", "sev1", "triage", None, owners=("amina",))
    late, running = (ClockGlimpse(Clock.RESOLVE, NOW + minutes(ahead), used) for ahead, used in ((0, 1.0), (30, 0.0)))
    with store.transaction() as work:
        assert [each.items for each in work.handoffs(NOW)] == [
            (replace(item, clocks=(running,)),),
            (replace(item, clocks=(late,), state=ItemState.ACCEPTED, answered_by="luis", answered_at=NOW),),
            (replace(item, state=ItemState.CARRIED),),
        ]
        before = work.watch("l1")
        assert before is not None
        assert before.handoff == work.handoff("l1-2")
        after = replace(before, previous=before.handoff, handoff=replace(before.handoff, id="l1-3", nudges=1))
        work.save_watch(before, after)
        assert work.watch("l1") == after
    store.close()


def test_two_processes_may_migrate_at_once(empty_database: str) -> None:
    stores = [Store(empty_database) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Store.migrate, stores))
    declare(stores[0])
    for store in stores:
        store.close()


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_a_file_is_brought_up_to_date_at_the_start(empty_database: str) -> None:
    store = Store(empty_database)
    store.bring_up_to_date()
    declare(store)
    store.close()


@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
def test_a_server_is_not_migrated_unasked(empty_database: str) -> None:
    store = Store(empty_database)
    with pytest.raises(OlderDatabase, match=r"older than this Baton: run `bot migrate` once, then start again\."):
        store.bring_up_to_date()
    store.migrate()
    store.bring_up_to_date()
    store.close()


@pytest.mark.parametrize("start", [Store.migrate, Store.bring_up_to_date])
def test_a_newer_database_is_refused_in_one_sentence(
    empty_database: str, start: Callable[[Store], None], opened: Opens
) -> None:
    store = opened(empty_database)
    store.migrate()
    engine = open_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NewerDatabase) as refused:
        start(store)
    store.close()
    assert str(refused.value) == (
        "The database is from a newer Baton (version 9999), which this one cannot read:"
        " install that version or a later one, or name another database."
    )


def test_every_version_has_a_number_and_a_name() -> None:
    versions = sorted(Path(migrations.__file__).parent.joinpath("versions").glob("*.py"))
    assert [file.name[:4] for file in versions] == [f"{number:04}" for number in range(1, len(versions) + 1)]


def test_every_table_and_column_has_a_comment() -> None:
    tables = Row.metadata.tables.values()
    silent = [table.name for table in tables if not table.comment]
    silent += [f"{table.name}.{column.name}" for table in tables for column in table.columns if not column.comment]
    assert silent == []
    assert len(tables) == 26
