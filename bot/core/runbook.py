"""A runbook in use: offered, started, and walked one step at a time."""

import re
from dataclasses import replace
from datetime import datetime

from bot.core import consent
from bot.core.decision import Draft, Refused, mention
from bot.core.effects import Entry, Notice, OfferRunbooks, PostRunbook, RefreshRunbook
from bot.core.incident import ActionState, RunbookRun, StepState, StepTaken
from bot.core.instructions import fitting
from bot.core.runbook_events import (
    EvidenceAdded,
    RunbookPosted,
    RunbookRated,
    RunbookStarted,
    RunbookStepTaken,
    RunbookStopped,
    StepAssigned,
    StepEvent,
    StepStalled,
    StepWaitEnded,
)
from bot.policy.nearest import known
from bot.policy.runbook import Runbook, RunbookStep

END = "end"  # what an answer names when nothing follows
WRONG = "wrong"  # the answer to a check that does not look right
MOST_OFFERED = 5
LONGEST_VALUE = 500
MOST_EVIDENCE = 20  # of one step


def offer(draft: Draft) -> None:
    """Offers the runbooks that apply, best first, each with the reason why."""
    found = fitting(draft.incident, draft.policy)
    if found:
        offered = tuple((book.id, reason) for book, reason in found[:MOST_OFFERED])
        draft.do(OfferRunbooks(number=draft.incident.number, runbooks=offered))


def started(draft: Draft, event: RunbookStarted) -> None:
    incident, books = draft.incident, draft.policy.runbooks
    if not incident.is_open:
        raise Refused(f"{incident.name} is {incident.status}; its runbooks are done.")
    if event.runbook not in books:
        nearest = known(event.runbook, list(books))
        hint = f" Did you mean `{nearest}`?" if nearest else ""
        raise Refused(f"There is no runbook “{event.runbook}”.{hint} `/incident runbook` lists those that apply.")
    if any(run.runbook == event.runbook and run.finished_at is None for run in incident.runs):
        raise Refused(f"“{books[event.runbook].title}” is already open in the channel of {incident.name}.")
    run = RunbookRun(
        id=f"{incident.number}-r{len(incident.runs) + 1}",
        runbook=event.runbook,
        started_by=event.by,
        started_at=draft.now,
        present=None,
    )
    draft.change(runs=(*incident.runs, run))
    draft.record(event.by, Entry.RUNBOOK_STARTED, new=event.runbook, text=books[event.runbook].title)
    come_to(draft, run, books[event.runbook].steps[0])
    draft.do(PostRunbook(number=incident.number, run=run.id))


def step_taken(draft: Draft, event: RunbookStepTaken) -> None:
    book, run, step = in_hand(draft, event)
    if run.action is not None and run.action.is_under_way:
        raise Refused("Its action is under way; wait for its end, or refuse it, before you go on.")
    if event.state is StepState.DONE:
        consent.must_be_given(step, run, event.by, draft.incident, draft.policy)
    take(draft, book, run, step, _taken(run, step, event, draft))
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def _taken(run: RunbookRun, step: RunbookStep, event: RunbookStepTaken, draft: Draft) -> StepTaken:
    answer = event.answer
    if step.input and event.state is StepState.DONE:
        answer = _value(step, answer or "")
    return StepTaken(
        step=step.id,
        state=event.state,
        by=event.by,
        at=draft.now,
        answer=answer,
        reason=event.reason,
        since=run.since,
        evidence=run.evidence,
    )


def _value(step: RunbookStep, text: str) -> str:
    value = text.strip()
    if not value:
        raise Refused("Write the value; later steps use it.")
    if len(value) > LONGEST_VALUE:
        raise Refused(f"That is longer than {LONGEST_VALUE} characters; write only the value itself.")
    if step.matches is not None and re.fullmatch(step.matches, value) is None:
        raise Refused(f"“{value[:60]}” cannot be used here: it must match {step.matches}")
    return value


def take(draft: Draft, book: Runbook, run: RunbookRun, step: RunbookStep, taken: StepTaken) -> None:
    """The step is dealt with, and the next one comes in hand."""
    following = next_step(book, step, taken.state, taken.answer)
    done = step.input is not None and taken.state is StepState.DONE and taken.answer is not None
    inputs = {**dict(run.inputs), step.name or step.id: taken.answer or ""} if done else dict(run.inputs)
    after = replace(run, taken=(*run.taken, taken), inputs=tuple(inputs.items()))
    by = taken.by or None
    draft.record(by, Entry.RUNBOOK_STEP, old=step.id, new=taken.state, text=taken.answer or taken.reason)
    if following is None:
        finish(draft, after, by)
    else:
        come_to(draft, after, following)


def come_to(draft: Draft, run: RunbookRun, step: RunbookStep) -> None:
    """The step is in hand from now on; whoever lets it lie is reminded."""
    draft.replace_run(replace(run, present=step.id, since=draft.now, assigned=None, evidence=()))
    _watch(draft, run, step, draft.now)


def _watch(draft: Draft, run: RunbookRun, step: RunbookStep, since: datetime) -> None:
    """One timer for the step that is in hand: it waits for an end, or for somebody to deal with it."""
    number = draft.incident.number
    if step.wait is not None:
        ended = StepWaitEnded(number=number, run=run.id, step=step.id)
        draft.set_timer(_timer(run), max(since + step.wait, draft.now), ended)
        return
    stalled = StepStalled(number=number, run=run.id, step=step.id)
    after = step.stalls_after or draft.policy.workspace.step_stalls_after
    draft.set_timer(_timer(run), draft.now + after, stalled)


def rest(draft: Draft) -> None:
    """The incident has ended: nobody is reminded of a step any more, and its buttons go."""
    for run in draft.incident.runs:
        if run.finished_at is None:
            draft.cancel_timer(_timer(run))
            draft.do(RefreshRunbook(number=draft.incident.number, run=run.id))


def go_on(draft: Draft) -> None:
    """It was reopened: the steps that were in hand are so again."""
    for run in draft.incident.runs:
        book = draft.policy.runbooks.get(run.runbook)
        step = book.step(run.present) if book else None
        if step is not None:
            _watch(draft, run, step, run.since or draft.now)
            draft.do(RefreshRunbook(number=draft.incident.number, run=run.id))


def finish(draft: Draft, run: RunbookRun, by: str | None, *, stopped: bool = False) -> None:
    draft.replace_run(replace(run, present=None, finished_at=draft.now, assigned=None, evidence=(), stopped=stopped))
    draft.record(by, Entry.RUNBOOK_STOPPED if stopped else Entry.RUNBOOK_FINISHED, new=run.runbook)
    draft.cancel_timer(_timer(run))


def stopped(draft: Draft, event: RunbookStopped) -> None:
    run = _open_run(draft, event.run)
    if run.action is not None and run.action.is_under_way and run.action.state is not ActionState.ASKED:
        raise Refused("Its action is under way; wait for its end before you stop the runbook.")
    finish(draft, run, event.by, stopped=True)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def rated(draft: Draft, event: RunbookRated) -> None:
    run = draft.incident.run(event.run)
    if run is None or (run.finished_at is None and draft.incident.is_open):
        raise Refused("That runbook is not finished yet; it is asked about at its end.")
    draft.replace_run(replace(run, helped=event.helped, rated_by=event.by, feedback=event.text.strip()))
    draft.record(event.by, Entry.RUNBOOK_RATED, old=run.runbook, new="yes" if event.helped else "no", text=event.text)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def assigned(draft: Draft, event: StepAssigned) -> None:
    _, run, _ = in_hand(draft, event)
    if run.assigned == event.person:
        raise Refused(f"{mention(event.person)} has this step already.")
    draft.replace_run(replace(run, assigned=event.person))
    draft.record(event.by, Entry.STEP_ASSIGNED, old=event.step, new=event.person)
    if event.person != event.by:
        tell_of(draft, Notice.STEP_ASSIGNED, run, by=event.by, person=event.person)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def evidence_added(draft: Draft, event: EvidenceAdded) -> None:
    _, run, _ = in_hand(draft, event)
    pieces = tuple(filter(None, (event.text.strip(), *event.files)))
    if not pieces:
        raise Refused("Write what was seen, paste the link of a message, or add a file.")
    if len(run.evidence) + len(pieces) > MOST_EVIDENCE:
        raise Refused(f"A step takes {MOST_EVIDENCE} pieces of evidence; the rest belongs into a thread.")
    draft.replace_run(replace(run, evidence=(*run.evidence, *pieces)))
    for piece in pieces:
        draft.record(event.by, Entry.EVIDENCE, old=event.step, text=piece)
    if event.files:  # only who gave them sees them, until Baton names them in the channel
        tell_of(draft, Notice.EVIDENCE, run, by=event.by, files=" ".join(event.files))
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def wait_ended(draft: Draft, event: StepWaitEnded) -> None:
    run = draft.incident.run(event.run)
    book = draft.policy.runbooks.get(run.runbook) if run else None
    step = book.step(event.step) if book else None
    if run is None or book is None or step is None or run.present != event.step or not draft.incident.is_open:
        return
    taken = StepTaken(step.id, StepState.DONE, "", draft.now, since=run.since, evidence=run.evidence)
    take(draft, book, run, step, taken)
    tell_of(draft, Notice.STEP_WAIT_ENDED, run, person=whose(draft, run))
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def step_stalled(draft: Draft, event: StepStalled) -> None:
    run = draft.incident.run(event.run)
    if run is not None and run.present == event.step and draft.incident.is_open:
        tell_of(draft, Notice.STEP_STALLED, run, person=whose(draft, run))


def handed_over(draft: Draft, old: str | None, new: str) -> None:
    """The steps that the old lead had are the new one's."""
    for run in draft.incident.runs:
        if run.finished_at is None and run.assigned is not None and run.assigned == old:
            draft.replace_run(replace(run, assigned=new))
            draft.do(RefreshRunbook(number=draft.incident.number, run=run.id))


def posted(draft: Draft, event: RunbookPosted) -> None:
    run = draft.incident.run(event.run)
    if run is not None:
        draft.replace_run(replace(run, message=event.message))


def in_hand(draft: Draft, event: StepEvent) -> tuple[Runbook, RunbookRun, RunbookStep]:
    """The runbook, its run and the step, if that is the present one."""
    run = draft.incident.run(event.run)
    book = draft.policy.runbooks.get(run.runbook) if run else None
    if run is None or book is None:
        raise Refused("That runbook is no longer known here.")
    if not draft.incident.is_open:
        raise Refused(f"{draft.incident.name} is {draft.incident.status}; its runbooks are done.")
    if run.present != event.step:
        raise Refused("That step has been dealt with already; the message shows the present one.")
    step = book.step(event.step)
    if step is None:
        raise Refused("The runbook was changed and no longer has this step. Start it anew with `/incident runbook`.")
    return book, run, step


def next_step(book: Runbook, step: RunbookStep, state: StepState, answer: str | None) -> RunbookStep | None:
    """The step that follows, or None at the end; a question goes where its answer leads, a wrong check where it says.

    The answer must be one of the question's. An answer leads nowhere if the runbook was changed meanwhile.
    """
    leads_to = None
    if step.ask and state is StepState.DONE:
        if answer is None or answer not in step.answers:
            raise Refused(f"“{answer}” is not an answer here. Choose {' or '.join(step.answers)}.")
        leads_to = step.answers[answer]
    elif step.wrong and answer == WRONG:
        leads_to = step.wrong
    if leads_to is not None:
        return None if leads_to == END else book.step(leads_to)
    place = book.steps.index(step) + 1
    return book.steps[place] if place < len(book.steps) else None


def whose(draft: Draft, run: RunbookRun) -> str:
    """Who is to deal with the step in hand: whom it was given to, the lead, or who started the runbook."""
    return run.assigned or draft.incident.lead or run.started_by


def tell_of(draft: Draft, notice: Notice, run: RunbookRun, **facts: str) -> None:
    """News about a runbook in the channel, with the step that is in hand now."""
    present = draft.incident.run(run.id) or run
    draft.tell(notice, run=run.id, runbook=run.runbook, step=present.present or "", **facts)


def _open_run(draft: Draft, run_id: str) -> RunbookRun:
    run = draft.incident.run(run_id)
    if run is None:
        raise Refused("That runbook is no longer known here.")
    if run.finished_at is not None:
        raise Refused("That runbook is finished already.")
    return run


def _timer(run: RunbookRun) -> str:
    return f"run:{run.id}"
