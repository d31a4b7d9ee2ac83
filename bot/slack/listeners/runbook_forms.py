"""Forms about runbooks that were sent: each becomes one event."""

from collections.abc import Mapping

from bot.core.events import Event
from bot.core.incident import StepState
from bot.core.runbook_events import ActionRefused, EvidenceAdded, RunbookRated, RunbookStepTaken, StepAssigned
from bot.slack.ids import Field, Modal
from bot.slack.listeners.forms import Form, Sent


def _skipped(form: Sent) -> Event:
    return _taken(form, StepState.SKIPPED, reason=form[Field.REASON])


def _failed(form: Sent) -> Event:
    return _taken(form, StepState.FAILED, reason=form[Field.REASON])


def _answered(form: Sent) -> Event:
    return _taken(form, StepState.DONE, answer=form[Field.ANSWER])


def _taken(form: Sent, state: StepState, answer: str | None = None, reason: str = "") -> Event:
    return RunbookStepTaken(
        number=form.number,
        by=form.by,
        run=form.about["run"],
        step=form.about["step"],
        state=state,
        answer=answer,
        reason=reason,
    )


def _assigned(form: Sent) -> Event:
    run, step = form.about["run"], form.about["step"]
    return StepAssigned(number=form.number, by=form.by, run=run, step=step, person=form[Field.ASSIGNEE])


def _seen(form: Sent) -> Event:
    run, step = form.about["run"], form.about["step"]
    files = tuple(form[Field.FILES].splitlines())
    return EvidenceAdded(number=form.number, by=form.by, run=run, step=step, text=form[Field.EVIDENCE], files=files)


def _refused(form: Sent) -> Event:
    return ActionRefused(
        number=form.number,
        by=form.by,
        run=form.about["run"],
        step=form.about["step"],
        action=form.about.get("action"),
        reason=form[Field.REASON],
    )


def _did_not_help(form: Sent) -> Event:
    run = form.about["run"]
    return RunbookRated(number=form.number, by=form.by, run=run, helped=False, text=form[Field.FEEDBACK])


FORMS: Mapping[Modal, Form] = {
    Modal.SKIP_STEP: Form(_skipped, Field.REASON),
    Modal.FAIL_STEP: Form(_failed, Field.REASON),
    Modal.STEP_VALUE: Form(_answered, Field.ANSWER),
    Modal.ASSIGN_STEP: Form(_assigned, Field.ASSIGNEE),
    Modal.EVIDENCE: Form(_seen, Field.EVIDENCE),
    Modal.REFUSE_ACTION: Form(_refused, Field.REASON),
    Modal.FEEDBACK: Form(_did_not_help, Field.FEEDBACK),
}
