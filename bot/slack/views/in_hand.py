"""The step of a runbook that is in hand: what it says, how its action stands, and what can be pressed."""

from collections.abc import Iterator, Sequence

from slackblocks import Block
from slackblocks import Button as DrawnButton

from bot.core.actions import can_be_dry, was_dry
from bot.core.consent import by_hand, is_needed
from bot.core.decision import Refused
from bot.core.incident import ActionRun, ActionState, Incident, RunbookRun
from bot.core.instructions import Fill, action_in_words
from bot.core.requests import requested
from bot.core.runbook import WRONG
from bot.policy.model import Policy
from bot.policy.runbook import RunbookStep
from bot.slack.ids import Button, answer_id, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Style, actions, and_more, button, confirm, section
from bot.slack.views.steps import instruction
from bot.slack.words.runbooks import standing, who_consents
from bot.slack.words.text import as_is, said_on_a_line
from bot.slack.words.times import when

MOST_ANSWERS = 15
MOST_EVIDENCE = 5
MOST_RESULT = 1500


def in_hand(
    number: int, step: RunbookStep, run: RunbookRun, incident: Incident, policy: Policy, names: Names, fill: Fill
) -> Iterator[Block | None]:
    request = _request(step, run, incident, policy, fill)
    whose = f" · 👤 {names.mention(run.assigned)}" if run.assigned else ""
    yield section(f"*▶ Step {number}*{whose}\n{instruction(step, fill, policy, request=request)}")
    if step.wait is not None:
        yield section(f"⏳ Until {when((run.since or run.started_at) + step.wait)}; then it goes on by itself.")
    yield _evidence(run, names)
    for action in _actions(run):
        yield _action(action, step, run, incident, policy, names, request)
    if incident.is_open:
        yield actions(*_buttons(step, run, incident, policy, request or ""))
        yield actions(*_besides(run, incident))


def _request(step: RunbookStep, run: RunbookRun, incident: Incident, policy: Policy, fill: Fill) -> str | None:
    """What the action would ask for if it were run now; why it could not be, if so."""
    if step.run is None:
        return None
    if not step.run.is_outward:
        return action_in_words(step.run, fill)
    try:
        return str(requested(step.run, False, run, incident, policy))
    except Refused as no:
        return f"{action_in_words(step.run, fill)}\n⚠️ {no}"


def _evidence(run: RunbookRun, names: Names) -> Block | None:
    shown = [f"📎 {said_on_a_line(text, names.mention, 300)}" for text in run.evidence[-MOST_EVIDENCE:]]
    earlier = and_more(len(run.evidence) - MOST_EVIDENCE, "earlier pieces of evidence")
    return section("\n".join(filter(None, (earlier, *shown)))) if shown else None


def _actions(run: RunbookRun) -> Sequence[ActionRun]:
    """The last one; while consent to it is awaited, after the dry run that speaks for it."""
    action = run.action
    if action is None:
        return ()
    tried = [each for each in run.actions[:-1] if each.step == action.step and each.dry][-1:]
    return (*tried, action) if action.state is ActionState.ASKED else (action,)


def _action(
    action: ActionRun,
    step: RunbookStep,
    run: RunbookRun,
    incident: Incident,
    policy: Policy,
    names: Names,
    request: str | None,
) -> Block:
    lines = [standing(action, names)]
    if action.state is ActionState.ASKED:
        asks = request if step.run is not None else by_hand(step, run, incident, policy)
        changed = action.request != asks  # the configuration is another than it was
        other = as_is(action.request, 800) if changed else ""
        lines += [other, who_consents(step, action, incident, policy, names)]
    elif not action.is_refused:
        lines.append(as_is(action.result, MOST_RESULT))
    return section("\n".join(filter(None, lines)))


# Buttons


def _buttons(
    step: RunbookStep, run: RunbookRun, incident: Incident, policy: Policy, request: str
) -> Iterator[DrawnButton]:
    about = carry(number=incident.number, run=run.id, step=step.id)
    skip = button("Skip", Button.STEP_SKIP, about)
    failed = button("Failed", Button.STEP_FAILED, about, "danger")
    match step.kind:
        case "ask":
            yield from _answers(step, run, incident)
            yield skip
        case "check":
            wrong = carry(number=incident.number, run=run.id, step=step.id, answer=WRONG)
            yield button("Looks right", Button.STEP_DONE, about, "primary")
            yield button("Looks wrong", answer_id(0), wrong, "danger")
            yield skip
        case "input":
            yield button("Enter value", Button.STEP_VALUE, about, "primary")
            yield skip
        case "wait":
            yield button("Go on now", Button.STEP_DONE, about)
        case "run":
            yield from _of_action(step, run, incident, policy, request)
        case _:
            yield from _by_hand(step, run, incident, policy, about)
            if run.action is None or not run.action.is_under_way:
                yield from (skip, failed)


def _answers(step: RunbookStep, run: RunbookRun, incident: Incident) -> Iterator[DrawnButton]:
    for index, answer in enumerate(list(step.answers)[:MOST_ANSWERS]):
        about = carry(number=incident.number, run=run.id, step=step.id, answer=answer)
        yield button(answer.capitalize() if answer.islower() else answer, answer_id(index), about)


def _by_hand(
    step: RunbookStep, run: RunbookRun, incident: Incident, policy: Policy, about: str
) -> Iterator[DrawnButton]:
    """Where consent is needed it can be asked for; whoever may give it is done at once."""
    needed = is_needed(step, run, incident, policy)
    if needed and run.action is not None and run.action.is_under_way:
        yield from consent_buttons(incident, run, run.action)
        return
    if needed:
        yield button("Ask for consent", Button.RUN_ACTION, _asking(step, run, incident), "primary")
    yield button("Done", Button.STEP_DONE, about, None if needed else "primary")


def _of_action(
    step: RunbookStep, run: RunbookRun, incident: Incident, policy: Policy, request: str
) -> Iterator[DrawnButton]:
    action = run.action
    about = carry(number=incident.number, run=run.id, step=step.id)
    ended = [button("Skip", Button.STEP_SKIP, about), button("Failed", Button.STEP_FAILED, about, "danger")]
    if action is not None and action.is_under_way:
        yield from consent_buttons(incident, run, action)
        return
    if action is not None and action.state is ActionState.DONE and not action.dry:
        yield button("Done", Button.STEP_DONE, about, "primary")
        yield from (ended[1], _run("Run again", step, run, incident, policy, request))
        return
    if can_be_dry(step, policy) and not was_dry(run):
        yield button("Dry run", Button.RUN_DRY, _asking(step, run, incident), "primary")
    else:
        yield _run("Run again" if _was_run(run) else "Run", step, run, incident, policy, request)
    yield button("Done by hand", Button.STEP_DONE, about)
    yield from ended


def consent_buttons(incident: Incident, run: RunbookRun, action: ActionRun) -> Iterator[DrawnButton]:
    """For whoever is asked; none once that is decided."""
    if action.state is ActionState.ASKED:
        about = carry(number=incident.number, run=run.id, step=action.step, action=action.id)
        yield button("Approve", Button.APPROVE_ACTION, about, "primary")
        yield button("Refuse", Button.REFUSE_ACTION, about, "danger")


def _run(
    label: str, step: RunbookStep, run: RunbookRun, incident: Incident, policy: Policy, request: str
) -> DrawnButton:
    assert step.run is not None
    again = _was_run(run)
    unknown = run.action is not None and run.action.state is ActionState.UNKNOWN
    warning = "It may have been done already. " if unknown else ""
    blind = step.run.is_outward and not can_be_dry(step, policy)
    style: Style = "danger" if again or blind else "primary"
    title = "Run this again?" if again else "Run this?"
    asks = confirm(title, f"{warning}{request}", label, style)
    first: Style | None = "primary" if not again else None
    return button(label, Button.RUN_ACTION, _asking(step, run, incident), first, asks)


def _was_run(run: RunbookRun) -> bool:
    """Whether the action has been done, or perhaps done, at this step; a dry run or a refusal is none."""
    action = run.action
    return action is not None and not action.dry and not action.is_refused


def _asking(step: RunbookStep, run: RunbookRun, incident: Incident) -> str:
    return carry(number=incident.number, run=run.id, step=step.id, seen=len(run.actions))


def _besides(run: RunbookRun, incident: Incident) -> Iterator[DrawnButton]:
    about = carry(number=incident.number, run=run.id, step=run.present)
    yield button("Assign…", Button.ASSIGN_STEP, about)
    yield button("Add evidence…", Button.ADD_EVIDENCE, about)
    if run.action is None or not run.action.is_under_way:
        yield stop(run, incident)


def stop(run: RunbookRun, incident: Incident) -> DrawnButton:
    what = "Nobody is led through it any further. What was done stays in the timeline."
    asks = confirm("Stop the runbook?", what, "Stop it", "danger")
    return button("Stop the runbook", Button.STOP_RUNBOOK, carry(number=incident.number, run=run.id), confirm=asks)
