"""On the Home tab: the handoffs and the leads that wait for somebody to take them."""

from collections.abc import Iterable, Iterator

from slackblocks import Block

from bot.core.handoff import Handoff
from bot.core.incident import Incident
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import actions, and_more, button, context, divider, header, section
from bot.slack.words import handoffs as words
from bot.slack.words import labels
from bot.slack.words.notices import about
from bot.slack.words.times import when

MOST = 4
MOST_LINES = 3


def to_accept(
    person: str, handoffs: Iterable[Handoff], incidents: Iterable[Incident], policy: Policy, names: Names
) -> Iterator[Block | None]:
    """Shown only if something waits."""
    waiting = [each for each in handoffs if person in each.incoming and each.taken_by is None]
    offered = [each for each in incidents if each.lead_offer is not None and each.lead_offer.to == person]
    if not waiting and not offered:
        return
    yield header("Waits for me to take it")
    for handoff in waiting[:MOST]:
        yield from _handoff(handoff, policy, names)
    yield context(and_more(len(waiting) - MOST))
    for incident in offered[:MOST]:
        yield from _lead(incident, policy, names)
    yield context(and_more(len(offered) - MOST))
    yield divider()


def _handoff(handoff: Handoff, policy: Policy, names: Names) -> Iterator[Block | None]:
    waits, at = handoff.waits, handoff.posted_at or handoff.at
    lines = [words.in_a_line(item, at, policy, names) for item in waits[:MOST_LINES]]
    more = and_more(len(waits) - MOST_LINES)
    what = f": {words.how_many(waits)}" if waits else ""
    name = labels.schedule(handoff.schedule, policy)
    from_ = f" from {words.people(handoff.outgoing, names)}" if handoff.outgoing else ""
    head = f"🤝 *Handoff {name}*{from_}, {when(at)}{what}"
    yield section("\n".join(filter(None, (head, *lines, more))))
    label = "Accept all" if waits else "Accept"
    yield actions(button(label, Button.ACCEPT_HANDOFF, carry(schedule=handoff.schedule, handoff=handoff.id), "primary"))


def _lead(incident: Incident, policy: Policy, names: Names) -> Iterator[Block | None]:
    assert incident.lead_offer is not None
    yield section(f"{about(incident, policy)}\n{names.mention(incident.lead_offer.by)} asks you to take the lead")
    carried = carry(number=incident.number)
    yield actions(
        button("Accept", Button.ACCEPT_LEAD, carried, "primary"),
        button("Can't take it", Button.DECLINE_LEAD, carried),
    )
