"""Other promises, tried on the past: a file laid over the configuration, its faults told as always."""

from pathlib import Path
from typing import Any

from bot.policy import references
from bot.policy.faults import ConfigFaults, Fault
from bot.policy.gather import MODELS, Gathered
from bot.policy.load import checked
from bot.policy.model import Policy, Workspace
from bot.policy.tree import Tree, read

_LAID_OVER = ("slas", "calendars", "services", "customers", "workspace")  # what decides on promises


def laid_over(policy: Policy, config: Path, tree: Tree) -> Policy:
    """`policy` is what the folder `config` says. Raises ConfigFaults."""
    changes = Gathered()
    changes.add_config([tree])
    _must_be_of_promises(changes, tree)
    whole = Gathered()
    whole.add_config(read(path.read_bytes(), str(path)) for path in sorted(config.glob("*.yaml")))
    whole.faults = changes.faults
    for section, entries in changes.data.items():
        _lay(whole, changes, section, entries)
    built = {section: _built(whole, section, entries) for section, entries in changes.data.items()}
    for found in (references.blanks(changes.data), references.objections(whole.data)):
        for loc, sentence in found:
            whole.fault(loc, sentence)
    if whole.faults:
        raise ConfigFaults(whole.faults)
    return policy.model_copy(
        update={
            section: made["workspace"] if section == "workspace" else {**getattr(policy, section), **made}
            for section, made in built.items()
        }
    )


def _must_be_of_promises(changes: Gathered, tree: Tree) -> None:
    if not changes.faults and not changes.data.get("slas"):
        changes.faults.append(
            Fault(tree.places[()].file, 0, "it has no slas; write under slas: what is promised instead")
        )
    for section in changes.data:
        if section not in _LAID_OVER:
            changes.fault((section,), f"this decides on no promise; only {', '.join(_LAID_OVER)} can be tried here")
    if changes.faults:
        raise ConfigFaults(changes.faults)


def _lay(whole: Gathered, changes: Gathered, section: str, entries: dict[str, Any]) -> None:
    """Entries take the place of those of the same name; of a service only the keys that are given do."""
    present = whole.data.setdefault(section, {})
    for name, entry in entries.items():
        before = present.get(name)
        if section == "services" and isinstance(before, dict) and isinstance(entry, dict):
            entry = {**before, **entry}
        else:
            whole.places = {loc: at for loc, at in whole.places.items() if loc[:2] != (section, name)}
        present[name] = entry
    whole.places |= changes.places


def _built(whole: Gathered, section: str, entries: dict[str, Any]) -> dict[str, Any]:
    """The models of the entries that changed."""
    if section == "workspace":
        return {section: checked(whole, (section,), whole.data[section], Workspace)}
    return {name: checked(whole, (section, name), whole.data[section][name], MODELS[section]) for name in entries}
