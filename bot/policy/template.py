"""The `{{ … }}` of runbooks: a small, sandboxed part of Jinja in which nothing can fail.

Only names, `if`, a few filters and tests; no calls, loops or arithmetic. `uses` lists the names a text
needs, so that an unknown one is found before the night in which it matters; `render` never raises.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from jinja2 import Template, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.policy.model import Service
from bot.policy.nearest import hint

INCIDENT = ("number", "title", "severity", "status", "category", "started", "declared", "channel")
PEOPLE = ("declared_by", "acknowledged_by", "lead", "team_lead")
SERVICE = ("id", *Service.model_fields)
_FILTERS = {
    "default": 1,
    "d": 1,
    "upper": 0,
    "lower": 0,
    "title": 0,
    "capitalize": 0,
    "trim": 0,
    "tojson": 0,
}  # most arguments
_TESTS = {"defined", "undefined", "none"}
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Operand,
    nodes.Concat,
)


class _NotSet(Undefined):
    """A name without a value: false in an `if`, visible in the text."""

    def _path(self) -> str:
        if self._undefined_name is None:  # an inline `if` without its `else`
            return ""
        around = self._undefined_obj
        if isinstance(around, _Named):
            return f"{around._path}.{self._undefined_name}"
        return str(self._undefined_name)

    def __str__(self) -> str:
        path = self._path()
        return f"(not set: {path})" if path else ""

    def __getattr__(self, name: str) -> "_NotSet":
        if name.startswith("__"):
            raise AttributeError(name)
        return _NotSet(name=f"{self._path()}.{name}")


class _Named:
    """A mapping that knows by which name it is reached; what is None in it is not set."""

    __slots__ = ("_fields", "_path")

    def __init__(self, path: str, fields: Mapping[str, Any]) -> None:
        self._path = path
        self._fields = fields

    def __getitem__(self, name: str) -> Any:
        value = self._fields[name]
        if value is None:
            raise KeyError(name)
        return _Named(f"{self._path}.{name}", value) if isinstance(value, Mapping) else value

    def __str__(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self._fields.items())


@dataclass(frozen=True)
class Use:
    """One name in a text, as a path; `covered` if the text says what stands there without it."""

    path: tuple[str, ...]
    covered: bool

    def __str__(self) -> str:
        return ".".join(self.path)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # no HTML escaping: the text is for Slack, and the views escape it there
    environment = ImmutableSandboxedEnvironment(undefined=_NotSet, autoescape=False)
    environment.filters["tojson"] = lambda value: json.dumps(str(value), ensure_ascii=False)  # a text in a JSON body
    return environment


def render(text: str, names: Mapping[str, Any]) -> str:
    """`text` with its names filled in; one that has no value stays visible as `(not set: service.links.jobs)`."""
    if "{" not in text:
        return text
    known = {name: _Named(name, value) if isinstance(value, Mapping) else value for name, value in names.items()}
    made_ready = _made_ready(text)
    return text if made_ready is None else made_ready.render(known)


@lru_cache(maxsize=512)
def _made_ready(text: str) -> Template | None:
    """None for what `bot check` has refused; if it comes all the same, it is shown as it stands."""
    try:
        if next(_foreign(_environment().parse(text)), None) is None:
            return _environment().from_string(text)
    except TemplateSyntaxError:
        pass
    return None


def service_names(service_id: str, service: Service) -> dict[str, Any]:
    """What `service.…` means in a text."""
    return {"id": service_id, **service.model_dump(mode="json", exclude_none=True)}


def problems(text: str, inputs: Collection[str] = ()) -> list[str]:
    """What is wrong with `text` by itself: its syntax, or names that no incident, service, person or input has."""
    try:
        tree = _environment().parse(text)
    except TemplateSyntaxError as error:
        return [f"the template cannot be read: {(error.message or 'syntax error').rstrip('.')}"]
    return list(_foreign(tree)) or [problem for use in _uses(tree) if (problem := _unknown(use, inputs))]


def uses(text: str) -> list[Use]:
    """The names that `text` uses. For texts in which `problems` found nothing."""
    return list(_uses(_environment().parse(text)))


def _foreign(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Filter):
            if node.name not in _FILTERS:
                yield f'the filter "{node.name}" is not used here{hint(node.name, sorted(_FILTERS))}'
            elif len(node.args) > _FILTERS[node.name] or node.kwargs or node.dyn_args or node.dyn_kwargs:
                yield f'the filter "{node.name}" has too many arguments'
        elif isinstance(node, nodes.Test):
            if node.name not in _TESTS or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
                yield f'the test "{node.name}" is not used here so; known are {", ".join(sorted(_TESTS))}'
        elif isinstance(node, nodes.Compare):
            if any(operand.op not in ("eq", "ne") for operand in node.ops):
                yield "only == and != compare in a template"
        elif not isinstance(node, _PLAIN) or (isinstance(node, nodes.Getattr) and _path(node) is None):
            yield f'"{type(node).__name__.lower()}" is not used here; a template has only names, filters and if'


def _uses(tree: nodes.Template) -> Iterator[Use]:
    asked = {_path(node) for test in _conditions(tree) for node in (test, *test.find_all(nodes.Node))}
    softened = {id(node.node) for node in tree.find_all(nodes.Filter) if node.name in ("default", "d")}
    inner = {id(node.node) for node in tree.find_all(nodes.Getattr)}
    for node in tree.find_all((nodes.Name, nodes.Getattr)):
        path = _path(node)
        if path is not None and id(node) not in inner:
            yield Use(path, covered=id(node) in softened or path in asked)


def _conditions(tree: nodes.Template) -> Iterator[nodes.Node]:
    yield from (node.test for node in tree.find_all(nodes.If))
    yield from (node.test for node in tree.find_all(nodes.CondExpr))


def _path(node: nodes.Node | None) -> tuple[str, ...] | None:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        around = _path(node.node)
        return None if around is None else (*around, node.attr)
    return None


def _unknown(use: Use, inputs: Collection[str]) -> str | None:
    root, *rest = use.path
    if any(part.startswith("_") for part in use.path):
        return f'the template reads "{use}"; what begins with _ is private, and no text may read it'
    if root == "alert":
        return _unknown_label(use)
    known: Mapping[str, Collection[str]] = {
        "incident": INCIDENT,
        "service": SERVICE,
        "people": PEOPLE,
        "inputs": inputs,
    }
    if root not in known:
        return f'the template uses "{use}", but only incident.…, service.…, alert.…, people.… and inputs.… are known'
    fields = tuple(known[root])
    if root == "inputs" and (not rest or rest[0] not in fields):
        asked = hint(rest[0] if rest else "", fields, show=20) if fields else "; this runbook has no input step"
        return f'the template uses "{use}", but no step asks for such an input{asked}'
    if not rest:
        return f'the template uses "{root}" alone; write {root}.{fields[1]} or the like'
    if rest[0] not in fields:
        return f'the template uses "{use}", but the {root} has no "{rest[0]}"{hint(rest[0], fields, show=20)}'
    deepest = 2 if (root, rest[0]) == ("service", "links") else 1
    if len(rest) != deepest:
        return f'the template uses "{use}"; ' + (
            "write service.links.NAME" if deepest == 2 else f'"{root}.{rest[0]}" has nothing inside'
        )
    return None


def _unknown_label(use: Use) -> str | None:
    """Nobody knows beforehand which labels an alert has, so a text says what stands there without it."""
    if len(use.path) == 1:
        return 'the template uses "alert" alone; write alert.alertname or the like'
    label = use.path[1]
    if len(use.path) > 2:
        return f'the template uses "{use}"; "alert.{label}" has nothing inside'
    instead = f"write {{{{ {use} | default('…') }}}}"
    return None if use.covered else f'not every incident has the label "{label}"; {instead}'


def has(service_id: str, service: Service, use: Use) -> bool:
    """Whether `use`, a name under `service.`, has a value for this service."""
    found: Any = service_names(service_id, service)
    for part in use.path[1:]:
        if not isinstance(found, Mapping) or part not in found:
            return False
        found = found[part]
    return True
