"""A handoff as it stands: the open work of a shift, what the outgoing person says of it, and who has taken it.

It follows I-PASS: how ill, the patient, the actions, the situation to expect, and the synthesis by the receiver.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.incident import Incident, Message
from bot.policy.model import Clock

MOST_WATCHED = 3


class Trend(StrEnum):
    """Since the last handoff."""

    NEW = "new"
    WORSE = "worse"
    SAME = "same"
    BETTER = "better"


class ItemState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    QUESTIONED = "questioned"
    DECLINED = "declined"
    CARRIED = "carried"  # nobody took it, and it stands in the next handoff


@dataclass(frozen=True, slots=True)
class ClockGlimpse:
    """A running clock as it stood."""

    clock: Clock
    due: datetime
    share: float
    sla: str = ""  # which of several promises
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Awake:
    """Somebody on the escalation path, and what their clock shows."""

    person: str
    local: str  # 09:30
    night: bool


@dataclass(frozen=True, slots=True)
class HandoffItem:
    """An open incident as it stood at the change of shift, what is to be done next, and who has it now."""

    number: int
    title: str
    severity: str
    status: str
    lead: str | None
    channel: str | None = None
    service: str | None = None
    model: str | None = None
    trend: Trend = Trend.NEW
    clocks: tuple[ClockGlimpse, ...] = ()
    waiting: str = ""  # on whom, and why
    tried: tuple[str, ...] = ()  # the newest last
    path: str | None = None
    awake: tuple[Awake, ...] = ()
    next_action: str = ""
    owner: str | None = None  # of the next action
    action_due: datetime | None = None
    if_then: str = ""
    owners: tuple[str, ...] = ()  # from whom the lead passes: those who had the shift and did not hand it over
    state: ItemState = ItemState.WAITING
    answered_by: str | None = None
    answered_at: datetime | None = None
    question: str = ""  # what was asked, or why it was declined
    questions: int = 0  # how often it was asked about, whatever became of it
    declines: int = 0

    @property
    def is_taken(self) -> bool:
        return self.state in (ItemState.ACCEPTED, ItemState.CARRIED)

    @property
    def is_filled(self) -> bool:
        """Whether somebody has said what a machine cannot know."""
        return bool(self.next_action or self.if_then)


@dataclass(frozen=True, slots=True)
class Note:
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the outgoing person says of one incident."""

    number: int
    next_action: str = ""
    owner: str | None = None
    due: datetime | None = None
    if_then: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What only the outgoing person knows of the shift."""

    start_here: str = ""
    watch: tuple[str, ...] = ()  # up to three
    ahead: str = ""  # changes and maintenance
    silences: str = ""  # with their expiry
    plans: tuple[Plan, ...] = ()
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The shift that ends, and what comes."""

    since: datetime
    declared: int = 0
    resolved: tuple[tuple[int, str], ...] = ()  # number and title
    breaches: tuple[tuple[int, str], ...] = ()  # number and clock
    pages: int = 0
    at_night: int = 0  # of them, in somebody's night
    gaps: tuple[tuple[datetime, datetime], ...] = ()
    holidays: tuple[tuple[str, datetime, str], ...] = ()  # who is on call from when, and the holiday


@dataclass(frozen=True, slots=True)
class Handoff:
    id: str  # "l1-20260301T0900"
    schedule: str
    at: datetime  # of the change of shift; of one that was begun early, the change it is for
    outgoing: tuple[str, ...]
    incoming: tuple[str, ...]
    items: tuple[HandoffItem, ...] = ()
    posted_at: datetime | None = None  # when it was due to be read
    words: Words = Words()
    notes: tuple[Note, ...] = ()
    summary: Summary | None = None
    taken_by: str | None = None  # who has said that they are there, and took the last of it
    taken_at: datetime | None = None
    sentence: str = ""  # read back by the receiver
    nudges: int = 0
    message: Message | None = None

    def item(self, number: int) -> HandoffItem | None:
        return next((item for item in self.items if item.number == number), None)

    @property
    def waits(self) -> tuple[HandoffItem, ...]:
        """What nobody has taken yet."""
        return tuple(item for item in self.items if not item.is_taken)


@dataclass(frozen=True, slots=True)
class ShiftWatch:
    schedule: str
    people: tuple[str, ...]
    layer: str | None
    until: datetime | None
    handoff: Handoff | None = None  # the latest
    previous: Handoff | None = None  # the one that it replaced
    reminded: datetime | None = None  # whose shift begins by then has been reminded of it
    asked: datetime | None = None  # the change for which the outgoing people were asked to complete the handoff
    words: Words = Words()  # for the next handoff
    notes: tuple[Note, ...] = ()
    canvas: str | None = None  # which Baton has made in the channel


@dataclass(frozen=True, slots=True)
class Around:
    """What the store knows around a change of shift: the open incidents, what was noted, and the shift that ends."""

    incidents: tuple[Incident, ...] = ()
    notes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # by incident, the newest last
    summary: Summary | None = None


NOTHING = Around()
NUDGE_EVERY = timedelta(minutes=5)
MOST_NUDGES = 3
