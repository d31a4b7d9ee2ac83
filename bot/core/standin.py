"""Standing in: overrides, swaps and cover, by which a person has the pager in another's place for a span.

An override stands at once. A swap is offered to one person and cover to everybody who is free; the first
to accept has it, and it stands from then on. Everything can be undone, and what was done stays on record.
Nobody but the people concerned and the lead of their team may change a shift.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core.concerned import crew, free, leads_of, moved, on_call_within, turn_takers
from bot.core.decision import Decision, Refused, mention
from bot.core.effects import CancelTimer, Effect, SetTimer, Tell
from bot.core.incident import Message
from bot.core.oncall_effects import PostOffer, RefreshOffer, TellOfStandIn
from bot.core.oncall_events import (
    CoverAsked,
    OfferExpired,
    OfferPosted,
    OfferUndelivered,
    OverrideSet,
    ShiftFellDue,
    StandInAccepted,
    StandInEvent,
    StandInRefused,
    StandInUndone,
    SwapAsked,
)
from bot.core.permitted import (
    LONGEST,
    Span,
    must_be_a_schedule,
    must_be_concerned,
    must_be_known,
    must_not_overlap,
    start_of,
)
from bot.oncall.schedule import on_call_in, shifts
from bot.policy.model import Override, Policy


class StandInKind(StrEnum):
    OVERRIDE = "override"
    SWAP = "swap"
    COVER = "cover"


class StandInState(StrEnum):
    OFFERED = "offered"
    STANDING = "standing"
    REFUSED = "refused"
    EXPIRED = "expired"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Offer:
    """To whom it was offered, and where the message stands."""

    person: str
    message: Message | None = None
    declined: bool = False


@dataclass(frozen=True, slots=True)
class StandIn:
    id: int
    kind: StandInKind
    schedule: str
    asked_by: str
    asked_at: datetime
    spans: tuple[Span, ...]
    state: StandInState
    reason: str = ""
    offers: tuple[Offer, ...] = ()
    accepted_by: str | None = None
    stood_at: datetime | None = None  # since when it counts
    ended_by: str | None = None  # who refused or undid it; None: nobody did, it expired or reached nobody
    ended_at: datetime | None = None

    def overrides(self) -> tuple[Override, ...]:
        """What the on-call calculus is to know of it; what has been so until it was undone stays true."""
        if self.stood_at is None:
            return ()
        held = ((span, min(span.end, self.ended_at or span.end)) for span in self.spans)
        return tuple(
            Override(
                id=self.id,
                schedule=self.schedule,
                person=span.person,
                start=span.start,
                end=end,
                instead_of=span.instead_of,
            )
            for span, end in held
            if span.person is not None and span.start < end
        )

    def offer(self, person: str) -> Offer | None:
        return next((offer for offer in self.offers if offer.person == person), None)

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it concerns."""
        named = [person for span in self.spans for person in (span.person, span.instead_of) if person]
        return tuple(dict.fromkeys((self.asked_by, *named)))

    @property
    def over(self) -> datetime:
        """From then on it has no effect."""
        return max(span.end for span in self.spans)


def decide(standin: StandIn | None, event: StandInEvent, now: datetime, policy: Policy) -> Decision[StandIn | None]:
    """What becomes of it; `policy` knows the overrides that stand now."""
    try:
        match event:
            case OverrideSet():
                return _override(event, now, policy)
            case CoverAsked():
                return _cover(event, now, policy)
            case SwapAsked():
                return _swap(event, now, policy)
        if standin is None:
            raise Refused(f"There is no change {event.id} of the shifts of {event.schedule}.")
        match event:
            case StandInAccepted():
                return _accepted(standin, event, now, policy)
            case StandInRefused():
                return _declined(standin, event, now)
            case StandInUndone():
                return _undone(standin, event, now, policy)
            case OfferUndelivered():
                return _undelivered(standin, event, now)
            case OfferExpired():
                return _expired(standin, now)
            case OfferPosted():
                return Decision(_with_offer(standin, event.person, message=event.message))
            case _:
                raise TypeError(f"no decision for {type(event).__name__}")
    except Refused as refused:
        return Decision(standin, (), str(refused))


def _override(event: OverrideSet, now: datetime, policy: Policy) -> Decision[StandIn | None]:
    start = start_of(event.schedule, event.start, event.end, now, policy)
    must_be_known(event.person, policy)
    if event.instead_of == event.person:
        raise Refused("Nobody can stand in for themselves.")
    name, held_by = policy.schedule_name(event.schedule), on_call_within(event.schedule, start, event.end, policy)
    if event.instead_of is not None and event.instead_of not in held_by:
        raise Refused(f"{mention(event.instead_of)} is not on call for {name} in that time.")
    must_be_concerned(event.by, _whose_it_is(event, start, held_by, policy), policy)
    span = Span(start, event.end, event.person, event.instead_of)
    must_not_overlap(event.id, event.schedule, span, policy)
    if event.instead_of is None and held_by == (event.person,) and not _gaps(event, start, policy):
        raise Refused(f"{mention(event.person)} is on call for {name} in all of that time already.")
    made = replace(_asked(event, StandInKind.OVERRIDE, now, span), state=StandInState.STANDING, stood_at=now)
    return Decision(made, _changed(made, concerned(made, now, policy), event.by))


def _whose_it_is(event: OverrideSet, start: datetime, held_by: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """Whoever gives the pager, and whoever takes it if that is one of the crew; an outsider cannot take it alone."""
    giving = (event.instead_of,) if event.instead_of else held_by or turn_takers(event.schedule, start, policy)
    taking = (event.person,) if event.person in crew(event.schedule, start, policy) else ()
    return (*taking, *giving)


def _cover(event: CoverAsked, now: datetime, policy: Policy) -> Decision[StandIn | None]:
    start = start_of(event.schedule, event.start, event.end, now, policy)
    mine = _own(event.by, event.schedule, start, event.end, policy)
    if mine is None:
        name = policy.schedule_name(event.schedule)
        raise Refused(f"You are not on call for {name} in that time, so there is nothing to cover.")
    span = Span(*mine, None, event.by)
    must_not_overlap(event.id, event.schedule, span, policy)
    asked = free(event.schedule, span.start, span.end, policy)
    if not asked:
        leads = " or ".join(mention(lead) for lead in leads_of((event.by,), policy) if lead != event.by)
        raise Refused(f"Nobody is free in all of that time. Ask for a shorter span, or ask {leads or 'your team'}.")
    return _offered(_asked(event, StandInKind.COVER, now, span, to=asked))


def _swap(event: SwapAsked, now: datetime, policy: Policy) -> Decision[StandIn | None]:
    if event.other == event.by:
        raise Refused("A swap needs somebody else: your own shifts are yours already.")
    must_be_known(event.other, policy)
    mine = _shift_at(event.schedule, event.mine, event.by, now, policy)
    theirs = _shift_at(event.schedule, event.theirs, event.other, now, policy)
    if mine.start < theirs.end and theirs.start < mine.end:
        raise Refused("These two shifts overlap; a swap is one shift for another.")
    spans = (replace(mine, person=event.other), replace(theirs, person=event.by))
    made = _asked(event, StandInKind.SWAP, now, *spans, to=(event.other,))
    _must_fit(made, policy)
    return _offered(made)


def _asked(
    event: OverrideSet | CoverAsked | SwapAsked,
    kind: StandInKind,
    now: datetime,
    *spans: Span,
    to: tuple[str, ...] = (),
) -> StandIn:
    return StandIn(
        id=event.id,
        kind=kind,
        schedule=event.schedule,
        asked_by=event.by,
        asked_at=now,
        spans=spans,
        state=StandInState.OFFERED,
        reason=event.reason.strip(),
        offers=tuple(Offer(person) for person in to),
    )


def _accepted(standin: StandIn, event: StandInAccepted, now: datetime, policy: Policy) -> Decision[StandIn | None]:
    _must_be_offered(standin, event.by, now)
    if standin.offer(event.by) is None:
        asked = " or ".join(mention(offer.person) for offer in standin.offers)
        raise Refused(f"This was offered to {asked}.")
    spans = tuple(replace(span, person=span.person or event.by, start=max(span.start, now)) for span in standin.spans)
    after = replace(standin, spans=spans, state=StandInState.STANDING, accepted_by=event.by, stood_at=now)
    _must_fit(after, policy)
    after = _with_offer(after, event.by, declined=False)  # they may have said “no” first
    news = _changed(after, concerned(after, now, policy), event.by)
    return Decision(after, (CancelTimer(key=_timer(after)), *_redrawn(after), *news))


def _declined(standin: StandIn, event: StandInRefused, now: datetime) -> Decision[StandIn | None]:
    """One “no” to cover leaves the others to answer; the last one settles it."""
    _must_be_offered(standin, event.by, now)
    if standin.offer(event.by) is None:
        raise Refused("This was not offered to you.")
    after = _with_offer(standin, event.by, declined=True)
    if not _settled(after):
        return Decision(after, (RefreshOffer(schedule=after.schedule, id=after.id, person=event.by),))
    return _refused(replace(after, ended_by=event.by), now)


def _undelivered(standin: StandIn, event: OfferUndelivered, now: datetime) -> Decision[StandIn | None]:
    """Counts like a “no”, or whoever asked would wait for an answer that cannot come."""
    if standin.state is not StandInState.OFFERED:
        return Decision(standin)
    after = _with_offer(standin, event.person, declined=True)
    return _refused(after, now) if _settled(after) else Decision(after)


def _settled(standin: StandIn) -> bool:
    return all(offer.declined for offer in standin.offers)


def _refused(standin: StandIn, now: datetime) -> Decision[StandIn | None]:
    after = replace(standin, state=StandInState.REFUSED, ended_at=now)
    return Decision(after, (CancelTimer(key=_timer(after)), *_redrawn(after), *_told(after, (after.asked_by,))))


def _undone(standin: StandIn, event: StandInUndone, now: datetime, policy: Policy) -> Decision[StandIn | None]:
    if standin.state not in (StandInState.STANDING, StandInState.OFFERED):
        raise Refused(f"Change {standin.id} is {standin.state} already.")
    if standin.over <= now:
        raise Refused(f"Change {standin.id} is over; what is past cannot be undone.")
    people = concerned(standin, now, policy)
    must_be_concerned(event.by, people, policy)
    after = replace(standin, state=StandInState.UNDONE, ended_by=event.by, ended_at=now)
    if standin.state is StandInState.STANDING:
        return Decision(after, (*_redrawn(after), *_changed(after, people, event.by)))
    news = _told(after, tuple({after.asked_by} - {event.by}))
    return Decision(after, (CancelTimer(key=_timer(after)), *_redrawn(after), *news))


def _expired(standin: StandIn, now: datetime) -> Decision[StandIn | None]:
    if standin.state is not StandInState.OFFERED:
        return Decision(standin)
    after = replace(standin, state=StandInState.EXPIRED, ended_at=now)
    return Decision(after, (*_redrawn(after), *_told(after, (after.asked_by,))))


def _offered(made: StandIn) -> Decision[StandIn | None]:
    """Whoever accepts late takes what is left of it; a swap only while both shifts have time left."""
    posted: list[Effect] = [PostOffer(schedule=made.schedule, id=made.id, person=offer.person) for offer in made.offers]
    expires = OfferExpired(schedule=made.schedule, id=made.id)
    return Decision(made, (*posted, SetTimer(key=_timer(made), due=_ends(made), event=expires)))


def concerned(standin: StandIn, now: datetime, policy: Policy) -> tuple[str, ...]:
    """Those it names, and whoever has the pager at other times with it than without it."""
    others = tuple(each for each in policy.overrides_of(standin.schedule) if each.id != standin.id)
    both = (others, (*others, *standin.overrides()))
    spans = ((max(span.start, now), span.end) for span in standin.spans)
    found = (person for start, end in spans for person in moved(standin.schedule, start, end, *both, policy))
    return tuple(dict.fromkeys((*standin.people, *found)))


def _changed(standin: StandIn, people: tuple[str, ...], by: str) -> tuple[Effect, ...]:
    """Those concerned are told, and the watch over the schedule looks anew at who is on call."""
    others = tuple(person for person in people if person != by)
    return (*_told(standin, others), Tell(event=ShiftFellDue(schedule=standin.schedule)))


def _told(standin: StandIn, people: tuple[str, ...]) -> tuple[Effect, ...]:
    return tuple(TellOfStandIn(schedule=standin.schedule, id=standin.id, person=person) for person in people)


def _redrawn(standin: StandIn) -> tuple[Effect, ...]:
    return tuple(RefreshOffer(schedule=standin.schedule, id=standin.id, person=o.person) for o in standin.offers)


def _shift_at(schedule: str, at: datetime, person: str, now: datetime, policy: Policy) -> Span:
    """The shift that a person has at an instant, from now on."""
    must_be_a_schedule(schedule, policy)
    held = on_call_in(schedule, at, policy)
    if person not in held.people:
        name = policy.schedule_name(schedule)
        raise Refused(f"{mention(person)} is not on call for {name} then. `/oncall week {schedule}` shows who is.")
    if held.until is None or held.until - max(held.since or now, now) > LONGEST:
        raise Refused(f"The shift of {mention(person)} has no end within a year; ask for cover of a part instead.")
    if held.until <= now:
        raise Refused("That lies in the past; a shift can only be changed from now on.")
    return Span(max(held.since or now, now), held.until, None, person)


def _own(
    person: str, schedule: str, start: datetime, end: datetime, policy: Policy
) -> tuple[datetime, datetime] | None:
    """From the first to the last instant of the span at which a person has the pager."""
    found = shifts(policy.schedules[schedule], start, end, policy.overrides_of(schedule))
    held = [shift for shift in found if person in shift.people]
    return (held[0].start, held[-1].end) if held else None


def _gaps(event: OverrideSet, start: datetime, policy: Policy) -> bool:
    found = shifts(policy.schedules[event.schedule], start, event.end, policy.overrides_of(event.schedule))
    return any(not shift.people for shift in found)


def _must_fit(standin: StandIn, policy: Policy) -> None:
    """A shift is there to be given, and whoever takes it has not got it already; both may change after an offer."""
    for span in standin.spans:
        known = policy.schedules.get(standin.schedule)
        found = shifts(known, span.start, span.end, policy.overrides_of(standin.schedule)) if known else []
        theirs = [span.instead_of in shift.people for shift in found]
        giver, taker = mention(span.instead_of or ""), mention(span.person or "")
        if not any(theirs):
            raise Refused(f"{giver} no longer has that shift, so there is nothing to take over.")
        must_not_overlap(standin.id, standin.schedule, span, policy)
        if standin.kind is StandInKind.SWAP and not all(theirs):
            raise Refused(f"The shift of {giver} is another now than when this was offered. Ask for the swap again.")
        if any(span.person in shift.people for shift in found):
            raise Refused(f"{taker} is on call for {policy.schedule_name(standin.schedule)} in that time already.")


def _must_be_offered(standin: StandIn, by: str, now: datetime) -> None:
    if standin.state is StandInState.STANDING and standin.accepted_by == by:
        raise Refused(f"You have it already. `/oncall undo {standin.id}` gives it back.")
    if standin.state is StandInState.STANDING and standin.accepted_by is not None:
        raise Refused(f"{mention(standin.accepted_by)} was first and has it already.")
    if standin.state is not StandInState.OFFERED:
        raise Refused(_HOW_IT_ENDED[standin.state])
    if _ends(standin) <= now:
        raise Refused("The time of this offer is over.")


_HOW_IT_ENDED = {
    StandInState.STANDING: "This stands already.",
    StandInState.REFUSED: "This offer is over: it was declined.",
    StandInState.EXPIRED: "This offer is over: nobody accepted it in time.",
    StandInState.UNDONE: "This offer was withdrawn.",
}


def _with_offer(standin: StandIn, person: str, **facts: Message | bool) -> StandIn:
    offers = tuple(replace(o, **facts) if o.person == person else o for o in standin.offers)  # type: ignore[arg-type]  # a field each
    return replace(standin, offers=offers)


def _ends(standin: StandIn) -> datetime:
    """Until when an offer can be accepted."""
    return min(span.end for span in standin.spans)


def _timer(standin: StandIn) -> str:
    return f"stand-in:{standin.id}:offer"
