"""Instants corrected by hand: what is wrong in the record is put right, and stands beside it in the timeline."""

from datetime import datetime

from bot.core import sla
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice
from bot.core.events import InstantCorrected
from bot.core.history import Moment, corrects
from bot.core.incident import Incident

FIELDS = {
    Moment.DECLARED: "declared_at",
    Moment.ACKNOWLEDGED: "acknowledged_at",
    Moment.MITIGATED: "mitigated_at",
    Moment.RESOLVED: "resolved_at",
}


def corrected(draft: Draft, event: InstantCorrected) -> None:
    incident = draft.incident
    field = FIELDS[event.moment]
    old: datetime | None = getattr(incident, field)
    if old is None and event.moment in (Moment.RESOLVED, Moment.MITIGATED):
        raise Refused(
            f"{incident.name} is not {event.moment} yet. Set its status first; then the time can be corrected."
        )
    if event.to > draft.now:
        raise Refused("What has happened cannot lie in the future.")
    if old == event.to:
        raise Refused(f"{incident.name} was {event.moment} at that very time already.")
    draft.change(**{field: event.to})
    if event.moment is Moment.RESOLVED:  # what the resolution did besides moves with it
        also = (name for name in ("acknowledged_at", "mitigated_at") if getattr(incident, name) == old)
        draft.change(**dict.fromkeys(also, event.to))
    wrong = out_of_order(draft.incident)
    if wrong is not None:
        raise Refused(wrong)
    if event.moment is Moment.DECLARED:
        draft.change(started_at=min(incident.started_at, event.to))
    if event.moment is Moment.ACKNOWLEDGED:
        draft.change(acknowledged_by=incident.acknowledged_by or event.by)
    draft.record(
        event.by,
        Entry.CORRECTED,
        old=corrects(event.moment, old),
        new=corrects(event.moment, event.to),
        text=event.reason,
    )
    facts = {"was": old.isoformat() if old else "", "now": event.to.isoformat()}
    draft.tell(Notice.CORRECTED, by=event.by, moment=event.moment, note=event.reason, moved=sla.restate(draft), **facts)


def out_of_order(incident: Incident) -> str | None:
    """What follows the declaration cannot come before it, and nothing can come after the resolution."""
    for moment in (Moment.ACKNOWLEDGED, Moment.MITIGATED, Moment.RESOLVED):
        at: datetime | None = getattr(incident, FIELDS[moment])
        if at is not None and at < incident.declared_at:
            return f"{incident.name} cannot have been {moment} before it was declared. Correct `declared` first."
        if at is not None and incident.resolved_at is not None and at > incident.resolved_at:
            return f"{incident.name} cannot have been {moment} after it was resolved. Correct `resolved` first."
    return None
