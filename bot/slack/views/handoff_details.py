"""All of a handoff, in its thread: the worst incidents in full, the others in a line each, and then the shift.

One message follows the other; each begins where the one before had no more room.
"""

from dataclasses import replace

from slackblocks import Block

from bot.core.handoff import Handoff, HandoffItem, ItemState
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.views.drawn import MOST_BODY, Drawn, and_more, context, drawn, section
from bot.slack.views.handoff import in_full, shift
from bot.slack.words import handoffs as words

IN_FULL = 12
MOST_INCIDENTS = 400
LINES_IN_A_BLOCK = 8
NOTES_IN_A_BLOCK = 5
ROOM = MOST_BODY - 1500  # for the heading and what the blocks are made of
AROUND = 90  # characters that a block needs beside its text
MOST_CLOCKS, MOST_TRIED, MOST_AWAKE = 4, 5, 6
MOST_AHEAD, MOST_NAMED = 10, 30


def details(handoff: Handoff, start: int, policy: Policy, names: Names) -> tuple[Drawn, int | None]:
    """The message that begins with the incident at this place, and where the next one begins; None: it is the last.

    What became of an incident stands in the handoff itself, which is drawn anew.
    """
    items = tuple(replace(item, state=ItemState.WAITING) for item in handoff.items[:MOST_INCIDENTS])
    if start >= len(items):
        return _shift(handoff, names), None
    blocks: list[Block | None] = []
    room, at = ROOM, start
    while at < len(items):
        block, taken = _next(handoff, items, at, policy, names)
        room -= len(block) + block.count("\n") + AROUND
        if room < 0 and blocks:
            break
        blocks.append(section(block))
        at += taken
    text = f"{words.how_many(handoff.items)}, worst first: {start + 1} to {at}"
    more = and_more(len(handoff.items) - MOST_INCIDENTS, "more: `/incident list` shows them")
    last = context(more) if at == len(items) else None
    return drawn(text, [section(f"*{text}*"), *blocks, last]), at


def _next(handoff: Handoff, items: tuple[HandoffItem, ...], at: int, policy: Policy, names: Names) -> tuple[str, int]:
    """The text of a block, and how many incidents are told in it."""
    then = handoff.posted_at or handoff.at
    if at < IN_FULL:
        return in_full(items[at], then, policy, names, MOST_CLOCKS, MOST_TRIED, MOST_AWAKE), 1
    told = items[at : at + LINES_IN_A_BLOCK]
    return "\n".join(words.in_a_line(item, then, policy, names) for item in told), len(told)


def _shift(handoff: Handoff, names: Names) -> Drawn:
    """What stands in the message is told again with all of its notes, so that the thread has everything."""
    text = "The shift as a whole"
    earlier = handoff.notes[:-NOTES_IN_A_BLOCK]
    parts = [earlier[start : start + NOTES_IN_A_BLOCK] for start in range(0, len(earlier), NOTES_IN_A_BLOCK)]
    notes = [section(words.notes(part, names, NOTES_IN_A_BLOCK, 400)) for part in parts]
    latest = replace(handoff, notes=handoff.notes[-NOTES_IN_A_BLOCK:])
    whole = shift(latest, names, NOTES_IN_A_BLOCK, MOST_AHEAD, MOST_NAMED)
    return drawn(text, [section(f"*{text}*\n{words.start_here(handoff, names)}"), *notes, *whole])
