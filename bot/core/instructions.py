"""What a runbook says about one incident: which fits best, and its texts with their names filled in."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import quote

from bot.core.incident import Incident, RunbookRun
from bot.policy import durations
from bot.policy.actions import Action
from bot.policy.matching import matching
from bot.policy.model import Policy
from bot.policy.runbook import Runbook, RunbookStep
from bot.policy.template import render, service_names


class Fill(Protocol):
    """Puts values in the place of the names of a text; `quoted` as in `filled_in`."""

    def __call__(self, text: str, quoted: bool = False) -> str: ...


def fitting(incident: Incident, policy: Policy) -> list[tuple[Runbook, str]]:
    """The runbooks that apply, the best first, each with the reason why; none without a service."""
    service = policy.services.get(incident.service or "")
    if service is None or incident.service is None:
        return []
    return matching(
        policy.runbooks,
        incident.service,
        service.kind,
        incident.category,
        incident.title,
        incident.severity,
        dict(incident.labels),
    )


def first_step(incident: Incident, policy: Policy) -> tuple[Runbook, RunbookStep] | None:
    """Of the runbook that fits best."""
    return next(((book, book.steps[0]) for book, _ in fitting(incident, policy)), None)


def told(step: RunbookStep, incident: Incident, policy: Policy, run: RunbookRun | None = None) -> str:
    """What the step asks for, in plain text."""
    return step_in_words(step, filling(incident, policy, run))


def act(action: Action, incident: Incident, policy: Policy, run: RunbookRun | None = None) -> str:
    """What an action does, in a few words."""
    return action_in_words(action, filling(incident, policy, run))


def step_in_words(step: RunbookStep, fill: Fill) -> str:
    if step.wait is not None:
        why = f": {fill(step.why)}" if step.why else ""
        return f"Wait {durations.written(step.wait)}{why}"
    if step.run is not None:
        does = action_in_words(step.run, fill)
        return f"{fill(step.why)} ({does})" if step.why else does
    return fill(step.text or step.id)


def action_in_words(action: Action, fill: Fill) -> str:
    if action.http is not None:
        return f"Call {action.http.method} {fill(action.http.url, quoted=True)}"
    if action.command is not None:
        return " ".join(("Run", action.command.command, *map(fill, action.command.arguments.values())))
    if action.severity or action.status:
        return f"Set the {'severity' if action.severity else 'status'} to {action.severity or action.status}"
    if action.role:
        return f"Take the role {action.role}"
    if action.page:
        return f"Page {', '.join(target.name for target in action.page)}"
    return f"Post the update: {fill(action.update or '')}"


def filled_in(
    text: str, incident: Incident, policy: Policy, run: RunbookRun | None = None, *, quoted: bool = False
) -> str:
    """A text of a runbook with the names that `bot.policy.template` promises to it.

    `quoted`: for an address, in which whatever people have written may not alter the rest.
    """
    return filling(incident, policy, run)(text, quoted=quoted)


def filling(incident: Incident, policy: Policy, run: RunbookRun | None = None) -> Fill:
    """`filled_in` for many texts about the same."""
    names = _names(incident, policy, run)
    safe = {root: _quoted(known) if root != "service" else known for root, known in names.items()}
    return lambda text, quoted=False: render(text, safe if quoted else names)


def _quoted(known: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: quote(str(value), safe="") if value is not None else None for name, value in known.items()}


def _names(incident: Incident, policy: Policy, run: RunbookRun | None) -> Mapping[str, Mapping[str, Any]]:
    service = policy.services.get(incident.service or "")
    team = policy.teams.get(service.support or "") if service else None
    known = {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "category": incident.category,
        "started": _in_utc(incident.started_at),
        "declared": _in_utc(incident.declared_at),
        "channel": f"#{incident.channel_name}" if incident.channel_name else None,
    }
    people = {
        "declared_by": incident.declared_by,
        "acknowledged_by": incident.acknowledged_by,
        "lead": incident.lead,
        "team_lead": team.lead if team else None,
    }
    return {
        "incident": known,
        "alert": dict(incident.labels),
        "service": service_names(incident.service, service) if service and incident.service else {},
        "people": {name: policy.person_name(person) if person else None for name, person in people.items()},
        "inputs": dict(run.inputs) if run else {},
    }


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
