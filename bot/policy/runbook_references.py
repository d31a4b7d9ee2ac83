"""What runbooks name must exist: severities, roles, whom they page, commands and their arguments, who consents."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.policy.actions import Action
from bot.policy.nearest import hint
from bot.policy.references import at, exists, names_of, target_of
from bot.policy.runbook import SECOND
from bot.policy.tree import Loc

Objection = tuple[Loc, str]

ROLES = ("lead", "communications", "scribe")
STATES = ("investigating", "identified", "monitoring", "resolved")  # to which an action can move an incident
_KEYS = {*Action.model_fields, *Action.BESIDE}
_ADDRESS = re.compile(r"https?://[^/\s]|\{[{%]")


def objections(data: Mapping[str, Any]) -> Iterator[Objection]:
    """Everything that is wrong between the runbooks and the other entries of `data`, as (where, sentence)."""
    yield from _kept_words(data)
    yield from _pages(data)
    yield from _approvers(data)
    for action in ("run", "dry_run"):
        for loc, url in at(data, f"runbooks.*.steps.*.{action}.http.url"):
            if isinstance(url, str) and not _ADDRESS.match(url):
                yield loc, f'"{url}" is not an address that can be called; it begins with https:// or http://'
        for loc, act in at(data, f"runbooks.*.steps.*.{action}"):
            yield from _command(data, loc, act)


def _kept_words(data: Mapping[str, Any]) -> Iterator[Objection]:
    for loc, status in at(data, "runbooks.*.steps.*.run.status"):
        if isinstance(status, str) and status not in STATES:
            yield loc, f'an action cannot set the status "{status}"{hint(status, STATES)}'
    for loc, role in at(data, "runbooks.*.steps.*.run.role"):
        if isinstance(role, str) and role not in ROLES:
            yield loc, f'there is no role "{role}"{hint(role, ROLES)}'


def _pages(data: Mapping[str, Any]) -> Iterator[Objection]:
    """As people are paged by hand: those whom only an escalation path can page are refused."""
    for loc, target in at(data, "runbooks.*.steps.*.run.page.*"):
        kind, _ = target_of(target)
        if kind in ("group", "channel"):
            asked = "an action pages people, schedules and teams"
            yield loc, f"{asked}; a {'user group' if kind == 'group' else 'channel'} is paged by escalation paths only"


def _approvers(data: Mapping[str, Any]) -> Iterator[Objection]:
    teams = data.get("teams") or {}
    known = [*ROLES, SECOND, *names_of(data, "teams")]
    for loc, name in at(data, "runbooks.*.steps.*.approve"):
        if not isinstance(name, str):
            continue
        if name not in known:
            yield loc, f'there is no role or team "{name}" that could approve{hint(name, known)}'
        team = teams.get(name)
        if isinstance(team, Mapping) and not team.get("members") and not team.get("lead"):
            yield loc, f'team "{name}" has no members, so nobody could approve'


def _command(data: Mapping[str, Any], loc: Loc, action: Any) -> Iterator[Objection]:
    """The command is one of the list, and gets exactly its arguments."""
    name, given = _called(action)
    if name is None:
        return
    yield from exists(data, "commands", (*loc, "command"), name)
    command = (data.get("commands") or {}).get(name)
    patterns = command.get("arguments", {}) if isinstance(command, Mapping) else None
    if not isinstance(patterns, Mapping) or not isinstance(given, Mapping):
        return
    lacking = [argument for argument in patterns if argument not in given]
    if lacking and set(action) <= _KEYS:  # else it is most likely "with" that is mistyped
        wanted = ", ".join(f"{argument}: …" for argument in lacking)
        yield (*loc, "command"), f'the command "{name}" needs {" and ".join(lacking)}; write with: {{{wanted}}}'
    for argument, value in given.items():
        place = (*loc, "with", argument)
        if argument not in patterns:
            none = "; it has none" if not patterns else ""
            yield place, f'the command "{name}" has no argument "{argument}"{hint(argument, patterns) or none}'
        elif isinstance(value, str) and "{" not in value and not _fits(patterns[argument], value):
            yield place, f'the command "{name}" does not take "{value}" here: it must match {patterns[argument]}'


def _called(action: Any) -> tuple[str | None, Any]:
    """The name of the command, and the values of its arguments."""
    name = action.get("command") if isinstance(action, Mapping) else None
    return (name, action.get("with") or {}) if isinstance(name, str) else (None, None)


def _fits(pattern: object, value: str) -> bool:
    try:
        return not isinstance(pattern, str) or re.fullmatch(pattern, value) is not None
    except re.error:
        return True  # the pattern itself is wrong, and that is said elsewhere
