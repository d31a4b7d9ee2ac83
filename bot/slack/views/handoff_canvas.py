"""The handoffs of a channel as its canvas holds them: who has taken what, the worst incidents in full, and the shift.

A canvas has no buttons and stays what it is until it is drawn anew; who takes an incident does so in the message.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.handoff import Handoff, HandoffItem, ItemState
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.views.drawn import and_more
from bot.slack.views.handoff import in_full, is_quiet
from bot.slack.words import canvas as md
from bot.slack.words import handoffs as words
from bot.slack.words.text import clip, escape, flat
from bot.slack.words.times import when

MOST_BYTES = 1_000_000  # Slack takes 1 MiB
IN_FULL = (50, 20, 5, 0)
MOST_INCIDENTS = 400
MOST_TITLE = 60
MOST_CLOCKS, MOST_TRIED, MOST_AWAKE = 4, 5, 6
MOST_NOTES, MOST_AHEAD, MOST_NAMED = 20, 10, 30
KEPT = "Baton keeps this canvas and writes it anew at each handoff: what is written here by hand does not stay."


def canvas(handoffs: Sequence[Handoff], links: Mapping[str, str], policy: Policy, names: Names) -> str:
    """Markdown. `handoffs` are the latest of each schedule that hands over there; `links` are their messages, by id."""
    for most in IN_FULL:
        drawn = md.document([part for each in handoffs for part in _parts(each, links, most, policy, names)])
        if len(drawn.encode()) <= MOST_BYTES:
            break
    body = drawn.encode()[:MOST_BYTES].decode(errors="ignore")
    return f"{body}\n\n---\n\n{KEPT}\n"


def _parts(handoff: Handoff, links: Mapping[str, str], most: int, policy: Policy, names: Names) -> Iterator[str]:
    title = escape(clip(flat(policy.schedule_name(handoff.schedule)), 100))
    yield md.heading(1, f"🤝 Handoff {title} · {words.clock_times(handoff, policy)}")
    yield _people(handoff, links.get(handoff.id), names)
    yield from _taken(handoff, names)
    if is_quiet(handoff):
        ahead = words.holidays(handoff.summary, names, 1) if handoff.summary else ""
        yield "Quiet. No incident is open."
        yield _list(ahead)
        return
    if handoff.words.start_here or handoff.items:
        yield _list(words.start_here(handoff, names, 2000))
    yield from _work(handoff, most, policy, names)
    yield from _shift(handoff, names)


def _people(handoff: Handoff, link: str | None, names: Names) -> str:
    change = f"*Change:* {when(handoff.at)}"
    goes = f"*Goes:* {words.people(handoff.outgoing, names)}"
    comes = f"*Comes:* {words.people(handoff.incoming, names)}"
    there = f"<{link}|Accept, ask or decline in the message>" if link else ""
    return _list("\n".join(filter(None, (change, goes, comes, there))))


def _taken(handoff: Handoff, names: Names) -> Iterator[str]:
    """Who took it and what they read back; or that nobody comes."""
    if handoff.taken_by is not None:
        first, *back = words.taken(handoff, names).splitlines()
        yield md.markdown(first)
        yield md.quotation("\n".join(row.removeprefix(">") for row in back))
    elif not handoff.incoming:
        yield md.markdown(words.nobody_comes(handoff, names))


def _work(handoff: Handoff, most: int, policy: Policy, names: Names) -> Iterator[str]:
    """A box for each incident, ticked once it is accepted, and below it the worst in full."""
    if not handoff.items:
        yield "No incident is open."
        return
    at = handoff.posted_at or handoff.at
    shown = handoff.items[:MOST_INCIDENTS]
    yield md.heading(2, f"{words.how_many(handoff.items)}, worst first")
    boxes = [md.task(words.in_a_line(item, at, policy, names, MOST_TITLE), _is_ticked(item)) for item in shown]
    yield "\n".join(boxes)
    yield and_more(len(handoff.items) - len(shown), "more: `/incident list` shows them")
    for item in shown[:most]:
        first, *rest = in_full(item, at, policy, names, MOST_CLOCKS, MOST_TRIED, MOST_AWAKE).splitlines()
        yield md.heading(3, first)
        yield _list("\n".join(rest))


def _is_ticked(item: HandoffItem) -> bool:
    return item.state is ItemState.ACCEPTED


def _shift(handoff: Handoff, names: Names) -> Iterator[str]:
    summary = handoff.summary
    said = [
        words.watch_list(handoff, names),
        words.silences(handoff, names, 2000),
        words.changes_ahead(handoff, names, 2000),
        words.waits(handoff),
        words.notes(handoff.notes, names, MOST_NOTES, 400),
    ]
    if summary is not None:
        said += [
            words.gaps(summary, MOST_AHEAD),
            words.holidays(summary, names, MOST_AHEAD),
            words.looking_back(summary, MOST_NAMED),
        ]
    told = _list("\n".join(filter(None, said)))
    if told:
        yield md.heading(2, "The shift as a whole")
        yield told


def _list(written: str) -> str:
    return "\n".join(md.bullets(written))
