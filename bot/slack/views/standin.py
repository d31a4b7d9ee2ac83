"""Stand-ins as they are seen: the offer, the news for those concerned, and the list of all changes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from slackblocks import Block
from slackblocks import Button as DrawnButton

from bot.core.concerned import leads_of
from bot.core.permitted import Span
from bot.core.standin import StandIn, StandInKind, StandInState, concerned
from bot.oncall.schedule import Shift, shifts
from bot.policy.model import Override, Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, drawn, section, sentence
from bot.slack.words import labels
from bot.slack.words import standin as words
from bot.slack.words.text import flat

MOST_CHANGES = 10


def offer(standin: StandIn, person: str, policy: Policy, names: Names, now: datetime) -> Drawn:
    """What one person is asked; once it is settled, how it ended."""
    offered = standin.offer(person)
    if standin.state is StandInState.OFFERED and offered is not None and offered.declined:
        text = words.declined_by_you(standin, policy, names)
        after_all = button("I take it after all", Button.ACCEPT_STAND_IN, _about(standin))
        return drawn(text, [section(f"{text}\n{words.wanted(standin, person)}"), actions(after_all)])
    if standin.state is not StandInState.OFFERED:
        text = words.standing(standin, person, policy, names)
        undo = undo_button(standin, now) if standin.accepted_by == person else None
        return drawn(flat(text), [section(text), actions(undo) if undo else None])
    text = words.asks(standin, policy, names)
    parts = [text, words.wanted(standin, person), words.reason(standin, names)]
    others = words.asked(standin, names) if len(standin.offers) > 1 else ""
    return drawn(
        flat(f"{text} {words.wanted(standin, person)}"),
        [
            section("\n".join(filter(None, parts))),
            answer_buttons(standin),
            context(words.hardship(standin, person, policy), others),
        ],
    )


def news(standin: StandIn, person: str, policy: Policy, names: Names, now: datetime) -> Drawn:
    """Tells somebody whom it concerns how it stands; Undo for those who may."""
    people = concerned(standin, now, policy)
    may_undo = person in (*people, *leads_of(people, policy))
    return _told(standin, person, policy, names, undo_button(standin, now) if may_undo else None)


def changed(standin: StandIn, by: str, policy: Policy, names: Names, now: datetime) -> Drawn:
    """The answer to the one who acted."""
    return _told(standin, by, policy, names, undo_button(standin, now))


def changes(
    standins: Iterable[StandIn], policy: Policy, names: Names, now: datetime, schedule: str | None = None
) -> Drawn:
    """Who changed what and when, the newest first."""
    found = sorted((each for each in standins if schedule in (None, each.schedule)), key=lambda each: -each.id)
    if not found:
        return sentence(words.no_changes(schedule, policy))
    heading = f"Changes of shifts{f' of {labels.schedule(schedule, policy)}' if schedule else ''}: {len(found)}"
    rows = [section(words.audit(each, policy, names, now), undo_button(each, now)) for each in found[:MOST_CHANGES]]
    return drawn(heading, [section(f"*{heading}*"), *rows, context(and_more(len(found) - MOST_CHANGES))])


def before_and_after(standin: StandIn, policy: Policy) -> tuple[list[Shift], list[Shift]]:
    """The shifts of its spans as they were without it, and as they are with it; once it is undone, the other way."""
    schedule = policy.schedules.get(standin.schedule)
    if schedule is None:
        return [], []
    undone = standin.state is StandInState.UNDONE
    others = tuple(override for override in policy.overrides if override.id != standin.id)
    held = replace(standin, ended_at=None).overrides()
    spans = [span for each in standin.spans if (span := _left(each, standin.ended_at if undone else None))]

    def found(overrides: tuple[Override, ...]) -> list[Shift]:
        known = policy.model_copy(update={"overrides": (*others, *overrides)}).overrides_of(standin.schedule)
        return [shift for span in spans for shift in shifts(schedule, span.start, span.end, known)]

    without, with_it = found(()), found(held)
    return (with_it, without) if undone else (without, with_it)


def undo_button(standin: StandIn, now: datetime) -> DrawnButton | None:
    """None where there is nothing to undo."""
    if standin.state not in (StandInState.STANDING, StandInState.OFFERED) or standin.over <= now:
        return None
    label = "Undo" if standin.state is StandInState.STANDING else "Withdraw"
    return button(label, Button.UNDO_STAND_IN, _about(standin))


def answer_buttons(standin: StandIn) -> Block | None:
    label = "Accept the swap" if standin.kind is StandInKind.SWAP else "I take it"
    return actions(
        button(label, Button.ACCEPT_STAND_IN, _about(standin), "primary"),
        button("I can't", Button.DECLINE_STAND_IN, _about(standin)),
    )


def _told(standin: StandIn, reader: str | None, policy: Policy, names: Names, undo: DrawnButton | None) -> Drawn:
    text = words.standing(standin, reader, policy, names)
    asked = words.asked(standin, names) if standin.state is StandInState.OFFERED else ""
    blocks = [
        section("\n".join(filter(None, (text, words.reason(standin, names))))),
        *_before_and_now(standin, policy, names),
        context(asked),
        actions(undo) if undo else None,
    ]
    return drawn(flat(text), blocks)


def _before_and_now(standin: StandIn, policy: Policy, names: Names) -> Iterator[Block]:
    before, after = before_and_after(standin, policy)
    if standin.stood_at is not None and before != after:
        yield section(words.shift_lines("Before", before, names))
        yield section(words.shift_lines("Now", after, names))


def _left(span: Span, ended_at: datetime | None) -> Span | None:
    """What of a span was still to come when it was undone."""
    start = max(span.start, ended_at) if ended_at else span.start
    return replace(span, start=start) if start < span.end else None


def _about(standin: StandIn) -> str:
    return carry(schedule=standin.schedule, id=standin.id)
