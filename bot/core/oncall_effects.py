"""What is to be done around a schedule: handoffs, offers, news for people, reminders and user groups."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.lanes import SCHEDULE, STAND_IN, Lane, Outward


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEffect(Outward):
    schedule: str


# Handoffs


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffEffect(ScheduleEffect):
    handoff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostHandoff(HandoffEffect):
    lane = Lane(SCHEDULE, gives="handoff:{handoff}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshHandoff(HandoffEffect):
    lane = Lane(SCHEDULE, needs=("handoff:{handoff}",), coalesce="handoff:{handoff}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostHandoffDetails(HandoffEffect):
    """What the message has no room for, in its thread, from the incident at the place `start` on."""

    lane = Lane(SCHEDULE, needs=("handoff:{handoff}",))
    start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCanvas(HandoffEffect):
    """The canvas of the channel holds the handoff as it stands, where the workspace has canvases."""

    lane = Lane(SCHEDULE, needs=("handoff:{handoff}",), coalesce="canvas:{handoff}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForHandoff(ScheduleEffect):
    """Asks an outgoing person, before the change, for what only they know."""

    lane = Lane("shift:{schedule}:{person}")
    person: str
    at: datetime  # of the change


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfHandoff(HandoffEffect):
    """News about a handoff for one person, with what is still to be taken.

    `why` is one of incoming (it waits for them), backup (nobody has taken it), lead (likewise), gap (nobody comes),
    declined (`number` was declined by `by`).
    """

    lane = Lane("shift:{schedule}:{person}")
    person: str
    why: str
    number: int | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAboutItem(HandoffEffect):
    """A question about one incident, for the outgoing people, in the thread of the handoff."""

    lane = Lane(SCHEDULE, needs=("handoff:{handoff}",))
    number: int
    by: str
    text: str


# Stand-ins


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInEffect(ScheduleEffect):
    id: int
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffer(StandInEffect):
    """Asks one person whether they take it."""

    lane = Lane(STAND_IN, gives="offer:{person}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshOffer(StandInEffect):
    lane = Lane(STAND_IN, needs=("offer:{person}",), coalesce="offer:{person}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfStandIn(StandInEffect):
    """Tells somebody whom it concerns how it stands now."""

    lane = Lane(STAND_IN, gives="news:{person}", needs=("news:{person}",))


# Shifts


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfShift(ScheduleEffect):
    """Before a shift; also the test that whoever has it can be reached."""

    lane = Lane("shift:{schedule}:{person}")
    person: str
    start: datetime
    end: datetime | None  # None: it has no end


@dataclass(frozen=True, slots=True, kw_only=True)
class TellUnreachable(ScheduleEffect):
    """Tells `to` (a person, or a channel with its #) that `person` could not be told of their shift (of their shifts,
    if no `start` is named)."""

    lane = Lane("shift:{schedule}:{person}")
    to: str
    person: str
    start: datetime | None = None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfMovedShifts(ScheduleEffect):
    """Somebody's planned time on call has changed: `gone` is no longer theirs, `new` is."""

    lane = Lane("shift:{schedule}:{person}")
    person: str
    gone: tuple[tuple[datetime, datetime], ...]
    new: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowShift(ScheduleEffect):
    """The user group of the schedule gets whoever is on call."""

    lane = Lane("group:{schedule}", coalesce="group")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFeed(ScheduleEffect):
    """Reads the calendar of a layer anew."""

    lane = Lane("feed:{schedule}:{layer}", coalesce="feed")
    layer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCoverage(Outward):
    """The picture of the coverage of a schedule, for a channel; or for `by` alone, where the bot may not post."""

    lane = Lane("coverage:{schedule}:{channel}", coalesce="coverage")
    schedule: str
    channel: str
    by: str
