"""Runbooks in use, and the library, are kept whole; what happened to them is read as plain facts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bot.core.events import ReviewFellDue
from bot.core.incident import ActionRun, ActionState, Incident, Message, RunbookRun, StepState, StepTaken
from bot.core.kept import Dealt, Use
from bot.core.library import Library
from bot.store.store import Store
from tests.store.build import NOW, declare, minutes
from tests.store.test_incidents import executed, read, written

LOOKED = StepTaken(
    "look", StepState.DONE, "luis", NOW + minutes(4), "wrong", since=NOW, evidence=("PSI 0.4", "https://x.test/1")
)
RESTART = ActionRun(
    id="1-r1-a1",
    step="restart",
    request="POST https://jobs.test/42/restart",
    call='{"url": "https://jobs.test/42/restart"}',
    asked_by="luis",
    asked_at=NOW + minutes(5),
    state=ActionState.FAILED,
    dry=True,
    decided_by="amina",
    began_at=NOW + minutes(6),
    ended_at=NOW + minutes(7),
    result="503: try later",
)
AGAIN = ActionRun("1-r1-a2", "restart", "POST", "{}", "luis", NOW + minutes(8), ActionState.ASKED)
RUN = RunbookRun(
    id="1-r1",
    runbook="stale-predictions",
    started_by="luis",
    started_at=NOW,
    present="restart",
    taken=(LOOKED,),
    finished_at=NOW + minutes(30),
    message=Message("C1", "1.5"),
    since=NOW + minutes(4),
    assigned="sita",
    evidence=("It is still running.",),
    inputs=(("partition", "2026-03-01"), ("again", "")),
    actions=(RESTART, AGAIN),
    stopped=True,
    helped=False,
    rated_by="luis",
    feedback="The link is dead.",
)


def test_all_that_a_run_knows_comes_back(store: Store) -> None:
    declared = declare(store, category="drift.data", runs=(RUN,))
    assert read(store, 1) == declared


def test_of_an_action_only_what_changed_is_written(store: Store) -> None:
    before = declare(store, runs=(RUN,))
    after = replace(before, runs=(replace(RUN, actions=(RESTART, replace(AGAIN, state=ActionState.QUEUED))),))
    with store.transaction() as work, written() as statements:
        work.save(before, after)
    assert [statement.split("=")[0] for statement in statements] == ["UPDATE runbook_action SET state"]
    assert read(store, 1) == after


def test_the_actions_of_all_runs_are_read_at_once_and_none_are_looked_for_without_runs(store: Store) -> None:
    declare(store)
    with store.reading() as reading, executed() as statements:
        reading.incident(1)
    assert not [each for each in statements if "runbook_action" in each]
    other = replace(RUN, id="2-r1", actions=())
    last = replace(RUN, id="2-r2", actions=(replace(RESTART, id="2-r2-a1"), replace(AGAIN, id="2-r2-a2")))
    runs: tuple[Incident, ...] = (
        declare(store, runs=(other, last)),
        declare(store, runs=(replace(RUN, id="3-r1", actions=()),)),
    )
    with store.reading() as reading, executed() as statements:
        found = reading.open_incidents()
    assert (found[1], found[2]) == runs
    assert sum("FROM runbook_action" in each for each in statements) == 1


def test_the_uses_are_read_in_order_with_their_steps(store: Store) -> None:
    second = replace(RUN, id="1-r2", started_at=NOW + minutes(60), taken=(), actions=(), helped=None, feedback="")
    declare(store, runs=(second, replace(RUN, actions=())))
    with store.reading() as reading:
        uses, later = reading.runbook_uses(), reading.runbook_uses(NOW + minutes(60))
    assert uses[0] == Use(
        runbook="stale-predictions",
        incident=1,
        started=NOW,
        finished=NOW + minutes(30),
        stopped=True,
        present="restart",
        dealt=(Dealt("look", StepState.DONE, NOW + minutes(4), NOW),),
        helped=False,
        rated_by="luis",
        feedback="The link is dead.",
    )
    assert (uses[1].started, uses[1].dealt, uses[1].helped) == (NOW + minutes(60), (), None)
    assert later == uses[1:]


def test_the_library_is_kept_and_moves_on(store: Store) -> None:
    with store.transaction() as work:
        work.lock(ReviewFellDue())
        assert work.library() is None
        work.save_library(None, Library(NOW))
        work.save_library(Library(NOW), Library(NOW + minutes(60)))
    with store.reading() as reading:
        assert reading.library() == Library(NOW + minutes(60))


def test_two_processes_that_begin_the_library_at_once_take_turns(store: Store, another_store: Store) -> None:
    def move_on(opened: Store) -> None:
        for _ in range(5):
            with opened.transaction() as work:
                before = work.library()
                work.save_library(before, Library(before.reminded_at + minutes(1) if before else NOW))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(move_on, [store, another_store]))
    with store.reading() as reading:
        assert reading.library() == Library(NOW + minutes(9))
