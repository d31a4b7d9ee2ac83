"""What is to be done about it, in the imperative.

`Record`, `SetTimer`, `CancelTimer` and `Tell` are carried out inside the transaction. All others are
outward: they become rows of the outbox. Those about schedules stand in `oncall_effects`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.events import Event
from bot.core.history import Entry as Entry
from bot.core.lanes import ANNOUNCEMENT, BOOKMARK, CARD, CHANNEL, INCIDENT, TALK, Lane, Outward
from bot.policy.model import Clock

# Inside the transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entry of the timeline: when, who (None: Baton itself), what, from, to, and the words."""

    number: int
    at: datetime
    by: str | None
    what: Entry
    old: str | None = None
    new: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """Setting the same key again replaces the timer."""

    key: str
    due: datetime
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimer:
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Something that thereby happened to another aggregate, handled in the same transaction.

    If it is `binding` and is refused, nothing of all this happens.
    """

    event: Event
    binding: bool = False


# Outward


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEffect(Outward):
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateChannel(IncidentEffect):
    lane = Lane(INCIDENT, gives=CHANNEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteToChannel(IncidentEffect):
    lane = Lane(INCIDENT, needs=(CHANNEL,))
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard(IncidentEffect):
    lane = Lane(INCIDENT, gives=CARD, needs=(CHANNEL,))


@dataclass(frozen=True, slots=True, kw_only=True)
class PinCard(IncidentEffect):
    lane = Lane(INCIDENT, needs=(CARD,))


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCard(IncidentEffect):
    lane = Lane(INCIDENT, needs=(CARD,), coalesce="card")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTopic(IncidentEffect):
    lane = Lane(INCIDENT, needs=(CHANNEL, CARD), coalesce="topic")  # Slack tells of it in the channel: after the card


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBookmark(IncidentEffect):
    lane = Lane(INCIDENT, gives=BOOKMARK, needs=(CHANNEL, BOOKMARK))  # one after the other: Slack keeps their order
    title: str
    link: str
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAnnouncement(IncidentEffect):
    lane = Lane(INCIDENT, gives=ANNOUNCEMENT, needs=(CHANNEL,))


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshAnnouncement(IncidentEffect):
    lane = Lane(INCIDENT, needs=(ANNOUNCEMENT,), coalesce="announcement")


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPage(IncidentEffect):
    lane = Lane(INCIDENT, gives="page:{page}", urgent=True, together="{person}")
    page: str
    person: str = ""  # empty in what an older Baton wrote: such a page goes out alone
    rank: int = 0  # of its severity: 0 is the worst, and goes first


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshPage(IncidentEffect):
    lane = Lane(INCIDENT, needs=("page:{page}",), coalesce="page:{page}")
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendContact(IncidentEffect):
    """The same page by another way than Slack."""

    lane = Lane(INCIDENT, gives="contact:{page}:{contact}", urgent=True)
    page: str
    contact: str  # the name of one of the person's contacts


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpGroup(IncidentEffect):
    """Finds out who is in a user group that a step pages."""

    lane = Lane(INCIDENT, gives="group:{round}:{step}:{handle}", urgent=True)
    handle: str
    round: int
    step: int


class Notice(StrEnum):
    """The kinds of short news; `slack/words.py` has a sentence for each."""

    ACKNOWLEDGED = "acknowledged"
    PAGED = "paged"
    PAGE_DECLINED = "page_declined"
    PAGE_UNDELIVERED = "page_undelivered"
    NOBODY_ON_CALL = "nobody_on_call"
    HELD = "held"
    RESPONDERS = "responders"
    JOINED = "joined"
    UNANSWERED = "unanswered"
    PATH_EXHAUSTED = "path_exhausted"
    NO_PATH = "no_path"
    PAGED_AGAIN = "paged_again"
    STATUS = "status"
    SEVERITY = "severity"
    ROLE = "role"
    NOTE = "note"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"
    TOOK_IN = "took_in"
    HANDED_OVER = "handed_over"
    LEAD_OFFERED = "lead_offered"
    LEAD_OFFER_DECLINED = "lead_offer_declined"
    LEAD_OFFER_UNANSWERED = "lead_offer_unanswered"
    WAITING = "waiting"
    WAITING_ENDED = "waiting_ended"
    CORRECTED = "corrected"
    CATEGORY = "category"
    LABELS = "labels"
    CONSENT_ASKED = "consent_asked"
    EVIDENCE = "evidence"
    STEP_STALLED = "step_stalled"
    STEP_ASSIGNED = "step_assigned"
    STEP_WAIT_ENDED = "step_wait_ended"
    ACTION_FAILED = "action_failed"
    ACTION_UNKNOWN = "action_unknown"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNotice(IncidentEffect):
    """A new message in the incident channel, after the card and in its turn; `facts` is what it names."""

    lane = Lane(INCIDENT, gives=TALK, needs=(CHANNEL, CARD, TALK))
    notice: Notice
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostUpdate(IncidentEffect):
    lane = Lane(INCIDENT, gives=TALK, needs=(CHANNEL, CARD, TALK))
    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostReminder(IncidentEffect):
    """A clock nears its due time (`share` < 1) or has passed it; `to` are the people it is for."""

    lane = Lane(INCIDENT, gives=TALK, needs=(CHANNEL, CARD, TALK))
    clock: Clock
    share: float
    due: datetime
    to: tuple[str, ...]
    sla: str = ""  # which of several promises


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReminder(IncidentEffect):
    """The same to one person alone, one after the other."""

    lane = Lane(INCIDENT, gives="reminder:{person}", needs=("reminder:{person}",))
    person: str
    clock: Clock
    share: float
    due: datetime
    sla: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRunbooks(IncidentEffect):
    lane = Lane(INCIDENT, gives=TALK, needs=(CHANNEL, CARD, TALK))
    runbooks: tuple[tuple[str, str], ...]  # id and the reason why it applies


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRunbook(IncidentEffect):
    lane = Lane(INCIDENT, gives=TALK, needs=(CHANNEL, CARD, TALK))
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshRunbook(IncidentEffect):
    lane = Lane(INCIDENT, needs=(TALK,), coalesce="run:{run}")
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAction(IncidentEffect):
    """Carries out an action of a runbook that reaches other systems, or shows what it would do."""

    lane = Lane(INCIDENT, gives="action:{action}")
    run: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLeadOffer(IncidentEffect):
    """Asks somebody to take the lead of this one incident."""

    lane = Lane(INCIDENT)
    person: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDirect(IncidentEffect):
    """A direct message to one person about trouble with the incident itself."""

    lane = Lane(INCIDENT)
    to: str
    notice: Notice
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishHome(Outward):
    """Draw somebody's App Home anew."""

    lane = Lane("home:{person}", coalesce="home")
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfReview(Outward):
    """Tells an owner which of their runbooks nobody has reviewed for long."""

    lane = Lane("library:{person}")
    person: str
    runbooks: tuple[str, ...]


Inward = Record | SetTimer | CancelTimer | Tell
Effect = Inward | Outward
