"""Where the escalation stands: who was paged, who is next and when, or that it is held, waits or has stopped.

Who has been paged is mentioned; who is only next is named, for a mention would disturb them before their time.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.core import paging, targets
from bot.core.incident import Escalation, EscalationState, Incident
from bot.core.targets import Called
from bot.oncall.conditions import terms
from bot.policy import windows
from bot.policy.model import Acknowledge, Hold, PageTarget, Pick, Policy, Step, TargetKind
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.text import escape, line, listed
from bot.slack.words.times import lasted, when
from bot.slack.words.times import place as place_of


class Next(NamedTuple):
    """A step that is still to come, and whom it would page at an instant."""

    round: int
    place: int  # of the step in the path
    step: Step
    called: Called
    at: datetime


def standing(incident: Incident, policy: Policy, names: Names) -> str:
    """Empty once the incident has ended: then nobody is called any more."""
    escalation = incident.escalation
    if not incident.is_open:
        return ""
    if escalation is None:
        return _taken(incident, names) or "⚠️ Nobody was paged: no escalation path is configured for this."
    match escalation.state:
        case EscalationState.ACKNOWLEDGED | EscalationState.STOPPED:
            return _taken(incident, names)
        case EscalationState.EXHAUSTED:
            return f"🚨 {run_out(incident, names)}. `/incident ack` takes it."
        case EscalationState.HELD:
            return _held(incident, escalation, policy, names)
        case EscalationState.RUNNING:
            waits = _waits_for(incident, names)
            return f"{waits or f'📟 {_paged(incident, names)}'} {what_is_next(incident, escalation, policy, names)}"


def run_out(incident: Incident, names: Names) -> str:
    """Who had it before the path was run cannot answer for the others."""
    if incident.acknowledged_by is None:
        return "Nobody has acknowledged and the escalation path has run out"
    had_it = names.mention(incident.acknowledged_by)
    return f"The escalation path has run out, and nobody but {had_it} has acknowledged"


def what_is_next(incident: Incident, escalation: Escalation, policy: Policy, names: Names) -> str:
    """“Next, today at 9:10 AM: whoever is on call for L2 (Andrés Pardo).”"""
    at = f", {when(escalation.due)}" if escalation.due else ""
    coming = next(still_to_come(incident, escalation, policy), None)
    if coming is None:
        return f"Nobody comes after that; the path ends{at}."
    return f"Next{at}: {whom(coming, policy, names)}."


def still_to_come(
    incident: Incident, escalation: Escalation, policy: Policy, at: datetime | None = None
) -> Iterator[Next]:
    """The steps that would page somebody at the instant at which the next one is due."""
    at = at or escalation.due or incident.declared_at
    for round_ in range(escalation.round, escalation.repeat + 1):
        for index, step in enumerate(escalation.steps):
            if (round_, index) <= (escalation.round, escalation.step):
                continue
            if step.when.severity and incident.severity not in step.when.severity:
                continue
            called = targets.called(step, incident, round_, policy, at)
            if called.people or called.groups:
                yield Next(round_, index, step, called, at)


def whom(coming: Next, policy: Policy, names: Names) -> str:
    """Whom a step pages in words, with the names of those that the words leave open."""
    step, called = coming.step, coming.called
    if step.pick is Pick.ONE and called.people:
        return f"{_named(called.people, names)}, whose turn it is, of {labels.targets(step.page, policy)}"
    return listed([_with_names(target, coming, policy, names) for target in step.page])


def meaning(step: Step, policy: Policy) -> str:
    """Whom a step means at any time."""
    means = labels.targets(step.page, policy)
    return f"one of {means}, in turn" if step.pick is Pick.ONE else means


def demands(step: Step) -> str:
    """What a step asks for beside its people: its wait, its conditions, who must answer."""
    parts = [f"then wait {lasted(step.wait)}"]
    if step.acknowledge is Acknowledge.ALL:
        parts.append("everybody must acknowledge")
    parts += [escape(term) for term in terms(step.when)]
    return "; ".join(parts)


def held_by(incident: Incident, policy: Policy) -> str:
    """“sev3 is paged Mon-Fri 08:00-17:00 in Nairobi, not on public holidays of KE”; empty if nothing holds it."""
    path = policy.escalation_paths.get(incident.escalation.path) if incident.escalation else None
    return hours_of(path.hold) if path and path.hold else ""


def hours_of(hold: Hold) -> str:
    which = listed([escape(severity) for severity in hold.severity])
    paged = f"{which} {'is' if len(hold.severity) == 1 else 'are'} paged" if which else "this path pages"
    hours = listed([windows.written(window.weekdays, window.start, window.end) for window in hold.until], "or")
    holidays = f", not on public holidays of {escape(hold.holidays)}" if hold.holidays else ""
    return f"{paged} {hours} in {place_of(hold.time_zone)}{holidays}"


def _held(incident: Incident, escalation: Escalation, policy: Policy, names: Names) -> str:
    until = f" until {when(escalation.due)}" if escalation.due else ""
    why = held_by(incident, policy)
    coming = next(still_to_come(incident, escalation, policy), None)
    then = f" Then: {whom(coming, policy, names)}." if coming else ""
    return f"🕘 Held{until}{f': {why}' if why else ''}.{then} `/incident escalate` pages at once."


def _waits_for(incident: Incident, names: Names) -> str:
    """Somebody has it, but others of the step must acknowledge, too."""
    if incident.acknowledged_by is None:
        return ""
    others = paging.still_asked(incident, incident.acknowledged_by)
    if not others:
        return ""
    who = listed([names.mention(page.person) for page in others])
    return f"⏳ {names.mention(incident.acknowledged_by)} has it. Waiting for {who}, who must acknowledge, too."


def _taken(incident: Incident, names: Names) -> str:
    if incident.acknowledged_by is None or incident.acknowledged_at is None:
        return ""
    return f"✅ Acknowledged by {names.mention(incident.acknowledged_by)}, {when(incident.acknowledged_at)}."


def _paged(incident: Incident, names: Names) -> str:
    acting = paging.open_pages(incident)
    if not acting:
        return "Nobody is being paged."
    people = listed(list(dict.fromkeys(names.mention(page.person) for page in acting)))
    times = {page.paged_at for page in acting}
    return f"Paged {people}, {'last ' if len(times) > 1 else ''}{when(max(times))}."


def _with_names(target: PageTarget, coming: Next, policy: Policy, names: Names) -> str:
    means = labels.target(target, policy)
    if target.kind is not TargetKind.SCHEDULE:
        return means
    now = tuple(person for person in targets.who(target, policy, coming.at) if person in coming.called.people)
    return f"{means} ({_named(now, names) or 'nobody'})"


def _named(people: tuple[str, ...], names: Names) -> str:
    return listed([line(names.name(person), 60) for person in people])
