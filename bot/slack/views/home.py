"""App Home: my pages, what is asked of me, my incidents and shifts, who is on call now, and what is due next."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from slackblocks import Block

from bot.core.handoff import Handoff
from bot.core.incident import Incident, Page, PageState
from bot.core.standin import StandIn, StandInState
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import actions, and_more, button, context, divider, header, home_view, section
from bot.slack.views.handoff_home import to_accept
from bot.slack.views.lists import row
from bot.slack.views.oncall import on_call_line
from bot.slack.views.shifts import own_shifts, shift_rows
from bot.slack.views.standin import answer_buttons
from bot.slack.words import clocks, labels
from bot.slack.words import standin as stand_ins
from bot.slack.words.text import line
from bot.slack.words.times import when

MOST_PAGES = 5
MOST_INCIDENTS = 8
MOST_SCHEDULES = 10
MOST_DUE = 6
MOST_SHIFTS = 6
MOST_OFFERS = 5
SHIFTS_AHEAD = timedelta(days=14)


def home(
    person: str,
    incidents: Iterable[Incident],
    policy: Policy,
    names: Names,
    now: datetime,
    offers: Iterable[StandIn] = (),
    handoffs: Iterable[Handoff] = (),
) -> dict[str, Any]:
    """The Home tab of one person; `incidents` are those that are open, `offers` those that wait for an answer,
    `handoffs` the latest ones of schedules in which they have a shift."""
    ordered = labels.worst_first(incidents, policy)
    return home_view(
        [
            actions(
                button("Declare an incident", Button.DECLARE, carry(), "danger"),
            ),
            header("My pages"),
            *_pages(person, ordered, policy),
            divider(),
            *_offers(person, offers, policy, names),
            *to_accept(person, handoffs, ordered, policy, names),
            header("My incidents"),
            *_incidents(person, ordered, policy, names, now),
            divider(),
            header("My shifts"),
            *_shifts(person, policy, now),
            divider(),
            header("On call now"),
            *_on_call(policy, names, now),
            divider(),
            header("Due next"),
            _due(person, ordered, now),
            context(f"As of {when(now)}"),
        ]
    )


def schedules_of(person: str, policy: Policy, now: datetime) -> list[str]:
    """Those in which somebody has a shift now or before long."""
    return list(dict.fromkeys(shift.schedule for shift in own_shifts(person, policy, now, SHIFTS_AHEAD)))


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


def _offers(person: str, offers: Iterable[StandIn], policy: Policy, names: Names) -> Iterator[Block | None]:
    """Shown only if somebody asks for something."""
    mine = [each for each in offers if _waits_for(each, person)]
    if not mine:
        return
    yield header("Asked of me")
    for each in mine[:MOST_OFFERS]:
        parts = [
            stand_ins.asks(each, policy, names),
            stand_ins.wanted(each, person),
            stand_ins.reason(each, names),
        ]
        yield section("\n".join(filter(None, parts)))
        yield answer_buttons(each)
    yield context(and_more(len(mine) - MOST_OFFERS))
    yield divider()


def _waits_for(standin: StandIn, person: str) -> bool:
    offer = standin.offer(person)
    return standin.state is StandInState.OFFERED and offer is not None and not offer.declined


def _shifts(person: str, policy: Policy, now: datetime) -> Iterator[Block | None]:
    found = own_shifts(person, policy, now, SHIFTS_AHEAD)
    if not found:
        yield section("You have no shift in the coming 14 days.")
    yield from shift_rows(found[:MOST_SHIFTS], policy, now)
    yield context(and_more(len(found) - MOST_SHIFTS, "more: `/oncall mine` shows them"))


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


def _due(person: str, incidents: list[Incident], now: datetime) -> Block:
    """One's own before those of others; what is due first comes first."""
    running = [
        (not is_mine(incident, person), clock.due, incident.number, incident, clock)
        for incident in incidents
        for clock in incident.clocks
        if clock.is_running
    ]
    soonest = sorted(running, key=lambda found: found[:3])[:MOST_DUE]
    lines = [f"*{incident.name}* {clocks.due(clock, incident, now)}" for *_, incident, clock in soonest]
    return section("\n".join(lines) or "Nothing is due.")
