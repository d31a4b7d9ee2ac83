"""Opening the store, its transactions, numbers without gaps, the memory of requests, and copies."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from bot.core.effects import Entry, Record
from bot.store.backups import NoBackup
from bot.store.engines import BadAddress
from bot.store.store import Store
from bot.store.turns import Turns
from tests.store.build import NOW, declare, minutes


@pytest.mark.parametrize("address", ["", "baton.db", "mysql://localhost/baton", "sqlite://", "sqlite:///:memory:"])
def test_an_address_of_no_known_kind_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(BadAddress, match=r"must be like sqlite:///baton\.db \(a file\) or postgresql://"):
        Store(address)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadAddress, match=f"The folder {tmp_path}/no for the database does not exist"):
        Store(f"sqlite:///{tmp_path}/no/baton.db")


def test_opening_touches_nothing(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path}/baton.db").close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_is_opened_with_care(store: Store, database: str) -> None:
    with store.transaction() as work:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = [work._connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert found == ["wal", 2, 1]  # 2: FULL


def test_a_timeline_entry_of_no_incident_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), store.transaction() as work:
        work.record(Record(number=7, at=NOW, by=None, what=Entry.NOTE))


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        declare(store, closed_at=NOW.replace(tzinfo=None))


# Transactions


def test_a_reading_sees_one_instant(store: Store) -> None:
    declare(store)
    with store.reading() as reading:
        before = reading.incident(1)
        declare(store)
        assert reading.open_incidents() == [before]
    with store.reading() as reading:
        assert len(reading.open_incidents()) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_transaction_inside_another_is_refused_instead_of_waiting_for_ever(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError, match="inside another"), store.transaction():
        pass
    declare(store)


def test_threads_take_turns_in_the_order_in_which_they_came() -> None:
    turns, served = Turns(), list[int]()

    def serve(number: int) -> None:
        with turns.mine():
            served.append(number)

    with turns.mine():
        threads = [Thread(target=serve, args=(number,)) for number in range(8)]
        for standing, thread in enumerate(threads, 1):
            thread.start()
            while len(turns._queue) <= standing:
                pass
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_what_two_processes_change_at_once_is_not_lost(store: Store, another_store: Store) -> None:
    declare(store, summary="0")

    def count(opened: Store) -> None:
        for _ in range(20):
            with opened.transaction() as work:
                before = work.incident(1)
                assert before is not None
                work.save(before, replace(before, summary=str(int(before.summary) + 1)))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, [store, another_store, store, another_store]))
    with store.reading() as reading:
        found = reading.incident(1)
    assert found is not None
    assert found.summary == "80"


def test_numbers_have_no_gaps_even_if_some_transactions_fail(store: Store, another_store: Store) -> None:
    barrier = Barrier(16)

    def number(thread: int) -> list[int]:
        opened, given = (store, another_store)[thread % 2], []
        barrier.wait()
        for attempt in range(4):
            with suppress(LookupError), opened.transaction() as work:
                mine = work.next_number()
                if attempt == thread % 4:
                    raise LookupError
                given.append(mine)
        return given

    with ThreadPoolExecutor(16) as threads:
        given = [number for mine in threads.map(number, range(16)) for number in mine]
    assert sorted(given) == list(range(1, 49))


# What is remembered


def test_a_repeat_is_known_by_its_envelope(store: Store) -> None:
    answer = {"number": 1, "refusal": None}
    with store.transaction() as work:
        assert work.seen("e1") is None
        assert work.remember("e1", answer, NOW)
    with store.transaction() as work:
        assert work.seen("e1") == answer
        assert not work.remember("e1", {"number": 2}, NOW)
        assert work.seen("e1") == answer


def test_an_envelope_that_two_processes_handle_at_once_is_remembered_by_one(store: Store, another_store: Store) -> None:
    barrier = Barrier(8)

    def remember(thread: int) -> bool:
        barrier.wait()
        with (store, another_store)[thread % 2].transaction() as work:
            return work.remember("e1", {"thread": thread}, NOW)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(remember, range(8))) == [False] * 7 + [True]


def test_old_requests_are_forgotten(store: Store) -> None:
    with store.transaction() as work:
        work.remember("old", {}, NOW)
        work.remember("new", {}, NOW + minutes(1))
        work.forget_before(NOW + minutes(1))
        assert (work.seen("old"), work.seen("new")) == (None, {})


def test_the_latest_slack_id_of_a_person_counts(store: Store) -> None:
    with store.transaction() as work:
        work.save_slack_id("amina", "U1")
        work.save_slack_id("luis", "U2")
        work.save_slack_id("amina", "U3")
    with store.reading() as reading:
        assert reading.slack_ids() == {"amina": "U3", "luis": "U2"}


# Copies


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_copy_made_while_others_write_is_whole(store: Store, tmp_path: Path) -> None:
    declare(store, summary="0")
    begun, stop = Event(), Event()

    def write() -> None:
        count = 0
        while not stop.is_set():
            count += 1
            with store.transaction() as work:
                before = work.incident(1)
                assert before is not None
                work.save(before, replace(before, summary=str(count)))
                work.record(Record(number=1, at=NOW, by=None, what=Entry.NOTE, text=str(count)))
            begun.set()

    writer = Thread(target=write)
    writer.start()
    begun.wait()
    copies = [tmp_path / f"copy-{number}.db" for number in range(3)]
    for copy in copies:
        store.backup(copy)
    stop.set()
    writer.join()
    for copy in copies:
        opened = Store(f"sqlite:///{copy}")
        with opened.reading() as reading:
            held, entries = reading.incident(1), reading.timeline(1)
        opened.close()
        assert held is not None
        assert held.summary == entries[-1].text == str(len(entries))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_copy_never_writes_over_a_file(store: Store, tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    kept.write_text("an older copy")
    with pytest.raises(NoBackup, match="exists already"):
        store.backup(kept)
    assert kept.read_text() == "an older copy"
    with pytest.raises(NoBackup, match="does not exist: make it"):
        store.backup(tmp_path / "no" / "copy.db")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_copy_of_a_server_is_left_to_its_own_tool(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NoBackup, match="pg_dump"):
        store.backup(tmp_path / "copy.db")


def test_a_copy_is_a_file_that_sqlite_finds_sound(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/baton.db")
    store.migrate()
    store.backup(tmp_path / "copy.db")
    store.close()
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
