"""Handling one event: all of it is kept or nothing, and the same request counts once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

import pytest

from bot.core.effects import Entry, RefreshCard
from bot.core.events import IncidentAcknowledged, IncidentDeclared, IncidentEvent, NoteAdded
from bot.core.oncall_events import ShiftFellDue
from bot.engine.engine import Engine, Outcome
from tests.engine.build import NOW, declared, everything, failing, incident, outbox, stored, timers, wait_for_locks

ACKNOWLEDGED = IncidentAcknowledged(number=1, by="luis")
postgresql_only = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def test_a_declaration_is_kept_with_all_that_follows_from_it(engine: Engine) -> None:
    outcome = engine.handle(declared(), envelope="e1")
    assert (outcome.refusal, outcome.repeated) == (None, False)
    assert stored(engine.store) == outcome.state
    with engine.store.reading() as read:
        assert [entry.what for entry in read.timeline(1)] == [Entry.DECLARED, Entry.PAGED]
    assert [key for key, _ in timers(engine.store)] == ["incident:1:clocks", "incident:1:escalation"]
    kinds = [kind for (kind,) in outbox(engine.store, "kind")]
    assert kinds == ["CreateChannel", "PostCard", "PinCard", "SetTopic", "SendPage", "InviteToChannel"]


def test_time_is_taken_once_and_everything_bears_it(engine: Engine) -> None:
    state = incident(engine.handle(declared()))
    with engine.store.reading() as read:
        entries = {entry.at for entry in read.timeline(1)}
    assert {state.declared_at, state.pages[0].paged_at, *entries} == {NOW}
    assert {at for (at,) in outbox(engine.store, "enqueued_at")} == {NOW}


# Together or not at all

DECLARING = ["counter", "incident", "escalation", "page", "sla_clock", "timeline_entry", "timer", "outbox", "inbox"]


@pytest.mark.parametrize("table", DECLARING)
def test_a_declaration_that_fails_anywhere_leaves_nothing(engine: Engine, table: str) -> None:
    before = everything(engine.store)
    with failing(engine.store, table), pytest.raises(Exception, match="no space left"):
        engine.handle(declared(), envelope="e1")
    assert everything(engine.store) == before
    assert incident(engine.handle(declared(), envelope="e1")).number == 1


@pytest.mark.parametrize("table", ["role_assignment", "timeline_entry", "outbox", "inbox"])
def test_a_change_that_fails_anywhere_leaves_the_incident_as_it_was(engine: Engine, table: str) -> None:
    engine.handle(declared())
    before = everything(engine.store)
    with failing(engine.store, table), pytest.raises(Exception, match="no space left"):
        engine.handle(ACKNOWLEDGED, envelope="e1")
    assert everything(engine.store) == before
    assert incident(engine.handle(ACKNOWLEDGED, envelope="e1")).acknowledged_by == "luis"


def test_a_decision_that_raises_leaves_nothing(engine: Engine) -> None:
    engine.handle(declared())
    before = everything(engine.store)
    with pytest.raises(KeyError):
        engine.handle(IncidentEvent(number=1), envelope="e1")  # there is no decision for it
    assert everything(engine.store) == before


def test_nobody_is_told_of_what_failed_or_was_refused(engine: Engine) -> None:
    told: list[int] = []
    engine.on_commit(lambda: told.append(len(outbox(engine.store, "id"))))
    with failing(engine.store, "timer"), pytest.raises(Exception, match="no space left"):
        engine.handle(declared())
    engine.handle(declared(title=" "))
    assert told == []
    engine.handle(declared())
    assert told == [6]  # told after the commit: all its messages are there


def test_a_listener_that_raises_neither_undoes_the_deed_nor_silences_the_next(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    engine.on_commit(lambda: 1 / 0)  # type: ignore[arg-type]  # what it returns is never seen
    engine.on_commit(lambda: told.append("next"))
    assert engine.handle(declared()).refusal is None
    assert stored(engine.store).number == 1
    assert told == ["next"]
    assert "ZeroDivisionError" in caplog.text


# Refused means nothing happened


def test_a_refusal_leaves_no_trace(engine: Engine) -> None:
    engine.handle(declared())
    before = everything(engine.store)
    for event in (declared(severity="sev9"), declared(title=" "), NoteAdded(number=1, by="amina", text=" ")):
        outcome = engine.handle(event, envelope=repr(event))
        assert outcome.refusal
        assert not outcome.repeated
    assert everything(engine.store) == before


def test_a_refused_declaration_takes_no_number(engine: Engine) -> None:
    assert incident(engine.handle(declared())).number == 1
    assert engine.handle(declared(severity="sev9")).state is None
    assert incident(engine.handle(declared())).number == 2


def test_a_refusal_shows_the_state_as_it_is(engine: Engine) -> None:
    engine.handle(declared())
    before = engine.handle(ACKNOWLEDGED).state
    assert engine.handle(ACKNOWLEDGED) == Outcome(before, "You already have it.")


def test_what_is_said_of_an_incident_that_does_not_exist_is_refused(engine: Engine) -> None:
    outcome = engine.handle(ACKNOWLEDGED)
    assert outcome.state is None
    assert outcome.refusal is not None
    assert outcome.refusal.startswith("There is no incident INC-1.")


# The door remembers


def test_the_same_request_again_changes_nothing(engine: Engine) -> None:
    engine.handle(declared(), envelope="e1")
    before = everything(engine.store)
    again = engine.handle(declared(), envelope="e1")
    assert again == Outcome(stored(engine.store), repeated=True)
    assert everything(engine.store) == before


def test_a_repeat_shows_the_incident_as_it_is_now(engine: Engine) -> None:
    engine.handle(declared(), envelope="e1")
    engine.handle(ACKNOWLEDGED)
    assert incident(engine.handle(declared(), envelope="e1")).acknowledged_by == "luis"


def test_a_repeat_about_a_schedule_shows_its_watch(engine: Engine) -> None:
    first = engine.handle(ShiftFellDue(schedule="l1"), envelope="e1")
    assert engine.handle(ShiftFellDue(schedule="l1"), envelope="e1") == Outcome(first.state, repeated=True)


def test_a_request_that_was_refused_may_be_made_again(engine: Engine) -> None:
    assert engine.handle(ACKNOWLEDGED, envelope="e1").refusal
    engine.handle(declared())
    assert engine.handle(ACKNOWLEDGED, envelope="e1").refusal is None


def test_requests_with_and_without_an_envelope_are_all_handled(engine: Engine) -> None:
    numbers = [incident(engine.handle(declared(), envelope=each)).number for each in (None, None, "e1", "e2")]
    assert numbers == [1, 2, 3, 4]


# At once


def at_once(*calls: tuple[Engine, IncidentDeclared | IncidentAcknowledged, str | None]) -> list[Outcome]:
    barrier = Barrier(len(calls))

    def handle(call: tuple[Engine, IncidentDeclared | IncidentAcknowledged, str | None]) -> Outcome:
        engine, event, envelope = call
        barrier.wait()
        return engine.handle(event, envelope=envelope)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(handle, calls))


def test_the_same_request_twice_at_once_makes_one_incident(engine: Engine, another_engine: Engine) -> None:
    for envelope in ("e1", "e2", "e3"):
        outcomes = at_once((engine, declared(), envelope), (another_engine, declared(), envelope))
        assert sorted(outcome.repeated for outcome in outcomes) == [False, True]
        assert len({incident(outcome).number for outcome in outcomes}) == 1
    with engine.store.reading() as read:
        assert [each.number for each in read.open_incidents()] == [1, 2, 3]


def test_forty_declarations_at_once_get_forty_numbers_without_a_gap(engine: Engine, another_engine: Engine) -> None:
    events = [declared(f"Trouble {count}") for count in range(40)]

    def handle(count: int) -> tuple[int, str]:
        done = incident((engine, another_engine)[count % 2].handle(events[count], envelope=f"e{count}"))
        return done.number, done.title

    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(handle, range(40)))
    assert sorted(number for number, _ in given) == list(range(1, 41))
    with engine.store.reading() as read:
        assert [(each.number, each.title) for each in read.open_incidents()] == sorted(given)


def test_of_two_who_acknowledge_at_once_one_has_it(engine: Engine, another_engine: Engine) -> None:
    engine.handle(declared())
    ours, theirs = at_once(
        (engine, ACKNOWLEDGED, "e1"), (another_engine, IncidentAcknowledged(number=1, by="brian"), "e2")
    )
    refusals = {ours.refusal, theirs.refusal}
    holder = stored(engine.store).acknowledged_by
    assert refusals == {None, f"@[{holder}] already has it."}
    assert stored(engine.store).lead == holder


@postgresql_only
def test_a_request_handled_at_this_moment_is_a_repeat_and_no_refusal(engine: Engine, another_engine: Engine) -> None:
    """Both find it new and wait for the incident; the second would then be told that it has it already."""
    engine.handle(declared())
    outcomes: list[Outcome] = []

    def acknowledge(by: Engine) -> None:
        outcomes.append(by.handle(ACKNOWLEDGED, envelope="e1"))

    threads = [Thread(target=acknowledge, args=(by,)) for by in (engine, another_engine)]
    with engine.store.transaction() as work:
        work.incident(1)
        for thread in threads:
            thread.start()
        wait_for_locks(engine.store, 2)
    for thread in threads:
        thread.join()
    assert sorted((outcome.refusal, outcome.repeated) for outcome in outcomes) == [(None, False), (None, True)]


@postgresql_only
def test_two_processes_that_start_at_once_may_both_begin_the_watch(engine: Engine, another_engine: Engine) -> None:
    threads = ThreadPoolExecutor(2)
    with engine.store.transaction() as work:
        work._connection.exec_driver_sql("LOCK TABLE shift_watch IN SHARE ROW EXCLUSIVE MODE")  # nobody can insert
        begun = [threads.submit(by.handle, ShiftFellDue(schedule="l1")) for by in (engine, another_engine)]
        wait_for_locks(engine.store, 2)
    first, second = (each.result() for each in begun)
    threads.shutdown()
    assert first.state == second.state
    assert len(everything(engine.store)["shift_watch"]) == 1


# What is posted beside the incidents


def test_what_is_posted_waits_in_the_outbox_and_is_told_on(engine: Engine) -> None:
    told: list[str] = []
    engine.on_commit(lambda: told.append("told"))
    engine.post(RefreshCard(number=1))
    assert outbox(engine.store, "kind", "state", "enqueued_at") == [("RefreshCard", "waiting", NOW)]
    assert told == ["told"]
