"""A step of a runbook in words, with the names of its templates filled in."""

from collections.abc import Iterator

from bot.core.incident import Incident
from bot.core.instructions import filled_in, told
from bot.policy.model import Policy
from bot.policy.runbook import RunbookStep
from bot.slack.words import labels
from bot.slack.words.text import cut, escape, in_short, said


def instruction(step: RunbookStep, incident: Incident, policy: Policy, limit: int = 2500) -> str:
    """The whole step: what to do, what to look for, and whose consent it needs."""
    return cut("\n".join(_lines(step, incident, policy)), limit)


def gist(step: RunbookStep, incident: Incident, policy: Policy, limit: int = 90) -> str:
    """The step on one line: its first sentence, links without what a reader can do without."""
    return cut(in_short(escape(told(step, incident, policy))), limit)


def _lines(step: RunbookStep, incident: Incident, policy: Policy) -> Iterator[str]:
    yield said(told(step, incident, policy))
    if step.run and step.run.http.body:
        yield f"```{said(filled_in(step.run.http.body, incident, policy), limit=800)}```"
    if step.expect:
        yield f"_Expect:_ {said(filled_in(step.expect, incident, policy))}"
    if step.approve:
        team = labels.team(step.approve, policy) if step.approve in policy.teams else ""
        yield f"🔐 Only with the consent of {f'team {team}' if team else f'the {escape(step.approve)}'}."
    if step.safe:
        yield "🟢 Safe: you may do this without asking."
