"""One pure function decides what becomes of an incident: the table of who answers which event.

`decide(incident, event, now, policy)` reads nothing and touches nothing. The same arguments give the
same decision.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.core import (
    acceptance,
    actions,
    category,
    channel,
    contacts,
    correcting,
    escalation,
    labels,
    leading,
    lifecycle,
    merging,
    paging,
    responders,
    roles,
    runbook,
    sla,
    updates,
    waiting,
)
from bot.core import events as happened
from bot.core import runbook_events as walked
from bot.core.decision import Decision, Draft, Handler, Refused
from bot.core.events import (
    ContactTried,
    DeliveryGivenUp,
    IncidentDeclared,
    IncidentEvent,
    LeadHandedOver,
    PageDeclined,
    PersonEvent,
)
from bot.core.incident import EscalationState, Incident
from bot.policy.model import Policy
from bot.policy.nearest import known


def page_declined(draft: Draft, event: PageDeclined) -> None:
    """Declining moves to the next at once, unless somebody else of the step may still answer."""
    if paging.declined(draft, event):
        escalation.advance_at_once(draft)


def delivery_given_up(draft: Draft, event: DeliveryGivenUp) -> None:
    """A page that cannot reach its person counts as no answer; the path goes on."""
    channel.given_up(draft, event)
    if paging.undelivered(draft, event):
        escalation.advance_at_once(draft)


def contact_tried(draft: Draft, event: ContactTried) -> None:
    """When no way at all has reached somebody, the path goes on."""
    unreached = contacts.tried(draft, event)
    if unreached is not None and paging.unreached(draft, unreached, event.problem):
        escalation.advance_at_once(draft)


def lead_handed_over(draft: Draft, event: LeadHandedOver) -> None:
    """Whoever accepts a handoff has its incidents: pages that still wait for an answer have got one."""
    acceptance.taken_over(draft, event)
    runbook.handed_over(draft, draft.incident.lead, event.by)
    roles.lead_handed_over(draft, event)
    acting = draft.incident.escalation
    waits = acting is not None and acting.state is not EscalationState.ACKNOWLEDGED
    asked_in = responders.asked(draft.incident, event.by)
    if asked_in is not None:
        responders.joined(draft, asked_in)
    if draft.incident.is_open and waits:
        lifecycle.has_it(draft, event.by)
        lifecycle.look_into(draft, event.by)


DECISIONS: Mapping[type[IncidentEvent], Handler] = {
    happened.IncidentDeclared: lifecycle.declared,
    happened.IncidentAcknowledged: lifecycle.acknowledged,
    happened.StatusMoved: lifecycle.status_moved,
    happened.SeverityChanged: lifecycle.severity_changed,
    happened.IncidentResolved: lifecycle.resolved,
    happened.IncidentReopened: lifecycle.reopened,
    happened.IncidentClosed: lifecycle.closed,
    happened.IncidentDeclined: lifecycle.declined,
    happened.IncidentMerged: merging.merged,
    happened.IncidentTookIn: merging.took,
    happened.UpdatePosted: updates.update_posted,
    happened.NoteAdded: updates.note_added,
    happened.RoleTaken: roles.role_taken,
    happened.HandedOver: acceptance.handed_over,
    happened.LeadHandedOver: lead_handed_over,
    happened.LeadOffered: leading.offered,
    happened.LeadOfferAnswered: leading.answered,
    happened.LeadOfferFellDue: leading.fell_due,
    happened.EscalationAsked: escalation.escalation_asked,
    happened.PageDeclined: page_declined,
    happened.RespondersPaged: responders.paged,
    happened.AnswerFellDue: responders.answer_fell_due,
    happened.StepFellDue: escalation.step_fell_due,
    happened.HoldEnded: escalation.hold_ended,
    happened.GroupLookedUp: escalation.group_looked_up,
    happened.PageFellLate: paging.fell_late,
    happened.ContactFellDue: contacts.fell_due,
    happened.ContactTried: contact_tried,
    happened.SilenceFellDue: escalation.silence_fell_due,
    happened.ClockFellDue: sla.clock_fell_due,
    happened.IncidentWaits: waiting.waited,
    happened.IncidentWaitEnded: waiting.ended,
    happened.WaitFellDue: waiting.fell_due,
    happened.InstantCorrected: correcting.corrected,
    happened.CategoryChanged: category.changed,
    happened.LabelsChanged: labels.changed,
    walked.RunbookStarted: runbook.started,
    walked.RunbookStepTaken: runbook.step_taken,
    walked.RunbookStopped: runbook.stopped,
    walked.RunbookRated: runbook.rated,
    walked.RunbookPosted: runbook.posted,
    walked.StepAssigned: runbook.assigned,
    walked.EvidenceAdded: runbook.evidence_added,
    walked.StepWaitEnded: runbook.wait_ended,
    walked.StepStalled: runbook.step_stalled,
    walked.ActionAsked: actions.asked,
    walked.ActionApproved: actions.approved,
    walked.ActionRefused: actions.refused,
    walked.ActionBegan: actions.began,
    walked.ActionEnded: actions.ended,
    happened.ChannelCreated: channel.channel_created,
    happened.CardPosted: channel.card_posted,
    happened.AnnouncementPosted: channel.announcement_posted,
    happened.PageDelivered: paging.page_delivered,
    happened.DeliveryGivenUp: delivery_given_up,
}


def decide(incident: Incident | None, event: IncidentEvent, now: datetime, policy: Policy) -> Decision[Incident | None]:
    """What becomes of the incident, and what is to be done; a refusal leaves everything as it was."""
    try:
        start = _new(event, now, policy) if isinstance(event, IncidentDeclared) else incident
        if start is None:
            raise Refused(f"There is no incident INC-{event.number}. `/incident list` shows those that are open.")
        draft = Draft(start, now, policy)
        DECISIONS[type(event)](draft, event)
        if draft.incident.history is not draft.counted:
            sla.restate(draft)
        if isinstance(event, PersonEvent):
            escalation.watch_silence(draft)
        channel.redraw(draft, incident)
    except Refused as refused:
        return Decision(incident, (), str(refused))
    return Decision(draft.incident, tuple(draft.effects))


def _new(event: IncidentDeclared, now: datetime, policy: Policy) -> Incident:
    if not event.title.strip():
        raise Refused("An incident needs a title: what is wrong, in a few words.")
    if event.severity not in policy.severities:
        raise Refused(f"There is no severity “{event.severity}”. Known are {', '.join(policy.severities)}.")
    if event.service is not None and event.service not in policy.services:
        nearest = known(event.service, list(policy.services))
        hint = f" Did you mean {nearest}?" if nearest else ""
        raise Refused(f"There is no service “{event.service}”.{hint}")
    if event.category is not None:
        category.must_exist(event.category, policy)
    return Incident(
        number=event.number,
        title=event.title.strip(),
        severity=event.severity,
        service=event.service,
        category=event.category,
        summary=event.summary,
        declared_by=event.by,
        declared_at=now,
        started_at=now,
    )
