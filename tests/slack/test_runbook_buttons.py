"""What the buttons and forms of a runbook in use lead to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.incident import ActionState
from bot.core.runbook_events import ActionBegan, ActionEnded
from bot.slack.ids import Button, Modal, answer_id, carry
from tests.slack.desk import Call, Desk, declared


@pytest.fixture
def open_(tmp_path: Path) -> Iterator[Desk]:
    with declared(tmp_path) as made:
        yield made


def test_a_runbook_is_walked_by_its_buttons(open_: Desk) -> None:
    open_.clicks(Button.START_RUNBOOK, carry(number=1, runbook="stale-predictions"))
    open_.submits(Modal.FAIL_STEP, carry(number=1, run="1-r1", step="last-run"), reason="")
    open_.clicks(answer_id(0), carry(number=1, run="1-r1", step="upstream", answer="yes"))
    open_.submits(Modal.SKIP_STEP, carry(number=1, run="1-r1", step="rerun"), reason="It runs by itself")
    (run,) = open_.incident(1).runs
    assert [(step.step, step.state, step.answer, step.reason) for step in run.taken] == [
        ("last-run", "failed", None, ""),
        ("upstream", "done", "yes", ""),
        ("rerun", "skipped", None, "It runs by itself"),
    ]


def test_an_action_runs_again_only_for_those_who_have_seen_what_came_of_it(open_: Desk) -> None:
    open_.types("lead 1")
    open_.types("runbook 1 stale-predictions")
    for step in ("last-run", "upstream"):
        open_.submits(Modal.SKIP_STEP, carry(number=1, run="1-r1", step=step), by="U0LUIS", reason="Known")
    at: dict[str, str | int | None] = {"number": 1, "run": "1-r1", "step": "rerun"}
    open_.clicks(Button.RUN_ACTION, carry(**at, seen=0), by="U0LUIS")
    open_.happens(ActionBegan(number=1, run="1-r1", action="1-r1-a1"))
    open_.happens(ActionEnded(number=1, run="1-r1", action="1-r1-a1", state=ActionState.FAILED, result="500"))
    open_.clicks(Button.RUN_ACTION, carry(**at, seen=0), by="U0LUIS")
    assert [each.state for each in open_.incident(1).runs[0].actions] == ["failed"]
    open_.clicks(Button.RUN_ACTION, carry(**at, seen=1), by="U0AMINA")
    open_.clicks(Button.APPROVE_ACTION, carry(**at, action="1-r1-a1"), by="U0LUIS")
    assert [each.state for each in open_.incident(1).runs[0].actions] == ["failed", "asked"]
    open_.clicks(Button.APPROVE_ACTION, carry(**at, action="1-r1-a2"), by="U0LUIS")
    assert [each.state for each in open_.incident(1).runs[0].actions] == ["failed", "queued"]
    told = {call.body["text"] for call in _calls(open_)}
    assert "🙅 Nothing waits for consent there any more." in told
    assert any("asked for meanwhile" in each for each in told)


@pytest.mark.parametrize(
    ("button", "callback"),
    [
        (Button.STEP_SKIP, Modal.SKIP_STEP),
        (Button.STEP_FAILED, Modal.FAIL_STEP),
        (Button.ASSIGN_STEP, Modal.ASSIGN_STEP),
        (Button.ADD_EVIDENCE, Modal.EVIDENCE),
    ],
)
def test_a_form_about_a_step_opens_while_it_is_in_hand(open_: Desk, button: Button, callback: Modal) -> None:
    open_.types("runbook 1 stale-predictions")
    open_.clicks(button, carry(number=1, run="1-r1", step="upstream"))
    open_.clicks(button, carry(number=1, run="1-r1", step="last-run"))
    told, call = sorted(_calls(open_), key=lambda each: each.method)
    assert "dealt with already" in told.body["text"]
    assert call.body["view"]["callback_id"] == callback


def _calls(made: Desk) -> list[Call]:
    """What was asked of Slack after the acknowledgements."""
    made.finishes()
    return made.calls
