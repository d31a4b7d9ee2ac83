"""What can happen to a runbook in use: what people did, what fell due, and what the world answered."""

from dataclasses import dataclass

from bot.core.events import IncidentEvent, PersonEvent
from bot.core.incident import ActionState, Message, StepState

# What people did


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookStarted(PersonEvent):
    runbook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookStopped(PersonEvent):
    """Nobody follows it any further."""

    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookRated(PersonEvent):
    """Whether it has helped, and what was wrong with it."""

    run: str
    helped: bool
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEvent(PersonEvent):
    """Something a person did about the step that is in hand."""

    run: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookStepTaken(StepEvent):
    """`answer` is that of a question, the value of an input, or `wrong` for a check that looks wrong."""

    state: StepState
    answer: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAssigned(StepEvent):
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded(StepEvent):
    """What was seen: a text, a link to a message, or the links of files that were given with it."""

    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAsked(StepEvent):
    """Somebody wants the action of the step to be done, or shown beforehand (`dry`).

    `seen` is how many actions of the run they knew of: who asks because none was done must not do it twice.
    """

    dry: bool = False
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionApproved(StepEvent):
    """`action` is what they had before their eyes; None: whichever waits."""

    action: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRefused(StepEvent):
    reason: str = ""
    action: str | None = None


# What fell due


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWaitEnded(IncidentEvent):
    """The time for which the step lets things rest has passed."""

    run: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStalled(IncidentEvent):
    """Nobody has dealt with the step that is in hand for long."""

    run: str
    step: str


# What the world answered


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookPosted(IncidentEvent):
    run: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionBegan(IncidentEvent):
    """From here on it must not be done a second time by itself, whatever becomes of this process."""

    run: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEnded(IncidentEvent):
    """`state` is done, failed, or unknown: begun by a process that did not live to see the end."""

    run: str
    action: str
    state: ActionState
    result: str = ""
