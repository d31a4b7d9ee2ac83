"""Puts the files together: one plain map of sections and their entries, each with its place."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from bot.policy import model
from bot.policy.faults import Fault
from bot.policy.nearest import hint
from bot.policy.runbook import Runbook
from bot.policy.sentences import shown
from bot.policy.tree import Loc, Place, Tree

# section -> (model of one entry, what the section is a map of)
SECTIONS: Mapping[str, tuple[type[BaseModel], str]] = {
    "people": (model.Person, "name to person"),
    "teams": (model.Team, "name to team"),
    "severities": (model.Severity, "name to severity, worst first"),
    "categories": (model.Category, "name to kind of trouble"),
    "customers": (model.Customer, "name to customer"),
    "services": (model.Service, "name to service"),
    "schedules": (model.Schedule, "name to schedule"),
    "escalation_paths": (model.EscalationPath, "name to escalation path"),
    "calendars": (model.Calendar, "name to calendar"),
    "slas": (model.Sla, "name to SLA"),
    "commands": (model.Command, "name to command"),
}
MODELS: Mapping[str, type[BaseModel]] = {
    **{section: entry for section, (entry, _) in SECTIONS.items()},
    "runbooks": Runbook,
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)


@dataclass
class Gathered:
    """All that was written: `data[section][name]` as plain data, and what is wrong with how it was put."""

    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[Loc, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    complete: bool = True  # False when a file could not be read, so that its names are not known

    def fault(self, loc: Loc, sentence: str) -> None:
        self.faults.append(self.told(loc, sentence))

    def told(self, loc: Loc, sentence: str) -> Fault:
        """The sentence with where `loc` stands, or the nearest thing around it that stands somewhere."""
        around = loc
        while around and around not in self.places:
            around = around[:-1]
        place, path = self.places[around], dotted(self.data, loc)
        return Fault(place.file, place.line, f"{path}: {sentence}" if path else sentence)

    def _fault(self, place: Place, sentence: str) -> None:
        self.faults.append(Fault(place.file, place.line, sentence))

    def add_config(self, trees: Iterable[Tree]) -> None:
        for tree in trees:
            self.faults += tree.faults
            if tree.data is None:
                self.complete = self.complete and not tree.faults
            elif not isinstance(tree.data, dict):
                sentence = f"a file of the configuration is a map of sections like people:, not {shown(tree.data)}"
                self._fault(tree.places[()], sentence)
            else:
                for section, entries in tree.data.items():
                    self._add_section(tree, section, entries)

    def _add_section(self, tree: Tree, section: str, entries: Any) -> None:
        place = tree.places[(section,)]
        known = ["workspace", *SECTIONS]
        if section not in known:
            self._fault(place, f'unknown section "{section}"{hint(section, known, 20)}')
            return
        self.places.setdefault((section,), place)
        self.data.setdefault(section, {})
        if entries is not None and not isinstance(entries, dict):
            what = SECTIONS[section][1] if section in SECTIONS else "key to value"
            self._fault(place, f"{section} must be a map of {what}, not {shown(entries)}")
            return
        for name, entry in (entries or {}).items():
            self._add_entry(tree, section, name, entry)

    def _add_entry(self, tree: Tree, section: str, name: str, entry: Any) -> None:
        here, first = tree.places[section, name], self.places.get((section, name))
        if first is not None:
            self._fault(here, f'{section}: "{name}" is defined in {first} already')
            return
        if not NAME.fullmatch(name):
            self._fault(here, f'{section}: "{name}" is no name; use letters, digits, "-", "_" and "." without spaces')
        self.data[section][name] = entry
        self.places.update((loc, at) for loc, at in tree.places.items() if loc[:2] == (section, name))

    def add_runbooks(self, trees: Iterable[Tree]) -> None:
        self.data.setdefault("runbooks", {})
        for tree in trees:
            self.faults += tree.faults
            if tree.data is not None or not tree.faults:
                self._add_runbook(tree)

    def _add_runbook(self, tree: Tree) -> None:
        here = tree.places.get(("runbook",), tree.places[()])
        if not isinstance(tree.data, dict):
            self._fault(here, "this is no runbook; it begins with runbook:, title: and steps:")
            return
        data = dict(tree.data)
        name = data.pop("runbook", None)
        if not isinstance(name, str) or not NAME.fullmatch(name):
            self._fault(here, 'a runbook begins with its name: "runbook: stale-predictions"')
            name = here.file
        first = self.places.get(("runbooks", name))
        if first is not None:
            self._fault(here, f'the runbook "{name}" is defined in {first} already')
            return
        self.data["runbooks"][name] = data
        self.places["runbooks", name] = here
        self.places.update((("runbooks", name, *loc), at) for loc, at in tree.places.items() if loc)


def dotted(data: Any, loc: Loc) -> str:
    """`loc` as people read it: list items by their id or name, and without the runbook's own name."""
    words: list[str] = []
    found = data
    for part in loc:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            found = None
        if isinstance(part, str):
            words.append(part)
        elif isinstance(found, Mapping) and isinstance(found.get("id", found.get("name")), str):
            words.append(found.get("id", found.get("name")))
        else:
            words.append(f"#{part + 1}")
    return ".".join(words[2:] if words[:1] == ["runbooks"] else words)
