"""The incident card: pinned in the channel, it always shows the present state."""

from datetime import datetime

from slackblocks import Block

from bot.core.incident import Incident, Status
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, button, context, drawn, facts, header, section
from bot.slack.words import clocks, labels
from bot.slack.words.escalation import standing
from bot.slack.words.merging import declared, goes_on, others
from bot.slack.words.responders import responders
from bot.slack.words.text import cut, line, quoted, said
from bot.slack.words.times import lasted, when


def card(incident: Incident, policy: Policy, names: Names, now: datetime, survivor: Incident | None = None) -> Drawn:
    """`survivor` is the incident into which it was merged."""
    severity = labels.severity_in_plain(incident.severity, policy)
    return drawn(
        headline(incident, policy),
        [
            header(f"{labels.mark(incident, policy)} {incident.name} · {severity}"),
            section(_what(incident, policy)),
            facts(_facts(incident, policy, names, now)),
            _section_if(_waiting(incident, names)),
            _section_if(standing(incident, policy, names)),
            _section_if(responders(incident, names)),
            _section_if(_ending(incident, policy, names, survivor)),
            _section_if(_last_update(incident, names)),
            buttons(incident),
            context(f"As of {when(now)}"),
        ],
    )


def headline(incident: Incident, policy: Policy) -> str:
    """The incident in a line, as a notification shows it."""
    state = f"{labels.severity(incident.severity, policy)}, {labels.status(incident.status)}"
    return f"{labels.mark(incident, policy)} {incident.name} {line(incident.title)}: {state}"


def buttons(incident: Incident) -> Block | None:
    about = carry(number=incident.number)
    if incident.is_open:
        return actions(
            button("Update", Button.UPDATE, about, "primary"),
            button("Status", Button.STATUS, about),
            button("Severity", Button.SEVERITY, about),
            button("Take the lead", Button.TAKE_LEAD, about),
            button("Runbook", Button.RUNBOOKS, about),
            button("Page somebody", Button.PAGE, about),
            button("Resolve", Button.RESOLVE, about),
        )
    if incident.status is Status.RESOLVED:
        return actions(button("Reopen", Button.REOPEN, about), button("Close", Button.CLOSE, about))
    return None


def _what(incident: Incident, policy: Policy) -> str:
    harm = labels.harm(incident.severity, policy)
    return f"*{line(incident.title, 300)}*" + (f"\n{harm}" if harm else "")


def _facts(incident: Incident, policy: Policy, names: Names, now: datetime) -> list[tuple[str, str]]:
    lead = names.mention(incident.lead) if incident.lead else "nobody yet"
    found = [
        ("Status", labels.status(incident.status)),
        ("Lead", lead),
        ("Service", labels.service(incident.service, policy)),
        ("Declared", declared(incident, names)),
    ]
    if incident.category is not None:
        found.append(("Category", labels.category(incident.category, policy)))
    if incident.labels:
        found.append(("Labels", cut(labels.of_an_alert(incident.labels), 300)))
    if incident.started_at != incident.declared_at:
        found.append(("Since", when(incident.started_at)))
    if others(incident):
        found.append(("Merged in", others(incident)))
    found += [(labels.role(role).capitalize(), names.mention(who)) for role, who in incident.roles if role != "lead"]
    if incident.is_open and incident.next_due is not None:
        late = clocks.is_late(incident.next_due, now)
        found.append(("Late" if late else "Next", clocks.on_the_card(incident.next_due, incident, now)))
    return found


def _waiting(incident: Incident, names: Names) -> str:
    return f"⏸ {clocks.waiting(incident.waiting, names)}" if incident.is_open and incident.waiting else ""


def _ending(incident: Incident, policy: Policy, names: Names, survivor: Incident | None) -> str:
    if incident.is_open:
        return ""
    ended = incident.resolved_at or incident.closed_at
    after = f" after {lasted(ended - incident.started_at)}" if ended else ""
    at = f" {when(ended)}{after}" if ended else ""
    state = f"{labels.mark(incident, policy)} *{labels.status(incident.status)}*{at}"
    if incident.status is Status.MERGED:
        state += f" into {goes_on(incident, survivor)}"
    return f"{state}\n{said(incident.summary, names.mention, 1200)}" if incident.summary else state


def _last_update(incident: Incident, names: Names) -> str:
    if not incident.last_update or incident.last_update_at is None:
        return ""
    by = f" by {names.mention(incident.last_update_by)}" if incident.last_update_by else ""
    return (
        f"*Last update* {when(incident.last_update_at)}{by}\n{quoted(said(incident.last_update, names.mention, 1200))}"
    )


def _section_if(text: str) -> Block | None:
    return section(text) if text else None
