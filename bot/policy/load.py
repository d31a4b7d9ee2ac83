"""Reads config/ and runbooks/ from disk; the only file of this room that does."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from bot.policy import references, sentences, steps, template
from bot.policy.faults import ConfigFaults, Fault
from bot.policy.gather import MODELS, Gathered
from bot.policy.matching import can_apply
from bot.policy.model import Calendar, FeedShift, Person, Policy, Schedule, Service, Workspace
from bot.policy.runbook import Runbook
from bot.policy.schedules import with_feed
from bot.policy.tree import Loc, Tree, read

__all__ = ["ConfigFaults", "Fault", "load"]

Asked = tuple[datetime, datetime] | None


def load(
    config: Path, runbooks: Path | None = None, *, since: datetime | None = None, until: datetime | None = None
) -> Policy:
    """The policy written in the folder `config` and, unless None, in the folder `runbooks`.

    It will be asked who is on call from `since` to `until` (left out: at `since`). Of the calendars that stand in
    `config` as files, the shifts well around these instants are read; without them, of the time that is written.
    Feeds at an https address stay empty. Raises ConfigFaults with every fault in them, ordered by file and line.
    """
    gathered = Gathered()
    gathered.add_config(_trees(config, gathered, "BATON_CONFIG"))
    if config.is_dir() and not list(config.glob("*.yaml")):
        gathered.faults.append(Fault(str(config), 0, "this folder has no *.yaml file; put the configuration in it"))
    if runbooks is not None:
        gathered.add_runbooks(_trees(runbooks, gathered, "BATON_RUNBOOKS"))
    workspace = checked(gathered, ("workspace",), gathered.data.get("workspace", {}), Workspace)
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
    _read_feeds(gathered, entries, config, (since, until or since) if since else None)
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
    return checked(gathered, loc, {} if entry is None else entry, model)


def checked(gathered: Gathered, loc: Loc, entry: Any, model: type[BaseModel]) -> BaseModel | None:
    """The model of one entry; None if it has faults, which are noted."""
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


def _read_feeds(gathered: Gathered, entries: dict[str, dict[str, BaseModel]], config: Path, asked: Asked) -> None:
    """Puts into the layers the shifts of those calendars that stand in the folder."""
    people = {name: person for name, person in entries["people"].items() if isinstance(person, Person)}
    everybody = gathered.complete and len(people) == len(gathered.data.get("people", {}))
    schedules = entries["schedules"]
    for name, schedule in schedules.items():
        for place, layer in enumerate(schedule.layers if isinstance(schedule, Schedule) else ()):
            if layer.feed is None or "://" in layer.feed.ical:
                continue
            loc = ("schedules", name, "layers", place, "feed", "ical")
            try:
                shifts, unknown = _feed(config, layer.feed.ical, people, layer.time_zone, asked)
            except ValueError as bad:
                gathered.fault(loc, str(bad))
                continue
            if unknown and everybody:
                more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
                known = "write a key, a name or an e-mail address that stands under people:"
                gathered.fault(loc, f'in {layer.feed.ical} the event "{unknown[0]}"{more} names nobody known; {known}')
            schedules[name] = with_feed(cast("Schedule", schedules[name]), layer.name, shifts)


def _feed(
    config: Path, file: str, people: dict[str, Person], zone: str, asked: Asked
) -> tuple[tuple[FeedShift, ...], tuple[str, ...]]:
    """The shifts in a file of the folder, and the titles that name nobody; ValueError with a sentence if it is bad."""
    from bot.policy import ical  # slow to import, and most configurations have no calendar in the folder

    try:
        text = ical.as_text((config / file).read_bytes())
        read = ical.feed_shifts(text, people, zone, *(ical.around(*asked) if asked else ()))
    except FileNotFoundError:
        raise ValueError(f"there is no file {file} in the folder of the configuration; put it there") from None
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {(error.strerror or 'unknown').lower()}") from None
    except ical.BadCalendar as bad:
        raise ValueError(f"{file} cannot be used: {bad}") from None
    if not read.events:
        raise ValueError(f"{file} has no event, so nobody would ever be on call; export it again")
    return read.shifts, read.unknown
