"""Runbooks to read, for one person: one as a whole, those that a search found, and all of them."""

from collections.abc import Iterator, Sequence
from datetime import date

from slackblocks import Block

from bot.core.instructions import Fill
from bot.policy.model import Policy
from bot.policy.runbook import Runbook, RunbookStep
from bot.slack.ids import Button, carry
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, drawn, section, sentence
from bot.slack.views.steps import instruction
from bot.slack.words import runbooks as words
from bot.slack.words.text import cut, escape, line, listed

MOST_BODY = 7500  # characters of steps in one message; a longer one is read on
MOST_BLOCKS = 30
MOST_STEP = 2000
ON_A_PAGE = 12


def read(book: Runbook, policy: Policy, fill: Fill, today: date, number: int | None = None, first: int = 0) -> Drawn:
    """The whole text from step `first` on; `number` is the incident in whose channel it can be started."""
    shown = list(_that_fit(book, policy, words.with_friendly_names(fill), first))
    after = first + len(shown)
    left = len(book.steps) - after
    about = {"runbook": book.id, "number": number}
    buttons = [button(f"Read on ({left} more)", Button.READ_RUNBOOK, carry(**about, first=after))] if left else []
    if number is not None:
        buttons.append(button("Start", Button.START_RUNBOOK, carry(**about), "primary"))
    head = [section(f"📖 *{line(book.title)}*"), context(_about(book, policy, today), _applies(book, policy))]
    return drawn(f"📖 {line(book.title)}", [*(head if first == 0 else []), *map(section, shown), actions(*buttons)])


def _that_fit(book: Runbook, policy: Policy, fill: Fill, first: int) -> Iterator[str]:
    room = MOST_BODY
    for place in range(first, min(len(book.steps), first + MOST_BLOCKS)):
        text = _step(place, book, policy, fill)
        room -= len(text)
        if room < 0 and place > first:
            return
        yield text


def _step(place: int, book: Runbook, policy: Policy, fill: Fill) -> str:
    step = book.steps[place]
    text = instruction(step, fill, policy, MOST_STEP)
    space = "\n" if text.startswith("`") else " "  # a block of code begins on a line of its own
    return "\n".join((f"*{place + 1}.*{space}{text}", *_leads(step, book)))


def _leads(step: RunbookStep, book: Runbook) -> Iterator[str]:
    """Where its answers lead."""
    for answer, leads_to in step.answers.items():
        yield f"    *{line(answer, 75)}* → {_target(leads_to, book)}"
    if step.wrong:
        yield f"    If it looks wrong → {_target(step.wrong, book)}"


def _target(step: str, book: Runbook) -> str:
    place = words.place(step, book)
    return f"step {place + 1}" if place < len(book.steps) else "the end"


def _about(book: Runbook, policy: Policy, today: date) -> str:
    return f"`{escape(book.id)}` · {words.owner(book, policy)} · {words.freshness(book, policy, today)}"


def _applies(book: Runbook, policy: Policy) -> str:
    where = [*book.applies_to.services, *book.applies_to.kinds]
    on = f"For {line(listed(where), 300)}" if where else "For every service"
    trouble = words.kinds_of_trouble(book, policy)
    alerts = line(", ".join(f"{name} = {value}" for name, value in book.applies_to.labels.items()), 200)
    return f"{on}{f': {trouble}' if trouble else ''}{f' · alerts with {alerts}' if alerts else ''}"


def found(searched: str, books: Sequence[Runbook], policy: Policy, today: date, number: int | None = None) -> Drawn:
    """The runbooks that a search found, best first; they can be started in the channel of an incident."""
    if not books:
        text = f"🤔 No runbook has “{line(searched, 60)}”. `/runbook` alone lists all of them."
        return sentence(text)
    heading = f"Runbooks with “{line(searched, 60)}”"
    blocks: list[Block | None] = [section(f"*{heading}*")]
    for book in books:
        blocks.append(section(_row(book, policy, today)))
        start = carry(number=number, runbook=book.id)
        starts = [button("Start", Button.START_RUNBOOK, start, "primary")] if number is not None else []
        blocks.append(actions(button("Read", Button.READ_RUNBOOK, start), *starts))
    return drawn(f"{heading}: {len(books)}", blocks)


def every(policy: Policy, today: date, number: int | None = None, page: int = 0) -> Drawn:
    """All runbooks under the first category of each, a page at a time."""
    ordered = list(_by_category(policy))
    if not ordered:
        return sentence("📚 The configuration has no runbooks yet.")
    start = page * ON_A_PAGE
    blocks: list[Block | None] = [section(f"*📚 Runbooks: {len(ordered)}*") if page == 0 else None]
    heading = ""
    for category, book in ordered[start : start + ON_A_PAGE]:
        if category != heading:
            heading = category
            blocks.append(context(f"*{category}*"))
        read_it = button("Read", Button.READ_RUNBOOK, carry(number=number, runbook=book.id))
        blocks.append(section(_row(book, policy, today), read_it))
    left = len(ordered) - start - ON_A_PAGE
    if left > 0:
        more = carry(number=number, page=page + 1)
        blocks.append(actions(button(and_more(left), Button.BROWSE_RUNBOOKS, more)))
    blocks.append(context("`/runbook WORDS` searches names, categories and steps."))
    return drawn(f"📚 Runbooks: {len(ordered)}", blocks)


def _by_category(policy: Policy) -> Iterator[tuple[str, Runbook]]:
    for key, category in policy.categories.items():
        yield from ((line(category.name), book) for book in policy.runbooks.values() if _first(book) == key)
    rest = [book for book in policy.runbooks.values() if _first(book) not in policy.categories]
    yield from (("Any trouble", book) for book in rest)


def _first(book: Runbook) -> str | None:
    return next(iter(book.applies_to.categories), None)


def _row(book: Runbook, policy: Policy, today: date) -> str:
    trouble = words.kinds_of_trouble(book, policy)
    facts = [f"`{escape(book.id)}`", words.steps(book), words.freshness(book, policy, today)]
    return cut(f"📖 *{line(book.title)}*\n{' · '.join(facts)}{f' · {trouble}' if trouble else ''}", 600)
