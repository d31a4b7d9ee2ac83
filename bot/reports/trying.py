"""A runbook walked in the terminal, with its actions shown and not done.

The walk is the core's own: each answer is an event, and the next step is what the core decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from bot.core.actions import can_be_dry, was_dry
from bot.core.consent import is_needed
from bot.core.effects import Notice, PostNotice
from bot.core.events import IncidentEvent
from bot.core.incident import ActionRun, ActionState, RunbookRun, StepState
from bot.core.runbook import WRONG
from bot.core.runbook_events import (
    ActionApproved,
    ActionAsked,
    ActionBegan,
    ActionEnded,
    ActionRefused,
    RunbookStepTaken,
    RunbookStopped,
    StepWaitEnded,
)
from bot.policy.runbook import RunbookStep
from bot.reports.trying_pictures import opening, request, step_in_hand, steps, summary, waited
from bot.reports.trying_sample import NUMBER, Sample

QUIT = "q"
SKIP = "skip"
Say = Callable[[RenderableType], None]
Ask = Callable[[str], str | None]  # the line that was answered; None at the end of the input
Does = Callable[[], str | None]  # the sentence if it is refused


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    does: Does


def walk(sample: Sample, say: Say, ask: Ask) -> None:
    """To the end, or until somebody stops it, or nobody answers any more."""
    for each in opening(sample):
        say(each)
    why = _Walk(sample, say, ask).goes_on()
    for each in (Text(), steps(sample), Text(), summary(sample.run, why)):
        say(each)


class _Walk:
    def __init__(self, sample: Sample, say: Say, ask: Ask) -> None:
        self._sample = sample
        self._say = say
        self._ask = ask

    @property
    def _run(self) -> RunbookRun:
        return self._sample.run

    def goes_on(self) -> str:
        """Why it came to its end, as a sentence."""
        shown = -1
        while (step := self._sample.book.step(self._run.present)) is not None:
            if shown != len(self._run.taken):
                shown = len(self._run.taken)
                for each in step_in_hand(self._sample, step):
                    self._say(each)
            if step.wait is not None:
                self._waits(step)
                continue
            choices = self._choices(step)
            line = self._ask(self._prompt(step, choices))
            if line is None or line.strip().lower() == QUIT:
                self._happens(RunbookStopped(number=NUMBER, by=self._sample.me, run=self._run.id))
                return "Stopped." if line is not None else "The input ends here, and so does this walk."
            if refusal := self._answered(step, choices, line.strip()):
                self._say(Text(f"  {refusal}", style="red"))
        return "The end of the runbook."

    def _waits(self, step: RunbookStep) -> None:
        assert step.wait is not None
        self._say(waited(step))
        self._sample.passes(step.wait)
        self._happens(StepWaitEnded(number=NUMBER, run=self._run.id, step=step.id))

    def _prompt(self, step: RunbookStep, choices: list[Choice]) -> str:
        if step.input is not None:
            like = f" that matches {step.matches}" if step.matches else ""
            return f"  A value{like} ({SKIP}: go on without): "
        acts = self._run.action is not None and self._run.action.state is ActionState.QUEUED
        question = "What came of it? " if acts else ""
        return f"  {question}{' · '.join(f'{number} {each.label}' for number, each in enumerate(choices, 1))} [1]: "

    def _answered(self, step: RunbookStep, choices: list[Choice], line: str) -> str | None:
        """The sentence if it cannot be."""
        if step.input is not None:
            skips = line.lower() == SKIP
            return self._take(step, StepState.SKIPPED if skips else StepState.DONE, None if skips else line)()
        choice = _chosen(line, choices)
        if choice is None:
            return f"Choose {' or '.join(each.label for each in choices)}, by number or by name; {QUIT} stops."
        return choice.does()

    def _choices(self, step: RunbookStep) -> list[Choice]:
        """The buttons that the message in Slack has."""
        skip = Choice("Skip", self._take(step, StepState.SKIPPED))
        failed = Choice("Failed", self._take(step, StepState.FAILED))
        done = self._take(step, StepState.DONE)
        action = self._run.action
        if action is not None and action.state is ActionState.ASKED:
            return self._of_consent(step)
        if step.run is not None:
            if action is not None and action.is_under_way:
                return self._of_outcome(action)
            return [*self._of_action(step, action), Choice("Done by hand", done), skip, failed]
        if step.ask is not None:
            return [*(Choice(each, self._take(step, StepState.DONE, each)) for each in step.answers), skip]
        if step.check is not None:
            wrong = Choice("Looks wrong", self._take(step, StepState.DONE, WRONG))
            return [Choice("Looks right", done), wrong, skip]
        asks = Choice("Ask for consent", lambda: self._asks(step, dry=False))
        needed = is_needed(step, self._run, self._sample.incident, self._sample.policy)
        return [*((asks,) if needed else ()), Choice("Done", done), skip, failed]

    def _of_action(self, step: RunbookStep, action: ActionRun | None) -> Iterator[Choice]:
        if action is not None and action.state is ActionState.DONE and not action.dry:
            yield Choice("As expected", self._take(step, StepState.DONE))
        if can_be_dry(step, self._sample.policy) and not was_dry(self._run):
            yield Choice("Dry run", lambda: self._asks(step, dry=True))
        else:
            again = action is not None and not action.dry
            yield Choice("Run again" if again else "Run", lambda: self._asks(step, dry=False))

    def _of_consent(self, step: RunbookStep) -> list[Choice]:
        told = (each for each in self._sample.effects if isinstance(each, PostNotice))
        facts = next((each.facts for each in told if each.notice is Notice.CONSENT_ASKED), {})
        by = next(iter(facts.get("people", "").split()), self._sample.other)
        of: dict[str, Any] = {"number": NUMBER, "by": by, "run": self._run.id, "step": step.id}
        name = self._sample.policy.person_name(by)
        return [
            Choice(f"{name} approves", lambda: self._happens(ActionApproved(**of))),
            Choice("refuses", lambda: self._happens(ActionRefused(**of))),
        ]

    def _of_outcome(self, action: ActionRun) -> list[Choice]:
        said = {ActionState.DONE: "It went well", ActionState.FAILED: "It failed", ActionState.UNKNOWN: "Nobody knows"}
        return [Choice(label, self._ends(action, state)) for state, label in said.items()]

    def _ends(self, action: ActionRun, state: ActionState) -> Does:
        of: dict[str, Any] = {"number": NUMBER, "run": self._run.id, "action": action.id}
        began, ended = ActionBegan(**of), ActionEnded(**of, state=state)
        return lambda: self._happens(began) or self._happens(ended)

    def _asks(self, step: RunbookStep, dry: bool) -> str | None:
        asked = ActionAsked(number=NUMBER, by=self._sample.me, run=self._run.id, step=step.id, dry=dry)
        refusal = self._happens(asked)
        if refusal is None:
            for line in request(self._run.actions[-1]):
                self._say(line)
        return refusal

    def _take(self, step: RunbookStep, state: StepState, answer: str | None = None) -> Does:
        of: dict[str, Any] = {"number": NUMBER, "by": self._sample.me, "run": self._run.id, "step": step.id}
        return lambda: self._happens(RunbookStepTaken(**of, state=state, answer=answer))

    def _happens(self, event: IncidentEvent) -> str | None:
        return self._sample.happens(event)


def _chosen(line: str, choices: list[Choice]) -> Choice | None:
    """By its number or its name, or the beginning of it if only one begins so; the first for an empty line."""
    wanted = line.lower()
    if not wanted:
        return choices[0]
    exact = [each for each in choices if each.label.lower() == wanted]
    if exact:
        return exact[0]
    if wanted.isdecimal():
        return choices[int(wanted) - 1] if 1 <= int(wanted) <= len(choices) else None
    found = [each for each in choices if each.label.lower().startswith(wanted)]
    return found[0] if len(found) == 1 else None
