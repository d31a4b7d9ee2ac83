"""What kind of trouble it is: found out in triage, and by it the runbooks that fit."""

from bot.core import runbook
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice
from bot.core.events import CategoryChanged
from bot.policy.model import Policy
from bot.policy.nearest import meant


def changed(draft: Draft, event: CategoryChanged) -> None:
    incident = draft.incident
    draft.must_be_open()
    must_exist(event.to, draft.policy)
    if event.to == incident.category:
        raise Refused(f"{incident.name} is of the category {event.to} already.")
    draft.change(category=event.to)
    draft.record(event.by, Entry.CATEGORY, old=incident.category, new=event.to)
    draft.tell(Notice.CATEGORY, by=event.by, old=incident.category or "", new=event.to)
    runbook.offer(draft)


def must_exist(category: str, policy: Policy) -> None:
    if category in policy.categories:
        return
    if not policy.categories:
        raise Refused("The configuration has no categories of trouble yet.")
    raise Refused(f"There is no category “{category}”. {meant(category, policy.categories)}")
