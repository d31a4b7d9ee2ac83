"""`/incident sla`, `wait` and `correct`: what the clocks say, what they wait for, and what was not then."""

from zoneinfo import ZoneInfo

from bot.core.events import IncidentWaitEnded, IncidentWaits, InstantCorrected
from bot.core.history import Moment
from bot.core.incident import Incident
from bot.policy.model import Waiting
from bot.slack.listeners import parse_sla
from bot.slack.listeners.asked import Answer, Asked, Unclear
from bot.slack.listeners.click import Click
from bot.slack.listeners.parse_sla import Action
from bot.slack.views import sla as views
from bot.slack.views.drawn import sentence
from bot.slack.words import answers, clocks
from bot.slack.words.times import when

PAUSE = "/incident sla pause customer 4h they are sending the file"
CORRECT = "/incident correct resolved 14:30 the alert had cleared by then"


def answer(asked: Asked, found: Incident, action: Action | None, rest: str) -> Answer:
    match action:
        case Action.EXPLAIN:
            return views.explained(found, asked.names, asked.now)
        case Action.PAUSE:
            return pause(asked, found, rest)
        case Action.RESUME:
            return resume(asked, found)
        case None if rest:
            word = asked.title(rest).split()[0]
            raise Unclear(answers.unknown("way to use `/incident sla`:", word, list(Action), "/incident sla {}"))
        case _:
            return views.sla(found, asked.names, asked.now)


def pause(asked: Asked, found: Incident, rest: str) -> Answer:
    """Without a word about the time or the reason it opens the form with what is known."""
    if not found.is_open:
        raise Unclear(answers.not_open(found))
    read = parse_sla.pause(rest, asked.now, _zone(asked))
    if read.odd:
        raise Unclear(answers.unknown("party to wait on:", asked.title(read.odd), list(Waiting)))
    if read.on is not None and read.until is None and read.reason:
        raise Unclear(answers.needs("A pause needs an end, as 4h or until 17:00, and then the reason.", PAUSE))
    if read.on is not None and read.until is not None and not read.reason:
        raise Unclear(answers.needs("Say why it waits.", PAUSE))
    if read.on is None or read.until is None:
        return form(asked, found, read.on)
    reason = asked.words(read.reason)
    after = asked.does(IncidentWaits(number=found.number, by=asked.by, on=read.on, until=read.until, reason=reason))
    return sentence(answers.waits(after, clocks.waiting_on(read.on), when(read.until)))


def form(asked: Asked, found: Incident, on: str | None = None) -> Answer:
    if not found.is_open:
        raise Unclear(answers.not_open(found))
    return views.pause(found, asked.now, on)


def resume(asked: Asked, found: Incident) -> Answer:
    return sentence(answers.waits_no_longer(asked.does(IncidentWaitEnded(number=found.number, by=asked.by))))


def correct(asked: Asked, found: Incident, rest: str) -> Answer:
    read = parse_sla.correction(rest, asked.now, _zone(asked))
    if read.odd:
        raise Unclear(answers.unknown("moment", asked.title(read.odd), list(Moment), "/incident correct {}"))
    if read.moment is None or read.to is None:
        raise Unclear(answers.needs("Which moment was when? A time is like 14:30 or yesterday 23:50.", CORRECT))
    reason = asked.words(read.reason)
    event = InstantCorrected(number=found.number, by=asked.by, moment=read.moment, to=read.to, reason=reason)
    return sentence(answers.corrected(asked.does(event), read.moment, when(read.to)))


def pause_clicked(click: Click) -> Answer:
    return form(click.asked, click.asked.incident(click.number))


def resume_clicked(click: Click) -> Answer:
    return resume(click.asked, click.asked.incident(click.number))


def explain_clicked(click: Click) -> Answer:
    return views.explained(click.asked.incident(click.number), click.asked.names, click.asked.now)


def _zone(asked: Asked) -> ZoneInfo:
    return ZoneInfo(asked.policy.zone_of(asked.by))
