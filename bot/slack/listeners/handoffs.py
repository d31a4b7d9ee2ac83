"""`/handoff`, the buttons of a handoff and its forms; and the lead of one incident handed over alone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.core import briefing, taking
from bot.core.events import Event, LeadOfferAnswered, LeadOffered
from bot.core.handoff import Handoff, HandoffItem, Plan, ShiftWatch, Words
from bot.core.incident import Incident
from bot.core.oncall_events import (
    HandoffCompleted,
    HandoffNoted,
    HandoffReadBack,
    HandoffStarted,
    HandoffTaken,
    ItemAccepted,
    ItemDeclined,
    ItemQuestioned,
)
from bot.core.transfer import just_handed_over
from bot.oncall.schedule import on_call_in
from bot.policy.model import Policy
from bot.reports import handoffs as reports
from bot.slack.ids import Button, Field, Modal, field_of
from bot.slack.listeners import parse, parse_handoff
from bot.slack.listeners.asked import Answer, Asked, Instead, Unclear
from bot.slack.listeners.click import Click
from bot.slack.listeners.forms import Form, Sent
from bot.slack.listeners.parse_handoff import Typed, Verb
from bot.slack.views import handoff as views
from bot.slack.views import handoff_forms, handoff_history, lists
from bot.slack.views.drawn import sentence
from bot.slack.words import answers
from bot.slack.words import handoff_news as words

HISTORY = timedelta(days=30)
NOTE = "/handoff note The backfill of churn-scoring runs until 18:00"


def answer(asked: Asked) -> Answer:
    policy = asked.present()
    typed = parse_handoff.typed(asked.body.get("text") or "", policy)
    if typed.verb is Verb.HELP:
        return lists.handoff_help()
    if typed.odd:
        return _odd(asked, typed)
    if not policy.schedules:
        raise Unclear(words.no_schedules())
    if typed.verb is Verb.NOTE and not typed.text:
        raise Unclear(answers.needs("A note needs a text.", NOTE))
    if typed.verb is Verb.HISTORY:
        return history(asked, typed.schedule)
    schedule = typed.schedule or _own(asked, typed.verb, policy)
    return _VERBS[typed.verb](asked, schedule, typed.text)


def _odd(asked: Asked, typed: Typed) -> Answer:
    word = asked.title(typed.odd).split()[0]
    if typed.nearest in list(Verb) or typed.schedule is not None:
        return lists.handoff_help(words.unknown_verb(word, typed.nearest))
    command = "/handoff {}" if typed.verb is Verb.SHOW else f"/handoff {typed.verb} {{}}"
    raise Unclear(words.unknown_schedule(word, typed.nearest, asked.policy.schedules, command))


def _own(asked: Asked, verb: Verb, policy: Policy) -> str:
    """The schedule on whose shift the asker is; else the only one that hands over."""
    handing = [key for key, known in policy.schedules.items() if known.handoff is not None]
    mine = [key for key in policy.schedules if asked.by in on_call_in(key, asked.now, policy).people]
    for found in ([key for key in mine if key in handing], mine, handing, list(policy.schedules)):
        if len(found) == 1:
            return found[0]
    command = {Verb.SHOW: "/handoff {}", Verb.NOTE: "/handoff {} note …"}.get(verb, f"/handoff {verb} {{}}")
    raise Unclear(words.which_schedule(command, mine or handing or policy.schedules))


def show(asked: Asked, schedule: str, rest: str) -> Answer:
    watch, preview, policy = _preview(asked, schedule)
    until = watch.until if watch else None
    coming = on_call_in(schedule, until, policy).people if until else ()
    return views.preview(preview, watch, coming, policy, asked.names)


def note(asked: Asked, schedule: str, text: str) -> Answer:
    watch = asked.hands_over(HandoffNoted(schedule=schedule, by=asked.by, text=asked.words(text)))
    return sentence(words.noted(schedule, len(watch.notes), asked.policy))


def start(asked: Asked, schedule: str, rest: str) -> Answer:
    watch = asked.hands_over(HandoffStarted(schedule=schedule, by=asked.by))
    if watch.handoff is None:
        return None
    return sentence(words.begun(watch.handoff, asked.policy, asked.names))


def complete(asked: Asked, schedule: str, rest: str = "") -> Answer:
    """For the handoff that stands and waits, if the asker has just handed it over; else for the next one."""
    watch, preview, policy = _preview(asked, schedule)
    standing = just_handed_over(watch, asked.by) if watch else None
    if standing is not None:
        return handoff_forms.complete(schedule, standing.waits, standing.words, policy, asked.names)
    return handoff_forms.complete(schedule, preview.items, preview.words, policy, asked.names)


def history(asked: Asked, schedule: str | None) -> Answer:
    """Of all schedules, if none is named."""
    since = asked.now - HISTORY
    with asked.engine.store.reading() as read:
        handoffs, missed = read.handoffs(since, schedule), read.missed_updates(since)
    found = reports.history(handoffs, missed, asked.policy, since, asked.now)
    return handoff_history.history(found, schedule, asked.policy, asked.names)


def _preview(asked: Asked, schedule: str) -> tuple[ShiftWatch | None, Handoff, Policy]:
    with asked.engine.store.reading() as read:
        policy, watch = asked.engine.present(read), read.watch(schedule)
        around = read.around(schedule, asked.now)
    return watch, briefing.preview(watch, schedule, around, asked.now, policy), policy


_VERBS: Mapping[Verb, Callable[[Asked, str, str], Answer]] = {
    Verb.SHOW: show,
    Verb.NOTE: note,
    Verb.COMPLETE: complete,
    Verb.START: start,
}


# Buttons


def complete_clicked(click: Click) -> Answer:
    schedule = click.fact("schedule")
    if schedule not in click.asked.policy.schedules:
        raise Unclear(answers.no_such_button())
    return complete(click.asked, schedule)


def accept_all(click: Click) -> Answer:
    """Where nothing is open there is nothing to read back."""
    handoff = _standing(click)
    if handoff.waits:
        return handoff_forms.take(handoff)
    click.asked.hands_over(HandoffTaken(schedule=handoff.schedule, by=click.by, handoff=handoff.id))
    return None


def accept_item(click: Click) -> Answer:
    schedule, handoff = click.fact("schedule"), click.fact("handoff")
    click.asked.hands_over(ItemAccepted(schedule=schedule, by=click.by, handoff=handoff, number=click.number))
    return None


def question_item(click: Click) -> Answer:
    return handoff_forms.question(*_item(click), click.asked.policy)


def decline_item(click: Click) -> Answer:
    return handoff_forms.decline(*_item(click), click.asked.policy)


def read_back(click: Click) -> Answer:
    return handoff_forms.read_back(_standing(click))


def _standing(click: Click) -> Handoff:
    """The handoff, if it is the latest and the person may take it: a form that would be refused does not open."""
    with click.asked.engine.store.reading() as read:
        watch = read.watch(click.fact("schedule"))
    handoff = taking.latest(watch, click.fact("handoff"))
    if watch is None or handoff is None:
        raise Unclear(words.is_over())
    if not taking.may_take(watch, handoff, click.by):
        raise Unclear(words.not_theirs(handoff, click.asked.names))
    return handoff


def _item(click: Click) -> tuple[Handoff, HandoffItem]:
    handoff = _standing(click)
    item = handoff.item(click.number)
    if item is None or item.is_taken:
        raise Unclear(words.is_taken(click.number, item, click.asked.names))
    return handoff, item


def accept_lead(click: Click) -> Answer:
    after = click.asked.does(LeadOfferAnswered(number=click.number, by=click.by, accepted=True))
    return Instead(sentence(words.you_lead(after)))


def decline_lead(click: Click) -> Answer:
    after = click.asked.does(LeadOfferAnswered(number=click.number, by=click.by, accepted=False))
    return Instead(sentence(words.lead_declined(after, click.asked.names)))


BUTTONS: Mapping[Button, Callable[[Click], Answer]] = {
    Button.ACCEPT_HANDOFF: accept_all,
    Button.COMPLETE_HANDOFF: complete_clicked,
    Button.ACCEPT_ITEM: accept_item,
    Button.QUESTION_ITEM: question_item,
    Button.DECLINE_ITEM: decline_item,
    Button.READ_BACK: read_back,
    Button.ACCEPT_LEAD: accept_lead,
    Button.DECLINE_LEAD: decline_lead,
}


# `/incident handoff`


def offer_lead(asked: Asked, found: Incident, who: str) -> Answer:
    if not who:
        raise Unclear(answers.needs("Who is to take it?", "/incident handoff @amina"))
    named = parse.person_named(who, asked.policy)
    if named is None:
        raise Unclear(answers.unknown("person", asked.title(who).lstrip("@"), asked.policy.people))
    person = asked.names.ref(named)
    after = asked.does(LeadOffered(number=found.number, by=asked.by, to=person))
    return sentence(words.lead_asked(after, person, asked.names))


# Forms


def _completed(form: Sent) -> Event:
    """What was said of incidents that the form does not ask about stays."""
    schedule = form.about["schedule"]
    numbers = [int(number) for number in form.about["numbers"].split(",") if number]
    said = Words(
        start_here=form[Field.START_HERE],
        watch=tuple(filter(None, map(str.strip, form[Field.WATCH].splitlines()))),
        ahead=form[Field.AHEAD],
        silences=form[Field.SILENCES],
        plans=(*_other_plans(form.asked, schedule, numbers), *(_plan(form, number) for number in numbers)),
    )
    return HandoffCompleted(schedule=schedule, by=form.by, words=said)


def _plan(form: Sent, number: int) -> Plan:
    """An owner or a time alone says nothing: they are of an action."""
    action, due = form[field_of(Field.NEXT_ACTION, number)], form[field_of(Field.DUE, number)]
    owner = form[field_of(Field.OWNER, number)]
    return Plan(
        number=number,
        next_action=action,
        owner=owner if action and owner else None,
        due=datetime.fromtimestamp(int(due), UTC) if action and due else None,
        if_then=form[field_of(Field.IF_THEN, number)],
    )


def _other_plans(asked: Asked, schedule: str, numbers: list[int]) -> tuple[Plan, ...]:
    with asked.engine.store.reading() as read:
        watch = read.watch(schedule)
    standing = just_handed_over(watch, asked.by) if watch else None
    said = standing.words if standing else watch.words if watch else Words()
    return tuple(plan for plan in said.plans if plan.number not in numbers)


def _taken(form: Sent) -> Event:
    about = form.about
    return HandoffTaken(schedule=about["schedule"], by=form.by, handoff=about["handoff"], sentence=form[Field.SENTENCE])


def _read_back(form: Sent) -> Event:
    about = form.about
    return HandoffReadBack(
        schedule=about["schedule"], by=form.by, handoff=about["handoff"], sentence=form[Field.SENTENCE]
    )


def _questioned(form: Sent) -> Event:
    about = form.about
    return ItemQuestioned(
        schedule=about["schedule"], by=form.by, handoff=about["handoff"], number=form.number, text=form[Field.TEXT]
    )


def _declined(form: Sent) -> Event:
    about = form.about
    return ItemDeclined(
        schedule=about["schedule"], by=form.by, handoff=about["handoff"], number=form.number, reason=form[Field.REASON]
    )


def _kept(asked: Asked, watch: ShiftWatch) -> Answer:
    return sentence(words.completed(watch.schedule, asked.policy))


FORMS: Mapping[Modal, Form] = {
    Modal.COMPLETE_HANDOFF: Form(_completed, Field.START_HERE, _kept),
    Modal.TAKE_HANDOFF: Form(_taken, Field.SENTENCE),
    Modal.READ_BACK: Form(_read_back, Field.SENTENCE),
    Modal.QUESTION_ITEM: Form(_questioned, Field.TEXT),
    Modal.DECLINE_ITEM: Form(_declined, Field.REASON),
}
