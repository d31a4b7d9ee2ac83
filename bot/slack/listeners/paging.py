"""`/incident page` and its form: somebody asks others in by hand."""

from collections.abc import Sequence

from bot.core.events import RespondersPaged
from bot.core.incident import Incident
from bot.core.targets import who
from bot.policy.model import PageTarget, TargetKind
from bot.slack.listeners import parse_page
from bot.slack.listeners.asked import Answer, Asked, Unclear
from bot.slack.listeners.parse_page import Nobody
from bot.slack.views import modals
from bot.slack.views.drawn import sentence
from bot.slack.words import answers


def page(asked: Asked, found: Incident, rest: str) -> Answer:
    """Nobody named opens the form."""
    if not rest.strip():
        return form(asked, found)
    read = parse_page.wanted(rest, asked.policy)
    if isinstance(read, Nobody):
        raise Unclear(answers.nobody_to_page(asked.title(read.word), read.nearest))
    targets = tuple(dict.fromkeys(_known(asked, target) for target in read.targets))
    event = RespondersPaged(number=found.number, by=asked.by, targets=targets, note=asked.words(read.message))
    return sentence(_told(asked, found, targets, asked.does(event)))


def form(asked: Asked, found: Incident) -> Answer:
    if not found.is_open:
        raise Unclear(answers.not_open(found))
    return modals.page(found, asked.policy) or sentence(answers.nobody_configured())


def _known(asked: Asked, target: PageTarget | str) -> PageTarget:
    """A mention becomes the person of the configuration."""
    if isinstance(target, PageTarget):
        return target
    person = asked.names.ref(target)
    if person not in asked.policy.people:
        raise Unclear(answers.not_of_ours(asked.names.mention(person)))
    return PageTarget(kind=TargetKind.PERSON, name=person)


def _told(asked: Asked, before: Incident, targets: Sequence[PageTarget], after: Incident) -> str:
    old = {page.id for page in before.pages}
    paged = [page.person for page in after.pages if page.id not in old and page.asked_by == asked.by]
    policy = asked.present()
    meant = dict.fromkeys(person for target in targets for person in who(target, policy, asked.now))
    already = [asked.names.mention(person) for person in meant if person not in paged]
    return answers.asked_to_join(after, [asked.names.mention(person) for person in paged], already)
