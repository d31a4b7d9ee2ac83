"""`/oncall`: who has the pager, and who stands in. Each kind of request is a function that gives back its answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.concerned import on_call_within
from bot.core.oncall_effects import PostCoverage
from bot.core.oncall_events import CoverAsked, OverrideSet, StandInEvent, StandInUndone, SwapAsked
from bot.core.simulation import simulate
from bot.core.standin import StandIn
from bot.oncall.schedule import on_call_in
from bot.policy.model import Policy
from bot.slack.listeners import oncall_requests, parse_oncall, parse_path
from bot.slack.listeners.asked import Answer, Asked, Unclear
from bot.slack.listeners.oncall_requests import ME, Kind, NotUnderstood, Who
from bot.slack.listeners.times import Span
from bot.slack.views import lists, oncall_forms, service_path, shifts, standin
from bot.slack.views import oncall as views
from bot.slack.views.drawn import sentence
from bot.slack.views.oncall import FeedTrouble
from bot.slack.words import answers
from bot.slack.words import coverage as coverage_words
from bot.slack.words import shifts as words
from bot.slack.words import standin as standin_words

MOST_CHANGES = 30
MOST_PICTURES = 5


def answer(asked: Asked) -> Answer:
    zone = ZoneInfo(asked.policy.zone_of(asked.by))
    typed = parse_oncall.typed(asked.body.get("text") or "", asked.policy, asked.now, zone)
    return _ANSWERS[type(typed)](asked, typed)


def _look(asked: Asked, typed: oncall_requests.Look) -> Answer:
    policy = asked.present(typed.at)
    return views.oncall(policy, asked.names, asked.now, typed.schedule, typed.at, troubles(asked, typed.schedule))


def troubles(asked: Asked, schedule: str | None) -> list[FeedTrouble]:
    """What is wrong with the calendars that decide who is on call."""
    with asked.engine.store.reading() as read:
        marks = read.feed_marks()
    return [
        FeedTrouble(layer, mark.read_at, mark.problem, mark.unknown)
        for (key, layer), mark in marks.items()
        if schedule in (None, key) and (mark.problem or mark.unknown)
    ]


def _week(asked: Asked, typed: oncall_requests.Week) -> Answer:
    return week(asked, typed.schedule)


def week(asked: Asked, schedule: str | None) -> Answer:
    """Of the schedule that is named; else of one in which the asker has a shift, or of the first."""
    policy = asked.present()
    if not policy.schedules:
        return sentence(words.no_schedules())
    own = shifts.own_shifts(asked.by, policy, asked.now)
    shown = schedule or (own[0].schedule if own else next(iter(policy.schedules)))
    return views.week(policy, asked.names, asked.now, shown)


def _mine(asked: Asked, typed: oncall_requests.Mine) -> Answer:
    return shifts.mine(asked.by, asked.present(), asked.names, asked.now)


def _override(asked: Asked, typed: oncall_requests.Override) -> Answer:
    policy, span = asked.present(), typed.span
    person, instead_of = _ref(asked, typed.person), _ref(asked, typed.instead_of)
    schedule = typed.schedule or _schedule_of(policy, span, instead_of)
    reason = asked.words(typed.reason)
    if schedule is None or person is None or span is None:
        return oncall_forms.override(
            asked.by,
            policy,
            asked.names,
            asked.now,
            schedule,
            person=person,
            start=span.start if span else None,
            end=span.end if span else None,
            instead_of=instead_of,
            reason=reason,
        )
    return _does(
        asked,
        OverrideSet(
            schedule=schedule,
            by=asked.by,
            person=person,
            start=span.start,
            end=span.end,
            instead_of=instead_of,
            reason=reason,
        ),
    )


def _cover(asked: Asked, typed: oncall_requests.Cover) -> Answer:
    policy, span, reason = asked.present(), typed.span, asked.words(typed.reason)
    schedule = typed.schedule or (_schedule_of(policy, span, asked.by) if span else None)
    if schedule is None or span is None:
        start, end = (span.start, span.end) if span else (None, None)
        return oncall_forms.cover(
            asked.by, policy, asked.names, asked.now, schedule, start=start, end=end, reason=reason
        )
    return _does(asked, CoverAsked(schedule=schedule, by=asked.by, start=span.start, end=span.end, reason=reason))


def _swap(asked: Asked, typed: oncall_requests.Swap) -> Answer:
    policy, reason, other = asked.present(), asked.words(typed.reason), _ref(asked, typed.other)
    schedule = typed.schedule or (_schedule_at(policy, typed.mine, asked.by) if typed.mine else None)
    if schedule is None or other is None or typed.mine is None or typed.theirs is None:
        return oncall_forms.swap(
            asked.by,
            policy,
            asked.names,
            asked.now,
            schedule,
            mine=typed.mine,
            other=other,
            theirs=typed.theirs,
            reason=reason,
        )
    event = SwapAsked(schedule=schedule, by=asked.by, other=other, mine=typed.mine, theirs=typed.theirs, reason=reason)
    return _does(asked, event)


def _undo(asked: Asked, typed: oncall_requests.Undo) -> Answer:
    if typed.id is None:
        return changes(asked, None)
    with asked.engine.store.reading() as read:
        found = read.stand_in(typed.id)
    if found is None:
        raise Unclear(standin_words.unknown_change(typed.id))
    return _does(asked, StandInUndone(schedule=found.schedule, id=found.id, by=asked.by))


def _changes(asked: Asked, typed: oncall_requests.Changes) -> Answer:
    return changes(asked, typed.schedule)


def changes(asked: Asked, schedule: str | None) -> Answer:
    with asked.engine.store.reading() as read:
        found = read.stand_ins(schedule, MOST_CHANGES)
    return standin.changes(found, asked.policy, asked.names, asked.now, schedule)


def _coverage(asked: Asked, typed: oncall_requests.Coverage) -> Answer:
    return coverage(asked, typed.schedule)


def coverage(asked: Asked, schedule: str | None) -> Answer:
    """A picture takes its time, so it comes after the answer."""
    wanted = [schedule] if schedule else list(asked.policy.schedules)[:MOST_PICTURES]
    if not wanted:
        return sentence(words.no_schedules())
    for key in wanted:
        asked.engine.post(PostCoverage(schedule=key, channel=asked.channel or asked.user, by=asked.by))
    return sentence(coverage_words.comes(wanted, asked.policy))


def _path(asked: Asked, typed: parse_path.Path) -> Answer:
    if typed.service is None:
        raise Unclear(answers.needs("Which service?", f"/oncall path {_some_service(asked)}"))
    return service_path.service_path(typed.service, typed.severity, asked.present(), asked.names, asked.now)


def _simulate(asked: Asked, typed: parse_path.Simulate) -> Answer:
    """By who is on call then; of the past, by what was changed until then."""
    if typed.service is None or typed.severity is None:
        missing = "Which service?" if typed.service is None else "Which severity?"
        severity = typed.severity or next(iter(asked.policy.severities), "sev1")
        service = typed.service or _some_service(asked)
        raise Unclear(answers.needs(missing, f"/oncall simulate {service} {severity} at tomorrow 3am"))
    policy = asked.present(typed.at)
    return service_path.simulated(
        simulate(typed.service, typed.severity, typed.at or asked.now, policy), policy, asked.names
    )


def _some_service(asked: Asked) -> str:
    return next(iter(asked.policy.services), "SERVICE")


def _unknown(asked: Asked, typed: parse_path.Unknown) -> Answer:
    said = asked.title(typed.word)
    match typed.kind:
        case "time":
            raise Unclear(words.time_not_understood(said))
        case "service" | "severity":
            all_ = asked.policy.services if typed.kind == "service" else asked.policy.severities
            raise Unclear(answers.unknown(typed.kind, said, [typed.nearest] if typed.nearest else all_))
        case _:
            return lists.oncall_help(words.strange(said))


def _help(asked: Asked, typed: oncall_requests.Help) -> Answer:
    return lists.oncall_help()


def _not_understood(asked: Asked, typed: NotUnderstood) -> Answer:
    said = asked.title(typed.word)
    match typed.kind:
        case Kind.PERSON:
            known = [typed.nearest] if typed.nearest else asked.policy.people
            raise Unclear(answers.unknown("person", said.lstrip("@"), known))
        case Kind.INSTANT:
            raise Unclear(words.time_not_understood(said))
        case Kind.SPAN:
            raise Unclear(words.span_not_understood(said))
        case Kind.END:
            raise Unclear(words.span_without_end(said))
        case Kind.NUMBER:
            raise Unclear(standin_words.not_a_number(said))
        case Kind.WORD:
            return lists.oncall_help(words.word_not_understood(said, typed.nearest, asked.policy))


def done(asked: Asked, made: StandIn) -> Answer:
    """What has come of it, for the one who did it."""
    return standin.changed(made, asked.by, asked.present(), asked.names, asked.now)


def _does(asked: Asked, event: StandInEvent) -> Answer:
    return done(asked, asked.changes_shift(event))


def _ref(asked: Asked, who: Who | None) -> str | None:
    if who is ME:
        return asked.by
    return asked.names.ref(who) if isinstance(who, str) else None


def _schedule_of(policy: Policy, span: Span | None, person: str | None) -> str | None:
    """The only schedule there is, or the only one in which a person has the pager in a span."""
    if len(policy.schedules) == 1:
        return next(iter(policy.schedules))
    if span is None or person is None:
        return None
    found = [key for key in policy.schedules if person in on_call_within(key, span.start, span.end, policy)]
    return found[0] if len(found) == 1 else None


def _schedule_at(policy: Policy, at: datetime, person: str) -> str | None:
    found = [key for key in policy.schedules if person in on_call_in(key, at, policy).people]
    return found[0] if len(found) == 1 else None


_ANSWERS: Mapping[type, Callable[[Asked, Any], Answer]] = {
    oncall_requests.Look: _look,
    oncall_requests.Week: _week,
    oncall_requests.Mine: _mine,
    oncall_requests.Override: _override,
    oncall_requests.Cover: _cover,
    oncall_requests.Swap: _swap,
    oncall_requests.Undo: _undo,
    oncall_requests.Changes: _changes,
    oncall_requests.Coverage: _coverage,
    parse_path.Path: _path,
    parse_path.Simulate: _simulate,
    parse_path.Unknown: _unknown,
    oncall_requests.Help: _help,
    NotUnderstood: _not_understood,
}
