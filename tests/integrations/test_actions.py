"""Actions of runbooks are carried out once: begun before they begin, and never a second time by themselves."""

import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.effects import PublishHome, RunAction, SendPage
from bot.core.events import IncidentDeclared
from bot.core.incident import ActionRun, ActionState, StepState
from bot.core.runbook_events import (
    ActionApproved,
    ActionAsked,
    ActionBegan,
    ActionEnded,
    RunbookStarted,
    RunbookStepTaken,
)
from bot.engine.deliver import Answer, Deliverer, GiveUp, Sent, TryAgain
from bot.engine.engine import Engine
from bot.integrations.actions import CUT_OFF, MOST_AT_ONCE, Actions
from bot.policy.actions import Command
from bot.policy.model import Policy
from bot.policy.runbook import Runbook
from bot.store.outbox import Parcel
from bot.store.store import Store
from tests.engine.build import HeldClock
from tests.flows.world import MONDAY
from tests.integrations.services import Answering, Service, service

TOKEN = "hunter2-tok3n"
ENVIRON = {"JOBS_TOKEN": TOKEN, "PATH": "/usr/bin:/bin"}


@pytest.fixture
def jobs() -> Iterator[Service]:
    with service() as opened:
        yield opened


def with_actions(policy: Policy, url: str, approve: str | None = None) -> Policy:
    """The policy in which one runbook calls this address, and runs a command."""
    call: dict[str, Any] = {"url": url, "method": "POST", "headers": {"X-Key": "env:JOBS_TOKEN"}, "timeout": "5m"}
    steps = [
        {"id": "call", "run": {"http": call}, "approve": approve},
        {"id": "restart", "run": {"command": "restart", "with": {"job": "churn"}}},
    ]
    book = Runbook.model_validate({"id": "restart", "title": "Restart", "steps": steps})
    tool = Command.model_validate(
        {
            "run": [sys.executable, "-S", "-c", "import sys; print(sys.argv[1:])", "{job}"],
            "arguments": {"job": "[a-z]+"},
        }
    )
    return policy.model_copy(update={"runbooks": {"restart": book}, "commands": {"restart": tool}})


class Evening(HeldClock):
    def __init__(self) -> None:
        self._now = MONDAY


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(sqlite_template, tmp_path / "baton.db")
    opened = Store(f"sqlite:///{tmp_path / 'baton.db'}")
    yield opened
    opened.close()


@pytest.fixture
def engine(policy: Policy, store: Store, jobs: Service) -> Engine:
    made = Engine(store, with_actions(policy, jobs.url()), Evening())
    started(made)
    return made


def started(engine: Engine) -> None:
    """INC-1, in which Luis has asked for the first action."""
    title = "Scores are stale"
    engine.handle(IncidentDeclared(by="amina", title=title, severity="sev2", service="churn-scoring"))
    engine.handle(RunbookStarted(number=1, by="luis", runbook="restart"))
    asks(engine, "call")


def asks(engine: Engine, step: str) -> None:
    assert engine.handle(ActionAsked(number=1, by="luis", run="1-r1", step=step)).refusal is None


def action(engine: Engine) -> ActionRun:
    with engine.store.reading() as read:
        incident = read.incident(1)
    run = incident.run("1-r1") if incident else None
    assert run is not None
    return run.actions[-1]


def parcel(action: str = "1-r1-a1") -> Parcel:
    return Parcel(
        id=7, effect=RunAction(number=1, run="1-r1", action=action), attempt=1, enqueued_at=MONDAY, owner="me"
    )


def ended(state: ActionState, result: str) -> Sent:
    return Sent(ActionEnded(number=1, run="1-r1", action="1-r1-a1", state=state, result=result))


def test_it_is_begun_before_it_begins_and_told_when_it_has_ended(engine: Engine, jobs: Service) -> None:
    stood: list[ActionState] = []

    def answers(to: Answering) -> None:
        stood.append(action(engine).state)
        to.says(f"run 7 for {to.headers['X-Key']}".encode())

    jobs.answers = answers
    assert Actions(engine, ENVIRON).carry(parcel()) == ended(ActionState.DONE, "200 OK\nrun 7 for •••")
    assert stood == [ActionState.RUNNING]


def test_what_goes_wrong_has_failed_and_is_not_tried_again(engine: Engine, jobs: Service) -> None:
    jobs.answers = lambda to: to.says(b"busy", status=503)
    assert Actions(engine, ENVIRON).carry(parcel()) == ended(ActionState.FAILED, "503 Service Unavailable\nbusy")
    assert len(jobs.asked) == 1


def test_what_was_begun_before_is_unknown_and_not_done(engine: Engine, jobs: Service) -> None:
    engine.handle(ActionBegan(number=1, run="1-r1", action="1-r1-a1"))
    assert Actions(engine, ENVIRON).carry(parcel()) == ended(ActionState.UNKNOWN, CUT_OFF)
    assert jobs.asked == []


@pytest.mark.parametrize("state", [ActionState.DONE, ActionState.FAILED, ActionState.UNKNOWN])
def test_what_has_ended_is_left_alone(state: ActionState, engine: Engine, jobs: Service) -> None:
    engine.handle(ActionBegan(number=1, run="1-r1", action="1-r1-a1"))
    engine.handle(ActionEnded(number=1, run="1-r1", action="1-r1-a1", state=state))
    assert Actions(engine, ENVIRON).carry(parcel()) == Sent()
    assert jobs.asked == []


def test_what_waits_for_consent_is_not_done(policy: Policy, store: Store, jobs: Service) -> None:
    engine = Engine(store, with_actions(policy, jobs.url(), approve="second"), Evening())
    started(engine)
    assert Actions(engine, ENVIRON).carry(parcel()) == Sent()
    assert jobs.asked == []
    engine.handle(ActionApproved(number=1, by="amina", run="1-r1", step="call"))
    assert isinstance(Actions(engine, ENVIRON).carry(parcel()), Sent)
    assert len(jobs.asked) == 1


def test_what_has_waited_for_long_is_not_done_any_more(engine: Engine, jobs: Service) -> None:
    old = replace(parcel(), enqueued_at=MONDAY - timedelta(minutes=11))
    answer = Actions(engine, ENVIRON).carry(old)
    assert isinstance(answer, Sent)
    assert isinstance(answer.receipt, ActionEnded)
    assert answer.receipt.state is ActionState.FAILED
    assert answer.receipt.result.startswith("It was not begun: it waited for 11 minutes")
    assert jobs.asked == []


def test_in_the_demo_it_is_only_played(engine: Engine, jobs: Service) -> None:
    answer = Actions(engine, None).carry(parcel())
    assert isinstance(answer, Sent)
    assert isinstance(answer.receipt, ActionEnded)
    assert answer.receipt.result.startswith("Only played")
    assert jobs.asked == []


def test_what_is_gone_is_given_up(engine: Engine) -> None:
    assert isinstance(Actions(engine, ENVIRON).carry(parcel("1-r1-a9")), GiveUp)


def test_a_command_is_run_with_its_values(engine: Engine, jobs: Service) -> None:
    carried = Actions(engine, ENVIRON).carry(parcel())
    assert isinstance(carried, Sent)
    assert carried.receipt is not None
    engine.handle(carried.receipt)
    asks(engine, "restart")
    answer = Actions(engine, ENVIRON).carry(parcel("1-r1-a2"))
    assert isinstance(answer, Sent)
    assert isinstance(answer.receipt, ActionEnded)
    assert (answer.receipt.state, answer.receipt.result) == (ActionState.DONE, "['churn']")


def test_many_at_once_leave_workers_for_slack(engine: Engine, jobs: Service) -> None:
    """Those beyond wait without having begun."""
    actions = Actions(engine, ENVIRON)
    for _ in range(MOST_AT_ONCE):
        assert actions._free.acquire(blocking=False)
    answer = actions.carry(parcel())
    assert isinstance(answer, TryAgain)
    assert (answer.why, action(engine).state) == ("too many actions are under way at once", ActionState.QUEUED)
    actions._free.release()
    assert isinstance(actions.carry(parcel()), Sent)
    assert isinstance(actions.carry(parcel()), Sent)  # whoever has ended has made room
    assert len(jobs.asked) == 1


def test_when_the_bot_stops_it_is_broken_off_at_once_and_unknown(engine: Engine, jobs: Service) -> None:
    jobs.answers = Answering.says_nothing
    actions = Actions(engine, ENVIRON)
    answers: list[Answer] = []
    carrying = threading.Thread(target=lambda: answers.append(actions.carry(parcel())))
    carrying.start()
    assert jobs.heard.acquire(timeout=10)
    actions.stop()
    carrying.join(10)
    assert answers == [ended(ActionState.UNKNOWN, CUT_OFF)]


def test_a_bot_that_stops_begins_nothing(engine: Engine, jobs: Service) -> None:
    actions = Actions(engine, ENVIRON)
    actions.stop()
    assert isinstance(actions.carry(parcel()), TryAgain)
    assert (action(engine).state, jobs.asked) == (ActionState.QUEUED, [])


def test_what_fails_in_baton_itself_is_unknown_and_tells_no_secret(
    policy: Policy, store: Store, jobs: Service, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(dict[str, str]):
        def get(self, *_: Any) -> Any:
            raise RuntimeError(TOKEN)

    engine = Engine(store, with_actions(policy, jobs.url()), Evening())
    started(engine)
    answer = Actions(engine, Broken()).carry(parcel())
    assert isinstance(answer, Sent)
    assert isinstance(answer.receipt, ActionEnded)
    assert answer.receipt.state is ActionState.UNKNOWN
    assert "RuntimeError in the action 1-r1-a1" in caplog.text
    assert TOKEN not in caplog.text + answer.receipt.result


def test_the_deliverer_writes_down_what_came_of_it_also_when_somebody_has_taken_it_over(
    engine: Engine, jobs: Service
) -> None:
    def somebody_takes_it_over(to: Answering) -> None:
        engine.clock.passes(hours=1)  # type: ignore[attr-defined]  # a clock that is held
        with engine.store.transaction() as work:
            taken = work.claim(engine.clock.now(), timedelta(minutes=1), "other", 99, False)
        assert "RunAction" in [type(each.effect).__name__ for each in taken]
        to.says(b"")

    jobs.answers = somebody_takes_it_over
    actions = Actions(engine, ENVIRON)
    deliverer = Deliverer(engine, lambda each: actions.carry(each) if isinstance(each.effect, RunAction) else Sent())
    deliverer.start()
    deliverer.wake()
    deliverer.settle()
    deliverer.stop()
    assert (action(engine).state, action(engine).result) == (ActionState.DONE, "200 OK")


def test_a_long_action_holds_up_nothing_even_while_pages_wait(engine: Engine) -> None:
    begun, home, goes_on = threading.Semaphore(0), threading.Event(), threading.Event()

    def carry(parcel: Parcel) -> Answer:
        if isinstance(parcel.effect, RunAction | SendPage):
            begun.release()
            goes_on.wait(30)
        if isinstance(parcel.effect, PublishHome):
            home.set()
        return Sent()

    deliverer = Deliverer(engine, carry)
    deliverer.start()
    try:
        deliverer.wake()
        for _ in range(2):  # the action, and the page to Luis
            assert begun.acquire(timeout=10)
        engine.post(SendPage(number=1, page="1-2", person="luis"))  # waits for the first
        engine.post(PublishHome(person="luis"))
        assert home.wait(10)
    finally:
        goes_on.set()
        deliverer.settle()
        deliverer.stop()


def test_what_somebody_types_names_no_secret_of_the_bot(policy: Policy, store: Store, jobs: Service) -> None:
    steps = [
        {"id": "key", "input": "Which key?", "name": "key"},
        {"id": "call", "run": {"http": {"url": jobs.url(), "headers": {"X-Key": "{{ inputs.key }}"}}}},
    ]
    book = Runbook.model_validate({"id": "restart", "title": "Restart", "steps": steps})
    engine = Engine(store, policy.model_copy(update={"runbooks": {"restart": book}}), Evening())
    engine.handle(IncidentDeclared(by="amina", title="Stale", severity="sev2", service="churn-scoring"))
    engine.handle(RunbookStarted(number=1, by="luis", runbook="restart"))
    taken = {"number": 1, "by": "luis", "run": "1-r1", "step": "key", "answer": "env:JOBS_TOKEN"}
    engine.handle(RunbookStepTaken(**taken, state=StepState.DONE))  # type: ignore[arg-type]  # as it is written
    refusal = engine.handle(ActionAsked(number=1, by="luis", run="1-r1", step="call")).refusal
    assert refusal == "A header of this action would begin with env:, which only the runbook itself may say."
