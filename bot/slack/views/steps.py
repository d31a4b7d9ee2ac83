"""A step of a runbook in words, with the names of its templates filled in."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.incident import Incident
from bot.policy.model import Policy
from bot.policy.runbook import RunbookStep
from bot.policy.template import render, service_names
from bot.slack.words import labels
from bot.slack.words.text import cut, escape, in_short, said
from bot.slack.words.times import in_utc


def instruction(step: RunbookStep, incident: Incident, policy: Policy, limit: int = 2500) -> str:
    """The whole step: what to do, what to look for, and whose consent it needs."""
    return cut("\n".join(_lines(step, incident, policy)), limit)


def gist(step: RunbookStep, incident: Incident, policy: Policy, limit: int = 90) -> str:
    """The step on one line: its first sentence, links without what a reader can do without."""
    return cut(in_short(escape(render(_text(step), _names(incident, policy)))), limit)


def _lines(step: RunbookStep, incident: Incident, policy: Policy) -> Iterator[str]:
    names = _names(incident, policy)
    yield said(render(_text(step), names))
    if step.run and step.run.http.body:
        yield f"```{said(render(step.run.http.body, names), limit=800)}```"
    if step.expect:
        yield f"_Expect:_ {said(render(step.expect, names))}"
    if step.approve:
        team = labels.team(step.approve, policy) if step.approve in policy.teams else ""
        yield f"🔐 Only with the consent of {f'team {team}' if team else f'the {escape(step.approve)}'}."
    if step.safe:
        yield "🟢 Safe: you may do this without asking."


def _text(step: RunbookStep) -> str:
    if step.run:
        return f"Call {step.run.http.method} {step.run.http.url}"
    return step.do or step.check or step.ask or step.id


def _names(incident: Incident, policy: Policy) -> Mapping[str, Any]:
    """The names that `bot.policy.template` promises to the texts of runbooks."""
    service = policy.services.get(incident.service or "")
    known = {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "started": in_utc(incident.started_at),
        "declared": in_utc(incident.declared_at),
        "channel": f"#{incident.channel_name}" if incident.channel_name else None,
    }
    about = service_names(incident.service, service) if service and incident.service else {}
    return {"incident": known, "service": about}
