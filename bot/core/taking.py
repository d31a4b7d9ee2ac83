"""What incoming people say to a handoff: all of it or incident by incident accepted, asked about, declined, read back.

What nobody has accepted stays with those who had it: the lead and the pages of an incident move then, and not before.
"""

from dataclasses import replace
from datetime import datetime

from bot.core.concerned import leads_of, turn_takers
from bot.core.decision import Decision, Refused, mention
from bot.core.effects import CancelTimer, Effect, Tell
from bot.core.events import LeadHandedOver
from bot.core.handoff import Handoff, HandoffItem, ItemState, ShiftWatch
from bot.core.nudging import is_done, nudge_key
from bot.core.oncall_effects import AskAboutItem, TellOfHandoff
from bot.core.oncall_events import (
    HandoffAnswer,
    HandoffReadBack,
    HandoffTaken,
    ItemAccepted,
    ItemDeclined,
    ItemQuestioned,
)
from bot.core.transfer import LONGEST, drawn_anew
from bot.oncall.schedule import on_call_in
from bot.policy.model import Policy

Decided = Decision[ShiftWatch | None]


def taken(watch: ShiftWatch | None, event: HandoffTaken, now: datetime, policy: Policy) -> Decided:
    """All that is left; whoever takes it is there, also where nothing is open."""
    known, handoff = _must_be_theirs(watch, event)
    if handoff.taken_by is not None and not handoff.waits:
        raise Refused(f"{mention(handoff.taken_by)} took this handoff already.")
    items = tuple(item if item.is_taken else _accept(item, event.by, now) for item in handoff.items)
    after = replace(handoff, items=items, sentence=event.sentence.strip()[:LONGEST] or handoff.sentence)
    gone = _off_shift(now, policy)
    told = tuple(_hand_over(item, event, gone) for item in handoff.waits)
    return _answered(known, after, event, now, told)


def accepted(watch: ShiftWatch | None, event: ItemAccepted, now: datetime, policy: Policy) -> Decided:
    known, handoff = _must_be_theirs(watch, event)
    item = _must_wait(handoff, event.number)
    after = _with(handoff, _accept(item, event.by, now))
    return _answered(known, after, event, now, (_hand_over(item, event, _off_shift(now, policy)),))


def questioned(watch: ShiftWatch | None, event: ItemQuestioned, now: datetime) -> Decided:
    """The outgoing people still have it, and are asked in the thread."""
    known, handoff = _must_be_theirs(watch, event)
    item = _must_wait(handoff, event.number)
    text = event.text.strip()[:LONGEST]
    if not text:
        raise Refused("Write what you want to know; it goes to whoever hands over, in the thread.")
    asked = replace(
        item,
        state=ItemState.QUESTIONED,
        answered_by=event.by,
        answered_at=now,
        question=text,
        questions=item.questions + 1,
    )
    question = AskAboutItem(schedule=event.schedule, handoff=handoff.id, number=event.number, by=event.by, text=text)
    return _answered(known, _with(handoff, asked), event, now, (question,))


def declined(watch: ShiftWatch | None, event: ItemDeclined, now: datetime, policy: Policy) -> Decided:
    """The outgoing people still have it, and they and the leads are told."""
    known, handoff = _must_be_theirs(watch, event)
    item = _must_wait(handoff, event.number)
    reason = event.reason.strip()[:LONGEST]
    if not reason:
        raise Refused("Say why you cannot take it, so that the lead finds somebody else.")
    after = replace(
        item,
        state=ItemState.DECLINED,
        answered_by=event.by,
        answered_at=now,
        question=reason,
        declines=item.declines + 1,
    )
    people = dict.fromkeys((*handoff.outgoing, *leads_of((*handoff.outgoing, *handoff.incoming), policy)))
    told = tuple(
        TellOfHandoff(
            schedule=event.schedule, handoff=handoff.id, person=person, why="declined", number=item.number, by=event.by
        )
        for person in people
        if person != event.by
    )
    return _answered(known, _with(handoff, after), event, now, told)


def read_back(watch: ShiftWatch | None, event: HandoffReadBack, now: datetime) -> Decided:
    known, handoff = _must_be_theirs(watch, event)
    sentence = event.sentence.strip()[:LONGEST]
    if not sentence:
        raise Refused("One sentence is enough: what is worst, and what you do next.")
    return _answered(known, replace(handoff, sentence=sentence), event, now, ())


def _answered(
    watch: ShiftWatch, handoff: Handoff, event: HandoffAnswer, now: datetime, told: tuple[Effect, ...]
) -> Decided:
    """Whoever has the last of it has taken it."""
    if not handoff.waits and handoff.taken_by is None:
        handoff = replace(handoff, taken_by=event.by, taken_at=now)
    effects: list[Effect] = [*drawn_anew(handoff), *told]
    if is_done(handoff):
        effects.append(CancelTimer(key=nudge_key(event.schedule)))
    return Decision(replace(watch, handoff=handoff), tuple(effects))


def _accept(item: HandoffItem, by: str, now: datetime) -> HandoffItem:
    return replace(item, state=ItemState.ACCEPTED, answered_by=by, answered_at=now)


def _hand_over(item: HandoffItem, event: HandoffAnswer, gone: tuple[str, ...]) -> Effect:
    """Whoever else leads it and is at work goes on: the second line, or an engineer who never has the pager."""
    owners = tuple(dict.fromkeys((*item.owners, *gone)))
    return Tell(event=LeadHandedOver(number=item.number, by=event.by, handoff=event.handoff, owners=owners))


def _off_shift(now: datetime, policy: Policy) -> tuple[str, ...]:
    """Those who take turns in any schedule, and have none now: what they lead is nobody's until somebody takes it."""
    present = {person for name in policy.schedules for person in on_call_in(name, now, policy).people}
    known = dict.fromkeys(person for name in policy.schedules for person in turn_takers(name, now, policy))
    return tuple(person for person in known if person not in present)


def _with(handoff: Handoff, after: HandoffItem) -> Handoff:
    return replace(handoff, items=tuple(after if item.number == after.number else item for item in handoff.items))


def latest(watch: ShiftWatch | None, handoff: str) -> Handoff | None:
    """The handoff, unless the shift has changed again since."""
    found = watch.handoff if watch else None
    return found if found is not None and found.id == handoff else None


def may_take(watch: ShiftWatch, handoff: Handoff, by: str) -> bool:
    return by in handoff.incoming or by in watch.people


def _must_be_theirs(watch: ShiftWatch | None, event: HandoffAnswer) -> tuple[ShiftWatch, Handoff]:
    handoff = latest(watch, event.handoff)
    if watch is None or handoff is None:
        raise Refused("This handoff is over: the shift has changed again since, and a newer one stands below.")
    if not may_take(watch, handoff, event.by):
        names = " or ".join(mention(person) for person in handoff.incoming) or "the next person on call"
        raise Refused(f"Only {names} can take this handoff: they have the shift now.")
    return watch, handoff


def _must_wait(handoff: Handoff, number: int) -> HandoffItem:
    item = handoff.item(number)
    if item is None:
        raise Refused(f"INC-{number} is not in this handoff.")
    if item.is_taken:
        by = mention(item.answered_by) if item.answered_by else "Somebody"
        raise Refused(f"{by} has INC-{number} already.")
    return item
