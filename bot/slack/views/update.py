"""A status update for those who wait."""

from bot.core.effects import PostUpdate
from bot.core.incident import Incident
from bot.policy.model import Clock, Policy
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, context, drawn, section
from bot.slack.words import labels
from bot.slack.words.text import quoted, said, said_on_a_line
from bot.slack.words.times import when


def update(effect: PostUpdate, incident: Incident, policy: Policy, names: Names) -> Drawn:
    by = names.mention(effect.by)
    state = f"{labels.severity(incident.severity, policy)} · {labels.status(incident.status)}"
    following = incident.running(Clock.UPDATE)
    promise = f" · Next update by {when(following.due)}" if following else ""
    return drawn(
        f"📣 Update on {incident.name} by {by}: {said_on_a_line(effect.text, names.mention)}",
        [
            section(f"📣 *Update* by {by}, {when(effect.at)}"),
            section(quoted(said(effect.text, names.mention))),
            context(f"{state}{promise}"),
        ],
    )
