"""Answers for one person: what is going on, the timeline, the path, the clocks, help."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from slackblocks import Block

from bot.core.effects import Record
from bot.core.incident import Escalation, Incident
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.card import card
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, drawn, section, sentence
from bot.slack.words import answers, clocks, labels
from bot.slack.words.escalation import standing
from bot.slack.words.shifts import oncall_commands
from bot.slack.words.text import escape, line, listed
from bot.slack.words.timeline import entry
from bot.slack.words.times import lasted, when

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
        clocks.due(due, policy, now) if due else "",
    ]
    head = f"{labels.mark(incident, policy)} *{incident.name} {line(incident.title)}*"
    where = f"<#{incident.channel}>" if incident.channel else ""
    return "\n".join(filter(None, (head, " · ".join(filter(None, facts)), where)))


def show(incident: Incident, policy: Policy, names: Names, now: datetime) -> Drawn:
    """The card as it stands, for one person."""
    drawn_card = card(incident, policy, names, now)
    where = context(f"Channel: <#{incident.channel}>" if incident.channel else "Its channel is being made.")
    return replace(drawn_card, blocks=[*drawn_card.blocks, *drawn("", [where]).blocks])


def timeline(incident: Incident, records: Sequence[Record], policy: Policy, names: Names) -> Drawn:
    """What happened, in order; of a long history, the last of it."""
    latest = records[-MOST_ENTRIES:]
    lines = [entry(record, policy, names) for record in latest]
    parts = [lines[start : start + ENTRIES_IN_A_BLOCK] for start in range(0, len(lines), ENTRIES_IN_A_BLOCK)]
    heading = f"Timeline of {incident.name} {line(incident.title)}"
    earlier = context(and_more(len(records) - len(latest), "earlier entries"))
    return drawn(heading, [section(f"*{heading}*"), earlier, *(section("\n".join(part)) for part in parts)])


def path(incident: Incident, policy: Policy, names: Names, now: datetime) -> Drawn:
    """Who was paged, how each page ended, who is next and when."""
    escalation = incident.escalation
    heading = f"Escalation of {incident.name} {line(incident.title)}"
    named = f"Path {escape(escalation.path)}. " if escalation else ""
    blocks: list[Block | None] = [section(f"*{heading}*\n{named}{standing(incident, policy, names)}")]
    lines = [_paged(incident, index, names, now) for index in range(len(incident.pages))]
    blocks.append(section("\n".join(lines[-15:])) if lines else None)
    blocks.append(_steps(escalation, policy) if escalation else None)
    return drawn(heading, blocks)


def sla(incident: Incident, policy: Policy, names: Names, now: datetime) -> Drawn:
    """Every clock of the incident and what became of it."""
    heading = f"SLA clocks of {incident.name} {line(incident.title)}"
    lines = [clocks.outcome(clock, policy, now) for clock in sorted(incident.clocks, key=lambda clock: clock.due)]
    told = "\n".join(lines[-30:]) or "No clock runs: its service has no SLA for this severity."
    return drawn(heading, [section(f"*{heading}*"), section(told)])


def menu(place: Incident | None, open_now: int) -> Drawn:
    """What `/incident` alone opens."""
    text = answers.menu(place.name if place else None, open_now)
    buttons = [button("Declare an incident", Button.DECLARE, carry(), "danger")]
    if place is not None:
        buttons.append(button(f"Show {place.name}", Button.SHOW, carry(number=place.number)))
    buttons += [button("What is open", Button.LIST, carry()), button("Help", Button.HELP, carry())]
    return drawn(text, [section(text), actions(*buttons)])


def help_(before: str = "") -> Drawn:
    """All commands; `before` is what was not understood."""
    parts = [before, *answers.commands()] if before else answers.commands()
    return drawn(before or "How to use /incident", [section(part) for part in parts])


def oncall_help(before: str = "") -> Drawn:
    """How to use `/oncall`; `before` is what was not understood."""
    parts = [before, *oncall_commands()] if before else oncall_commands()
    return drawn(before or "How to use /oncall", [section(part) for part in parts])


def _paged(incident: Incident, index: int, names: Names, now: datetime) -> str:
    page = incident.pages[index]
    ended = f" {when(page.ended_at)}" if page.ended_at else f", waiting for {lasted(now - page.paged_at)}"
    return f"📟 {names.mention(page.person)} paged {when(page.paged_at)}: {page.state}{ended}"


def _steps(escalation: Escalation, policy: Policy) -> Block | None:
    return section("\n".join(_step_lines(escalation, policy)))


def _step_lines(escalation: Escalation, policy: Policy) -> Iterator[str]:
    for index, step in enumerate(escalation.steps[:15]):
        here = "▶" if index == escalation.step else "▫️"
        only = f", only for {escape(listed(list(step.when.severity)))}" if step.when.severity else ""
        yield f"{here} Step {index + 1}: {labels.targets(step.page, policy)}, then wait {lasted(step.wait)}{only}"
    if escalation.repeat:
        rounds = escalation.repeat + 1
        yield f"Until somebody acknowledges, the path runs {rounds} times; this is round {escalation.round + 1}."
