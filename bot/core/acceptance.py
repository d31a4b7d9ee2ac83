"""An incident that was handed over with its shift, until somebody of the next one takes it: the clock of acceptance."""

from bot.core.decision import Draft
from bot.core.effects import Entry
from bot.core.events import HandedOver, LeadHandedOver
from bot.core.incident import Incident


def handed_over(draft: Draft, event: HandedOver) -> None:
    """Also if it still waits from the last time: the timeline says to whom it went, and its clock runs on."""
    if event.kept_by is not None:
        _taken(draft, event.kept_by, event.handoff)
    elif draft.incident.is_open:
        draft.record(None, Entry.HANDED_OVER, new=" ".join(event.to), text=event.handoff)


def taken_over(draft: Draft, event: LeadHandedOver) -> None:
    _taken(draft, event.by, event.handoff)


def _taken(draft: Draft, by: str, handoff: str) -> None:
    if draft.incident.is_open and _waits(draft.incident):
        draft.record(by, Entry.TAKEN_OVER, text=handoff)


def _waits(incident: Incident) -> bool:
    found = (mark.what for mark in reversed(incident.history) if mark.what in (Entry.HANDED_OVER, Entry.TAKEN_OVER))
    return next(found, None) is Entry.HANDED_OVER
