"""Roles: who leads, who speaks, who writes; each is held by one person on one incident."""

from bot.core import channel
from bot.core.decision import Draft, Refused, mention
from bot.core.effects import Entry, Notice
from bot.core.events import LeadHandedOver, RoleTaken
from bot.core.incident import Role

OFFER_TIMER = "lead-offer"


def role_taken(draft: Draft, event: RoleTaken) -> None:
    incident = draft.incident
    if not incident.is_open:
        raise Refused(f"{incident.name} is {incident.status}; its roles stay as they are.")
    if dict(incident.roles).get(event.role) == event.person:
        yours = event.person == event.by
        has = "You already are" if yours else f"{mention(event.person)} already is"
        raise Refused(f"{has} {event.role} of {incident.name}.")
    take_role(draft, event.role, event.person, by=event.by)
    channel.invite(draft, (event.person,))
    draft.tell(Notice.ROLE, by=event.by, role=event.role, person=event.person)


def take_role(draft: Draft, role: Role, person: str, by: str) -> None:
    roles = dict(draft.incident.roles)
    draft.record(by, Entry.ROLE, old=roles.get(role), new=person, text=role)
    draft.change(roles=tuple({**roles, role: person}.items()))
    if role is Role.LEAD:
        settle_offer(draft)


def settle_offer(draft: Draft) -> None:
    """Nobody is asked to take the lead any more: somebody has it, or the incident has ended."""
    if draft.incident.lead_offer is not None:
        draft.change(lead_offer=None)
        draft.cancel_timer(OFFER_TIMER)


def lead_handed_over(draft: Draft, event: LeadHandedOver) -> None:
    """The incoming person leads from now on, if nobody or somebody of the outgoing shift did; others go on leading.

    An incident that has ended meanwhile does not change.
    """
    incident = draft.incident
    stays = incident.lead is not None and incident.lead not in event.owners
    if not incident.is_open or incident.lead == event.by or stays:
        return
    draft.record(event.by, Entry.HANDOFF, old=incident.lead, new=event.by, text=event.handoff)
    take_role(draft, Role.LEAD, event.by, by=event.by)
    channel.invite(draft, (event.by,))
    draft.tell(Notice.HANDED_OVER, old=incident.lead or "", person=event.by)
