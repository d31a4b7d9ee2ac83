"""What can happen around a schedule, in the past tense: shifts, handoffs, stand-ins, plans and calendars."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.handoff import Words
from bot.core.incident import Message
from bot.policy.model import FeedShift


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEvent:
    """Something that happened around one schedule; what happens around the same one happens in turn."""

    schedule: str


# The watch over who has the shift, and the handoffs


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEvent(ScheduleEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftFellDue(ShiftEvent):
    """The shift may have changed: its end has come, somebody stands in, or the bot has just started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNears(ShiftEvent):
    """A shift begins before long, and whoever has it is to be reminded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachFellDue(ShiftEvent):
    """A shift is about to begin whose person could not be reached: they are tried once more."""

    person: str
    start: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnreachable(ShiftEvent):
    """What was to be told of their shifts did not reach somebody; `start` is that of the shift, if it was of one."""

    person: str
    start: datetime | None = None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFellDue(ShiftEvent):
    """The user group is to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLeftBehind(ShiftEvent):
    """Slack refused to let the user group follow the shift."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffNears(ShiftEvent):
    """The shift ends before long, and the outgoing people are to say what only they know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffCompleted(ShiftEvent):
    """The outgoing person has said it."""

    by: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffNoted(ShiftEvent):
    """A line for the next shift."""

    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffStarted(ShiftEvent):
    """The outgoing person hands over before their shift ends."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffAnswer(ShiftEvent):
    """What an incoming person says to a handoff."""

    by: str
    handoff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffTaken(HandoffAnswer):
    """All of it, with one sentence read back."""

    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAccepted(HandoffAnswer):
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuestioned(HandoffAnswer):
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDeclined(HandoffAnswer):
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffReadBack(HandoffAnswer):
    """One sentence, after each incident was accepted by itself."""

    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeFellDue(ShiftEvent):
    """Nobody has taken all of the handoff yet."""

    handoff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffPosted(ShiftEvent):
    handoff: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasMade(ShiftEvent):
    """The channel of the handoffs has a canvas, which is Baton's own to write."""

    canvas: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffGivenUp(ShiftEvent):
    handoff: str
    why: str


# Stand-ins


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInEvent(ScheduleEvent):
    id: int = 0  # of a new one: the engine gives the next


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideSet(StandInEvent):
    """`person` has the pager for a span: alone, or in the place of one who has it with others."""

    by: str
    person: str
    start: datetime
    end: datetime
    instead_of: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverAsked(StandInEvent):
    """Somebody looks for whoever takes a part of their own shift."""

    by: str
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapAsked(StandInEvent):
    """Somebody offers their own shift at the instant `mine` for the one that `other` has at `theirs`."""

    by: str
    other: str
    mine: datetime
    theirs: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInAccepted(StandInEvent):
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInRefused(StandInEvent):
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInUndone(StandInEvent):
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExpired(StandInEvent):
    """Nobody has accepted, and the time it was for is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPosted(StandInEvent):
    person: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferUndelivered(StandInEvent):
    """The offer did not reach this person, who thus cannot take it."""

    person: str


# What is planned, and the calendars that plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReviewed(ScheduleEvent):
    """The plan is compared with what the configuration says now, and carried further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent(ScheduleEvent):
    layer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFellDue(FeedEvent):
    """The calendar is to be read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead(FeedEvent):
    """The calendar was read; `unknown` are entries that name nobody of the configuration."""

    shifts: tuple[FeedShift, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedUnread(FeedEvent):
    """The calendar could not be read, or is none."""

    why: str
