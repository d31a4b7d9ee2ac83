"""The forms of a runbook in use: a value, a reason, evidence, whose a step is, and what was wrong."""

from typing import Any

from slackblocks import Block, FileInput, UserSelectMenu

from bot.core.incident import ActionRun, Incident, RunbookRun
from bot.core.instructions import Fill
from bot.core.runbook import LONGEST_VALUE
from bot.policy.runbook import RunbookStep
from bot.slack.ids import INPUT, Field, Modal
from bot.slack.views.drawn import context, section
from bot.slack.views.modals import about, asked, modal, words
from bot.slack.words.runbooks import in_a_line, with_friendly_names
from bot.slack.words.text import as_is, line, said

MOST_REASON = 1000
MOST_FILES = 5


def skip_step(incident: Incident, run: RunbookRun, step: RunbookStep, fill: Fill) -> dict[str, Any]:
    reason = words("Why is it skipped?", Field.REASON, "", "It stands in the timeline", most=MOST_REASON)
    return _form(Modal.SKIP_STEP, "Skip this step", "Skip", incident, run, step, fill, reason)


def fail_step(incident: Incident, run: RunbookRun, step: RunbookStep, fill: Fill) -> dict[str, Any]:
    reason = words("What went wrong?", Field.REASON, "", "It stands in the timeline", optional=True, most=MOST_REASON)
    return _form(Modal.FAIL_STEP, "This step failed", "Failed", incident, run, step, fill, reason)


def step_value(incident: Incident, run: RunbookRun, step: RunbookStep, fill: Fill) -> dict[str, Any]:
    """The question is the label, in plain text; what it must look like stands below."""
    value = words("Value", Field.ANSWER, "", most=LONGEST_VALUE)
    pattern = line(step.matches or "", 300).replace("`", "'")
    matches = context(f"It must match `{pattern}`") if pattern else None
    return modal(
        Modal.STEP_VALUE,
        "Enter a value",
        "Go on",
        [about(incident), section(said(fill(step.input or ""))), value, matches],
        **_carried(incident, run, step),
    )


def assign_step(incident: Incident, run: RunbookRun, step: RunbookStep, fill: Fill, user: str | None) -> dict[str, Any]:
    """`user` is chosen beforehand: mostly it is whoever asks."""
    whose = asked("Who does it?", UserSelectMenu(INPUT, initial_user=user), Field.ASSIGNEE, optional=False)
    return _form(Modal.ASSIGN_STEP, "Assign this step", "Assign", incident, run, step, fill, whose)


def evidence(incident: Incident, run: RunbookRun, step: RunbookStep, fill: Fill) -> dict[str, Any]:
    hint = "A text, or the link of a message"
    seen = words("What was seen?", Field.EVIDENCE, "", hint, optional=True, multiline=True, most=MOST_REASON)
    files = asked("Files", FileInput(INPUT, max_files=MOST_FILES), Field.FILES, optional=True)
    return _form(Modal.EVIDENCE, "Add evidence", "Add", incident, run, step, fill, seen, files)


def refuse_action(incident: Incident, run: RunbookRun, action: ActionRun) -> dict[str, Any]:
    return modal(
        Modal.REFUSE_ACTION,
        "Refuse this action",
        "Refuse",
        [
            about(incident),
            section(as_is(action.request, 1000)),
            words("Why?", Field.REASON, "", "It stands in the timeline", optional=True, most=MOST_REASON),
        ],
        number=incident.number,
        run=run.id,
        step=action.step,
        action=action.id,
    )


def feedback(incident: Incident, run: RunbookRun, title: str) -> dict[str, Any]:
    """After “No”: what would have helped."""
    return modal(
        Modal.FEEDBACK,
        "It did not help",
        "Send",
        [
            context(f"*{line(title)}*"),
            words(
                "What was wrong?",
                Field.FEEDBACK,
                "",
                "Its owner reads it",
                optional=True,
                multiline=True,
                most=MOST_REASON,
            ),
        ],
        number=incident.number,
        run=run.id,
    )


def _form(
    callback: Modal,
    title: str,
    submit: str,
    incident: Incident,
    run: RunbookRun,
    step: RunbookStep,
    fill: Fill,
    *fields: Block,
) -> dict[str, Any]:
    which = context(in_a_line(step, with_friendly_names(fill), 300))
    return modal(callback, title, submit, [about(incident), which, *fields], **_carried(incident, run, step))


def _carried(incident: Incident, run: RunbookRun, step: RunbookStep) -> dict[str, str | int | None]:
    return {"number": incident.number, "run": run.id, "step": step.id}
