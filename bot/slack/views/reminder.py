"""A reminder: a clock nears its due time or has passed it, and the button that meets it."""

from slackblocks import Block

from bot.core.effects import PostReminder, SendReminder
from bot.core.history import Entry
from bot.core.incident import Incident
from bot.core.sla import BREACH
from bot.policy.model import Clock, Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, button, context, drawn, section
from bot.slack.words import labels
from bot.slack.words.clocks import bar, percent, whose
from bot.slack.words.notices import named
from bot.slack.words.text import listed
from bot.slack.words.times import when


def reminder(effect: PostReminder, incident: Incident, policy: Policy, names: Names) -> Drawn:
    """In the incident channel."""
    to = listed([names.mention(person) for person in effect.to])
    who = f"{to}: the" if to else "The"
    what = f"{who} *{labels.clock(effect.clock).lower()}* of {incident.name}{_promise(effect, incident)}"
    text = f"{_due(what, effect)} {labels.severity(incident.severity, policy)}."
    return drawn(text, [section(text), _answer(effect, incident)])


def direct(effect: SendReminder, incident: Incident, policy: Policy, names: Names) -> Drawn:
    """To one person, who may not have the channel before their eyes."""
    text = _due(f"*{labels.clock(effect.clock)}* of {named(incident)}{_promise(effect, incident)}", effect)
    used = f"\n{bar(effect.share)}" if effect.share < BREACH else ""
    return drawn(
        text,
        [
            section(f"{text}{used}"),
            _answer(effect, incident),
            context(_where(effect, incident, policy, names)),
        ],
    )


def instead(effect: SendReminder, incident: Incident, policy: Policy, names: Names) -> Drawn:
    """In the incident channel, for somebody whom Slack does not know."""
    told = PostReminder(
        number=effect.number,
        clock=effect.clock,
        share=effect.share,
        due=effect.due,
        to=(effect.person,),
        sla=effect.sla,
    )
    return reminder(told, incident, policy, names)


def _promise(effect: PostReminder | SendReminder, incident: Incident) -> str:
    return f" ({whose(effect.sla, incident)})" if effect.sla else ""


def _due(what: str, effect: PostReminder | SendReminder) -> str:
    if effect.share >= BREACH:
        return f"🔴 {what} was due {when(effect.due)} and is late."
    return f"⏰ {what} is due {when(effect.due)}. {percent(effect.share)} of the time has passed."


def _where(effect: SendReminder, incident: Incident, policy: Policy, names: Names) -> str:
    """How bad it is, who leads it if that is somebody else, and its channel."""
    facts = [labels.severity(incident.severity, policy), labels.service(incident.service, policy)]
    if incident.lead != effect.person:
        facts.append(f"Lead: {names.mention(incident.lead) if incident.lead else 'nobody yet'}")
    if incident.channel:
        facts.append(f"<#{incident.channel}>")
    return " · ".join(facts)


def _answer(effect: PostReminder | SendReminder, incident: Incident) -> Block | None:
    """The button that meets the clock, as long as it runs; what follows an incident is met elsewhere."""
    if incident.running(effect.clock) is None:
        return None
    about = carry(number=effect.number)
    match effect.clock:
        case Clock.ACKNOWLEDGE:
            return actions(button("Acknowledge", Button.ACKNOWLEDGE, about, "primary"))
        case Clock.FIRST_UPDATE | Clock.UPDATE:
            return actions(button("Write the update", Button.UPDATE, about, "primary"))
        case Clock.MITIGATE:
            return actions(button("Mitigated", Button.MITIGATED, about, "primary"))
        case Clock.RESOLVE:
            return actions(button("Resolve", Button.RESOLVE, about, "primary"))
        case Clock.ACCEPT:
            return _accept(incident)
        case Clock.RCA | Clock.ACTION:
            return None


def _accept(incident: Incident) -> Block | None:
    """In the handoff in which it stands."""
    handoff = next((mark.text for mark in reversed(incident.history) if mark.what is Entry.HANDED_OVER), "")
    about = carry(schedule=incident.schedule, handoff=handoff, number=incident.number)
    return actions(button("Accept", Button.ACCEPT_ITEM, about, "primary"))
