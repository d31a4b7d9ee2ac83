"""Merging: an incident that is the same trouble as another ends, and the other goes on with what was answered in it.

Both halves happen, or neither: what ends tells the survivor, and is bound to its answer.
"""

from bot.core import channel, lifecycle, sla
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice, Tell
from bot.core.events import IncidentMerged, IncidentTookIn
from bot.core.history import Mark, answered, answers, as_corrected, took_in
from bot.core.incident import Incident, Role, Status
from bot.core.roles import take_role


def merged(draft: Draft, event: IncidentMerged) -> None:
    """It ends as what was nothing does; the survivor is told what counts for it, too."""
    incident = draft.incident
    draft.must_be_open()
    if event.into == event.number:
        raise Refused(f"{incident.name} cannot be merged into itself. Name the incident that goes on.")
    draft.change(status=Status.MERGED, merged_into=event.into, closed_at=draft.now)
    draft.record(event.by, Entry.MERGED, old=incident.status, new=str(event.into), text=event.reason)
    lifecycle.end(draft, event.by)
    draft.tell(Notice.MERGED, by=event.by, note=event.reason)
    told = IncidentTookIn(
        number=event.into,
        by=event.by,
        other=event.number,
        title=incident.title,
        channel=incident.channel,
        declared=incident.declared_at,
        started=incident.started_at,
        answers=answered(_answers(incident)),
        acknowledged_by=incident.acknowledged_by,
        people=tuple(sorted(incident.invited | {who for _, who in incident.roles})),
        reason=event.reason,
    )
    draft.do(Tell(event=told, binding=True))


def took(draft: Draft, event: IncidentTookIn) -> None:
    """The earlier clock counts, and an answer that the customer has had in the other is one here, too."""
    incident = draft.incident
    if not incident.is_open:
        raise Refused(_why_not(incident, event.other))
    other = took_in(event.other, event.declared)
    draft.record(event.by, Entry.TOOK_IN, old=event.answers or None, new=other, text=event.title)
    draft.change(
        declared_at=min(incident.declared_at, event.declared), started_at=min(incident.started_at, event.started)
    )
    has = _acknowledge(draft, event)
    channel.invite(draft, event.people)
    moved = sla.restate(draft)
    facts = {"other": str(event.other), "title": event.title, "channel": event.channel or "", "note": event.reason}
    draft.tell(Notice.TOOK_IN, by=event.by, has=has, moved=moved, **facts)


def _answers(incident: Incident) -> list[Mark]:
    """When it was first acknowledged, and every update."""
    updates = [mark for mark in as_corrected(incident.history) if mark.what is Entry.UPDATE]
    if incident.acknowledged_at is None:
        return updates
    return [Mark(incident.acknowledged_at, Entry.ACKNOWLEDGED, by=incident.acknowledged_by), *updates]


def _acknowledge(draft: Draft, event: IncidentTookIn) -> str:
    """The first acknowledgement of both counts. Who has this one thereby; empty if somebody had it before."""
    at = next((mark.at for mark in answers(event.answers) if mark.what is Entry.ACKNOWLEDGED), None)
    who = event.acknowledged_by
    if at is None or who is None:
        return ""
    before = draft.incident
    if before.acknowledged_at is not None:
        if at < before.acknowledged_at:
            draft.change(acknowledged_by=who, acknowledged_at=at)
        return ""
    lifecycle.has_it(draft, who)
    draft.change(acknowledged_at=at)
    if before.lead is None:
        take_role(draft, Role.LEAD, who, by=event.by)
    lifecycle.look_into(draft, who)
    return who


def _why_not(incident: Incident, other: int) -> str:
    """Why it cannot take in another."""
    if incident.merged_into == other:
        return f"{incident.name} was merged into INC-{other} already."
    if incident.merged_into is not None:
        return f"{incident.name} was merged into INC-{incident.merged_into}; merge into that one."
    if incident.status is Status.RESOLVED:
        return f"{incident.name} is resolved. Reopen it first, and merge then."
    return f"{incident.name} is {incident.status}, and only what is open can take in another."
