"""`/incident merge` and its form: an incident goes on in another."""

from bot.core.events import IncidentMerged
from bot.core.incident import Incident
from bot.slack.listeners import parse_merge
from bot.slack.listeners.asked import Answer, Asked, Unclear
from bot.slack.listeners.parse import Subject, Verb
from bot.slack.views import modals
from bot.slack.views.drawn import sentence
from bot.slack.words import answers
from bot.store.reading import Reading


def merge(asked: Asked, rest: str) -> Answer:
    """Without the one that goes on it opens the form."""
    with asked.engine.store.reading() as read:
        inside = read.number_of_channel(asked.channel or "")
        wanted = parse_merge.merge(rest, inside is not None)
        what = _found(read, wanted.what or Subject(number=inside))
        into = _found(read, wanted.into) if wanted.into else None
    if into is None:
        return form(asked, what, asked.title(wanted.reason))
    event = IncidentMerged(number=what.number, by=asked.by, into=into.number, reason=asked.words(wanted.reason))
    return sentence(answers.merged(asked.does(event), into))


def form(asked: Asked, found: Incident, reason: str = "") -> Answer:
    if not found.is_open:
        raise Unclear(answers.not_open(found))
    others = [each for each in asked.open_incidents() if each.number != found.number]
    return modals.merge(found, others, reason) or sentence(answers.none_to_merge_with(found))


def _found(read: Reading, named: Subject) -> Incident:
    number = read.number_of_channel(named.channel) if named.channel else named.number
    if number is None:
        raise Unclear(answers.which(Verb.MERGE, read.open_incidents()))
    found = read.incident(number)
    if found is None:
        raise Unclear(answers.unknown_number(number, read.recent_incidents(50)))
    return found
