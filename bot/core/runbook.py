"""A runbook in use: offered, started, and walked one step at a time."""

from dataclasses import replace

from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, OfferRunbooks, PostRunbook, RefreshRunbook
from bot.core.events import RunbookPosted, RunbookStarted, RunbookStepTaken
from bot.core.incident import RunbookRun, StepState, StepTaken
from bot.core.instructions import fitting
from bot.policy.nearest import known
from bot.policy.runbook import Runbook, RunbookStep

END = "end"  # what an answer names when nothing follows
MOST_OFFERED = 5


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
        present=books[event.runbook].steps[0].id,
    )
    draft.change(runs=(*incident.runs, run))
    draft.record(event.by, Entry.RUNBOOK_STARTED, new=event.runbook, text=books[event.runbook].title)
    draft.do(PostRunbook(number=incident.number, run=run.id))


def step_taken(draft: Draft, event: RunbookStepTaken) -> None:
    run = draft.incident.run(event.run)
    book = draft.policy.runbooks.get(run.runbook) if run else None
    if run is None or book is None:
        raise Refused("That runbook is no longer known here.")
    if run.present != event.step:
        raise Refused("That step has been dealt with already; the message shows the present one.")
    step = next((step for step in book.steps if step.id == event.step), None)
    if step is None:
        raise Refused("The runbook was changed and no longer has this step. Start it anew with `/incident runbook`.")
    following = next_step(book, step, event)
    taken = StepTaken(
        step=step.id, state=event.state, by=event.by, at=draft.now, answer=event.answer, reason=event.reason
    )
    finished = draft.now if following is None else None
    after = replace(run, taken=(*run.taken, taken), present=following, finished_at=finished)
    _replace(draft, after)
    seen = event.answer or event.reason
    draft.record(event.by, Entry.RUNBOOK_STEP, old=step.id, new=event.state, text=seen)
    if finished:
        draft.record(event.by, Entry.RUNBOOK_FINISHED, new=run.runbook)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def posted(draft: Draft, event: RunbookPosted) -> None:
    run = draft.incident.run(event.run)
    if run is not None:
        _replace(draft, replace(run, message=event.message))


def next_step(book: Runbook, step: RunbookStep, event: RunbookStepTaken) -> str | None:
    """The id of the step that follows, or None at the end; a question goes where its answer leads."""
    if step.ask and event.state is StepState.DONE:
        if event.answer is None or event.answer not in step.answers:
            raise Refused(f"“{event.answer}” is not an answer here. Choose {' or '.join(step.answers)}.")
        leads_to = step.answers[event.answer]
        return None if leads_to == END else leads_to
    ids = [each.id for each in book.steps]
    place = ids.index(step.id) + 1
    return ids[place] if place < len(ids) else None


def _replace(draft: Draft, after: RunbookRun) -> None:
    draft.change(runs=tuple(after if run.id == after.id else run for run in draft.incident.runs))
