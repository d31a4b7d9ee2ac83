"""What a runbook says about one incident: which fits best, and its texts with their names filled in."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.core.incident import Incident
from bot.policy.matching import matching
from bot.policy.model import Policy
from bot.policy.runbook import Runbook, RunbookStep
from bot.policy.template import render, service_names


def fitting(incident: Incident, policy: Policy) -> list[tuple[Runbook, str]]:
    """The runbooks that apply, the best first, each with the reason why; none without a service."""
    service = policy.services.get(incident.service or "")
    if service is None or incident.service is None:
        return []
    return matching(policy.runbooks, incident.service, service.kind, title=incident.title)


def first_step(incident: Incident, policy: Policy) -> tuple[Runbook, RunbookStep] | None:
    """Of the runbook that fits best."""
    return next(((book, book.steps[0]) for book, _ in fitting(incident, policy)), None)


def told(step: RunbookStep, incident: Incident, policy: Policy) -> str:
    """What the step asks for, in plain text."""
    return filled_in(_text(step), incident, policy)


def filled_in(text: str, incident: Incident, policy: Policy) -> str:
    """A text of a runbook with the names that `bot.policy.template` promises to it."""
    return render(text, _names(incident, policy))


def _text(step: RunbookStep) -> str:
    if step.run:
        return f"Call {step.run.http.method} {step.run.http.url}"
    return step.do or step.check or step.ask or step.id


def _names(incident: Incident, policy: Policy) -> Mapping[str, Any]:
    service = policy.services.get(incident.service or "")
    known = {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "started": _in_utc(incident.started_at),
        "declared": _in_utc(incident.declared_at),
        "channel": f"#{incident.channel_name}" if incident.channel_name else None,
    }
    about = service_names(incident.service, service) if service and incident.service else {}
    return {"incident": known, "service": about}


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
