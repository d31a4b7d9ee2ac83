"""A handoff before the change and at it: asked for, noted, begun early, posted once.

What is left of it when the shift changes again stands in the next one.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.core import briefing
from bot.core.concerned import with_leads
from bot.core.decision import Decision, Refused, mention
from bot.core.effects import CancelTimer, Effect, SetTimer, Tell
from bot.core.events import HandedOver
from bot.core.handoff import (
    MOST_WATCHED,
    Around,
    Handoff,
    HandoffItem,
    ItemState,
    Note,
    ShiftWatch,
    Words,
)
from bot.core.nudging import gap, nudge, nudge_key
from bot.core.oncall_effects import AskForHandoff, KeepCanvas, PostHandoff, RefreshHandoff
from bot.core.oncall_events import (
    HandoffCompleted,
    HandoffNears,
    HandoffNoted,
    HandoffStarted,
)
from bot.core.permitted import no_such_schedule
from bot.oncall.schedule import on_call_in
from bot.policy.model import Policy

Decided = Decision[ShiftWatch | None]
LONGEST = 2000  # characters of one answer
MOST_NOTES = 20

# Before the change


def ask(schedule: str, watch: ShiftWatch, now: datetime, policy: Policy) -> tuple[ShiftWatch, tuple[Effect, ...]]:
    """The timer that asks for the handoff before the change, or the question itself if it is that late."""
    plan, key = policy.schedules[schedule].handoff, _ask_key(schedule)
    if plan is None or watch.until is None or not watch.people:
        return watch, (CancelTimer(key=key),)
    due = watch.until - plan.lead_time
    if due > now:
        return watch, (SetTimer(key=key, due=due, event=HandoffNears(schedule=schedule)),)
    coming = on_call_in(schedule, watch.until, policy).people
    going = tuple(person for person in watch.people if person not in coming)
    if watch.asked == watch.until or not going or watch.until <= now:  # too late: the change itself is next
        return watch, ()
    asked = (AskForHandoff(schedule=schedule, person=person, at=watch.until) for person in going)
    return replace(watch, asked=watch.until), tuple(asked)


def nears(watch: ShiftWatch | None, event: HandoffNears, now: datetime, policy: Policy) -> Decided:
    if watch is None or event.schedule not in policy.schedules:
        return Decision(watch)
    after, effects = ask(event.schedule, watch, now, policy)
    return Decision(after, effects)


def completed(watch: ShiftWatch | None, event: HandoffCompleted, now: datetime, policy: Policy) -> Decided:
    """For the next handoff; or, if the shift has just changed, for the one that stands and waits."""
    known = _must_be_watched(watch, event.schedule, policy)
    words = _checked(replace(event.words, by=event.by, at=now))
    handoff = just_handed_over(known, event.by)
    if handoff is not None:
        items = briefing.planned(handoff.items, words)
        after = replace(known, handoff=replace(handoff, words=words, items=items))
        return Decision(after, drawn_anew(handoff))
    _must_go(known, event.by, policy)
    return Decision(replace(known, words=words))


def just_handed_over(watch: ShiftWatch, by: str) -> Handoff | None:
    """What somebody has just handed over, and nobody has taken yet; None if they have nothing of the kind."""
    handoff = watch.handoff
    if handoff is None or by not in handoff.outgoing or by in watch.people or not handoff.waits:
        return None
    return handoff


def noted(watch: ShiftWatch | None, event: HandoffNoted, now: datetime, policy: Policy) -> Decided:
    known = _must_be_watched(watch, event.schedule, policy)
    text = event.text.strip()
    if not text:
        raise Refused("Write what the next shift should know, for example `/handoff note the backfill runs until 6`.")
    if len(known.notes) >= MOST_NOTES:
        raise Refused(f"There are {MOST_NOTES} notes for the next handoff already.")
    return Decision(replace(known, notes=(*known.notes, Note(event.by, now, text[:LONGEST]))))


def started(watch: ShiftWatch | None, event: HandoffStarted, now: datetime, policy: Policy, around: Around) -> Decided:
    """To those whose shift is next, although the pager is not theirs yet."""
    known = _must_be_watched(watch, event.schedule, policy)
    _must_go(known, event.by, policy)
    if known.until is None:
        raise Refused("This shift has no end, so there is nobody to hand over to.")
    if policy.schedules[event.schedule].handoff is None:
        raise Refused('This schedule has no channel for handoffs. Give it one: `handoff: {channel: "#handoffs"}`.')
    incoming = on_call_in(event.schedule, known.until, policy).people
    if not incoming:
        raise Refused("Nobody is on call after you. Find somebody with `/oncall cover me` first.")
    if known.handoff is not None and known.handoff.at == known.until:
        raise Refused("This shift has been handed over already.")
    after, effects = post(known, known.people, incoming, known.until, now, policy, around)
    return Decision(after, effects)


# At the change


def post(
    watch: ShiftWatch,
    outgoing: tuple[str, ...],
    incoming: tuple[str, ...],
    at: datetime,
    now: datetime,
    policy: Policy,
    around: Around,
) -> tuple[ShiftWatch, tuple[Effect, ...]]:
    """The handoff as it stands now, complete or not; what nobody took of the one before stands in it, too."""
    schedule, old = watch.schedule, watch.handoff
    goes = outgoing or (old.outgoing if old is not None else ())  # after a gap it is still those before it who have it
    handoff = Handoff(
        id=_new_id(schedule, now, old),
        schedule=schedule,
        at=at,
        outgoing=goes,
        incoming=incoming,
        items=briefing.items(around, watch, goes, incoming, now, policy),
        posted_at=now,
        words=watch.words,
        notes=watch.notes,
        summary=briefing.ahead(around.summary, schedule, now, policy),
    )
    effects: list[Effect] = []
    if old is not None and (old.waits or old.taken_by is None):
        effects.append(RefreshHandoff(schedule=schedule, handoff=old.id))
    effects.append(PostHandoff(schedule=schedule, handoff=handoff.id))
    effects.append(KeepCanvas(schedule=schedule, handoff=handoff.id))
    effects += (*_told(handoff, handoff.items), *nudge(handoff, now)) if incoming else gap(handoff, policy)
    previous = _carried(old) if old is not None else None
    after = replace(watch, handoff=handoff, previous=previous, words=Words(), notes=(), asked=at)
    return after, tuple(effects)


def _new_id(schedule: str, now: datetime, old: Handoff | None) -> str:
    """By the second; the shift may change twice in it."""
    first = f"{schedule}-{now:%Y%m%dT%H%M%S}"
    if old is None or not old.id.startswith(first):
        return first
    return f"{first}-{int(old.id.removeprefix(first).lstrip('-') or 1) + 1}"


def _carried(old: Handoff) -> Handoff:
    """What nobody took of it stands in the next one from now on, or has ended."""
    return replace(
        old, items=tuple(item if item.is_taken else replace(item, state=ItemState.CARRIED) for item in old.items)
    )


def joined(watch: ShiftWatch, now: datetime, policy: Policy, around: Around) -> tuple[ShiftWatch, tuple[Effect, ...]]:
    """The change for which it was handed over early: what was declared since is handed over, too."""
    handoff = watch.handoff
    assert handoff is not None
    known = {item.number for item in handoff.items}
    fresh = replace(around, incidents=tuple(each for each in around.incidents if each.number not in known))
    new = briefing.items(fresh, watch, handoff.outgoing, handoff.incoming, now, policy)
    if not new:
        return watch, ()
    after = replace(handoff, items=(*handoff.items, *new))
    refresh = (*drawn_anew(handoff), *_told(handoff, new))
    if not any(not item.is_taken for item in new):
        return replace(watch, handoff=after), refresh
    after = replace(after, taken_by=None, taken_at=None, nudges=0)
    return replace(watch, handoff=after), (*refresh, *nudge(after, now))


def _told(handoff: Handoff, items: tuple[HandoffItem, ...]) -> Iterable[Effect]:
    """The incidents themselves, whose clock of acceptance runs from now on."""
    for item in items:
        kept_by = item.answered_by if item.is_taken else None
        yield Tell(event=HandedOver(number=item.number, handoff=handoff.id, to=handoff.incoming, kept_by=kept_by))


def drawn_anew(handoff: Handoff) -> tuple[Effect, ...]:
    which = {"schedule": handoff.schedule, "handoff": handoff.id}
    return (RefreshHandoff(**which), KeepCanvas(**which))


def _must_be_watched(watch: ShiftWatch | None, schedule: str, policy: Policy) -> ShiftWatch:
    if watch is None or schedule not in policy.schedules:
        raise no_such_schedule(schedule, policy)
    return watch


def _must_go(watch: ShiftWatch, by: str, policy: Policy) -> None:
    concerned = with_leads(watch.people, policy)
    if by not in concerned:
        names = " or ".join(mention(person) for person in concerned) or "nobody"
        raise Refused(f"Only whoever has the shift now, and the lead of their team, may do that: {names}.")


def _checked(words: Words) -> Words:
    texts = (words.start_here, words.ahead, words.silences, *words.watch)
    plans = tuple(text for plan in words.plans for text in (plan.next_action, plan.if_then))
    if any(len(text) > LONGEST for text in (*texts, *plans)):
        raise Refused(f"One answer is longer than {LONGEST:,} characters; put the rest into the incident's channel.")
    watch = tuple(text.strip() for text in words.watch if text.strip())
    if len(watch) > MOST_WATCHED:
        raise Refused(f"Name at most {MOST_WATCHED} things to watch; nobody watches more at once.")
    return replace(words, watch=watch, start_here=words.start_here.strip())


def timer_keys(schedule: str) -> tuple[str, str]:
    return _ask_key(schedule), nudge_key(schedule)


def _ask_key(schedule: str) -> str:
    return f"schedule:{schedule}:handoff"
