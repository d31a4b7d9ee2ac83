"""Names that are used must exist: one table of where each kind of name is used, checked on the plain data.

On the data and not on the models, so that a fault in one line of an entry hides none in the others.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.policy import sla_references
from bot.policy.model import ServiceKind, TeamKind
from bot.policy.nearest import hint
from bot.policy.paging import DEFAULT
from bot.policy.tree import Loc

Objection = tuple[Loc, str]

# where a name is used -> the section in which it must stand; `*` is every key or item, `@` is the key itself
_USES = (
    ("workspace.default_escalation_path", "escalation_paths"),
    ("workspace.default_sla", "slas"),
    ("teams.*.lead", "people"),
    ("teams.*.members.*", "people"),
    ("services.*.support", "teams"),
    ("services.*.owner", "teams"),
    ("services.*.partners.*", "teams"),
    ("services.*.escalation_path", "escalation_paths"),
    ("services.*.escalation_path.*", "escalation_paths"),
    ("services.*.sla", "slas"),
    ("services.*.sla.*", "slas"),
    ("escalation_paths.*.steps.*.when.severity.*", "severities"),
    ("escalation_paths.*.hold.severity.*", "severities"),
    ("slas.*.targets.@", "severities"),
    ("slas.*.targets.*.*.calendar", "calendars"),
    ("runbooks.*.owner", "teams"),
    ("runbooks.*.applies_to.services.*", "services"),
    ("runbooks.*.applies_to.categories.*", "categories"),
    ("runbooks.*.applies_to.severities.*", "severities"),
    ("runbooks.*.steps.*.run.severity", "severities"),
)
_ONE = {
    "people": "person",
    "teams": "team",
    "severities": "severity",
    "categories": "category",
    "customers": "customer",
    "services": "service",
    "schedules": "schedule",
    "escalation_paths": "escalation path",
    "calendars": "calendar",
    "slas": "SLA",
    "commands": "command",
}
_PAGED = {"person": "people", "schedule": "schedules", "team": "teams"}


def objections(data: Mapping[str, Any]) -> Iterator[Objection]:
    """Everything that is wrong between the entries of `data`, the sections by name, as (where, sentence)."""
    for pattern, section in _USES:
        for loc, name in at(data, pattern):
            yield from exists(data, section, loc, name)
    for loc, name in on_call(data):
        yield from exists(data, "people", loc, name)
    yield from _page_targets(data)
    yield from _paths_by_severity(data)
    yield from _own_holidays(data)
    yield from _customers(data)
    yield from _kinds(data)
    yield from _partners(data)
    yield from _without_path(data)
    yield from sla_references.objections(data)
    yield from _twice(data, "people.*.slack", "the Slack id of")
    yield from _twice(data, "people.*.email", "the e-mail address of")
    yield from _twice(data, "schedules.*.user_group", "the user group of")
    yield from _layer_names(data)
    yield from _always(data)


def blanks(found: Any, loc: Loc = ()) -> Iterator[Objection]:
    """Keys inside the entries after which nothing stands: mostly a `#channel` that is not in quotes."""
    if isinstance(found, Mapping | list):
        for key, value in found.items() if isinstance(found, Mapping) else enumerate(found):
            yield from blanks(value, (*loc, key))
    elif found is None and len(loc) > (1 if loc[:1] == ("workspace",) else 2):
        yield loc, "nothing stands here; remove it, or put a text that begins with # in quotes"


def at(data: Any, pattern: str) -> Iterator[tuple[Loc, Any]]:
    """Each (where, value) in `data` that `pattern` fits; what has another shape is passed over."""
    found: list[tuple[Loc, Any]] = [((), data)]
    for part in pattern.split("."):
        found = [((*loc, key), value) for loc, holder in found for key, value in _inside(holder, part)]
    yield from found


def on_call(data: Mapping[str, Any]) -> Iterator[tuple[Loc, Any]]:
    """Each (where, name) of a person in a rotation, alone or in a turn of several, with dates or without."""
    for rotation in ("rotation", "rotation.*"):
        for turn in ("people.*", "people.*.*"):
            for loc, person in at(data, f"schedules.*.layers.*.{rotation}.{turn}"):
                if isinstance(person, Mapping):
                    yield (*loc, "person"), person.get("person")
                elif isinstance(loc[-1], int):  # else it is a date beside a name
                    yield loc, person


def _inside(holder: Any, part: str) -> Iterator[tuple[str | int, Any]]:
    if isinstance(holder, Mapping):
        if part == "@":
            yield from ((key, key) for key in holder)
        elif part == "*":
            yield from holder.items()
        elif part in holder:
            yield part, holder[part]
    elif isinstance(holder, list) and part == "*":
        yield from enumerate(holder)


def names_of(data: Mapping[str, Any], section: str) -> list[str]:
    found = data.get(section)
    names = list(found) if isinstance(found, Mapping) else []
    return ["always", *names] if section == "calendars" and "always" not in names else names


def exists(data: Mapping[str, Any], section: str, loc: Loc, name: object) -> Iterator[Objection]:
    names = names_of(data, section)
    if isinstance(name, str) and name not in names:
        none = f'; "{section}" is empty' if not names else ""
        yield loc, f'there is no {_ONE[section]} "{name}"{hint(name, names) or none}'


def _page_targets(data: Mapping[str, Any]) -> Iterator[Objection]:
    for loc, target in (
        *at(data, "escalation_paths.*.steps.*.page.*"),
        *at(data, "runbooks.*.steps.*.run.page.*"),
    ):
        kind, name = target_of(target)
        if kind not in _PAGED or not name:
            continue  # its form is wrong, and that is said elsewhere
        yield from exists(data, _PAGED[kind], loc, name)
        team = (data.get("teams") or {}).get(name) if kind == "team" else None
        if isinstance(team, Mapping) and not team.get("members"):
            yield loc, f'team "{name}" has no members, so nobody would be paged'


def target_of(written: Any) -> tuple[str, str]:
    """(kind, name) of a target, as a text or a map; unchecked."""
    if isinstance(written, Mapping):
        return str(written.get("kind", "")), str(written.get("name", "")).strip()
    kind, _, name = str(written).partition(":")
    return kind, name.strip()


def _paths_by_severity(data: Mapping[str, Any]) -> Iterator[Objection]:
    severities = names_of(data, "severities")
    default = next((path for _, path in at(data, "workspace.default_escalation_path")), None)
    for loc, paths in at(data, "services.*.escalation_path"):
        if not isinstance(paths, Mapping):
            continue
        unknown = [key for key in paths if key not in (DEFAULT, *severities)]
        for key in unknown:
            yield (*loc, key), f'there is no severity "{key}"{hint(key, [*severities, DEFAULT])}'
        lacking = [severity for severity in severities if severity not in paths]
        if lacking and not unknown and not default and DEFAULT not in paths:
            yield (
                loc,
                f'nobody would be paged at {", ".join(lacking)}; add a path for it, or "{DEFAULT}" for all others',
            )


def _own_holidays(data: Mapping[str, Any]) -> Iterator[Objection]:
    """People who are named where their own holidays count must have a country."""
    for loc, step in at(data, "escalation_paths.*.steps.*"):
        when = step.get("when") if isinstance(step, Mapping) else None
        if not isinstance(when, Mapping) or not isinstance(when.get("holiday"), bool) or when.get("holidays"):
            continue
        for place, target in at(step, "page.*"):
            kind, name = target_of(target)
            person = (data.get("people") or {}).get(name) if kind == "person" else None
            if isinstance(person, Mapping) and not person.get("country"):
                unknown = f'"{name}" has no country, so nobody knows their holidays'
                yield (*loc, *place), f'{unknown}; add it there, or a country as "holidays" here'


def _customers(data: Mapping[str, Any]) -> Iterator[Objection]:
    """A service may just name its customer, as long as no customers are configured."""
    if names_of(data, "customers"):
        for loc, name in at(data, "services.*.customer"):
            yield from exists(data, "customers", loc, name)


def _kinds(data: Mapping[str, Any]) -> Iterator[Objection]:
    known = [kind.value for kind in ServiceKind]
    for section in ("runbooks", "slas"):
        for loc, kind in at(data, f"{section}.*.applies_to.kinds.*"):
            if isinstance(kind, str) and kind not in known:
                yield loc, f'there is no kind of service "{kind}"{hint(kind, known)}'


def _partners(data: Mapping[str, Any]) -> Iterator[Objection]:
    for loc, name in at(data, "services.*.partners.*"):
        for _, kind in at(data, f"teams.{name}.kind") if isinstance(name, str) and "." not in name else ():
            if kind in set(TeamKind) - {TeamKind.PARTNER}:
                yield loc, f'team "{name}" is of kind {kind}; a partner must be of kind partner'


def _without_path(data: Mapping[str, Any]) -> Iterator[Objection]:
    if any(path for _, path in at(data, "workspace.default_escalation_path")):
        return
    for loc, service in at(data, "services.*"):
        if isinstance(service, Mapping) and not service.get("escalation_path"):
            lacking = 'this service has no "escalation_path", and the workspace has no "default_escalation_path"'
            yield loc, f"{lacking}; give one of them"


def _twice(data: Mapping[str, Any], pattern: str, what: str) -> Iterator[Objection]:
    first: dict[str, str] = {}
    for loc, value in at(data, pattern):
        whose = str(loc[1])
        if isinstance(value, str) and first.setdefault(value, whose) != whose:
            one = "person" if loc[0] == "people" else "schedule"
            yield loc, f'"{value}" is {what} {first[value]} already; each {one} needs their own'


def _layer_names(data: Mapping[str, Any]) -> Iterator[Objection]:
    for loc, layers in at(data, "schedules.*.layers"):
        named = [(place, name) for place, name in at(layers, "*.name") if isinstance(name, str)]
        counted = Counter(name for _, name in named)
        for place, name in named:
            counted[name] -= 1
            if counted[name]:
                yield (*loc, *place), f'two layers of this schedule are called "{name}"; give each its own name'


def _always(data: Mapping[str, Any]) -> Iterator[Objection]:
    for loc, calendar in at(data, "calendars.always"):
        if calendar:
            yield loc, '"always" is the calendar that never closes; give this one another name'
