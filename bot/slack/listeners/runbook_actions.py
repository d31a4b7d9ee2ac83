"""Buttons of a runbook in use: steps that are dealt with, actions that are asked for, forms that open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core import runbook_events as walked
from bot.core.incident import ActionRun, Incident, RunbookRun, StepState
from bot.core.instructions import Fill, filling
from bot.policy.runbook import RunbookStep
from bot.slack.ids import Button
from bot.slack.listeners import runbooks
from bot.slack.listeners.asked import Answer, Unclear
from bot.slack.listeners.click import Click
from bot.slack.views import runbook_forms as forms
from bot.slack.views.drawn import sentence
from bot.slack.words import answers


@dataclass(frozen=True, slots=True)
class Place:
    """The step that is in hand, for a form about it."""

    incident: Incident
    run: RunbookRun
    step: RunbookStep
    fill: Fill


def done(click: Click) -> Answer:
    return _taken(click, StepState.DONE)


def answered(click: Click) -> Answer:
    return _taken(click, StepState.DONE, click.fact("answer"))


def _taken(click: Click, state: StepState, answer: str | None = None) -> Answer:
    run, step = click.fact("run"), click.fact("step")
    click.asked.does(
        walked.RunbookStepTaken(number=click.number, by=click.by, run=run, step=step, state=state, answer=answer)
    )
    return None


def stop(click: Click) -> Answer:
    click.asked.does(walked.RunbookStopped(number=click.number, by=click.by, run=click.fact("run")))
    return None


def helped(click: Click) -> Answer:
    click.asked.does(walked.RunbookRated(number=click.number, by=click.by, run=click.fact("run"), helped=True))
    return None


def did_not_help(click: Click) -> Answer:
    incident, run = _run(click)
    book = click.asked.policy.runbooks.get(run.runbook)
    return forms.feedback(incident, run, book.title if book else run.runbook)


# Actions


def run_dry(click: Click) -> Answer:
    return _asked(click, dry=True)


def run_action(click: Click) -> Answer:
    return _asked(click, dry=False)


def _asked(click: Click, dry: bool) -> Answer:
    run, step, seen = click.fact("run"), click.fact("step"), int(click.fact("seen"))
    click.asked.does(walked.ActionAsked(number=click.number, by=click.by, run=run, step=step, dry=dry, seen=seen))
    return None


def approve(click: Click) -> Answer:
    """Said, since it may have been pressed far from the message of the runbook."""
    run, step, action = click.fact("run"), click.fact("step"), click.fact("action")
    click.asked.does(walked.ActionApproved(number=click.number, by=click.by, run=run, step=step, action=action))
    return sentence(answers.approved())


def refuse(click: Click) -> Answer:
    incident, run = _run(click)
    return forms.refuse_action(incident, run, _waiting(run, click.fact("action")))


def _waiting(run: RunbookRun, action: str) -> ActionRun:
    present = run.action
    if present is None or present.id != action or not present.is_under_way:
        raise Unclear(answers.refused("Nothing waits for consent there any more."))
    return present


# Forms about the step in hand


def skip(click: Click) -> Answer:
    return _form(click, forms.skip_step)


def fail(click: Click) -> Answer:
    return _form(click, forms.fail_step)


def value(click: Click) -> Answer:
    return _form(click, forms.step_value)


def add_evidence(click: Click) -> Answer:
    return _form(click, forms.evidence)


def assign(click: Click) -> Answer:
    at = _place(click)
    return forms.assign_step(at.incident, at.run, at.step, at.fill, click.asked.user)


def _form(click: Click, form: Callable[[Incident, RunbookRun, RunbookStep, Fill], dict[str, Any]]) -> Answer:
    at = _place(click)
    return form(at.incident, at.run, at.step, at.fill)


def _run(click: Click) -> tuple[Incident, RunbookRun]:
    found = click.asked.incident(click.number)
    run = found.run(click.fact("run"))
    if run is None:
        raise Unclear(answers.no_such_button())
    return found, run


def _place(click: Click) -> Place:
    """A form that would be refused does not open."""
    found, run = _run(click)
    book = click.asked.policy.runbooks.get(run.runbook)
    step = book.step(click.fact("step")) if book else None
    if not found.is_open:
        raise Unclear(answers.not_open(found))
    if step is None or run.present != step.id:
        raise Unclear(answers.refused("That step has been dealt with already; the message shows the present one."))
    return Place(found, run, step, filling(found, click.asked.policy, run))


BUTTONS: Mapping[Button, Callable[[Click], Answer]] = {
    Button.RUNBOOKS: runbooks.offer_clicked,
    Button.START_RUNBOOK: runbooks.start_clicked,
    Button.READ_RUNBOOK: runbooks.read_clicked,
    Button.BROWSE_RUNBOOKS: runbooks.browse_clicked,
    Button.STEP_DONE: done,
    Button.STEP_ANSWER: answered,
    Button.STEP_SKIP: skip,
    Button.STEP_FAILED: fail,
    Button.STEP_VALUE: value,
    Button.ASSIGN_STEP: assign,
    Button.ADD_EVIDENCE: add_evidence,
    Button.STOP_RUNBOOK: stop,
    Button.RUN_DRY: run_dry,
    Button.RUN_ACTION: run_action,
    Button.APPROVE_ACTION: approve,
    Button.REFUSE_ACTION: refuse,
    Button.HELPED: helped,
    Button.NOT_HELPED: did_not_help,
}
