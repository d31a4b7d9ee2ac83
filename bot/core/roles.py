"""Roles: who leads, who speaks, who writes; each is held by one person on one incident."""

from bot.core import channel
from bot.core.decision import Draft, Refused, mention
from bot.core.effects import Entry, Notice
from bot.core.events import LeadHandedOver, RoleTaken
from bot.core.incident import Role


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


def lead_handed_over(draft: Draft, event: LeadHandedOver) -> None:
    """The incoming person of a handoff leads from now on; an incident that has ended meanwhile does not change."""
    incident = draft.incident
    if not incident.is_open or incident.lead == event.by:
        return
    draft.record(event.by, Entry.HANDOFF, old=incident.lead, new=event.by, text=event.handoff)
    take_role(draft, Role.LEAD, event.by, by=event.by)
    channel.invite(draft, (event.by,))
    draft.tell(Notice.HANDED_OVER, old=incident.lead or "", person=event.by)
