"""A step of a runbook in words, with the names of its templates filled in."""

from collections.abc import Iterator

from bot.core.instructions import Fill, action_in_words, step_in_words
from bot.policy.actions import Action
from bot.policy.model import Policy
from bot.policy.runbook import RunbookStep
from bot.slack.words.runbooks import consent
from bot.slack.words.text import as_is, cut, said


def instruction(step: RunbookStep, fill: Fill, policy: Policy, limit: int = 2500, request: str | None = None) -> str:
    """The whole step: what to do, what to look for, and whose consent it needs.

    `request` is what its action would ask of another system, where that is known.
    """
    return cut("\n".join(filter(None, _lines(step, fill, policy, request))), limit)


def _lines(step: RunbookStep, fill: Fill, policy: Policy, request: str | None) -> Iterator[str]:
    if step.run is None:
        yield said(step_in_words(step, fill))
    else:
        yield said(fill(step.why)) if step.why else ""
        yield _does(step.run, fill, request)
    if step.expect:
        yield f"_Expect:_ {said(fill(step.expect))}"
    yield consent(step, policy)
    if step.safe:
        yield "🟢 Safe: you may do this without asking."


def _does(action: Action, fill: Fill, request: str | None) -> str:
    """What Baton does itself in words, and what it asks of others as it is asked."""
    does = request or action_in_words(action, fill)
    if not action.is_outward:
        return f"⚙️ {said(does)}"
    body = fill(action.http.body) if action.http and action.http.body else ""
    return as_is("\n".join(filter(None, (does, body))), 800)
