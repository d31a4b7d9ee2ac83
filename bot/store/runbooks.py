"""Runbooks in use, their steps and their actions, as rows and back."""

from typing import Any

from sqlalchemy import Row

from bot.core.incident import ActionRun, ActionState, Incident, RunbookRun, StepState, StepTaken
from bot.store.changes import Facts, message, place

Rows = list[Row[Any]]


def run(row: Row[Any], steps: Rows, actions: Rows) -> RunbookRun:
    return RunbookRun(
        id=row.id,
        runbook=row.runbook,
        started_by=row.started_by,
        started_at=row.started_at,
        present=row.present_step,
        taken=tuple(_step(each) for each in steps),
        finished_at=row.finished_at,
        message=message(row.message_channel, row.message_ts),
        since=row.present_since,
        assigned=row.assigned_to,
        evidence=tuple(row.evidence),
        inputs=tuple((name, value) for name, value in row.inputs),
        actions=tuple(_action(each) for each in actions),
        stopped=row.stopped,
        helped=row.helped,
        rated_by=row.rated_by,
        feedback=row.feedback,
    )


def _step(row: Row[Any]) -> StepTaken:
    return StepTaken(
        step=row.step,
        state=StepState(row.state),
        by=row.who,
        at=row.at,
        answer=row.answer,
        reason=row.reason,
        since=row.since,
        evidence=tuple(row.evidence),
    )


def _action(row: Row[Any]) -> ActionRun:
    return ActionRun(
        id=row.id,
        step=row.step,
        request=row.request,
        call=row.call,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=ActionState(row.state),
        dry=row.dry,
        decided_by=row.decided_by,
        began_at=row.began_at,
        ended_at=row.ended_at,
        result=row.result,
    )


def facts(incident: Incident) -> Facts:
    """Of all its runs."""
    runs = incident.runs
    return {
        "runbook_run": {(run.id,): _run_facts(run, incident.number, ordinal) for ordinal, run in enumerate(runs)},
        "runbook_step": {
            (run.id, ordinal): _step_facts(taken) for run in runs for ordinal, taken in enumerate(run.taken)
        },
        "runbook_action": {
            (action.id,): _action_facts(action, run.id, ordinal)
            for run in runs
            for ordinal, action in enumerate(run.actions)
        },
    }


def _run_facts(run: RunbookRun, number: int, ordinal: int) -> dict[str, Any]:
    return {
        "incident": number,
        "ordinal": ordinal,
        "runbook": run.runbook,
        "started_by": run.started_by,
        "started_at": run.started_at,
        "present_step": run.present,
        "present_since": run.since,
        "assigned_to": run.assigned,
        "evidence": list(run.evidence),
        "inputs": [list(each) for each in run.inputs],
        "finished_at": run.finished_at,
        "stopped": run.stopped,
        **place("message", run.message),
        "helped": run.helped,
        "rated_by": run.rated_by,
        "feedback": run.feedback,
    }


def _step_facts(taken: StepTaken) -> dict[str, Any]:
    return {
        "step": taken.step,
        "state": taken.state.value,
        "who": taken.by,
        "at": taken.at,
        "answer": taken.answer,
        "reason": taken.reason,
        "since": taken.since,
        "evidence": list(taken.evidence),
    }


def _action_facts(action: ActionRun, run: str, ordinal: int) -> dict[str, Any]:
    return {
        "run": run,
        "ordinal": ordinal,
        "step": action.step,
        "request": action.request,
        "call": action.call,
        "asked_by": action.asked_by,
        "asked_at": action.asked_at,
        "state": action.state.value,
        "dry": action.dry,
        "decided_by": action.decided_by,
        "began_at": action.began_at,
        "ended_at": action.ended_at,
        "result": action.result,
    }
