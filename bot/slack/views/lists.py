"""Answers for one person: what is going on, the timeline, help."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.effects import Record
from bot.core.incident import Incident
from bot.core.sla import several
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.card import card
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, drawn, section, sentence
from bot.slack.words import answers, clocks, labels
from bot.slack.words.handoff_news import commands as handoff_commands
from bot.slack.words.shifts import oncall_commands
from bot.slack.words.text import line
from bot.slack.words.timeline import entry
from bot.slack.words.times import lasted

MOST_INCIDENTS = 15
MOST_ENTRIES = 40
ENTRIES_IN_A_BLOCK = 5


def incidents(heading: str, found: Iterable[Incident], policy: Policy, names: Names, now: datetime) -> Drawn:
    """Incidents in a row each, the worst first."""
    ordered = labels.worst_first(found, policy)
    if not ordered:
        return sentence(f"{heading}: none. All quiet.")
    rows = [section(row(incident, policy, names, now)) for incident in ordered[:MOST_INCIDENTS]]
    more = context(and_more(len(ordered) - MOST_INCIDENTS))
    return drawn(f"{heading}: {len(ordered)}", [section(f"*{heading}: {len(ordered)}*"), *rows, more])


def row(incident: Incident, policy: Policy, names: Names, now: datetime) -> str:
    """One incident: what, its state, and on a last line where it is worked on."""
    lead = names.mention(incident.lead) if incident.lead else "nobody yet"
    due = incident.next_due if incident.is_open else None
    facts = [
        labels.severity(incident.severity, policy),
        labels.status(incident.status),
        labels.service(incident.service, policy) if incident.service else "",
        f"Lead: {lead}",
        f"open for {lasted(now - incident.started_at)}" if incident.is_open else "",
        clocks.due(due, incident, now) if due else "",
    ]
    head = f"{labels.mark(incident, policy)} *{incident.name} {line(incident.title)}*"
    where = f"<#{incident.channel}>" if incident.channel else ""
    return "\n".join(filter(None, (head, " · ".join(filter(None, facts)), where)))


def show(incident: Incident, policy: Policy, names: Names, now: datetime, survivor: Incident | None = None) -> Drawn:
    """The card as it stands, for one person."""
    drawn_card = card(incident, policy, names, now, survivor)
    where = context(f"Channel: <#{incident.channel}>" if incident.channel else "Its channel is being made.")
    return replace(drawn_card, blocks=[*drawn_card.blocks, *drawn("", [where]).blocks])


def timeline(incident: Incident, records: Sequence[Record], policy: Policy, names: Names) -> Drawn:
    """What happened, in order; of a long history, the last of it."""
    latest = records[-MOST_ENTRIES:]
    lines = [entry(record, policy, names, several(incident)) for record in latest]
    parts = [lines[start : start + ENTRIES_IN_A_BLOCK] for start in range(0, len(lines), ENTRIES_IN_A_BLOCK)]
    heading = f"Timeline of {incident.name} {line(incident.title)}"
    earlier = context(and_more(len(records) - len(latest), "earlier entries"))
    return drawn(heading, [section(f"*{heading}*"), earlier, *(section("\n".join(part)) for part in parts)])


def menu(place: Incident | None, open_now: int) -> Drawn:
    """What `/incident` alone opens."""
    text = answers.menu(place.name if place else None, open_now)
    buttons = [button("Declare an incident", Button.DECLARE, carry(), "danger")]
    if place is not None:
        buttons.append(button(f"Show {place.name}", Button.SHOW, carry(number=place.number)))
    if place is not None and place.is_open:
        buttons.append(button(f"Merge {place.name}", Button.MERGE, carry(number=place.number)))
    buttons += [button("What is open", Button.LIST, carry()), button("Help", Button.HELP, carry())]
    return drawn(text, [section(text), actions(*buttons)])


def help_(before: str = "") -> Drawn:
    """All commands; `before` is what was not understood."""
    parts = [before, *answers.commands()] if before else answers.commands()
    return drawn(before or "How to use /incident", [section(part) for part in parts])


def handoff_help(before: str = "") -> Drawn:
    """How to use `/handoff`; `before` is what was not understood."""
    parts = [before, *handoff_commands()] if before else handoff_commands()
    return drawn(before or "How to use /handoff", [section(part) for part in parts])


def oncall_help(before: str = "") -> Drawn:
    """How to use `/oncall`; `before` is what was not understood."""
    parts = [before, *oncall_commands()] if before else oncall_commands()
    return drawn(before or "How to use /oncall", [section(part) for part in parts])


def runbook_help() -> Drawn:
    return drawn("How to use /runbook", [section(part) for part in answers.runbook_commands()])
