"""A page: the direct message that one person acknowledges, and what becomes of it."""

from collections.abc import Iterator

from slackblocks import Block

from bot.core.incident import Incident, Page, PageState
from bot.policy.matching import matching
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, button, context, drawn, header, section
from bot.slack.views.steps import instruction
from bot.slack.words import labels
from bot.slack.words.escalation import what_is_next
from bot.slack.words.notices import named
from bot.slack.words.text import line, listed
from bot.slack.words.times import when


def page(incident: Incident, page: Page, policy: Policy, names: Names) -> Drawn:
    """A page that waits asks; one that has ended says who took it and when, and has no buttons."""
    if page.state is PageState.OPEN and incident.is_open:
        return drawn(_call(incident, policy), _open(incident, page, policy, names))
    ending = _ending(incident, page, names)
    return drawn(ending, [section(ending), context(_where(incident, policy))])


def _call(incident: Incident, policy: Policy) -> str:
    return f"You are paged: {incident.name} {line(incident.title)} · {_level(incident, policy)}"


def _open(incident: Incident, page: Page, policy: Policy, names: Names) -> Iterator[Block | None]:
    yield header(f"{labels.dot(incident.severity, policy)} You are paged for {incident.name}")
    yield section(_what(incident, policy, names))
    first = first_step(incident, policy)
    if first:
        yield section(first)
    yield section(f"Work on it in <#{incident.channel}>." if incident.channel else "Its channel is being made.")
    about = carry(number=incident.number, page=page.id)
    yield actions(
        button("Acknowledge", Button.ACKNOWLEDGE, about, "primary"),
        button("Escalate", Button.ESCALATE, about),
        button("Can't take it", Button.DECLINE_PAGE, about),
    )
    yield context(_others(incident, page, names), _next(incident, policy))


def _what(incident: Incident, policy: Policy, names: Names) -> str:
    by = names.mention(incident.declared_by)
    return "\n".join(
        (
            f"*{line(incident.title, 300)}*",
            f"On {labels.service(incident.service, policy)}" if incident.service else "No service is named",
            labels.how_bad(incident.severity, policy),
            f"Since {when(incident.started_at)}, declared by {by}",
        )
    )


def first_step(incident: Incident, policy: Policy) -> str:
    """What to do first, from the runbook that fits best; empty if none does."""
    service = policy.services.get(incident.service or "")
    if service is None or incident.service is None:
        return ""
    found = matching(policy.runbooks, incident.service, service.kind, title=incident.title)
    if not found:
        return ""
    book = found[0][0]
    return f"*First step* ({line(book.title)})\n{instruction(book.steps[0], incident, policy, 800)}"


def _others(incident: Incident, page: Page, names: Names) -> str:
    others = [other.person for other in incident.pages if other.state is PageState.OPEN and other.person != page.person]
    return f"Also paged: {listed([names.mention(other) for other in dict.fromkeys(others)])}." if others else ""


def _next(incident: Incident, policy: Policy) -> str:
    escalation = incident.escalation
    return what_is_next(incident, escalation, policy) if escalation and escalation.due else ""


def _where(incident: Incident, policy: Policy) -> str:
    channel = f" · <#{incident.channel}>" if incident.channel else ""
    return f"{_level(incident, policy)}{channel}"


def _level(incident: Incident, policy: Policy) -> str:
    return f"{labels.severity(incident.severity, policy)} · {labels.service(incident.service, policy)}"


def _ending(incident: Incident, page: Page, names: Names) -> str:
    title = named(incident)
    at = f", {when(page.ended_at)}" if page.ended_at else ""
    match page.state:
        case PageState.ACKNOWLEDGED:
            return f"✅ You took {title}{at}."
        case PageState.DECLINED:
            return f"🙅 You can't take {title}{at}. {_who_has_it(incident, names)}"
        case PageState.EXHAUSTED:
            return f"⌛ Nobody acknowledged {title} in time{at}. {_who_has_it(incident, names)}"
        case PageState.UNDELIVERED:
            return f"⚠️ This page for {title} did not arrive{at}. {_who_has_it(incident, names)}"
        case PageState.SUPERSEDED if not page.ended_by:
            return f"↪️ You were paged again for {title}{at}; the newer message counts."
        case PageState.SUPERSEDED if page.ended_by and page.ended_at not in (incident.resolved_at, incident.closed_at):
            return f"✅ {names.mention(page.ended_by)} took {title}{at}."
        case _:
            by = f" by {names.mention(page.ended_by)}" if page.ended_by else ""
            return f"✅ {title} is {incident.status}{by}{at}. Nothing is left to do here."


def _who_has_it(incident: Incident, names: Names) -> str:
    if not incident.is_open:
        return f"It is {incident.status} now."
    if incident.acknowledged_by is not None:
        return f"{names.mention(incident.acknowledged_by)} has it."
    return f"Nobody has it yet; `/incident ack {incident.number}` takes it."
