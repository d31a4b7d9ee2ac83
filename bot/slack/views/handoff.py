"""The handoff: who goes, who comes, and the open work that passes from one to the other."""

from collections.abc import Iterator
from datetime import datetime

from slackblocks import Block

from bot.core.handoff import Handoff, HandoffItem, ShiftWatch
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, drawn, header, section
from bot.slack.words import labels
from bot.slack.words.text import line, listed
from bot.slack.words.times import there, when

MOST_ITEMS = 12


def handoff(handoff: Handoff, watch: ShiftWatch | None, policy: Policy, names: Names) -> Drawn:
    """`watch` tells whether a newer handoff has taken this one's place."""
    incoming = _people(handoff.incoming, names)
    text = f"🤝 Handoff {labels.schedule(handoff.schedule, policy)}: {incoming} comes on call"
    if not handoff.incoming:
        text = f"⚠️ Handoff {labels.schedule(handoff.schedule, policy)}: nobody comes on call"
    replaced = watch is not None and watch.handoff is not None and watch.handoff.id != handoff.id
    return drawn(text, _blocks(handoff, replaced, policy, names))


def _blocks(handoff: Handoff, replaced: bool, policy: Policy, names: Names) -> Iterator[Block | None]:
    title = policy.schedule_name(handoff.schedule)
    yield header(f"🤝 Handoff {title} · {_clocks(handoff, policy)}")
    yield section(f"*Goes:* {_people(handoff.outgoing, names)}\n*Comes:* {_people(handoff.incoming, names)}")
    yield from _items(handoff, policy, names)
    if handoff.taken_by is not None and handoff.taken_at is not None:
        yield section(f"✅ {names.mention(handoff.taken_by)} took it, {when(handoff.taken_at)}.")
    elif replaced:
        yield section("↪️ Nobody took this handoff. The shift has changed again since; the newer one counts.")
    elif handoff.incoming:
        yield actions(
            button("Accept", Button.ACCEPT_HANDOFF, carry(schedule=handoff.schedule, handoff=handoff.id), "primary")
        )
        yield context(_until_then(handoff))
    else:
        yield section("⚠️ *Nobody is on call now.* Whoever had the shift keeps the open incidents.")


def _clocks(handoff: Handoff, policy: Policy) -> str:
    """The change of shift on the clocks of those who go and those who come."""
    people = (policy.people.get(person) for person in (*handoff.outgoing, *handoff.incoming))
    zones = list(dict.fromkeys(person.time_zone for person in people if person)) or ["UTC"]
    return " / ".join(there(handoff.at, zone) for zone in zones[:4])


def _people(people: tuple[str, ...], names: Names) -> str:
    return listed([names.mention(person) for person in people]) or "nobody"


def _items(handoff: Handoff, policy: Policy, names: Names) -> Iterator[Block | None]:
    if not handoff.items:
        yield section("Quiet.\nNo incident is open.")
        return
    items = sorted(handoff.items, key=lambda item: (policy.rank(item.severity), item.number))
    count = f"{len(items)} open incident{'s' if len(items) > 1 else ''}, worst first"
    yield section(f"*{count}*")
    for item in items[:MOST_ITEMS]:
        yield section(_item(item, handoff.at, policy, names))
    yield context(and_more(len(items) - MOST_ITEMS, "more: `/incident list` shows them all"))


def _item(item: HandoffItem, at: datetime, policy: Policy, names: Names) -> str:
    lead = names.mention(item.lead) if item.lead else "nobody"
    due = ""
    if item.next_clock is not None and item.next_due is not None:
        late = item.next_due <= at
        mark, is_due = ("🔴 ", "was due") if late else ("", "due")
        due = f" · {mark}{labels.clock(item.next_clock)} {is_due} {when(item.next_due)}"
    severity = labels.severity(item.severity, policy)
    return (
        f"{labels.dot(item.severity, policy)} *INC-{item.number} {line(item.title)}*\n"
        f"{severity} · {labels.status(item.status)} · Lead: {lead}{due}"
    )


def _until_then(handoff: Handoff) -> str:
    if not handoff.items:
        return "Accept to say that you are there."
    return "Until it is accepted, the outgoing lead still has these incidents."
