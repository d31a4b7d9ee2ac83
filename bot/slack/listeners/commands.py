"""Slash commands. Each verb is a function that gives back its answer: words, or a form to open.

The answer rides in the acknowledgement, so no call to Slack is needed.
"""

from collections.abc import Callable, Mapping

from bot.core import events as happened
from bot.core.incident import Incident, Role, Status
from bot.slack.ids import Command
from bot.slack.listeners import handoffs, merging, paging, parse, parse_sla, runbooks
from bot.slack.listeners import oncall as on_call
from bot.slack.listeners import sla as clocks
from bot.slack.listeners.asked import Answer, Asked, Unclear, answered
from bot.slack.listeners.parse import Verb
from bot.slack.views import lists, modals
from bot.slack.views import path as paths
from bot.slack.views.drawn import Drawn, sentence
from bot.slack.views.home import is_mine
from bot.slack.words import answers
from bot.slack.words.escalation import standing


def incident(asked: Asked) -> None:
    typed = parse.typed(asked.body.get("text") or "")
    _answer(asked, lambda: _incident(asked, typed))


def oncall(asked: Asked) -> None:
    _answer(asked, lambda: on_call.answer(asked))


def runbook(asked: Asked) -> None:
    _answer(asked, lambda: runbooks.answer(asked))


def handoff(asked: Asked) -> None:
    _answer(asked, lambda: handoffs.answer(asked))


COMMANDS: Mapping[Command, Callable[[Asked], None]] = {
    Command.INCIDENT: incident,
    Command.ONCALL: oncall,
    Command.RUNBOOK: runbook,
    Command.HANDOFF: handoff,
}


def _answer(asked: Asked, attempt: Callable[[], Answer]) -> None:
    answer = answered(attempt)
    if isinstance(answer, Drawn):
        asked.ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")
    else:
        asked.ack()
        asked.reply(answer)


def _incident(asked: Asked, typed: parse.Typed) -> Answer:
    if typed.verb is not None:
        return VERBS[typed.verb](asked, typed.rest)
    if not typed.word:
        return menu(asked)
    if parse.severity_named(typed.word, asked.policy) or parse.service_named(typed.word, asked.policy):
        raise Unclear(answers.meant_to_declare(asked.title(f"{typed.word} {typed.rest}")))
    kind = answers.unknown_verb(typed.word, parse.VERBS)
    return lists.help_(kind)


def menu(asked: Asked) -> Answer:
    with asked.engine.store.reading() as read:
        number = read.number_of_channel(asked.channel or "")
        here = read.incident(number) if number else None
        return lists.menu(here, len(read.open_incidents()))


def find(asked: Asked, rest: str, verb: Verb) -> tuple[Incident, str]:
    """The incident that is meant, and what was typed after it."""
    with asked.engine.store.reading() as read:
        inside = read.number_of_channel(asked.channel or "")
        named, after = parse.subject(rest, verb, inside is not None)
        number = read.number_of_channel(named.channel) if named.channel else inside
        number = number if named.number is None else named.number
        if number is None:
            raise Unclear(answers.which(verb, read.open_incidents()))
        found = read.incident(number)
        if found is None:
            raise Unclear(answers.unknown_number(number, read.recent_incidents(50)))
        return found, after


def _find_open(asked: Asked, rest: str, verb: Verb) -> tuple[Incident, str]:
    found, after = find(asked, rest, verb)
    if not found.is_open:
        raise Unclear(answers.not_open(found))
    return found, after


def declare(asked: Asked, rest: str) -> Answer:
    policy = asked.policy
    read = parse.declaration(asked.title(rest), policy)
    if isinstance(read, parse.Doubt):
        known = policy.severities if read.kind == "severity" else policy.services
        raise Unclear(answers.doubtful(read.kind, read.word, read.command if read.meant else None, known))
    if not read.title or read.severity is None:
        return modals.declare(policy, title=read.title, severity=read.severity, service=read.service)
    event = happened.IncidentDeclared(by=asked.by, title=read.title, severity=read.severity, service=read.service)
    return sentence(answers.declared(asked.does(event), policy))


def list_(asked: Asked, rest: str) -> Answer:
    which = rest.lower()
    found = asked.open_incidents()
    if which in ("", "open"):
        heading = "Open incidents"
    elif which == "mine":
        heading, found = "Open incidents of yours", [one for one in found if is_mine(one, asked.by)]
    elif service := parse.service_named(which, asked.policy):
        name = asked.policy.services[service].name
        heading, found = f"Open incidents of {name}", [one for one in found if one.service == service]
    else:
        names = ["open", "mine", *asked.policy.services]
        raise Unclear(answers.unknown("service", asked.title(rest), names, "/incident list {}"))
    return lists.incidents(heading, found, asked.policy, asked.names, asked.now)


def show(asked: Asked, rest: str) -> Answer:
    found, _ = find(asked, rest, Verb.SHOW)
    return lists.show(found, asked.present(), asked.names, asked.now, asked.survivor(found))


def timeline(asked: Asked, rest: str) -> Answer:
    found, _ = find(asked, rest, Verb.TIMELINE)
    with asked.engine.store.reading() as read:
        return lists.timeline(found, read.timeline(found.number), asked.policy, asked.names)


def path(asked: Asked, rest: str) -> Answer:
    return paths.path(find(asked, rest, Verb.PATH)[0], asked.present(), asked.names)


def sla(asked: Asked, rest: str) -> Answer:
    """The number may stand before what is wanted, or behind it."""
    action, after = parse_sla.action(rest)
    found, after = find(asked, after, Verb.SLA)
    if action is None:
        action, after = parse_sla.action(after)
    return clocks.answer(asked, found, action, after)


def wait(asked: Asked, rest: str) -> Answer:
    return clocks.pause(asked, *find(asked, rest, Verb.WAIT))


def correct(asked: Asked, rest: str) -> Answer:
    return clocks.correct(asked, *find(asked, rest, Verb.CORRECT))


def ack(asked: Asked, rest: str) -> Answer:
    found, _ = find(asked, rest, Verb.ACK)
    return sentence(answers.you_have_it(asked.does(happened.IncidentAcknowledged(number=found.number, by=asked.by))))


def decline(asked: Asked, rest: str) -> Answer:
    found, reason = find(asked, rest, Verb.DECLINE)
    event = happened.IncidentDeclined(number=found.number, by=asked.by, reason=asked.words(reason))
    return sentence(answers.moved(asked.does(event)))


def escalate(asked: Asked, rest: str) -> Answer:
    found, reason = find(asked, rest, Verb.ESCALATE)
    event = happened.EscalationAsked(number=found.number, by=asked.by, reason=asked.words(reason))
    return sentence(standing(asked.does(event), asked.present(), asked.names))


def page(asked: Asked, rest: str) -> Answer:
    return paging.page(asked, *_find_open(asked, rest, Verb.PAGE))


def update(asked: Asked, rest: str) -> Answer:
    found, text = _find_open(asked, rest, Verb.UPDATE)
    if not text:
        return modals.update(found, asked.names)
    event = happened.UpdatePosted(number=found.number, by=asked.by, text=asked.words(text))
    return sentence(answers.update_posted(asked.does(event)))


def status(asked: Asked, rest: str) -> Answer:
    found, after = _find_open(asked, rest, Verb.STATUS)
    word, note = parse.first_word(after)
    if not word:
        return modals.status(found)
    to = word.lower().strip(":,.")
    if to not in list(Status):
        raise Unclear(answers.unknown("status", asked.title(word), list(Status), "/incident status {}"))
    event = happened.StatusMoved(number=found.number, by=asked.by, to=Status(to), note=asked.words(note))
    return sentence(answers.moved(asked.does(event)))


def severity(asked: Asked, rest: str) -> Answer:
    found, after = _find_open(asked, rest, Verb.SEVERITY)
    word, reason = parse.first_word(after)
    if not word:
        return modals.severity(found, asked.policy)
    to = parse.severity_named(word, asked.policy)
    if to is None:
        known = asked.policy.severities
        raise Unclear(answers.unknown("severity", asked.title(word), known, "/incident severity {}"))
    event = happened.SeverityChanged(number=found.number, by=asked.by, to=to, reason=asked.words(reason))
    return sentence(answers.severity_now(asked.does(event), asked.policy))


def lead(asked: Asked, rest: str) -> Answer:
    """Nobody named means yourself."""
    found, who = find(asked, rest, Verb.LEAD)
    return _give_role(asked, found, Role.LEAD, who or f"<@{asked.user}>")


def hand_over(asked: Asked, rest: str) -> Answer:
    return handoffs.offer_lead(asked, *_find_open(asked, rest, Verb.HANDOFF))


def role(asked: Asked, rest: str) -> Answer:
    found, after = find(asked, rest, Verb.ROLE)
    word, who = parse.first_word(after)
    if not word or not who:
        raise Unclear(answers.needs("Which role, and who?", "/incident role scribe @amina"))
    if word.lower() not in list(Role):
        raise Unclear(answers.unknown("role", asked.title(word), list(Role)))
    return _give_role(asked, found, Role(word.lower()), who)


def _give_role(asked: Asked, found: Incident, role: Role, who: str) -> Answer:
    named = parse.person_named(who, asked.policy)
    if named is None:
        raise Unclear(answers.unknown("person", asked.title(who), asked.policy.people))
    person = asked.names.ref(named)
    asked.does(happened.RoleTaken(number=found.number, by=asked.by, role=role, person=person))
    return sentence(answers.role_now(found, role, asked.names.mention(person)))


def note(asked: Asked, rest: str) -> Answer:
    found, text = find(asked, rest, Verb.NOTE)
    if not text:
        raise Unclear(answers.needs("A note needs a text.", "/incident note Rolled back to champion-1"))
    event = happened.NoteAdded(number=found.number, by=asked.by, text=asked.words(text))
    return sentence(answers.noted(asked.does(event)))


def start_runbook(asked: Asked, rest: str) -> Answer:
    return runbooks.start(asked, *find(asked, rest, Verb.RUNBOOK))


def category(asked: Asked, rest: str) -> Answer:
    """By its key or its name; without one, a form."""
    found, name = _find_open(asked, rest, Verb.CATEGORY)
    if not name:
        return category_form(asked, found)
    words = asked.title(name)
    to = parse.category_named(words, asked.policy) or words
    event = happened.CategoryChanged(number=found.number, by=asked.by, to=to)
    return sentence(answers.category_now(asked.does(event), asked.policy))


def label(asked: Asked, rest: str) -> Answer:
    """Without a label, those that it has."""
    found, words = _find_open(asked, rest, Verb.LABEL)
    if not words:
        return sentence(answers.labels_now(found))
    written = parse.labels_written(asked.title(words))
    if written is None:
        raise Unclear(answers.needs(answers.LABELS, "/incident label alertname=PredictionsStale"))
    event = happened.LabelsChanged(number=found.number, by=asked.by, labels=written)
    return sentence(answers.labels_now(asked.does(event)))


def category_form(asked: Asked, found: Incident) -> Answer:
    return modals.category(found, asked.policy) or sentence(answers.no_categories())


def resolve(asked: Asked, rest: str) -> Answer:
    found, summary = _find_open(asked, rest, Verb.RESOLVE)
    if not summary:
        return modals.resolve(found)
    event = happened.IncidentResolved(number=found.number, by=asked.by, summary=asked.words(summary))
    return sentence(answers.moved(asked.does(event)))


def reopen(asked: Asked, rest: str) -> Answer:
    found, reason = find(asked, rest, Verb.REOPEN)
    event = happened.IncidentReopened(number=found.number, by=asked.by, reason=asked.words(reason))
    return sentence(answers.moved(asked.does(event)))


def close(asked: Asked, rest: str) -> Answer:
    found, _ = find(asked, rest, Verb.CLOSE)
    return sentence(answers.moved(asked.does(happened.IncidentClosed(number=found.number, by=asked.by))))


def help_(asked: Asked, rest: str) -> Answer:
    return lists.help_()


VERBS: Mapping[Verb, Callable[[Asked, str], Answer]] = {
    Verb.DECLARE: declare,
    Verb.LIST: list_,
    Verb.SHOW: show,
    Verb.TIMELINE: timeline,
    Verb.PATH: path,
    Verb.SLA: sla,
    Verb.ACK: ack,
    Verb.DECLINE: decline,
    Verb.ESCALATE: escalate,
    Verb.PAGE: page,
    Verb.UPDATE: update,
    Verb.STATUS: status,
    Verb.SEVERITY: severity,
    Verb.LEAD: lead,
    Verb.HANDOFF: hand_over,
    Verb.ROLE: role,
    Verb.NOTE: note,
    Verb.CATEGORY: category,
    Verb.LABEL: label,
    Verb.RUNBOOK: start_runbook,
    Verb.RESOLVE: resolve,
    Verb.REOPEN: reopen,
    Verb.CLOSE: close,
    Verb.MERGE: merging.merge,
    Verb.WAIT: wait,
    Verb.CORRECT: correct,
    Verb.HELP: help_,
}
