"""The life of a handoff: asked for, posted at the change, taken incident by incident, and brought to mind until then.

What nobody has taken stays with those who had it: the lead and the pages of an incident move when it is accepted, and
not before. What is left when the shift changes again stands in the next handoff.
"""

from dataclasses import replace
from datetime import datetime

from bot.core import briefing
from bot.core.concerned import leads_of, turn_takers
from bot.core.decision import Decision, Refused, mention
from bot.core.effects import CancelTimer, Effect, SetTimer, Tell
from bot.core.events import LeadHandedOver
from bot.core.handoff import (
    MOST_NUDGES,
    MOST_WATCHED,
    NUDGE_EVERY,
    Around,
    Handoff,
    HandoffItem,
    ItemState,
    Note,
    ShiftWatch,
    Words,
)
from bot.core.oncall_effects import AskAboutItem, AskForHandoff, KeepCanvas, PostHandoff, RefreshHandoff, TellOfHandoff
from bot.core.oncall_events import (
    HandoffAnswer,
    HandoffCompleted,
    HandoffNears,
    HandoffNoted,
    HandoffReadBack,
    HandoffStarted,
    HandoffTaken,
    ItemAccepted,
    ItemDeclined,
    ItemQuestioned,
    NudgeFellDue,
)
from bot.oncall.schedule import on_call
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
    coming = on_call(policy.schedules[schedule], watch.until, policy.overrides_of(schedule)).people
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
    handoff = known.handoff
    if handoff is not None and event.by in handoff.outgoing and event.by not in known.people and handoff.waits:
        plans = {plan.number: plan for plan in words.plans}
        items = tuple(briefing.planned(item, plans.get(item.number)) for item in handoff.items)
        after = replace(known, handoff=replace(handoff, words=words, items=items))
        return Decision(after, _drawn_anew(handoff))
    _must_go(known, event.by, policy)
    return Decision(replace(known, words=words))


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
    schedule = policy.schedules[event.schedule]
    if schedule.handoff is None:
        raise Refused('This schedule has no channel for handoffs. Give it one: `handoff: {channel: "#handoffs"}`.')
    incoming = on_call(schedule, known.until, policy.overrides_of(event.schedule)).people
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
    found = briefing.items(around, watch, goes, now, policy)
    handoff = Handoff(
        id=_new_id(schedule, now, old),
        schedule=schedule,
        at=at,
        outgoing=goes,
        incoming=incoming,
        items=tuple(briefing.kept_by(item, incoming, now) for item in found),
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
    effects += _nudge(handoff, now) if incoming else _gap(handoff, policy)
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
    new = briefing.items(fresh, watch, handoff.outgoing, now, policy)
    new = tuple(briefing.kept_by(item, handoff.incoming, now) for item in new)
    if not new:
        return watch, ()
    after = replace(handoff, items=(*handoff.items, *new))
    refresh = _drawn_anew(handoff)
    if not any(not item.is_taken for item in new):
        return replace(watch, handoff=after), refresh
    after = replace(after, taken_by=None, taken_at=None, nudges=0)
    return replace(watch, handoff=after), (*refresh, *_nudge(after, now))


# After it


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


def nudged(watch: ShiftWatch | None, event: NudgeFellDue, now: datetime, policy: Policy) -> Decided:
    """First the incoming people, then their backup, then the leads of both."""
    handoff = watch.handoff if watch else None
    if watch is None or handoff is None or handoff.id != event.handoff or _is_done(handoff):
        return Decision(watch)
    why = ("incoming", "backup", "lead")[min(handoff.nudges, 2)]
    people = {
        "incoming": handoff.incoming,
        "backup": _backup(handoff, now, policy),
        "lead": leads_of((*handoff.outgoing, *handoff.incoming), policy),
    }[why]
    told = (
        TellOfHandoff(schedule=event.schedule, handoff=handoff.id, person=person, why=why)
        for person in people or handoff.incoming
    )
    after = replace(handoff, nudges=handoff.nudges + 1)
    return Decision(replace(watch, handoff=after), (*told, *_nudge(after, now)))


def _answered(
    watch: ShiftWatch, handoff: Handoff, event: HandoffAnswer, now: datetime, told: tuple[Effect, ...]
) -> Decided:
    """Whoever has the last of it has taken it."""
    if not handoff.waits and handoff.taken_by is None:
        handoff = replace(handoff, taken_by=event.by, taken_at=now)
    effects: list[Effect] = [*_drawn_anew(handoff), *told]
    if _is_done(handoff):
        effects.append(CancelTimer(key=_nudge_key(event.schedule)))
    return Decision(replace(watch, handoff=handoff), tuple(effects))


def _drawn_anew(handoff: Handoff) -> tuple[Effect, ...]:
    which = {"schedule": handoff.schedule, "handoff": handoff.id}
    return (RefreshHandoff(**which), KeepCanvas(**which))


def _is_done(handoff: Handoff) -> bool:
    """Whether there is nothing to be reminded of: what was declined is for the leads to settle."""
    return handoff.taken_by is not None or (
        bool(handoff.items) and all(item.is_taken or item.state is ItemState.DECLINED for item in handoff.items)
    )


def _accept(item: HandoffItem, by: str, now: datetime) -> HandoffItem:
    return replace(item, state=ItemState.ACCEPTED, answered_by=by, answered_at=now)


def _hand_over(item: HandoffItem, event: HandoffAnswer, gone: tuple[str, ...]) -> Effect:
    """Whoever else leads it and is at work goes on: the second line, or an engineer who never has the pager."""
    owners = tuple(dict.fromkeys((*item.owners, *gone)))
    return Tell(event=LeadHandedOver(number=item.number, by=event.by, handoff=event.handoff, owners=owners))


def _off_shift(now: datetime, policy: Policy) -> tuple[str, ...]:
    """Those who take turns in any schedule, and have none now: what they lead is nobody's until somebody takes it."""
    present = {
        person
        for name, schedule in policy.schedules.items()
        for person in on_call(schedule, now, policy.overrides_of(name)).people
    }
    known = dict.fromkeys(person for name in policy.schedules for person in turn_takers(name, now, policy))
    return tuple(person for person in known if person not in present)


def _with(handoff: Handoff, after: HandoffItem) -> Handoff:
    return replace(handoff, items=tuple(after if item.number == after.number else item for item in handoff.items))


def _nudge(handoff: Handoff, since: datetime) -> tuple[Effect, ...]:
    if handoff.nudges >= MOST_NUDGES:
        return ()
    fell = NudgeFellDue(schedule=handoff.schedule, handoff=handoff.id)
    return (SetTimer(key=_nudge_key(handoff.schedule), due=since + NUDGE_EVERY, event=fell),)


def _gap(handoff: Handoff, policy: Policy) -> tuple[Effect, ...]:
    """Nobody comes: those who go keep it, and are told so, and so are their leads."""
    people = dict.fromkeys((*handoff.outgoing, *leads_of(handoff.outgoing, policy)))
    told = (TellOfHandoff(schedule=handoff.schedule, handoff=handoff.id, person=person, why="gap") for person in people)
    return (CancelTimer(key=_nudge_key(handoff.schedule)), *told)


def _backup(handoff: Handoff, now: datetime, policy: Policy) -> tuple[str, ...]:
    """Whoever a lower layer of the schedule has on call now."""
    schedule = policy.schedules.get(handoff.schedule)
    for layer in schedule.layers if schedule else ():
        assert schedule is not None
        people = on_call(schedule.model_copy(update={"layers": (layer,)}), now).people
        others = tuple(person for person in people if person not in handoff.incoming)
        if others:
            return others
    return leads_of(handoff.incoming, policy)


def _must_be_watched(watch: ShiftWatch | None, schedule: str, policy: Policy) -> ShiftWatch:
    if watch is None or schedule not in policy.schedules:
        known = f"Known are {', '.join(policy.schedules)}." if policy.schedules else "None is configured yet."
        raise Refused(f"There is no schedule {schedule}. {known}")
    return watch


def _must_go(watch: ShiftWatch, by: str, policy: Policy) -> None:
    leads = leads_of(watch.people, policy)
    if by not in watch.people and by not in leads:
        names = " or ".join(mention(person) for person in dict.fromkeys((*watch.people, *leads))) or "nobody"
        raise Refused(f"Only whoever has the shift now, and the lead of their team, may do that: {names}.")


def _must_be_theirs(watch: ShiftWatch | None, event: HandoffAnswer) -> tuple[ShiftWatch, Handoff]:
    handoff = watch.handoff if watch else None
    if watch is None or handoff is None or handoff.id != event.handoff:
        raise Refused("This handoff is over: the shift has changed again since, and a newer one stands below.")
    if event.by not in handoff.incoming and event.by not in watch.people:
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
    return _ask_key(schedule), _nudge_key(schedule)


def _ask_key(schedule: str) -> str:
    return f"schedule:{schedule}:handoff"


def _nudge_key(schedule: str) -> str:
    return f"schedule:{schedule}:nudge"
