"""What people are told of a handoff directly: that it nears, waits, was declined or has nobody to go to; a question
about one incident, in the thread; and the lead of one incident that is offered."""

from datetime import datetime

from slackblocks import Block
from slackblocks import Button as DrawnButton

from bot.core.handoff import Handoff, HandoffItem
from bot.core.incident import Incident
from bot.core.oncall_effects import AskAboutItem, AskForHandoff, TellOfHandoff
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, drawn, section, sentence
from bot.slack.words import handoff_news as news
from bot.slack.words import handoffs as words
from bot.slack.words import labels
from bot.slack.words.notices import named
from bot.slack.words.text import line, quoted, said
from bot.slack.words.times import when

MOST_LINES = 5
MOST_CLOCKS = 4


def asks(effect: AskForHandoff, coming: tuple[str, ...], preview: Handoff, policy: Policy, names: Names) -> Drawn:
    """Before the change: what would be handed over, in short, and the form for what only they know."""
    text = news.nears(effect.schedule, effect.at, coming, policy, names)
    lines = [words.in_a_line(item, preview.at, policy, names) for item in preview.items[:MOST_LINES]]
    more = context(and_more(len(preview.items) - MOST_LINES, "more: `/handoff` shows them"))
    work = "\n".join([f"*{words.how_many(preview.items)}*", *lines]) if lines else news.NOTHING_OPEN
    complete = button("Complete the handoff", Button.COMPLETE_HANDOFF, carry(schedule=effect.schedule), "primary")
    known = [words.start_here(preview, names)] if preview.items or preview.words.start_here else []
    shift = "\n".join(filter(None, (*known, words.notes(preview.notes, names, MOST_LINES))))
    return drawn(text, [section(text), section(work), more, section(shift) if shift else None, actions(complete)])


def tells(
    effect: TellOfHandoff, handoff: Handoff, link: str | None, now: datetime, policy: Policy, names: Names
) -> Drawn:
    """News for one person; `link` leads to the message."""
    item = handoff.item(effect.number) if effect.number is not None else None
    text = news.of(effect, handoff, item, policy, names)
    where = f"<{link}|Open the handoff>" if link else ""
    lines = [words.in_a_line(each, now, policy, names) for each in handoff.waits[:MOST_LINES]] if item is None else []
    more = context(and_more(len(handoff.waits) - MOST_LINES)) if lines else None
    body = "\n".join(filter(None, (text, *lines)))
    return drawn(text, [section(body), more, _answers(effect, handoff, now), context(where)])


def _answers(effect: TellOfHandoff, handoff: Handoff, now: datetime) -> Block | None:
    """Whom it waits for takes it; others can find somebody who stands in."""
    if effect.why == "declined":
        return None
    if effect.why == "incoming":
        about = carry(schedule=handoff.schedule, handoff=handoff.id)
        label = "Accept all" if handoff.items else "Accept"
        return actions(button(label, Button.ACCEPT_HANDOFF, about, "primary"))
    return actions(_stand_in(handoff, now))


def _stand_in(handoff: Handoff, now: datetime) -> DrawnButton:
    instead_of = handoff.incoming[0] if handoff.incoming else None
    about = carry(schedule=handoff.schedule, instead_of=instead_of, start=int(now.timestamp()))
    return button("Let somebody stand in", Button.OVERRIDE, about)


def unreachable(person: str, why: str, handoff: Handoff, policy: Policy, names: Names) -> Drawn:
    """In the thread: somebody could not be told of it."""
    return sentence(news.unreachable(person, why, handoff, policy, names))


def not_asked(effect: AskForHandoff, why: str, policy: Policy, names: Names) -> Drawn:
    """In the channel of the handoffs: whoever goes could not be asked to complete it."""
    text = news.not_asked(effect, why, policy, names)
    complete = button("Complete the handoff", Button.COMPLETE_HANDOFF, carry(schedule=effect.schedule))
    return drawn(text, [section(text), actions(complete)])


def moved(handoff: Handoff, channel: str | None, why: str, policy: Policy) -> Drawn:
    """Above a handoff, and for those whom it concerns: it stands elsewhere than it should."""
    return sentence(news.elsewhere(handoff, channel, why, policy))


def with_link(message: Drawn, link: str) -> Drawn:
    return Drawn(message.text, [*message.blocks, *drawn("", [context(f"<{link}|Open the handoff>")]).blocks])


def question(effect: AskAboutItem, item: HandoffItem, handoff: Handoff, names: Names) -> Drawn:
    """In the thread: what the incoming person wants to know, for those who go, with the clocks of the incident."""
    what = f"*INC-{item.number} {line(item.title)}*"
    text = f"❓ {words.people(handoff.outgoing, names)}: {names.mention(effect.by)} asks about {what}"
    at = handoff.posted_at or handoff.at
    running = [words.clock(glimpse, at) for glimpse in item.clocks[:MOST_CLOCKS]]
    body = "\n".join((text, quoted(said(effect.text, names.mention)), *running))
    answer = "Answer in this thread; until it is accepted, the incident is still yours."
    return drawn(text, [section(body), context(answer)])


def lead_not_asked(person: str, why: str, names: Names) -> Drawn:
    """In the incident channel."""
    return sentence(news.lead_not_asked(person, why, names))


def lead_offer(by: str, incident: Incident, policy: Policy, names: Names) -> Drawn:
    """To one person: whether they take the lead of this one incident."""
    text = f"🤝 {names.mention(by)} asks you to take the lead of {named(incident)}."
    facts = [labels.severity(incident.severity, policy), labels.status(incident.status)]
    if incident.service:
        facts.append(labels.service(incident.service, policy))
    if incident.channel:
        facts.append(f"<#{incident.channel}>")
    due = incident.next_due
    clock = f"\n{labels.clock(due.clock)} due {when(due.due)}" if due else ""
    about = carry(number=incident.number)
    return drawn(
        text,
        [
            section(f"{text}\n{' · '.join(facts)}{clock}"),
            actions(
                button("Accept", Button.ACCEPT_LEAD, about, "primary"),
                button("Can't take it", Button.DECLINE_LEAD, about),
            ),
            context(news.until_you_accept(by, incident, names)),
        ],
    )
