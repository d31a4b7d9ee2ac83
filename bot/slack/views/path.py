"""The whole escalation path of an incident: who was paged and how it ended, who is next and when, or why it stopped."""

from collections.abc import Iterator

from slackblocks import Block

from bot.core.incident import Escalation, EscalationState, Incident, Page
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, and_more, context, drawn, section
from bot.slack.words.escalation import demands, meaning, standing, still_to_come, whom
from bot.slack.words.pages import outcome, ways
from bot.slack.words.text import escape, line
from bot.slack.words.times import when

MOST_PAGES = 15
MOST_STEPS = 15
MOST_BY_HAND = 10


def path(incident: Incident, policy: Policy, names: Names) -> Drawn:
    heading = f"Escalation of {incident.name} {line(incident.title)}"
    return drawn(heading, _blocks(heading, incident, policy, names))


def _blocks(heading: str, incident: Incident, policy: Policy, names: Names) -> Iterator[Block | None]:
    escalation = incident.escalation
    named = f"Path {escape(escalation.path)}. " if escalation else ""
    yield section(f"*{heading}*\n{named}{standing(incident, policy, names) or _ended(incident)}")
    by_path = [page for page in incident.pages if not page.by_hand]
    if by_path:
        yield section(_list("Paged so far", by_path[-MOST_PAGES:], incident, names))
        yield context(and_more(len(by_path) - MOST_PAGES, "earlier pages: `/incident timeline` shows them"))
    by_hand = [page for page in incident.pages if page.by_hand]
    if by_hand:
        yield section(_list("Asked to join", by_hand[-MOST_BY_HAND:], incident, names))
    if escalation:
        yield section("\n".join(_steps(incident, escalation, policy, names)))


def _ended(incident: Incident) -> str:
    return f"It has stopped: the incident is {incident.status}."


def _list(title: str, pages: list[Page], incident: Incident, names: Names) -> str:
    return "\n".join([f"*{title}*", *(_paged(page, incident, names) for page in pages)])


def _paged(page: Page, incident: Incident, names: Names) -> str:
    by = f", by {names.mention(page.asked_by)}" if page.asked_by else ""
    how = ways(page)
    reached = f" ({how})" if how else ""
    return f"📟 {names.mention(page.person)}, {when(page.paged_at)}{by}{reached}: {outcome(page, incident, names)}"


def _steps(incident: Incident, escalation: Escalation, policy: Policy, names: Names) -> Iterator[str]:
    """Each step with what it asks for; of those that are still to come in this round, whom it would page."""
    moves = escalation.state in (EscalationState.HELD, EscalationState.RUNNING)
    coming = list(still_to_come(incident, escalation, policy)) if moves else []
    here = {each.place: each for each in coming if each.round == escalation.round}
    yield "*The steps*"
    for index, step in enumerate(escalation.steps[:MOST_STEPS]):
        mark = "▶" if index == escalation.step and moves else "▫️"
        means = whom(here[index], policy, names) if index in here else meaning(step, policy)
        yield f"{mark} {index + 1}. {means}; {demands(step)}"
    if escalation.repeat:
        rounds = escalation.repeat + 1
        yield f"Until somebody acknowledges, the path runs {rounds} times; this is round {escalation.round + 1}."
