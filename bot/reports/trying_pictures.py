"""What a walk through a runbook shows in the terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.core.incident import ActionRun, RunbookRun, StepState
from bot.core.instructions import filled_in, fitting, told
from bot.core.requests import HttpRequest, load
from bot.policy.durations import written
from bot.policy.runbook import SECOND, RunbookStep
from bot.reports.trying_sample import Sample

_LONGEST_ID = 24
_MARKS = {StepState.DONE: ("✓", "green"), StepState.SKIPPED: ("»", "yellow"), StepState.FAILED: ("✗", "red")}


def opening(sample: Sample) -> Iterator[RenderableType]:
    """What is tried against what, and the whole list."""
    book, incident = sample.book, sample.incident
    yield Text()
    yield Text.assemble((book.title, "bold"), (f"  {book.id}, {_many(len(book.steps), 'step')}", "dim"))
    category = f", {incident.category}" if incident.category else ""
    against = f"Tried against {incident.name} of {incident.service}, {incident.severity}{category}. "
    reason = next((why for other, why in fitting(incident, sample.policy) if other.id == book.id), None)
    offered = f"It would be offered {reason}." if reason else "It would not be offered there."
    yield Text(against + offered, style="dim")
    yield Text("Nothing leaves this terminal: actions are shown and not done. Enter takes the first, q stops.", "dim")
    yield Text()
    yield steps(sample)


def steps(sample: Sample) -> Table:
    """The whole list, each step in a line, as far as it has come."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=_LONGEST_ID, style="bold")
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    answers = {each.step: each.answer for each in sample.run.taken}
    for number, step in enumerate(sample.book.steps, 1):
        words = told(step, sample.incident, sample.policy, sample.run).replace("\n", " ")
        answer = answers.get(step.id)
        line = Text.assemble((f"→ {answer}  " if answer else "", "cyan"), words)
        table.add_row(_mark(sample.run, step), Text(str(number), style="dim"), Text(step.id), line)
    return table


def step_in_hand(sample: Sample, step: RunbookStep) -> Iterator[RenderableType]:
    place, of = sample.book.steps.index(step) + 1, len(sample.book.steps)
    yield Text()
    marks = Text().join(_mark(sample.run, each) for each in sample.book.steps)
    yield Text.assemble((f"Step {place} of {of}", "bold"), f"  {step.id}  ", marks)
    yield _inside(told(step, sample.incident, sample.policy, sample.run))
    if step.expect:
        expected = filled_in(step.expect, sample.incident, sample.policy, sample.run)
        yield _inside(f"Expect: {expected}", "dim")
    if step.approve:
        whose = "a second person" if step.approve == SECOND else step.approve
        yield _inside(f"It needs the consent of {whose}.", "dim")


def waited(step: RunbookStep) -> RenderableType:
    assert step.wait is not None
    return _inside(f"In an incident this takes {written(step.wait)}; here it is over at once.", "yellow")


def request(action: ActionRun) -> Iterator[RenderableType]:
    """What would be asked of another system, as it would be sent but for the secrets."""
    if not action.call:
        yield _inside(f"{action.request}: Baton does this itself, here only in the sample.", "yellow")
        return
    dry = "dry run, which is not done here either" if action.dry else "not done here"
    yield _inside(f"The request ({dry}):", "yellow")
    asked = load(action.call)
    yield _inside(str(asked), "cyan")
    if isinstance(asked, HttpRequest):
        for name, value in asked.headers.items():
            yield _inside(f"{name}: {value}", "cyan")
        if asked.body:
            yield _inside(asked.body, "cyan")
    yield _inside(f"It would be given {written(asked.limit)}.", "yellow")


def summary(run: RunbookRun, why: str) -> Text:
    """How it ended and how many steps were dealt with, in a line."""
    counts = {state: sum(each.state is state for each in run.taken) for state in StepState}
    each = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    outward = sum(bool(action.call) and not action.dry for action in run.actions)
    shown = f" {_many(outward, 'action')} {'was' if outward == 1 else 'were'} shown and not done." if outward else ""
    said = f"{_many(len(run.taken), 'step')} dealt with{f': {each}' if each else ''}."
    return Text(f"{why} {said}{shown}", style="yellow" if run.stopped else "green")


def _mark(run: RunbookRun, step: RunbookStep) -> Text:
    if step.id == run.present:
        return Text("▶", style="bold cyan")
    last = next((each for each in reversed(run.taken) if each.step == step.id), None)
    return Text(*_MARKS[last.state]) if last else Text("·", style="dim")


def _inside(words: str, style: str = "") -> Padding:
    return Padding(Text(words, style=style), (0, 0, 0, 2))


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
