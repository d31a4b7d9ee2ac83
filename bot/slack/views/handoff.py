"""The handoff as it is posted: who goes, who comes, where to start, the open work, the shift, and who takes it.

The worst incidents stand there in full, those that wait before those that are taken; the others have a line each, and
what has no room is told in the thread (see `handoff_details`).
"""

from collections.abc import Iterator
from datetime import datetime

from slackblocks import Block

from bot.core.handoff import Handoff, HandoffItem, ItemState, ShiftWatch
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import (
    Drawn,
    actions,
    and_more,
    button,
    context,
    divider,
    drawn,
    fits,
    header,
    section,
)
from bot.slack.words import handoffs as words
from bot.slack.words import labels
from bot.slack.words.times import when

MOST_IN_FULL = 5
MOST_LINES = 15
LINES_IN_A_BLOCK = 5
MOST_TRIED = 3
MOST_CLOCKS = 2
MOST_AWAKE = 4
MOST_NOTES = 5
MOST_AHEAD = 3


def handoff(handoff: Handoff, watch: ShiftWatch | None, policy: Policy, names: Names) -> Drawn:
    """`watch` tells whether a newer handoff has taken this one's place."""
    name = labels.schedule(handoff.schedule, policy)
    text = f"🤝 Handoff {name}: {words.people(handoff.incoming, names)} {words.comes(handoff.incoming)} on call"
    if not handoff.incoming:
        text = f"⚠️ Handoff {name}: nobody comes on call"
    newer = watch.handoff if watch is not None and watch.handoff and watch.handoff.id != handoff.id else None
    for in_full in range(MOST_IN_FULL, 0, -1):
        blocks = list(_blocks(handoff, newer, in_full, policy, names))
        if fits(blocks):
            break
    return drawn(text, blocks)


def preview(
    handoff: Handoff, watch: ShiftWatch | None, incoming: tuple[str, ...], policy: Policy, names: Names
) -> Drawn:
    """What would be handed over if the shift changed now, for one person."""
    name = labels.schedule(handoff.schedule, policy)
    text = f"🤝 What {name} would hand over now"
    until = f" until {when(watch.until)}" if watch and watch.until else ""
    who = f"*Has it:* {words.people(handoff.outgoing, names)}{until}\n*Comes:* {words.people(incoming, names)}"
    complete = actions(button("Complete the handoff", Button.COMPLETE_HANDOFF, carry(schedule=handoff.schedule)))
    for in_full in range(MOST_IN_FULL, 0, -1):
        shown = in_full_first(handoff.items, in_full)
        blocks = [section(f"*{text}*\n{who}"), *_work(handoff, shown, False, policy, names), complete]
        if fits(blocks):
            break
    return drawn(text, blocks)


def leaves_out(handoff: Handoff, policy: Policy, names: Names) -> bool:
    """Whether the message has no room for all of it."""
    summary = handoff.summary
    lists = (
        (handoff.notes, MOST_NOTES),
        (summary.resolved if summary else (), words.MOST_NAMED),
        (summary.breaches if summary else (), words.MOST_NAMED),
    )
    if len(handoff.items) > MOST_IN_FULL or any(len(found) > most for found, most in lists):
        return True
    return not fits(list(_blocks(handoff, None, MOST_IN_FULL, policy, names)))


def is_quiet(handoff: Handoff) -> bool:
    """Nothing is open, and there is nothing to say."""
    said, summary = handoff.words, handoff.summary
    told = (said.start_here, said.watch, said.ahead, said.silences, handoff.notes)
    shift = (summary.gaps, summary.declared, summary.resolved, summary.breaches, summary.pages) if summary else ()
    return not any((handoff.items, *told, *shift))


def in_full_first(items: tuple[HandoffItem, ...], most: int) -> set[int]:
    """The numbers of those that stand there in full: what waits comes before what is taken."""
    ordered = sorted(items, key=lambda item: item.is_taken)  # within each, the worst first as they came
    return {item.number for item in ordered[:most]}


def _blocks(
    handoff: Handoff, newer: Handoff | None, in_full: int, policy: Policy, names: Names
) -> Iterator[Block | None]:
    title = policy.schedule_name(handoff.schedule)
    yield header(f"🤝 Handoff {title} · {words.clock_times(handoff, policy)}")
    goes, comes = words.people(handoff.outgoing, names), words.people(handoff.incoming, names)
    if is_quiet(handoff):
        ahead = words.holidays(handoff.summary, names, 1).partition("\n")[0] if handoff.summary else ""
        facts = (f"*Goes:* {goes}", f"*Comes:* {comes}", ahead)
        yield section(f"Quiet. No incident is open.\n{' · '.join(filter(None, facts))}")
    else:
        early = f"\nHanded over early: the shift changes {when(handoff.at)}." if _is_early(handoff) else ""
        yield section(f"*Goes:* {goes}\n*Comes:* {comes}{early}")
        answerable = newer is None and bool(handoff.incoming)
        yield from _work(handoff, in_full_first(handoff.items, in_full), answerable, policy, names)
    yield from _footer(handoff, newer, names)


def _is_early(handoff: Handoff) -> bool:
    return handoff.posted_at is not None and handoff.posted_at < handoff.at


def _work(handoff: Handoff, shown: set[int], answerable: bool, policy: Policy, names: Names) -> Iterator[Block | None]:
    if handoff.items:
        yield section(words.start_here(handoff, names))
        yield section(f"*{words.how_many(handoff.items)}, worst first*")
    else:
        first = f"\n{words.start_here(handoff, names)}" if handoff.words.start_here else ""
        yield section(f"No incident is open.{first}")
    at = handoff.posted_at or handoff.at
    for item in handoff.items:
        if item.number in shown:
            yield section(in_full(item, at, policy, names, MOST_CLOCKS, MOST_TRIED, MOST_AWAKE))
            if answerable and not item.is_taken:
                yield _answers(handoff, item)
    rest = [item for item in handoff.items if item.number not in shown]
    told = [words.in_a_line(item, at, policy, names) for item in rest[:MOST_LINES]]
    for start in range(0, len(told), LINES_IN_A_BLOCK):
        yield section("\n".join(told[start : start + LINES_IN_A_BLOCK]))
    more = "more: the thread has them all" if handoff.id else "more: `/incident list` shows them"
    yield context(and_more(len(rest) - MOST_LINES, more))
    yield from shift(handoff, names, MOST_NOTES, MOST_AHEAD)


def in_full(
    item: HandoffItem,
    at: datetime,
    policy: Policy,
    names: Names,
    most_clocks: int,
    most_tried: int,
    most_awake: int,
) -> str:
    """I-PASS of one incident: how ill, the patient, the actions, what to expect, and what the receiver says."""
    running = sorted(item.clocks, key=lambda glimpse: glimpse.paused_until is not None)
    parts = [
        words.heading(item, policy),
        words.state(item, policy, names),
        *(words.clock(glimpse, at) for glimpse in running[:most_clocks]),
        words.waiting(item, names),
        words.tried(item, names, most_tried),
        words.plan(item, names),
        words.path(item, policy, most_awake),
        words.answer(item, names),
    ]
    return "\n".join(filter(None, parts))


def shift(
    handoff: Handoff, names: Names, most_notes: int, most_ahead: int, most_named: int = words.MOST_NAMED
) -> Iterator[Block | None]:
    """What concerns the shift as a whole; nothing where there is nothing to say."""
    summary = handoff.summary
    said = [
        words.watch_list(handoff, names),
        words.silences(handoff, names),
        words.changes_ahead(handoff, names),
        words.waits(handoff),
        words.notes(handoff.notes, names, most_notes),
    ]
    known = (
        [
            words.gaps(summary, most_ahead),
            words.holidays(summary, names, most_ahead),
            words.looking_back(summary, most_named),
        ]
        if summary
        else []
    )
    for part in (said, known):
        told = "\n".join(filter(None, part))
        if told:
            yield section(told)


def _answers(handoff: Handoff, item: HandoffItem) -> Block | None:
    about = carry(schedule=handoff.schedule, handoff=handoff.id, number=item.number)
    question = "Question" if item.state is not ItemState.QUESTIONED else "Ask again"
    return actions(
        button("Accept", Button.ACCEPT_ITEM, about, "primary"),
        button(question, Button.QUESTION_ITEM, about),
        button("Decline", Button.DECLINE_ITEM, about),
    )


def _footer(handoff: Handoff, newer: Handoff | None, names: Names) -> Iterator[Block | None]:
    about = carry(schedule=handoff.schedule, handoff=handoff.id)
    if handoff.taken_by is not None:
        yield section(words.taken(handoff, names))
        if handoff.items and not handoff.sentence and newer is None:
            yield actions(button("Read back", Button.READ_BACK, about))
    elif newer is not None:
        yield section(words.replaced(handoff, newer))
    elif not handoff.incoming:
        yield section(words.nobody_comes(handoff, names))
    elif not handoff.items:
        yield actions(button("Accept", Button.ACCEPT_HANDOFF, about, "primary"))
        yield context(words.until_then(handoff))
    else:
        yield divider()
        yield actions(
            button("Accept all", Button.ACCEPT_HANDOFF, about, "primary"),
            button("Add what is missing", Button.COMPLETE_HANDOFF, about),
        )
        yield context(words.until_then(handoff))
