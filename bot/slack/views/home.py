"""App Home: my pages, my incidents, who is on call now, and what is due next."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from slackblocks import Block

from bot.core.incident import Incident, Page, PageState
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import actions, and_more, button, context, divider, header, home_view, section
from bot.slack.views.lists import on_call_line, row
from bot.slack.words import clocks, labels
from bot.slack.words.text import line
from bot.slack.words.times import when

MOST_PAGES = 5
MOST_INCIDENTS = 8
MOST_SCHEDULES = 10
MOST_DUE = 6


def home(person: str, incidents: Iterable[Incident], policy: Policy, names: Names, now: datetime) -> dict[str, Any]:
    """The Home tab of one person; `incidents` are those that are open."""
    ordered = labels.worst_first(incidents, policy)
    return home_view(
        [
            actions(
                button("Declare an incident", Button.DECLARE, carry(), "danger"),
            ),
            header("My pages"),
            *_pages(person, ordered, policy),
            divider(),
            header("My incidents"),
            *_incidents(person, ordered, policy, names, now),
            divider(),
            header("On call now"),
            *_on_call(policy, names, now),
            divider(),
            header("Due next"),
            _due(ordered, policy, now),
            context(f"As of {when(now)}"),
        ]
    )


def is_mine(incident: Incident, person: str) -> bool:
    """Whether somebody declared it, holds a role on it, has it or is being paged for it."""
    held = {incident.declared_by, incident.acknowledged_by, *(who for _, who in incident.roles)}
    return person in held or any(page.person == person for page in incident.pages if page.state is PageState.OPEN)


def _pages(person: str, incidents: list[Incident], policy: Policy) -> Iterator[Block | None]:
    mine = [
        (incident, page)
        for incident in incidents
        for page in incident.pages
        if page.person == person and page.state is PageState.OPEN
    ]
    if not mine:
        yield section("Nobody is paging you.")
    for incident, page in mine[:MOST_PAGES]:
        yield _page(incident, page, policy)
    yield context(and_more(len(mine) - MOST_PAGES))


def _page(incident: Incident, page: Page, policy: Policy) -> Block:
    what = f"{labels.dot(incident.severity, policy)} *{incident.name} {line(incident.title)}*"
    about = carry(number=incident.number, page=page.id)
    return section(f"{what}\nPaged {when(page.paged_at)}", button("Acknowledge", Button.ACKNOWLEDGE, about, "primary"))


def _incidents(
    person: str, incidents: list[Incident], policy: Policy, names: Names, now: datetime
) -> Iterator[Block | None]:
    mine = [incident for incident in incidents if is_mine(incident, person)]
    if not mine:
        yield section("No open incident is yours.")
    for incident in mine[:MOST_INCIDENTS]:
        yield section(row(incident, policy, names, now))
    yield context(and_more(len(mine) - MOST_INCIDENTS))


def _on_call(policy: Policy, names: Names, now: datetime) -> Iterator[Block | None]:
    if not policy.schedules:
        yield section("There are no schedules in the configuration.")
    for key in list(policy.schedules)[:MOST_SCHEDULES]:
        yield section(on_call_line(key, policy, names, now))
    yield context(and_more(len(policy.schedules) - MOST_SCHEDULES, "more: `/oncall` shows them all"))


def _due(incidents: list[Incident], policy: Policy, now: datetime) -> Block:
    running = [
        (clock.due, incident.name, clock) for incident in incidents for clock in incident.clocks if clock.is_running
    ]
    soonest = sorted(running, key=lambda found: found[:2])[:MOST_DUE]
    lines = [f"*{name}* {clocks.due(clock, policy, now)}" for _, name, clock in soonest]
    return section("\n".join(lines) or "Nothing is due.")
