"""Short news: in the incident channel, or to one person directly."""

from collections.abc import Iterator
from dataclasses import replace

from slackblocks import Button as DrawnButton

from bot.core.effects import Notice, PostNotice, SendDirect
from bot.core.incident import Incident
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, button, drawn, section, sentence
from bot.slack.views.in_hand import consent_buttons
from bot.slack.words.notices import Told, directly, in_channel

_UNANSWERED = (Notice.PATH_EXHAUSTED, Notice.NO_PATH)


def notice(
    effect: PostNotice,
    incident: Incident,
    policy: Policy,
    names: Names,
    address: str = "",
    survivor: Incident | None = None,
) -> Drawn:
    """`address` is that of the workspace, for links to messages; `survivor` the incident into which it was merged."""
    text = in_channel(effect.notice, Told(effect.facts, incident, policy, names, address, survivor))
    if effect.notice is Notice.CONSENT_ASKED:
        return drawn(text, [section(text), actions(*_consent(effect, incident))])
    if effect.notice is Notice.EVIDENCE:
        return replace(sentence(text), shares=True)
    return _with_answer(text, effect.notice, incident)


def _consent(effect: PostNotice, incident: Incident) -> Iterator[DrawnButton]:
    """Whoever is asked need not look for the message of the runbook."""
    run = incident.run(effect.facts.get("run", ""))
    if run is not None and run.action is not None and run.present == effect.facts.get("step"):
        yield from consent_buttons(incident, run, run.action)


def direct(effect: SendDirect, incident: Incident, policy: Policy, names: Names) -> Drawn:
    text = directly(effect.notice, Told(effect.facts, incident, policy, names))
    return _with_answer(text, effect.notice, incident)


def _with_answer(text: str, news: Notice, incident: Incident) -> Drawn:
    """Where nobody has it, the one who reads can take it."""
    if news not in _UNANSWERED or not incident.is_open:
        return sentence(text)
    take = button("Acknowledge", Button.ACKNOWLEDGE, carry(number=incident.number), "primary")
    return drawn(text, [section(text), actions(take)])
