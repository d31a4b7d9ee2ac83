"""The life of an incident: declared, moved between its statuses, ended and taken up again.

    triage -> investigating -> identified -> monitoring -> resolved -> closed

From an open status one may jump forward, or back to an earlier open one. A resolved incident can be
reopened; a declined one (it was nothing), a merged one (`core/merging`) and a closed one stay as they are.
"""

from bot.core import channel, escalation, paging, responders, runbook, sla, waiting
from bot.core.decision import Draft, Refused, ended, mention
from bot.core.effects import Entry, Notice
from bot.core.events import (
    IncidentAcknowledged,
    IncidentClosed,
    IncidentDeclared,
    IncidentDeclined,
    IncidentReopened,
    IncidentResolved,
    SeverityChanged,
    StatusMoved,
)
from bot.core.incident import OPEN, EscalationState, Role, Status
from bot.core.roles import settle_offer, take_role
from bot.policy.nearest import known


def declared(draft: Draft, event: IncidentDeclared) -> None:
    """Makes its channel, pages the first step and offers the runbooks that apply."""
    draft.record(event.by, Entry.DECLARED, new=event.severity, text=event.title)
    channel.make(draft)
    channel.invite_team(draft)
    runbook.offer(draft)
    escalation.begin(draft)


def acknowledged(draft: Draft, event: IncidentAcknowledged) -> None:
    incident = draft.incident
    draft.must_be_open()
    paging_on = incident.escalation and incident.escalation.state is not EscalationState.ACKNOWLEDGED
    asked_in = responders.asked(incident, event.by)
    if asked_in is not None and incident.acknowledged_by is not None:
        responders.joined(draft, asked_in)
        return
    if incident.acknowledged_by is not None and not paging_on:
        yours = incident.acknowledged_by == event.by
        raise Refused("You already have it." if yours else f"{mention(incident.acknowledged_by)} already has it.")
    others = paging.still_asked(incident, event.by)
    if others and paging.has_answered(incident, event.by):
        names = " and ".join(mention(page.person) for page in others)
        raise Refused(f"You already have it; {names} must acknowledge, too.")
    if asked_in is not None:
        responders.joined(draft, asked_in)
    has_it(draft, event.by, event.page)
    if incident.acknowledged_at is None and incident.lead is None:
        take_role(draft, Role.LEAD, event.by, by=event.by)
    look_into(draft, event.by)
    channel.invite(draft, (event.by,))
    draft.tell(Notice.ACKNOWLEDGED, by=event.by, waiting=" ".join(page.person for page in others))


def has_it(draft: Draft, by: str, page: str | None = None) -> None:
    """Somebody answers for it from now on: the acknowledgement clock is met, and nobody is paged any more, save the
    others of a step that everybody must acknowledge."""
    incident = draft.incident
    draft.change(acknowledged_by=by, acknowledged_at=incident.acknowledged_at or draft.now)
    draft.record(by, Entry.ACKNOWLEDGED)
    if paging.still_asked(incident, by):
        paging.answer_for_one(draft, by)
        return
    paging.answer(draft, by, page)
    escalation.stop(draft, EscalationState.ACKNOWLEDGED)


def look_into(draft: Draft, by: str) -> None:
    """What somebody has taken is no longer in triage."""
    if draft.incident.status is Status.TRIAGE:
        move(draft, by, Status.INVESTIGATING)


def status_moved(draft: Draft, event: StatusMoved) -> None:
    """A move to `resolved`, `closed` or `declined` is the act of that name."""
    incident = draft.incident
    match event.to:
        case Status.RESOLVED:
            resolved(draft, IncidentResolved(number=event.number, by=event.by, summary=event.note))
        case Status.CLOSED:
            closed(draft, IncidentClosed(number=event.number, by=event.by))
        case Status.DECLINED:
            declined(draft, IncidentDeclined(number=event.number, by=event.by, reason=event.note))
        case Status.MERGED:
            draft.must_be_open()
            raise Refused("Say into which incident: `/incident merge N`.")
        case _:
            draft.must_be_open()
            if incident.status is event.to:
                raise Refused(f"{incident.name} is already {event.to}.")
            old = incident.status
            move(draft, event.by, event.to, event.note)
            draft.tell(Notice.STATUS, by=event.by, old=old, new=event.to, note=event.note)


def move(draft: Draft, by: str, to: Status, note: str = "") -> None:
    """Sets the status, with the instants and clocks that go with it; `monitoring` means mitigated."""
    old = draft.incident.status
    draft.change(status=to)
    draft.record(by, Entry.STATUS, old=old, new=to, text=note)
    if to is Status.MONITORING:
        draft.change(mitigated_at=draft.incident.mitigated_at or draft.now)
    elif to in OPEN and old in (Status.MONITORING, Status.RESOLVED):
        draft.change(mitigated_at=None)


def severity_changed(draft: Draft, event: SeverityChanged) -> None:
    incident = draft.incident
    draft.must_be_open()
    order = list(draft.policy.severities)
    if event.to not in order:
        nearest = known(event.to, order)
        hint = f" Did you mean {nearest}?" if nearest else ""
        raise Refused(f"There is no severity “{event.to}”.{hint} Known are {', '.join(order)}.")
    if event.to == incident.severity:
        raise Refused(f"{incident.name} is already {event.to}.")
    raised = incident.severity not in order or order.index(event.to) < order.index(incident.severity)
    draft.change(severity=event.to)
    draft.record(event.by, Entry.SEVERITY, old=incident.severity, new=event.to, text=event.reason)
    escalation.severity_changed(draft, raised)
    moved = sla.restate(draft)
    draft.tell(Notice.SEVERITY, by=event.by, old=incident.severity, new=event.to, note=event.reason, moved=moved)


def resolved(draft: Draft, event: IncidentResolved) -> None:
    draft.must_be_open()
    _resolve(draft, event.by, event.summary)
    draft.tell(Notice.RESOLVED, by=event.by, note=event.summary)


def closed(draft: Draft, event: IncidentClosed) -> None:
    incident = draft.incident
    if incident.status is Status.MERGED:
        raise Refused(ended(incident))
    if incident.status in (Status.CLOSED, Status.DECLINED):
        raise Refused(f"{incident.name} is already {incident.status}.")
    if incident.is_open:
        _resolve(draft, event.by, "")
    move(draft, event.by, Status.CLOSED)
    draft.change(closed_at=draft.now)
    draft.tell(Notice.CLOSED, by=event.by)


def declined(draft: Draft, event: IncidentDeclined) -> None:
    """It was nothing: nobody is paged any more and no clock counts."""
    draft.must_be_open()
    move(draft, event.by, Status.DECLINED, event.reason)
    draft.change(closed_at=draft.now)
    end(draft, event.by)
    draft.tell(Notice.DECLINED, by=event.by, note=event.reason)


def reopened(draft: Draft, event: IncidentReopened) -> None:
    """Runs the clocks on with what had elapsed; the one who had it still has it."""
    incident = draft.incident
    if incident.is_open:
        raise Refused(f"{incident.name} is open already.")
    if incident.status is Status.MERGED:
        raise Refused(ended(incident))
    if incident.status is not Status.RESOLVED:
        raise Refused(f"{incident.name} is {incident.status} and stays so. Declare a new incident instead.")
    move(draft, event.by, Status.INVESTIGATING, event.reason)
    draft.change(resolved_at=None)
    escalation.stop(draft, EscalationState.ACKNOWLEDGED)
    runbook.go_on(draft)
    draft.tell(Notice.REOPENED, by=event.by, note=event.reason, moved=sla.restate(draft))


def _resolve(draft: Draft, by: str, summary: str) -> None:
    incident = draft.incident
    move(draft, by, Status.RESOLVED, summary)
    draft.change(
        resolved_at=draft.now,
        summary=summary or incident.summary,
        mitigated_at=incident.mitigated_at or draft.now,
        acknowledged_by=incident.acknowledged_by or by,
        acknowledged_at=incident.acknowledged_at or draft.now,
    )
    end(draft, by)


def end(draft: Draft, by: str) -> None:
    """Nobody is paged any more, no step runs, and it waits on nobody."""
    paging.withdraw(draft, by)
    escalation.stop(draft, EscalationState.STOPPED)
    waiting.over(draft)
    runbook.rest(draft)
    settle_offer(draft)
