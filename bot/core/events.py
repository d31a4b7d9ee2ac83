"""What can happen to an incident, in the past tense: what people did, what fell due, and what the world answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.history import Moment
from bot.core.incident import Message, Role, Status
from bot.core.oncall_events import ScheduleEvent
from bot.policy.model import PageTarget, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvent:
    """Something that happened to one incident; `number` names it."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEvent(IncidentEvent):
    """Something a person did; `by` is their key or their Slack user id."""

    by: str


# What people did


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclared(PersonEvent):
    number: int = 0  # the engine gives the next one
    title: str
    severity: str
    service: str | None = None
    category: str | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAcknowledged(PersonEvent):
    page: str | None = None  # the page it was answered from, if any


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDeclined(PersonEvent):
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAsked(PersonEvent):
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondersPaged(PersonEvent):
    """Somebody asks others in by hand: people, schedules or teams."""

    targets: tuple[PageTarget, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePosted(PersonEvent):
    text: str
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMoved(PersonEvent):
    to: Status
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged(PersonEvent):
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChanged(PersonEvent):
    """Somebody has found out what kind of trouble it is."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsChanged(PersonEvent):
    """Those that are named are set; one without a value is taken away."""

    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTaken(PersonEvent):
    role: Role
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(PersonEvent):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(PersonEvent):
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReopened(PersonEvent):
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWaits(PersonEvent):
    """The incident waits on somebody, and the clocks that the SLA names stand still until then at most."""

    on: Waiting
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWaitEnded(PersonEvent):
    """The wait is over before its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantCorrected(PersonEvent):
    """It was not then, but at another time."""

    moment: Moment
    to: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed(PersonEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclined(PersonEvent):
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMerged(PersonEvent):
    """It is the same trouble as another, and goes on there."""

    into: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTookIn(PersonEvent):
    """Another was merged into this one; `answers` are its acknowledgement and updates, as the timeline has them."""

    other: int
    title: str
    channel: str | None = None
    declared: datetime
    started: datetime
    answers: str = ""
    acknowledged_by: str | None = None
    people: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(IncidentEvent):
    """It stands in the handoff of its shift, for these people to take; or one of them leads it and just goes on."""

    handoff: str
    to: tuple[str, ...]
    kept_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadHandedOver(PersonEvent):
    """The incoming person of a handoff took the incident; the lead passes to `by` from one of its `owners`, or from
    nobody. Somebody else who leads it goes on."""

    handoff: str
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOffered(PersonEvent):
    """The lead wants to hand over this one incident."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOfferAnswered(PersonEvent):
    accepted: bool


# What fell due


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFellDue(IncidentEvent):
    """Nobody acknowledged within the wait of this step."""

    round: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnded(IncidentEvent):
    """The hour has come at which it may be paged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFellDue(IncidentEvent):
    """The page still waits, and another way to reach the person is to be used."""

    page: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFellLate(IncidentEvent):
    """Slack has not taken the page for a minute, or is known to be down."""

    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFellDue(IncidentEvent):
    """Somebody who was asked in by hand has not answered."""

    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOfferFellDue(IncidentEvent):
    """Nobody has answered the offer of the lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceFellDue(IncidentEvent):
    """Acknowledged, and then nobody did anything for `re_page_after`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFellDue(IncidentEvent):
    """The wait has lasted as long as it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFellDue(IncidentEvent):
    """A share of the time of some clock has passed; 1.0 is all of it."""


# What Slack answered


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCreated(IncidentEvent):
    channel: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPosted(IncidentEvent):
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementPosted(IncidentEvent):
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDelivered(IncidentEvent):
    page: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTried(IncidentEvent):
    """A way beside Slack was used; `problem` says why it failed, if it did."""

    page: str
    contact: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLookedUp(IncidentEvent):
    """Who is in a user group that a step pages."""

    handle: str = ""
    round: int
    step: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryGivenUp(IncidentEvent):
    """Slack refused for good; `effect` is the class of what was to be done."""

    effect: str
    why: str
    page: str | None = None


# Beside incidents


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFellDue:
    """It is time to look which runbooks nobody has reviewed for long, or the bot has just started."""


Event = IncidentEvent | ScheduleEvent | ReviewFellDue
