"""`/runbook` and `/incident runbook`: runbooks that are offered, started, searched and read."""

from datetime import timedelta

from bot.core import runbook_events as walked
from bot.core.incident import Incident
from bot.core.instructions import Fill, filling, fitting
from bot.policy.nearest import known
from bot.policy.runbook import Runbook
from bot.policy.template import render
from bot.reports import runbook_stats as reports
from bot.slack.listeners import parse, parse_runbook
from bot.slack.listeners.asked import Answer, Asked, Unclear
from bot.slack.listeners.click import Click
from bot.slack.views import lists, reading, runbook, runbook_stats
from bot.slack.views.drawn import sentence
from bot.slack.words import answers
from bot.slack.words.text import line

COUNTED = timedelta(days=90)  # how far back statistics go
_SPAN = "90 days"


def answer(asked: Asked) -> Answer:
    """`/runbook` with whatever stands after it."""
    text = asked.title(asked.body.get("text") or "")
    word, rest = parse.first_word(text)
    match word.lower():
        case "":
            return browse(asked, 0)
        case "help" | "?":
            return lists.runbook_help()
        case "stats":
            return stats(asked, rest)
    meant = parse_runbook.called(text, asked.policy)
    found = [meant] if meant else parse_runbook.search(text, asked.policy)
    if len(found) == 1:
        return read(asked, found[0])
    return reading.found(text, found, asked.policy, asked.now.date(), _open_here(asked))


def browse(asked: Asked, page: int) -> Answer:
    return reading.every(asked.policy, asked.now.date(), _open_here(asked), page)


def read(asked: Asked, book: Runbook, first: int = 0) -> Answer:
    """In the channel of an incident its names are filled in."""
    here = _here(asked)
    return reading.read(book, asked.policy, _fill(asked, here), asked.now.date(), _if_open(here), first)


def stats(asked: Asked, name: str) -> Answer:
    with asked.engine.store.reading() as reader:
        uses = reader.runbook_uses(asked.now - COUNTED)
    found = reports.stats(uses, asked.policy, asked.now.date())
    if not name:
        return runbook_stats.stats(found, _SPAN)
    meant = {book.id for book in parse_runbook.named(name, asked.policy)} | {name}
    these = [each for each in found if each.runbook in meant]
    if len(these) != 1:
        raise Unclear(answers.unknown("runbook", name, [each.runbook for each in these or found], "/runbook stats {}"))
    return runbook_stats.stats_of(these[0], _SPAN, asked.names)


# In an incident


def start(asked: Asked, found: Incident, name: str) -> Answer:
    """By its id, its title or a part of them; where several are meant, they are offered."""
    if not name:
        return offer(asked, found)
    words = asked.title(name)
    meant = parse_runbook.named(words, asked.policy)
    if len(meant) > 1:
        offered = [(book.id, f"its name has “{line(words, 60)}”") for book in meant]
        return runbook.offer(offered, found, asked.policy, asked.now)
    wanted = meant[0].id if meant else "-".join(words.lower().split())
    after = asked.does(walked.RunbookStarted(number=found.number, by=asked.by, runbook=wanted))
    return sentence(answers.runbook_started(after, asked.policy.runbooks[wanted].title))


def offer(asked: Asked, found: Incident) -> Answer:
    """The runbooks that apply; without a service, all of them."""
    policy = asked.policy
    if found.service in policy.services:
        offered = [(book.id, why) for book, why in fitting(found, policy)]
    else:
        offered = [(book.id, f"no service is named for {found.name}") for book in policy.runbooks.values()]
    return runbook.offer(offered, found, policy, asked.now)


# Clicks


def offer_clicked(click: Click) -> Answer:
    return offer(click.asked, click.asked.incident(click.number))


def start_clicked(click: Click) -> Answer:
    click.asked.does(walked.RunbookStarted(number=click.number, by=click.by, runbook=click.fact("runbook")))
    return None


def read_clicked(click: Click) -> Answer:
    book = click.asked.policy.runbooks.get(click.fact("runbook"))
    if book is None:
        nearest = known(click.fact("runbook"), list(click.asked.policy.runbooks))
        raise Unclear(answers.unknown("runbook", click.fact("runbook"), [nearest] if nearest else []))
    return read(click.asked, book, int(click.about.get("first", 0)))


def browse_clicked(click: Click) -> Answer:
    return browse(click.asked, int(click.about.get("page", 0)))


# Where it was typed


def _here(asked: Asked) -> Incident | None:
    """The incident in whose channel the request came."""
    with asked.engine.store.reading() as reader:
        number = reader.number_of_channel(asked.channel or "")
        return reader.incident(number) if number else None


def _open_here(asked: Asked) -> int | None:
    return _if_open(_here(asked))


def _if_open(incident: Incident | None) -> int | None:
    return incident.number if incident is not None and incident.is_open else None


def _fill(asked: Asked, incident: Incident | None) -> Fill:
    if incident is not None:
        return filling(incident, asked.policy)
    return lambda text, quoted=False: render(text, {})
