"""What falls due is handled once, however late, and what cannot be handled stops nothing else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from bot.core.effects import Entry
from bot.core.events import ClockFellDue, Event, IncidentAcknowledged, NoteAdded, SilenceFellDue
from bot.core.incident import EscalationState
from bot.core.oncall_events import ShiftEvent, ShiftFellDue
from bot.engine.engine import MAX_HOLD_OFF, Engine
from bot.store.rows import table
from bot.store.store import Store
from tests.engine.build import NOW, HeldClock, declared, everything, outbox, stored, timers, wait_for_locks

HARMLESS = SilenceFellDue(number=1)  # nobody has acknowledged, so nothing comes of it
BROKEN = ShiftEvent(schedule="l1")  # there is no decision for it
postgresql_only = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
SECOND = timedelta(seconds=1)


def set_timer(store: Store, key: str, event: Event, after: timedelta = timedelta(0)) -> None:
    with store.transaction() as work:
        work.set_timer(key, NOW + after, event)


def entries(engine: Engine, number: int = 1) -> list[Entry]:
    with engine.store.reading() as read:
        return [entry.what for entry in read.timeline(number)]


def notes(engine: Engine) -> list[str]:
    with engine.store.reading() as read:
        return sorted(entry.text for entry in read.timeline(1) if entry.what is Entry.NOTE)


def pages(engine: Engine) -> list[str]:
    return [page.person for page in stored(engine.store).pages]


def test_nothing_happens_before_its_time(engine: Engine, clock: HeldClock) -> None:
    engine.handle(declared())
    clock.passes(minutes=4, seconds=59)
    before = everything(engine.store)
    assert engine.tick() == 0
    assert everything(engine.store) == before


def test_a_step_that_falls_due_pages_the_next_and_sets_its_own_timer(engine: Engine, clock: HeldClock) -> None:
    engine.handle(declared())
    clock.passes(minutes=5)
    assert engine.tick() == 1
    assert pages(engine) == ["luis", "brian"]
    assert ("incident:1:escalation", NOW + timedelta(minutes=15)) in timers(engine.store)
    assert engine.tick() == 0


def test_all_that_is_due_is_handled_and_told_on_once(engine: Engine, clock: HeldClock) -> None:
    told: list[str] = []
    for _ in range(3):
        engine.handle(declared())
    engine.on_commit(lambda: told.append("told"))
    clock.passes(minutes=5)
    assert engine.tick() == 3
    assert told == ["told"]


def test_a_timer_is_handled_once_by_two_processes_that_tick_at_once(engine: Engine, another_engine: Engine) -> None:
    engine.handle(declared())
    for count in range(8):
        set_timer(engine.store, f"note {count}", NoteAdded(number=1, by="luis", text=f"Note {count}"))
    barrier = Barrier(4)

    def tick(by: Engine) -> None:
        barrier.wait()
        by.tick()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(tick, [engine, another_engine] * 2))
    assert notes(engine) == [f"Note {count}" for count in range(8)]


@postgresql_only
def test_a_timer_that_another_process_is_handling_is_not_handled_again(engine: Engine, another_engine: Engine) -> None:
    engine.handle(declared())
    set_timer(engine.store, "note", NoteAdded(number=1, by="luis", text="Once"))
    threads = [Thread(target=by.tick) for by in (engine, another_engine)]
    with engine.store.transaction() as work:
        work.incident(1)
        for thread in threads:
            thread.start()
        wait_for_locks(engine.store, 2)
    for thread in threads:
        thread.join()
    assert notes(engine) == ["Once"]


@postgresql_only
def test_an_acknowledgement_and_a_timer_of_that_instant_do_not_wait_for_each_other(
    engine: Engine, another_engine: Engine, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The timer is taken while the acknowledgement, which comes first, is about to cancel it."""
    engine.handle(declared())
    clock.passes(minutes=5)
    refusals: list[str | None] = []
    acknowledging = Thread(
        target=lambda: refusals.append(engine.handle(IncidentAcknowledged(number=1, by="luis")).refusal)
    )
    ticking = Thread(target=another_engine.tick)
    with engine.store.transaction() as work:
        work.incident(1)
        acknowledging.start()
        wait_for_locks(engine.store, 1)
        ticking.start()
        wait_for_locks(engine.store, 2)
    acknowledging.join()
    ticking.join()
    assert refusals == [None]
    assert caplog.text == ""
    assert pages(engine) == ["luis"]
    assert "incident:1:escalation" not in dict(timers(engine.store))


# Late


def test_after_two_days_without_power_a_promise_is_said_to_be_broken_once(engine: Engine, clock: HeldClock) -> None:
    engine.handle(declared())
    clock.passes(days=2)
    engine.tick()
    assert outbox(engine.store, "kind").count(("PostReminder",)) == 1
    assert entries(engine).count(Entry.CLOCK_BREACHED) == 1
    assert entries(engine).count(Entry.CLOCK_WARNED) == 0


def test_after_two_days_without_power_the_path_goes_on_from_now(engine: Engine, clock: HeldClock) -> None:
    engine.handle(declared())
    clock.passes(days=2)
    engine.tick()
    assert pages(engine) == ["luis", "brian"]
    escalation = stored(engine.store).escalation
    assert escalation is not None
    assert (escalation.state, escalation.due) == (EscalationState.RUNNING, clock.now() + timedelta(minutes=10))


def test_after_two_days_without_power_one_handoff_is_made_and_not_one_a_day(engine: Engine, clock: HeldClock) -> None:
    engine.handle(ShiftFellDue(schedule="l1"))
    clock.passes(days=3)
    assert engine.tick() == 3  # the change of shift, the draft before it, and the reminder of a later one
    assert outbox(engine.store, "kind") == [("PostHandoff",), ("KeepCanvas",)]
    midnight = NOW.replace(day=5, hour=0)
    assert dict(timers(engine.store)) == {
        "schedule:l1:handoff": midnight - timedelta(minutes=30),
        "schedule:l1:nudge": clock.now() + timedelta(minutes=5),
        "schedule:l1:remind": midnight - timedelta(hours=12),
        "schedule:l1:shift": midnight,
    }


# What cannot be handled


def test_a_timer_that_cannot_be_handled_does_not_stop_the_others(
    engine: Engine, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    engine.handle(declared())
    set_timer(engine.store, "broken", BROKEN)
    clock.passes(minutes=5)
    assert engine.tick() == 2
    assert pages(engine) == ["luis", "brian"]
    assert [record.getMessage() for record in caplog.records] == [
        "timer broken could not be handled: {'type': 'ShiftEvent', 'schedule': 'l1'}"
    ]
    assert "no decision for ShiftEvent" in caplog.text


@pytest.mark.parametrize("facts", [{"type": "ComesLater"}, {"type": "SilenceFellDue", "number": "many"}])
def test_a_timer_of_a_newer_version_does_not_stop_the_others(
    engine: Engine, clock: HeldClock, caplog: pytest.LogCaptureFixture, facts: dict[str, str]
) -> None:
    engine.handle(declared())
    set_timer(engine.store, "newer", HARMLESS)
    with engine.store.transaction() as work:
        rows = table("timer")
        work._connection.execute(rows.update().where(rows.c.key == "newer").values(event=facts))
    clock.passes(minutes=5)
    engine.tick()
    assert pages(engine) == ["luis", "brian"]
    assert "timer newer could not be handled" in caplog.text
    assert "newer" in dict(timers(engine.store))


def test_it_is_tried_again_after_pauses_that_grow_to_a_limit(
    engine: Engine, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    set_timer(engine.store, "broken", BROKEN)
    pauses = []
    for _ in range(60):
        assert engine.tick() == 1
        with engine.store.reading() as read:
            due = read.next_due()
        assert due is not None
        pauses.append((due - clock.now()) / SECOND)
        clock.passes(seconds=pauses[-1] - 0.5)
        assert engine.tick() == 0
        clock.passes(seconds=0.5)
    assert pauses[:4] == [1, 2, 4, 8]
    assert set(pauses[10:]) == {MAX_HOLD_OFF / SECOND}
    assert len(caplog.records) == 60  # once a try


def test_nothing_of_a_timer_that_failed_is_kept(engine: Engine, clock: HeldClock) -> None:
    engine.handle(declared())
    set_timer(engine.store, "broken", BROKEN)
    before = everything(engine.store) | {"timer": []}
    assert engine.tick() == 1
    assert everything(engine.store) | {"timer": []} == before
    with engine.store.reading() as read:
        (row,) = read._connection.execute(table("timer").select().where(table("timer").c.key == "broken"))
    assert (row.due, row.attempts, row.last_error) == (NOW, 1, "TypeError")


def test_a_timer_about_what_does_not_exist_is_done_with(engine: Engine) -> None:
    set_timer(engine.store, "lost", ClockFellDue(number=7))
    assert engine.tick() == 1
    assert timers(engine.store) == []
