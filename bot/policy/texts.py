"""The texts of a runbook as templates: each can be read, every name has a value, every input was asked for before."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.policy import steps, template
from bot.policy.matching import can_apply
from bot.policy.model import Service
from bot.policy.references import at
from bot.policy.runbook import Runbook
from bot.policy.tree import Loc

_OF_A_STEP = ("do", "check", "ask", "input", "expect", "why")
_OF_AN_ACTION = ("update", "http.url", "http.body", "http.headers.*", "with.*", "command.with.*")
_TEXTS = (*_OF_A_STEP, *(f"{action}.{key}" for action in ("run", "dry_run") for key in _OF_AN_ACTION))


def objections(data: Any, runbook: Runbook | None, services: Mapping[str, Service]) -> Iterator[tuple[Loc, str]]:
    """What is wrong with the texts of one runbook, `data` as it was written, as (where in it, sentence).

    `runbook` is the same as a model; None if it has other faults, for then nobody knows for which services it is.
    """
    written = [step for _, step in at(data, "steps.*") if isinstance(step, Mapping) and "input" in step]
    inputs = list(dict.fromkeys(name for step in written if isinstance(name := step.get("name"), str)))
    for loc, text in _texts(data):
        problems = template.problems(text, inputs)
        for sentence in problems:
            yield loc, sentence
        for use in template.uses(text) if not problems else ():
            if use.path[0] == "inputs" and not use.covered and loc[1] in steps.unasked(data["steps"], use.path[1]):
                yield loc, _not_asked(use)
            elif use.path[0] == "service" and not use.covered and runbook is not None:
                yield from ((loc, sentence) for sentence in _lacking(runbook, use, services))


def _texts(data: Any) -> Iterator[tuple[Loc, str]]:
    for key in _TEXTS:
        for loc, text in at(data, f"steps.*.{key}"):
            if isinstance(text, str):
                yield loc, text


def _not_asked(use: template.Use) -> str:
    return (
        f'a road leads here on which nobody has been asked for "{use}"; put its input step before, '
        f"or write {{{{ {use} | default('…') }}}}"
    )


def _lacking(runbook: Runbook, use: template.Use, services: Mapping[str, Service]) -> Iterator[str]:
    """A sentence if some service, to which the runbook can apply, has no value for the name."""
    lacking = [
        name
        for name, service in services.items()
        if can_apply(runbook.applies_to, name, service.kind) and not template.has(name, service, use)
    ]
    if lacking:
        key = ".".join(use.path[1:])
        yield f"\"{use}\" is not set for {', '.join(lacking)}; add {key} there, or write {{{{ {use} | default('…') }}}}"
