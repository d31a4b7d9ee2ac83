"""The announcement: one message where everybody looks, that keeps up with the incident."""

from bot.core.incident import Incident
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.views.card import headline
from bot.slack.views.drawn import Drawn, context, drawn, section
from bot.slack.words import labels
from bot.slack.words.merging import declared
from bot.slack.words.text import line


def announcement(incident: Incident, policy: Policy, names: Names) -> Drawn:
    lead = names.mention(incident.lead) if incident.lead else "nobody yet"
    lines = (
        f"{labels.mark(incident, policy)} *{incident.name} {line(incident.title)}*",
        labels.service(incident.service, policy),
        f"{labels.severity(incident.severity, policy)} · *{labels.status(incident.status)}* · Lead: {lead}",
        labels.harm(incident.severity, policy),
    )
    channel = f"Follow it in <#{incident.channel}>. " if incident.channel else ""
    known = f"{channel}Declared {declared(incident, names)}."
    return drawn(headline(incident, policy), [section("\n".join(filter(None, lines))), context(known)])
