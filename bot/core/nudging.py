"""Whoever is to take a handoff is reminded of it: first they, then their backup, then the leads of both."""

from dataclasses import replace
from datetime import datetime

from bot.core.concerned import leads_of, with_leads
from bot.core.decision import Decision
from bot.core.effects import CancelTimer, Effect, SetTimer
from bot.core.handoff import MOST_NUDGES, NUDGE_EVERY, Handoff, ItemState, ShiftWatch
from bot.core.oncall_effects import TellOfHandoff
from bot.core.oncall_events import NudgeFellDue
from bot.oncall.schedule import on_call
from bot.policy.model import Policy


def nudged(watch: ShiftWatch | None, event: NudgeFellDue, now: datetime, policy: Policy) -> Decision[ShiftWatch | None]:
    """First the incoming people, then their backup, then the leads of both."""
    handoff = watch.handoff if watch else None
    if watch is None or handoff is None or handoff.id != event.handoff or is_done(handoff):
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
    return Decision(replace(watch, handoff=after), (*told, *nudge(after, now)))


def nudge(handoff: Handoff, since: datetime) -> tuple[Effect, ...]:
    if handoff.nudges >= MOST_NUDGES:
        return ()
    fell = NudgeFellDue(schedule=handoff.schedule, handoff=handoff.id)
    return (SetTimer(key=nudge_key(handoff.schedule), due=since + NUDGE_EVERY, event=fell),)


def gap(handoff: Handoff, policy: Policy) -> tuple[Effect, ...]:
    """Nobody comes: those who go keep it, and are told so, and so are their leads."""
    told = (
        TellOfHandoff(schedule=handoff.schedule, handoff=handoff.id, person=person, why="gap")
        for person in with_leads(handoff.outgoing, policy)
    )
    return (CancelTimer(key=nudge_key(handoff.schedule)), *told)


def is_done(handoff: Handoff) -> bool:
    """Whether there is nothing to be reminded of: what was declined is for the leads to settle."""
    return handoff.taken_by is not None or (
        bool(handoff.items) and all(item.is_taken or item.state is ItemState.DECLINED for item in handoff.items)
    )


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


def nudge_key(schedule: str) -> str:
    return f"schedule:{schedule}:nudge"
