"""From nothing to the newest version; a database that is newer or older is named in one sentence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from bot.core.handoff import Handoff, ShiftWatch
from bot.store import migrations
from bot.store.engines import open_engine
from bot.store.migrations import NewerDatabase, OlderDatabase
from bot.store.rows import Row, table
from bot.store.store import Store
from tests.store.build import NOW, declare


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


def test_what_the_first_version_kept_is_kept(empty_database: str) -> None:
    engine = open_engine(empty_database)
    with engine.execution_options(writes=True).begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        handoff = {"id": "l1-1", "schedule": "l1", "at": NOW, "outgoing": ["amina"], "incoming": ["luis"]}
        connection.execute(table("handoff").insert().values(handoff))
        watch = {"schedule": "l1", "people": ["luis"], "layer": "day", "until": NOW, "handoff": "l1-1"}
        connection.execute(table("shift_watch").insert().values(watch))
    engine.dispose()
    store = Store(empty_database)
    store.migrate()
    with store.transaction() as work:
        before = work.watch("l1")
        assert before == ShiftWatch("l1", ("luis",), "day", NOW, Handoff("l1-1", "l1", NOW, ("amina",), ("luis",)))
        work.save_watch(before, replace(before, reminded=NOW))
    with store.reading() as reading:
        assert reading.watch("l1") == replace(before, reminded=NOW)
        assert (reading.overrides(NOW), reading.planned_schedules(), reading.feed_marks()) == ((), [], {})
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
def test_a_newer_database_is_refused_in_one_sentence(empty_database: str, start: Callable[[Store], None]) -> None:
    store = Store(empty_database)
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
    assert len(tables) == 23
