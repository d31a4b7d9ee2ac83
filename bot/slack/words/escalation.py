"""Where the escalation stands, in a line: who was paged, who is next and when."""

from bot.core.escalation import next_step
from bot.core.incident import Escalation, EscalationState, Incident, Page, PageState
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.text import listed
from bot.slack.words.times import when


def standing(incident: Incident, policy: Policy, names: Names) -> str:
    """Empty once the incident has ended: then nobody is called any more."""
    escalation = incident.escalation
    if not incident.is_open:
        return ""
    if escalation is None:
        return _taken(incident, names) or "⚠️ Nobody was paged: no escalation path is configured for this."
    match escalation.state:
        case EscalationState.ACKNOWLEDGED:
            return _taken(incident, names)
        case EscalationState.EXHAUSTED:
            return "🚨 Nobody has acknowledged and the escalation path has run out. `/incident ack` takes it."
        case _:
            return f"📟 {_paged(incident, names)} {what_is_next(incident, escalation, policy)}"


def what_is_next(incident: Incident, escalation: Escalation, policy: Policy) -> str:
    """“Next, today at 9:10 AM: whoever is on call for L2.”"""
    step = next_step(escalation, incident.severity)
    at = f", {when(escalation.due)}" if escalation.due else ""
    if step is None:
        return f"Nobody comes after that; the path ends{at}."
    return f"Next{at}: {labels.targets(step.page, policy)}."


def acting_pages(incident: Incident) -> list[Page]:
    return [page for page in incident.pages if page.state is PageState.OPEN]


def _taken(incident: Incident, names: Names) -> str:
    if incident.acknowledged_by is None or incident.acknowledged_at is None:
        return ""
    return f"✅ Acknowledged by {names.mention(incident.acknowledged_by)}, {when(incident.acknowledged_at)}."


def _paged(incident: Incident, names: Names) -> str:
    acting = acting_pages(incident)
    if not acting:
        return "Nobody is being paged."
    people = listed(list(dict.fromkeys(names.mention(page.person) for page in acting)))
    times = {page.paged_at for page in acting}
    return f"Paged {people}, {'last ' if len(times) > 1 else ''}{when(max(times))}."
