"""Runbooks in the channel: the offer, and one in use with the whole list at a glance."""

from collections.abc import Iterable, Iterator

from slackblocks import Block
from slackblocks import Button as DrawnButton

from bot.core.incident import Incident, RunbookRun, StepState, StepTaken
from bot.policy.model import Policy
from bot.policy.runbook import Runbook, RunbookStep
from bot.slack.ids import Button, answer_id, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, divider, drawn, section, sentence
from bot.slack.views.steps import gist, instruction
from bot.slack.words import labels
from bot.slack.words.text import escape, line
from bot.slack.words.times import when

MOST_OFFERED = 10
MOST_LINES = 12  # of the steps before the present one, and as many after it
MOST_ANSWERS = 15


def offer(offered: Iterable[tuple[str, str]], incident: Incident, policy: Policy) -> Drawn:
    """The runbooks that apply, best first, each with the reason why and a button that starts it."""
    known = [(policy.runbooks[book], reason) for book, reason in offered if book in policy.runbooks]
    if not known:
        return sentence(f"No runbook applies to {incident.name}.")
    rows = [
        section(
            f"📖 *{line(book.title)}* ({len(book.steps)} steps)\n{line(reason)}",
            button("Start", Button.START_RUNBOOK, carry(number=incident.number, runbook=book.id)),
        )
        for book, reason in known[:MOST_OFFERED]
    ]
    more = context(and_more(len(known) - MOST_OFFERED))
    title = f"Runbooks that may help with {incident.name}"
    return drawn(f"{title}: {line(known[0][0].title)}", [section(f"*{title}*"), *rows, more])


def run(run: RunbookRun, incident: Incident, policy: Policy, names: Names) -> Drawn:
    book = policy.runbooks.get(run.runbook)
    if book is None:
        return sentence(f"📖 The runbook {escape(run.runbook)} is no longer in the configuration.")
    text = f"📖 {line(book.title)}: {_progress(run, book)}"
    return drawn(text, _run(run, book, incident, policy, names))


def _run(run: RunbookRun, book: Runbook, incident: Incident, policy: Policy, names: Names) -> Iterator[Block | None]:
    yield section(f"📖 *{line(book.title)}* · {_progress(run, book)}")
    place = _place(run, book)
    lines = list(_lines(run, book, place, incident, policy, names))
    yield _folded(lines[:place], keep_last=True)
    if place < len(book.steps):
        step = book.steps[place]
        yield divider()
        yield section(f"*▶ Step {place + 1}*\n{instruction(step, incident, policy)}")
        yield actions(*_buttons(run, step, incident)) if incident.is_open else None
        yield divider() if lines[place + 1 :] else None
        yield _folded(lines[place + 1 :], keep_last=False)
    owner = f" · Owner: {labels.team(book.owner, policy)}" if book.owner else ""
    reviewed = f" · Reviewed {book.reviewed}" if book.reviewed else ""
    yield context(f"Started {when(run.started_at)} by {names.mention(run.started_by)}{owner}{reviewed}")


def _progress(run: RunbookRun, book: Runbook) -> str:
    """“2 of 6”: the step in hand; at the end, how the steps went."""
    if run.present is not None:
        return f"{_place(run, book) + 1} of {len(book.steps)}"
    states = [step.state for step in run.taken]
    counts = [f"{states.count(state)} {state}" for state in StepState if state in states]
    return f"finished, {', '.join(counts)}" if counts else "finished"


def _place(run: RunbookRun, book: Runbook) -> int:
    """Where the step in hand stands in the list; its length once the end is reached."""
    ids = [step.id for step in book.steps]
    return ids.index(run.present) if run.present in ids else len(ids)


def _lines(
    run: RunbookRun, book: Runbook, place: int, incident: Incident, policy: Policy, names: Names
) -> Iterator[str]:
    """All steps at a glance, numbered; those that the answers led past are marked as such."""
    taken = {step.step: step for step in run.taken}
    for index, step in enumerate(book.steps):
        what = f"{index + 1}. {gist(step, incident, policy)}"
        if step.id in taken:
            yield _done(what, taken[step.id], names)
        else:
            yield f"➖ {what} (not needed)" if index < place else f"▫️ {what}"


def _done(what: str, taken: StepTaken, names: Names) -> str:
    seen = line(taken.answer or taken.reason, 80)
    by = f"{names.mention(taken.by)}, {when(taken.at)}"
    return f"{labels.step_mark(taken.state)} {what}{f' → {seen}' if seen else ''} ({by})"


def _folded(lines: list[str], *, keep_last: bool) -> Block | None:
    """A few lines at a glance; of a long list, the ones next to the step in hand."""
    if not lines:
        return None
    left = len(lines) - MOST_LINES
    if left <= 0:
        return section("\n".join(lines))
    if keep_last:
        return section("\n".join([and_more(left, "before these"), *lines[-MOST_LINES:]]))
    return section("\n".join([*lines[:MOST_LINES], and_more(left)]))


def _buttons(run: RunbookRun, step: RunbookStep, incident: Incident) -> list[DrawnButton]:
    about = carry(number=incident.number, run=run.id, step=step.id)
    skip = button("Skip", Button.STEP_SKIP, about)
    if step.ask:
        return [*_answers(run, step, incident), skip]
    done = button("Done", Button.STEP_DONE, about, "primary")
    return [done, skip, button("Failed", Button.STEP_FAILED, about, "danger")]


def _answers(run: RunbookRun, step: RunbookStep, incident: Incident) -> Iterator[DrawnButton]:
    for index, answer in enumerate(list(step.answers)[:MOST_ANSWERS]):
        about = carry(number=incident.number, run=run.id, step=step.id, answer=answer)
        yield button(answer.capitalize() if answer.islower() else answer, answer_id(index), about)
