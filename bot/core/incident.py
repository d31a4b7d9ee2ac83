"""The incident as it stands: plain frozen data, with everything that hangs on it.

People are named by their key in the configuration (`amina`), or by their Slack user id when the
configuration does not know them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.history import Mark
from bot.policy.model import Acknowledge, Clock, Step, Terms, Waiting


class Status(StrEnum):
    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"  # into another


OPEN = frozenset({Status.TRIAGE, Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING})


class Role(StrEnum):
    LEAD = "lead"
    COMMUNICATIONS = "communications"
    SCRIBE = "scribe"


@dataclass(frozen=True, slots=True)
class Message:
    """Where a message stands in Slack."""

    channel: str
    ts: str


class PageState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SUPERSEDED = "superseded"  # somebody else took it, a later page replaced it, or the incident ended
    DECLINED = "declined"
    EXHAUSTED = "exhausted"
    UNDELIVERED = "undelivered"
    UNANSWERED = "unanswered"  # asked in by hand, and silent for too long


@dataclass(frozen=True, slots=True)
class Tried:
    """A way beside Slack by which somebody was paged; `problem` says why it failed, if it did."""

    contact: str
    at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    id: str  # "42-3": the third page of INC-42
    person: str  # or a channel with its #, where anybody may acknowledge
    round: int
    step: int
    paged_at: datetime
    state: PageState = PageState.OPEN
    ended_at: datetime | None = None
    ended_by: str | None = None
    message: Message | None = None
    delivered_at: datetime | None = None
    asked_by: str | None = None  # who paged by hand; such a page is no part of the path
    note: str = ""  # what they said
    problem: str = ""  # why Slack refused it
    tried: tuple[Tried, ...] = ()
    night: bool | None = None  # paged between 22:00 and 06:00 by their own clock; None: nobody knows their clock

    @property
    def is_open(self) -> bool:
        return self.state is PageState.OPEN

    @property
    def by_hand(self) -> bool:
        return self.asked_by is not None


class EscalationState(StrEnum):
    HELD = "held"  # until an hour at which it may be paged
    RUNNING = "running"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"
    STOPPED = "stopped"  # the incident ended


@dataclass(frozen=True, slots=True)
class Escalation:
    """A path that acts: a snapshot, so that a change of the configuration does not alter it."""

    path: str
    steps: tuple[Step, ...]
    repeat: int
    round: int = 0
    step: int = -1  # the step that acts now; -1 before the first
    state: EscalationState = EscalationState.RUNNING
    due: datetime | None = None  # when the next step runs, or the hold ends

    @property
    def needs_all(self) -> bool:
        """Whether everybody of the acting step must acknowledge."""
        return 0 <= self.step < len(self.steps) and self.steps[self.step].acknowledge is Acknowledge.ALL


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    BREACHED = "breached"  # and not met yet
    MET = "met"  # in time, or late
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SlaClock:
    """A promise as it stands, counted from the history (`core/clocks`); `warned` and who held it are remembered."""

    clock: Clock
    started: datetime  # from when it counts
    due: datetime
    within: timedelta  # of open hours of the calendar
    calendar: str
    sla: str = ""
    turn: int = 0  # which of the repeated ones
    promised: str = ""  # as it is written: 4h, 1 business day
    used: timedelta = timedelta()  # counted until `since`; in all, if it does not run
    since: datetime | None = None  # from when on it counts now, or will
    paused_until: datetime | None = None
    warned: float = 0.0  # the highest share already said; 1.0 is the breach
    met_at: datetime | None = None
    breached_at: datetime | None = None
    cancelled_at: datetime | None = None
    held_by: str | None = None  # who had it when it was met or broken
    held_on: str | None = None  # their schedule and layer then, e.g. l1/nairobi

    @property
    def key(self) -> tuple[str, str, int]:
        return self.sla, self.clock, self.turn

    @property
    def is_running(self) -> bool:
        """Whether it can still be met; also while it stands still."""
        return self.met_at is None and self.cancelled_at is None

    def part(self, used: timedelta) -> float:
        """The share of its time that this much is: all of it once it is broken, none where nothing is open before."""
        if self.breached_at is not None:
            return 1.0
        return min(used / self.within, 1.0) if self.within else 0.0

    @property
    def state(self) -> ClockState:
        if self.cancelled_at is not None:
            return ClockState.CANCELLED
        if self.met_at is not None:
            return ClockState.MET
        if self.breached_at is not None:
            return ClockState.BREACHED
        return ClockState.PAUSED if self.paused_until is not None else ClockState.RUNNING


@dataclass(frozen=True, slots=True)
class Wait:
    """It waits on somebody, always with a reason and an expiry."""

    on: Waiting
    since: datetime
    until: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class LeadOffer:
    """The lead wants somebody to take this one incident, and has it until they do."""

    to: str
    by: str
    at: datetime


class StepState(StrEnum):
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of a runbook that somebody has dealt with."""

    step: str
    state: StepState
    by: str
    at: datetime
    answer: str | None = None  # to a question; the value of an input; `wrong` of a check
    reason: str = ""
    since: datetime | None = None  # when it came in hand
    evidence: tuple[str, ...] = ()


class ActionState(StrEnum):
    ASKED = "asked"  # waits for somebody's consent
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"  # nobody consented
    CONSENTED = "consented"  # to what people do by hand
    UNKNOWN = "unknown"  # begun, and cut off: it may have been done, or not


@dataclass(frozen=True, slots=True)
class ActionRun:
    """An action of a runbook as it was asked for: once, and never a second time by itself."""

    id: str  # "42-r1-a2"
    step: str
    request: str  # what is to be done, in words and without secrets
    call: str  # the same for a machine (`core/requests`): what was consented to is what is done
    asked_by: str
    asked_at: datetime
    state: ActionState
    dry: bool = False  # it only shows what would be done
    decided_by: str | None = None  # who consented, or refused
    began_at: datetime | None = None
    ended_at: datetime | None = None
    result: str = ""  # what came of it, cut and without secrets

    @property
    def is_under_way(self) -> bool:
        return self.state in (ActionState.ASKED, ActionState.QUEUED, ActionState.RUNNING)

    @property
    def is_refused(self) -> bool:
        return self.state is ActionState.REFUSED


@dataclass(frozen=True, slots=True)
class RunbookRun:
    id: str  # "42-r1"
    runbook: str
    started_by: str
    started_at: datetime
    present: str | None  # id of the step in hand; None: the end is reached
    taken: tuple[StepTaken, ...] = ()
    finished_at: datetime | None = None
    message: Message | None = None
    since: datetime | None = None  # when the step in hand came so
    assigned: str | None = None  # who is to deal with it
    evidence: tuple[str, ...] = ()  # of the step in hand
    inputs: tuple[tuple[str, str], ...] = ()  # what people answered, by name
    actions: tuple[ActionRun, ...] = ()
    stopped: bool = False  # finished before its end
    helped: bool | None = None
    rated_by: str | None = None
    feedback: str = ""  # what was wrong with it

    @property
    def action(self) -> ActionRun | None:
        """The last one that was asked for at the step in hand, since it came so."""
        return self.actions_here[-1] if self.actions_here else None

    @property
    def actions_here(self) -> tuple[ActionRun, ...]:
        since = self.since or self.started_at
        return tuple(each for each in self.actions if each.step == self.present and each.asked_at >= since)


@dataclass(frozen=True, slots=True)
class Incident:
    number: int
    title: str
    severity: str
    declared_by: str
    declared_at: datetime
    started_at: datetime
    service: str | None = None
    category: str | None = None
    labels: tuple[tuple[str, str], ...] = ()  # of the alert that it is about, by name
    status: Status = Status.TRIAGE
    summary: str = ""
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    merged_into: int | None = None
    last_update: str = ""
    last_update_at: datetime | None = None
    last_update_by: str | None = None
    schedule: str | None = None  # whose shift answers: the first schedule of its path
    channel: str | None = None
    channel_name: str | None = None
    card: Message | None = None
    announcement: Message | None = None
    escalation: Escalation | None = None
    roles: tuple[tuple[Role, str], ...] = ()
    pages: tuple[Page, ...] = ()
    clocks: tuple[SlaClock, ...] = ()
    terms: Terms | None = None  # what was promised when it was declared; none in what an older Baton wrote
    history: tuple[Mark, ...] = ()  # the entries of the timeline from which the clocks are counted
    waiting: Wait | None = None
    lead_offer: LeadOffer | None = None
    runs: tuple[RunbookRun, ...] = ()
    invited: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        return f"INC-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def lead(self) -> str | None:
        return dict(self.roles).get(Role.LEAD)

    def page(self, page_id: str) -> Page | None:
        return next((page for page in self.pages if page.id == page_id), None)

    def run(self, run_id: str) -> RunbookRun | None:
        return next((run for run in self.runs if run.id == run_id), None)

    def running(self, clock: Clock) -> SlaClock | None:
        """The running clock of this kind that is due first."""
        held = (held for held in self.clocks if held.clock == clock and held.is_running)
        return min(held, key=lambda held: held.due, default=None)

    @property
    def next_due(self) -> SlaClock | None:
        """The running clock that falls due first, a breached one before all."""
        return min((held for held in self.clocks if held.is_running), key=lambda held: held.due, default=None)
