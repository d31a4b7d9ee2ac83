"""A page: the message that somebody acknowledges, and what becomes of it; or several that wait for the same person.

In a direct message it is for one person, in a channel for everybody there. A page by hand asks somebody to join.
"""

from collections.abc import Iterator, Sequence

from slackblocks import Block

from bot.core import instructions
from bot.core.incident import Incident, Page
from bot.core.paging import is_channel
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, drawn, header, section
from bot.slack.views.steps import instruction
from bot.slack.words import labels
from bot.slack.words.escalation import what_is_next
from bot.slack.words.pages import also_by, ending
from bot.slack.words.text import line, listed, quoted, said
from bot.slack.words.times import when

MOST_TOGETHER = 12

Found = tuple[Incident, Page]


def page(incident: Incident, page: Page, policy: Policy, names: Names) -> Drawn:
    """A page that waits asks; one that has ended says who took it and when, and has no buttons."""
    if _waits(incident, page):
        return drawn(_call(incident, page, policy, names), _open(incident, page, policy, names))
    end = ending(incident, page, names)
    return drawn(end, [section(end), context(_where(incident, policy))])


def pages(found: Sequence[Found], policy: Policy, names: Names) -> Drawn:
    """What waits for the same person in one message, the worst first; those that have ended say so in a line."""
    waiting = sorted(
        ((incident, page) for incident, page in found if _waits(incident, page)),
        key=lambda each: (policy.rank(each[0].severity), each[0].number),
    )
    if len(found) == 1:
        return page(*found[0], policy, names)
    ended = [ending(incident, page, names) for incident, page in found if not _waits(incident, page)]
    below = context("\n".join(filter(None, (*ended[:MOST_TOGETHER], and_more(len(ended) - MOST_TOGETHER)))))
    if len(waiting) == 1:
        incident, only = waiting[0]
        return drawn(_call(incident, only, policy, names), [*_open(incident, only, policy, names), below])
    if not waiting:
        return drawn(ended[0], [section("✅ Nothing waits here any more."), below])
    return drawn(_call_for_all(waiting), _together(waiting, below, policy, names))


def _waits(incident: Incident, page: Page) -> bool:
    return page.is_open and incident.is_open


def _call(incident: Incident, page: Page, policy: Policy, names: Names) -> str:
    """What a notification shows."""
    about = f"{incident.name} {line(incident.title)} · {_level(incident, policy)}"
    if page.asked_by is not None:
        return f"{names.mention(page.asked_by)} asks you to join: {about}"
    return f"Who can take it? {about}" if is_channel(page.person) else f"You are paged: {about}"


def _call_for_all(waiting: Sequence[Found]) -> str:
    some = "; ".join(f"{incident.name} {line(incident.title, 80)}" for incident, _ in waiting[:MOST_TOGETHER])
    return f"{_heading_of_all(waiting).rstrip('?')}: {some}"


def _heading_of_all(waiting: Sequence[Found]) -> str:
    if is_channel(waiting[0][1].person):
        return f"Who can take these {len(waiting)} incidents?"
    return f"You are paged for {len(waiting)} incidents"


def _together(waiting: Sequence[Found], below: Block | None, policy: Policy, names: Names) -> Iterator[Block | None]:
    worst = labels.dot(waiting[0][0].severity, policy)
    yield header(f"{worst} {_heading_of_all(waiting)}")
    for incident, page in waiting[:MOST_TOGETHER]:
        label = "I'm in" if page.by_hand else "Acknowledge"
        acknowledge = button(label, Button.ACKNOWLEDGE, carry(number=incident.number, page=page.id), "primary")
        yield section(_row(incident, page, policy, names), acknowledge)
    yield context(and_more(len(waiting) - MOST_TOGETHER, "more: `/incident list mine`"))
    yield below


def _row(incident: Incident, page: Page, policy: Policy, names: Names) -> str:
    where = f" · <#{incident.channel}>" if incident.channel else ""
    asked = f"\n{names.mention(page.asked_by)} asks you to join{_note(page, names, 200)}" if page.asked_by else ""
    return (
        f"{labels.dot(incident.severity, policy)} *{incident.name} {line(incident.title, 120)}*\n"
        f"{_level(incident, policy)} · since {when(incident.started_at)}{where}{asked}"
    )


def _open(incident: Incident, page: Page, policy: Policy, names: Names) -> Iterator[Block | None]:
    yield header(_heading(incident, page, policy, names))
    if page.asked_by is not None:
        yield section(f"{names.mention(page.asked_by)} asks you to join{_note(page, names)}")
    yield section(_what(incident, policy, names))
    first = first_step(incident, policy)
    if first:
        yield section(first)
    yield section(f"Work on it in <#{incident.channel}>." if incident.channel else "Its channel is being made.")
    yield _buttons(incident, page)
    yield context(_others(incident, page, names), *_small_print(incident, page, policy, names))


def _heading(incident: Incident, page: Page, policy: Policy, names: Names) -> str:
    dot = labels.dot(incident.severity, policy)
    if page.asked_by is not None:
        return f"{dot} You are asked to join {incident.name}"
    return (
        f"{dot} Who can take {incident.name}?"
        if is_channel(page.person)
        else f"{dot} You are paged for {incident.name}"
    )


def _note(page: Page, names: Names, limit: int = 1200) -> str:
    words = said(page.note, names.mention, limit)
    return f":\n{quoted(words)}" if words else "."


def _buttons(incident: Incident, page: Page) -> Block | None:
    about = carry(number=incident.number, page=page.id)
    escalate = button("Escalate", Button.ESCALATE, about)
    if page.by_hand:
        join = button("I'm in", Button.ACKNOWLEDGE, about, "primary")
        return actions(join, button("Can't join", Button.DECLINE_PAGE, about))
    acknowledge = button("Acknowledge", Button.ACKNOWLEDGE, about, "primary")
    if is_channel(page.person):
        return actions(acknowledge, escalate)
    return actions(acknowledge, escalate, button("Can't take it", Button.DECLINE_PAGE, about))


def _small_print(incident: Incident, page: Page, policy: Policy, names: Names) -> Iterator[str]:
    yield also_by(page)
    if is_channel(page.person):
        yield "Anybody here may acknowledge; whoever does has it."
    if page.by_hand:
        yield "" if incident.acknowledged_by else "Nobody has it yet: if you join, you have it."
        return
    escalation = incident.escalation
    yield what_is_next(incident, escalation, policy, names) if escalation and escalation.due else ""


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
    found = instructions.first_step(incident, policy)
    if found is None:
        return ""
    book, step = found
    fill = instructions.filling(incident, policy)
    return f"*First step* ({line(book.title)})\n{instruction(step, fill, policy, 800)}"


def _others(incident: Incident, page: Page, names: Names) -> str:
    others = [other.person for other in incident.pages if other.is_open and other.person != page.person]
    return f"Also paged: {listed([names.mention(other) for other in dict.fromkeys(others)])}." if others else ""


def _where(incident: Incident, policy: Policy) -> str:
    channel = f" · <#{incident.channel}>" if incident.channel else ""
    return f"{_level(incident, policy)}{channel}"


def _level(incident: Incident, policy: Policy) -> str:
    return f"{labels.severity(incident.severity, policy)} · {labels.service(incident.service, policy)}"
