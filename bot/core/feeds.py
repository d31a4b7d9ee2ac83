"""Calendars of others as layers: the last good copy of each counts, however old it is."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.decision import Decision
from bot.core.effects import Effect, SetTimer, Tell
from bot.core.oncall_effects import FetchFeed
from bot.core.oncall_events import FeedEvent, FeedFellDue, FeedRead, FeedUnread, PlanReviewed, ShiftFellDue
from bot.policy.model import Feed, FeedShift, Policy

READ_AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class FeedCopy:
    """The last good copy of a calendar (`read_at` None: there is none yet), and what was wrong since then."""

    schedule: str
    layer: str
    address: str = field(repr=False)  # it may bear a secret
    shifts: tuple[FeedShift, ...] = ()
    unknown: tuple[str, ...] = ()  # entries that name nobody of the configuration
    read_at: datetime | None = None
    tried_at: datetime | None = None
    problem: str = ""  # why the latest attempt failed; empty if it did not


def decide(copy: FeedCopy | None, event: FeedEvent, now: datetime, policy: Policy) -> Decision[FeedCopy | None]:
    """What is known of the calendar of a layer; one that is no longer configured is forgotten."""
    feed = feed_of(event.schedule, event.layer, policy)
    if feed is None:
        return Decision(None)
    if copy is None or copy.address != feed.ical:
        copy = FeedCopy(event.schedule, event.layer, feed.ical)
    match event:
        case FeedFellDue():
            return Decision(copy, (FetchFeed(schedule=event.schedule, layer=event.layer), _again(event, now)))
        case FeedRead():
            after = replace(copy, shifts=event.shifts, unknown=event.unknown, read_at=now, tried_at=now, problem="")
            return Decision(after, (_again(event, now), *_looked_at_anew(copy, after)))
        case FeedUnread():
            return Decision(replace(copy, tried_at=now, problem=event.why), (_again(event, now),))
        case _:
            raise TypeError(f"no decision for {type(event).__name__}")


def feed_of(schedule: str, layer: str, policy: Policy) -> Feed | None:
    known = policy.schedules.get(schedule)
    return next((each.feed for each in known.layers if each.name == layer), None) if known else None


def _looked_at_anew(before: FeedCopy, after: FeedCopy) -> tuple[Effect, ...]:
    if before.shifts == after.shifts:
        return ()
    return (Tell(event=PlanReviewed(schedule=after.schedule)), Tell(event=ShiftFellDue(schedule=after.schedule)))


def _again(event: FeedEvent, now: datetime) -> Effect:
    due = FeedFellDue(schedule=event.schedule, layer=event.layer)
    return SetTimer(key=f"feed:{event.schedule}:{event.layer}", due=now + READ_AGAIN_AFTER, event=due)
