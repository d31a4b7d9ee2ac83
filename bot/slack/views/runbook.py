"""Runbooks in the channel: the offer, and one in use with the whole list at a glance."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from slackblocks import Block

from bot.core.incident import Incident, RunbookRun, StepState, StepTaken
from bot.core.instructions import Fill, filling
from bot.core.library import is_stale
from bot.core.runbook import WRONG
from bot.policy.model import Policy
from bot.policy.runbook import Runbook, RunbookStep
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, divider, drawn, section, sentence
from bot.slack.views.in_hand import in_hand, stop
from bot.slack.words import labels
from bot.slack.words import runbooks as words
from bot.slack.words.text import escape, line, said_on_a_line
from bot.slack.words.times import when

MOST_OFFERED = 10
MOST_LINES = 12  # of the steps before the present one, and as many after it
LINES_IN_A_BLOCK = 6
MOST_EVIDENCE = 2  # of a step that is folded


def offer(offered: Iterable[tuple[str, str]], incident: Incident, policy: Policy, now: datetime) -> Drawn:
    """The runbooks that apply, best first, each with the reason why and a button that starts it."""
    known = [(policy.runbooks[book], reason) for book, reason in offered if book in policy.runbooks]
    category = _category(incident, policy)
    if not known:
        text = f"No runbook applies to {incident.name}. `/runbook` has all of them."
        return drawn(text, [section(text), category])
    rows = [
        section(
            f"📖 *{line(book.title)}* ({words.steps(book)}{_warning(book, policy, now)})\n{line(reason)}",
            button("Start", Button.START_RUNBOOK, carry(number=incident.number, runbook=book.id)),
        )
        for book, reason in known[:MOST_OFFERED]
    ]
    more = context(and_more(len(known) - MOST_OFFERED, "more: `/runbook` has all of them"))
    title = f"Runbooks that may help with {incident.name}"
    return drawn(f"{title}: {line(known[0][0].title)}", [section(f"*{title}*"), *rows, more, category])


def _warning(book: Runbook, policy: Policy, now: datetime) -> str:
    stale = is_stale(book, now.date(), policy)
    return f" · {words.freshness(book, policy, now.date())}" if stale else ""


def _category(incident: Incident, policy: Policy) -> Block | None:
    """What kind of trouble it is decides what is offered."""
    if not incident.is_open or not policy.categories:
        return None
    label = "Change the category" if incident.category else "Set the category"
    return actions(button(label, Button.CATEGORY, carry(number=incident.number)))


def run(run: RunbookRun, incident: Incident, policy: Policy, names: Names, now: datetime) -> Drawn:
    book = policy.runbooks.get(run.runbook)
    if book is None:
        return sentence(f"📖 The runbook {escape(run.runbook)} is no longer in the configuration.")
    text = f"📖 {line(book.title)}: {_progress(run, book)}"
    return drawn(text, _run(run, book, incident, policy, names, now))


def _run(
    run: RunbookRun, book: Runbook, incident: Incident, policy: Policy, names: Names, now: datetime
) -> Iterator[Block | None]:
    fill = filling(incident, policy, run)
    yield section(f"📖 *{line(book.title)}* · {_progress(run, book)}")
    yield context(f"{words.owner(book, policy)} · {words.freshness(book, policy, now.date())}")
    place = _place(run, book)
    lines = list(_lines(run, book, place, fill, names))
    yield from _folded(lines[:place], keep_last=True)
    if run.present is not None and place < len(book.steps):
        yield divider()
        yield from in_hand(place + 1, book.steps[place], run, incident, policy, names, fill)
        yield divider() if lines[place + 1 :] else None
        yield from _folded(lines[place + 1 :], keep_last=False)
    elif run.present is not None:
        yield section("⚠️ The runbook was changed and no longer has the step that was in hand. Start it anew.")
        yield actions(stop(run, incident))
    else:
        yield from _folded(lines[place:], keep_last=False)
    if run.present is None or not incident.is_open:
        yield from _question(run, incident, names)
    yield context(f"Started {when(run.started_at)} by {names.mention(run.started_by)}")


def _progress(run: RunbookRun, book: Runbook) -> str:
    """“2 of 6”: the step in hand; at the end, how the steps went."""
    if run.present is not None:
        return f"{words.place(run.present, book) + 1} of {len(book.steps)}"
    states = [step.state for step in run.taken]
    counts = [f"{states.count(state)} {state}" for state in StepState if state in states]
    return ", ".join(("stopped" if run.stopped else "finished", *counts))


def _place(run: RunbookRun, book: Runbook) -> int:
    """Where the step in hand stands in the list; at the end its length, and of a stopped one, how far it came."""
    if run.present is not None:
        return words.place(run.present, book)
    if run.stopped:
        taken = {step.step for step in run.taken}
        return max((place + 1 for place, step in enumerate(book.steps) if step.id in taken), default=0)
    return len(book.steps)


def _lines(run: RunbookRun, book: Runbook, place: int, fill: Fill, names: Names) -> Iterator[str]:
    """All steps at a glance, numbered; those that the answers led past are marked as such."""
    taken = {step.step: step for step in run.taken}
    fill = words.with_friendly_names(fill)
    for index, step in enumerate(book.steps):
        what = f"{index + 1}. {words.in_a_line(step, fill)}"
        if step.id in taken:
            yield _done(what, step, taken[step.id], run, names)
        else:
            yield f"➖ {what} (not needed)" if index < place else f"▫️ {what}"


def _done(what: str, step: RunbookStep, taken: StepTaken, run: RunbookRun, names: Names) -> str:
    """A step that is dealt with: what came of it, who and when, and what was seen."""
    is_wrong = step.kind == "check" and taken.answer == WRONG
    seen = "looks wrong" if is_wrong else taken.answer or taken.reason or words.outcome(run, step.id)
    by = f"{names.mention(taken.by)}, {when(taken.at)}" if taken.by else when(taken.at)
    mark = "⚠️" if is_wrong else labels.step_mark(taken.state)
    evidence = [f"    📎 {said_on_a_line(text, names.mention, 120)}" for text in taken.evidence[:MOST_EVIDENCE]]
    more = and_more(len(taken.evidence) - MOST_EVIDENCE)
    found = f" → {line(seen, 80)}" if seen else ""
    return "\n".join(filter(None, (f"{mark} {what}{found} ({by})", *evidence, f"    {more}" if more else "")))


def _folded(lines: list[str], *, keep_last: bool) -> Iterator[Block]:
    """A few lines at a glance; of a long list, the ones next to the step in hand."""
    left = len(lines) - MOST_LINES
    if left > 0 and keep_last:
        lines = [and_more(left, "before these"), *lines[-MOST_LINES:]]
    elif left > 0:
        lines = [*lines[:MOST_LINES], and_more(left)]
    for start in range(0, len(lines), LINES_IN_A_BLOCK):
        yield section("\n".join(lines[start : start + LINES_IN_A_BLOCK]))


def _question(run: RunbookRun, incident: Incident, names: Names) -> Iterator[Block | None]:
    """Asked once, at the end: the answers say which runbooks are worth their place."""
    if run.helped is not None:
        yield section(words.rated(run, names))
        return
    about = carry(number=incident.number, run=run.id)
    yield divider()
    yield section("*Did it help?*")
    yield actions(button("Yes", Button.HELPED, about), button("No", Button.NOT_HELPED, about))
