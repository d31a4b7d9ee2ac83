"""The lead of one incident, handed over alone: offered, and theirs once it is accepted, not before."""

from datetime import timedelta

from bot.core import channel
from bot.core.decision import Draft, Refused, mention
from bot.core.effects import Entry, Notice, SendLeadOffer
from bot.core.events import LeadOfferAnswered, LeadOffered, LeadOfferFellDue
from bot.core.incident import LeadOffer, Role
from bot.core.roles import OFFER_TIMER, settle_offer, take_role

ANSWER_WITHIN = timedelta(minutes=5)


def offered(draft: Draft, event: LeadOffered) -> None:
    incident = draft.incident
    draft.must_be_open()
    if incident.lead is not None and incident.lead != event.by:
        raise Refused(f"{mention(incident.lead)} leads {incident.name}; only they can hand it over.")
    if event.to == event.by:
        raise Refused("You lead it already; name the person who is to take it.")
    if incident.lead_offer is not None and incident.lead_offer.to == event.to:
        raise Refused(f"{mention(event.to)} has been asked already, and has not answered yet.")
    draft.change(lead_offer=LeadOffer(event.to, event.by, draft.now))
    draft.record(event.by, Entry.LEAD_OFFERED, new=event.to)
    channel.invite(draft, (event.to,))
    draft.tell(Notice.LEAD_OFFERED, by=event.by, person=event.to)
    draft.do(SendLeadOffer(number=incident.number, person=event.to, by=event.by))
    draft.set_timer(OFFER_TIMER, draft.now + ANSWER_WITHIN, LeadOfferFellDue(number=incident.number))


def answered(draft: Draft, event: LeadOfferAnswered) -> None:
    incident, offer = draft.incident, draft.incident.lead_offer
    draft.must_be_open()
    if offer is None or offer.to != event.by:
        raise Refused(f"Nobody waits for your answer about {incident.name} any more.")
    settle_offer(draft)
    if not event.accepted:
        draft.record(event.by, Entry.LEAD_OFFER_DECLINED, old=offer.by)
        draft.tell(Notice.LEAD_OFFER_DECLINED, by=event.by, person=offer.by)
        return
    draft.record(event.by, Entry.HANDOFF, old=incident.lead, new=event.by)
    take_role(draft, Role.LEAD, event.by, by=event.by)
    draft.tell(Notice.HANDED_OVER, old=offer.by, person=event.by)


def fell_due(draft: Draft, event: LeadOfferFellDue) -> None:
    """Once more, and whoever asked is told that they have it still."""
    incident, offer = draft.incident, draft.incident.lead_offer
    if offer is None or not incident.is_open:
        return
    draft.tell(Notice.LEAD_OFFER_UNANSWERED, person=offer.to, by=offer.by)
    draft.do(SendLeadOffer(number=incident.number, person=offer.to, by=offer.by))
