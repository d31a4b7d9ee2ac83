"""Reads config/ and runbooks/ from disk; the only file of this room that does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.policy import references, sentences, steps, template
from bot.policy.faults import ConfigFaults, Fault
from bot.policy.gather import MODELS, Gathered
from bot.policy.matching import can_apply
from bot.policy.model import Calendar, Policy, Service, Workspace
from bot.policy.runbook import Runbook
from bot.policy.tree import Loc, Tree, read

__all__ = ["ConfigFaults", "Fault", "load"]


def load(config: Path, runbooks: Path | None = None) -> Policy:
    """The policy written in the folder `config` and, unless None, in the folder `runbooks`.

    Raises ConfigFaults with every fault in them, ordered by file and line.
    """
    gathered = Gathered()
    gathered.add_config(_trees(config, gathered, "BATON_CONFIG"))
    if config.is_dir() and not list(config.glob("*.yaml")):
        gathered.faults.append(Fault(str(config), 0, "this folder has no *.yaml file; put the configuration in it"))
    if runbooks is not None:
        gathered.add_runbooks(_trees(runbooks, gathered, "BATON_RUNBOOKS"))
    workspace = _checked(gathered, ("workspace",), gathered.data.get("workspace", {}), Workspace)
    entries = {
        section: {
            name: built
            for name, entry in gathered.data.get(section, {}).items()
            if (built := _built(gathered, section, name, entry, model)) is not None
        }
        for section, model in MODELS.items()
    }
    for loc, sentence in references.blanks(gathered.data):
        gathered.fault(loc, sentence)
    _check_names(gathered)
    _check_runbooks(gathered, entries)
    if gathered.faults:
        raise ConfigFaults(gathered.faults)
    entries["calendars"].setdefault("always", Calendar())
    return Policy.model_validate({"workspace": workspace, **entries})


def _trees(folder: Path, gathered: Gathered, variable: str) -> Iterator[Tree]:
    if not folder.is_dir():
        sentence = f"there is no such folder; make it, or say with {variable} where it is"
        gathered.faults.append(Fault(str(folder), 0, sentence))
        gathered.complete = False
        return
    for path in sorted(folder.glob("*.yml")):
        gathered.faults.append(Fault(str(path), 0, f"only *.yaml is read; rename it to {path.stem}.yaml"))
        gathered.complete = False
    for path in sorted(folder.glob("*.yaml")):
        try:
            raw = path.read_bytes()
        except OSError as error:
            gathered.faults.append(Fault(str(path), 0, f"it cannot be read: {(error.strerror or 'unknown').lower()}"))
            gathered.complete = False
        else:
            yield read(raw, str(path))


def _built(gathered: Gathered, section: str, name: str, entry: Any, model: type[BaseModel]) -> BaseModel | None:
    loc = (section, name)
    if section == "runbooks" and isinstance(entry, dict):
        if "id" in entry:
            gathered.fault((*loc, "id"), 'unknown key; the name of a runbook stands after "runbook:"')
        entry = {**entry, "id": name}
    return _checked(gathered, loc, {} if entry is None else entry, model)


def _checked(gathered: Gathered, loc: Loc, entry: Any, model: type[BaseModel]) -> BaseModel | None:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        for where, sentence in sentences.objections(error, model):
            gathered.fault((*loc, *sentences.as_written(entry, where)), sentence)
        return None


def _check_names(gathered: Gathered) -> None:
    if not gathered.complete:
        return  # names of the unread file would be called unknown
    for loc, sentence in references.objections(gathered.data):
        gathered.fault(loc, sentence)


def _check_runbooks(gathered: Gathered, entries: dict[str, dict[str, BaseModel]]) -> None:
    services = {name: service for name, service in entries["services"].items() if isinstance(service, Service)}
    for name, data in gathered.data.get("runbooks", {}).items():
        for loc, sentence in steps.objections(data.get("steps")):
            gathered.fault(("runbooks", name, "steps", *loc), sentence)
        runbook = entries["runbooks"].get(name)
        for loc, text in _texts(data):
            problems = template.problems(text)
            if isinstance(runbook, Runbook) and not problems:
                problems = list(_lacking(runbook, text, services))
            for sentence in problems:
                gathered.fault(("runbooks", name, *loc), sentence)


def _texts(data: Any) -> Iterator[tuple[Loc, str]]:
    """The texts of a runbook that may be templates, as (where, text)."""
    for key in ("do", "check", "expect", "ask", "run.http.url", "run.http.body"):
        for loc, text in references.at(data, f"steps.*.{key}"):
            if isinstance(text, str):
                yield loc, text


def _lacking(runbook: Runbook, text: str, services: dict[str, Service]) -> Iterator[str]:
    """A sentence for each name in `text` that some service, to which the runbook can apply, has no value for."""
    for use in template.uses(text):
        if use.covered or use.path[0] != "service":
            continue
        lacking = [
            name
            for name, service in services.items()
            if can_apply(runbook.applies_to, name, service.kind) and not template.has(name, service, use)
        ]
        if lacking:
            key = ".".join(use.path[1:])
            yield (
                f'"{use}" is not set for {", ".join(lacking)}; add {key} there, '
                f"or write {{{{ {use} | default('…') }}}}"
            )
