"""What runbooks are worth: how often each was used, how long it took, whether it helped, and the steps nobody does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from bot.core.incident import StepState
from bot.core.kept import Dealt, Use
from bot.core.library import is_stale
from bot.policy.durations import written
from bot.policy.model import Policy
from bot.policy.runbook import Runbook
from bot.reports.coverage import iso

ENOUGH = 3  # times that a step was come to, before it is said that nobody does it
MOST_FEEDBACK = 10  # shown in the terminal


# What it says


@dataclass(frozen=True, slots=True)
class StepStats:
    step: str
    reached: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    time: timedelta | None = None  # the median of those that were done or failed
    known: bool = True  # the runbook still has it

    @property
    def nobody_does_it(self) -> bool:
        return self.reached >= ENOUGH and self.skipped == self.reached


@dataclass(frozen=True, slots=True)
class Feedback:
    incident: int
    by: str
    helped: bool
    text: str


@dataclass(frozen=True, slots=True)
class RunbookStats:
    runbook: str  # its id
    title: str
    uses: int = 0
    finished: int = 0  # followed to the end
    stopped: int = 0
    time: timedelta | None = None  # the median of those that were followed to the end
    helped: int = 0
    did_not_help: int = 0
    last_used: datetime | None = None
    known: bool = True  # the configuration still has it
    reviewed: date | None = None
    stale: bool = False  # not reviewed for longer than allowed, or never
    steps: tuple[StepStats, ...] = ()  # in the order of the runbook, and then those that it no longer has
    feedback: tuple[Feedback, ...] = ()  # the texts, newest first

    @property
    def nobody_does(self) -> tuple[str, ...]:
        """The ids of the steps that are always skipped."""
        return tuple(each.step for each in self.steps if each.nobody_does_it)


def stats(uses: Iterable[Use], policy: Policy, today: date) -> list[RunbookStats]:
    """Of every runbook, also of those that nobody used; the most used first. `uses` in the order of their start."""
    by_runbook: dict[str, list[Use]] = {name: [] for name in policy.runbooks}
    for use in uses:
        by_runbook.setdefault(use.runbook, []).append(use)
    found = [_of_one(name, these, policy, today) for name, these in by_runbook.items()]
    return sorted(found, key=lambda each: (-each.uses, each.runbook))


def _of_one(name: str, uses: Sequence[Use], policy: Policy, today: date) -> RunbookStats:
    book = policy.runbooks.get(name)
    to_the_end = [use.finished - use.started for use in uses if use.finished is not None and not use.stopped]
    return RunbookStats(
        runbook=name,
        title=book.title if book else name,
        uses=len(uses),
        finished=len(to_the_end),
        stopped=sum(use.stopped for use in uses),
        time=_median(to_the_end),
        helped=sum(use.helped is True for use in uses),
        did_not_help=sum(use.helped is False for use in uses),
        last_used=max((use.started for use in uses), default=None),
        known=book is not None,
        reviewed=book.reviewed if book else None,
        stale=book is not None and is_stale(book, today, policy),
        steps=_steps(book, uses),
        feedback=tuple(
            Feedback(use.incident, use.rated_by or "", bool(use.helped), use.feedback)
            for use in reversed(uses)
            if use.feedback
        ),
    )


def _steps(book: Runbook | None, uses: Sequence[Use]) -> tuple[StepStats, ...]:
    own = [step.id for step in book.steps] if book else []
    dealt: dict[str, list[Dealt]] = {step: [] for step in own}
    for use in uses:
        for each in use.dealt:
            dealt.setdefault(each.step, []).append(each)
    in_hand = [use.present for use in uses]
    return tuple(_step(step, these, in_hand.count(step), step in own) for step, these in dealt.items())


def _step(step: str, dealt: Sequence[Dealt], in_hand: int, known: bool) -> StepStats:
    states = [each.state for each in dealt]
    worked = [each for each in dealt if each.state is not StepState.SKIPPED and each.since is not None]
    return StepStats(
        step=step,
        reached=len(dealt) + in_hand,
        done=states.count(StepState.DONE),
        skipped=states.count(StepState.SKIPPED),
        failed=states.count(StepState.FAILED),
        time=_median([each.at - each.since for each in worked if each.since is not None]),
        known=known,
    )


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    """To the second."""
    return timedelta(seconds=round(median(span.total_seconds() for span in spans))) if spans else None


# As JSON


def report(found: Sequence[RunbookStats]) -> dict[str, Any]:
    """`{"runbooks": [{"runbook", "uses", …, "steps": […], "feedback": […]}]}`, spans in seconds, instants in UTC."""
    return {"runbooks": [_runbook_facts(each) for each in found]}


def _runbook_facts(each: RunbookStats) -> dict[str, Any]:
    return {
        "runbook": each.runbook,
        "title": each.title,
        "uses": each.uses,
        "finished": each.finished,
        "stopped": each.stopped,
        "median_seconds": _seconds(each.time),
        "helped": each.helped,
        "did_not_help": each.did_not_help,
        "last_used": iso(each.last_used) if each.last_used else None,
        "in_configuration": each.known,
        "reviewed": each.reviewed.isoformat() if each.reviewed else None,
        "stale": each.stale,
        "steps": [_step_facts(step) for step in each.steps],
        "feedback": [
            {"incident": said.incident, "by": said.by, "helped": said.helped, "text": said.text}
            for said in each.feedback
        ],
    }


def _step_facts(step: StepStats) -> dict[str, Any]:
    return {
        "step": step.step,
        "reached": step.reached,
        "done": step.done,
        "skipped": step.skipped,
        "failed": step.failed,
        "median_seconds": _seconds(step.time),
        "nobody_does_it": step.nobody_does_it,
        "in_runbook": step.known,
    }


def _seconds(span: timedelta | None) -> int | None:
    return int(span.total_seconds()) if span is not None else None


# In the terminal


def lines(found: Sequence[RunbookStats]) -> list[str]:
    """A line for each runbook, and one for each of the steps that nobody does."""
    said: list[str] = []
    for each in found:
        said.append(f"{each.runbook}: {_summary(each)}")
        said += [f"    Nobody does the step “{step}”." for step in each.nobody_does]
    return said or ["There are no runbooks, and none was used."]


def lines_of_one(each: RunbookStats) -> list[str]:
    """Everything about one runbook: the whole, its steps, and what people said of it."""
    said = [f"{each.title} ({each.runbook})", f"    {_summary(each)}"]
    said += [f"    {step.step}: {_step_words(step)}" for step in each.steps]
    said += [f"    INC-{one.incident}, {one.by}: {_on_a_line(one.text)}" for one in each.feedback[:MOST_FEEDBACK]]
    more = len(each.feedback) - MOST_FEEDBACK
    return [*said, f"    …and {more} more"] if more > 0 else said


def _summary(each: RunbookStats) -> str:
    if each.uses:
        facts = ["used once" if each.uses == 1 else f"used {each.uses} times", f"{each.finished} to the end"]
        facts += [f"{each.stopped} stopped"] if each.stopped else []
        facts += [f"median {in_words(each.time)}"] if each.time is not None else []
        facts += [f"helped {each.helped} of {rated}"] if (rated := each.helped + each.did_not_help) else []
        facts += [f"last on {each.last_used:%Y-%m-%d}"] if each.last_used else []
    else:
        facts = ["not used"]
    if not each.known:
        facts.append("no longer in the configuration")
    elif each.stale:
        facts.append(f"not reviewed since {each.reviewed}" if each.reviewed else "never reviewed")
    return ", ".join(facts)


def _on_a_line(text: str) -> str:
    """What somebody wrote, without what a terminal would obey."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())


def _step_words(step: StepStats) -> str:
    if not step.reached:
        return "never reached" if step.known else "no longer there"
    facts = [f"reached {step.reached}×", f"done {step.done}"]
    facts += [f"skipped {step.skipped}"] if step.skipped else []
    facts += [f"failed {step.failed}"] if step.failed else []
    facts += [f"median {in_words(step.time)}"] if step.time is not None else []
    facts += ["nobody does it"] if step.nobody_does_it else []
    facts += ["no longer in the runbook"] if not step.known else []
    return ", ".join(facts)


def in_words(span: timedelta) -> str:
    """`1h5m`; without seconds from an hour on."""
    whole = timedelta(minutes=round(span.total_seconds() / 60)) if span >= timedelta(hours=1) else span
    return written(whole) or "0s"
