"""A reminder: a clock nears its due time, and the button that meets it."""

from slackblocks import Button as DrawnButton

from bot.core.effects import PostReminder
from bot.core.incident import Incident
from bot.policy.model import Clock, Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, button, drawn, section
from bot.slack.words import labels
from bot.slack.words.clocks import percent, whose
from bot.slack.words.text import listed
from bot.slack.words.times import when


def reminder(effect: PostReminder, incident: Incident, policy: Policy, names: Names) -> Drawn:
    text = _text(effect, incident, policy, names)
    still = incident.running(effect.clock)
    meets = _answer(effect) if still else None
    return drawn(text, [section(text), actions(meets) if meets else None])


def _text(effect: PostReminder, incident: Incident, policy: Policy, names: Names) -> str:
    to = listed([names.mention(person) for person in effect.to])
    who = f"{to}: the" if to else "The"
    promise = f" ({whose(effect.sla, incident)})" if effect.sla else ""
    what = f"{who} *{labels.clock(effect.clock).lower()}* of {incident.name}{promise}"
    level = labels.severity(incident.severity, policy)
    if effect.share >= 1:
        return f"🔴 {what} was due {when(effect.due)} and is late. {level}."
    return f"⏰ {what} is due {when(effect.due)}. {percent(effect.share)} of the time has passed. {level}."


def _answer(effect: PostReminder) -> DrawnButton | None:
    """The button that meets the clock; what follows an incident is met elsewhere."""
    about = carry(number=effect.number)
    match effect.clock:
        case Clock.ACKNOWLEDGE:
            return button("Acknowledge", Button.ACKNOWLEDGE, about, "primary")
        case Clock.FIRST_UPDATE | Clock.UPDATE:
            return button("Write the update", Button.UPDATE, about, "primary")
        case Clock.MITIGATE:
            return button("Mitigated", Button.MITIGATED, about, "primary")
        case Clock.RESOLVE:
            return button("Resolve", Button.RESOLVE, about, "primary")
        case Clock.RCA | Clock.ACTION | Clock.ACCEPT:
            return None
