"""Reads config/ and runbooks/ from disk; the only file of this room that does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from bot.policy import lint, references, runbook_references, sentences, steps, texts
from bot.policy.faults import ConfigFaults, Fault
from bot.policy.gather import MODELS, Gathered
from bot.policy.model import Calendar, FeedShift, Person, Policy, Schedule, Service, Workspace
from bot.policy.runbook import Runbook
from bot.policy.schedules import with_feed
from bot.policy.tree import Loc, Tree, read

__all__ = ["ConfigFaults", "Examined", "Fault", "examine", "load"]

Asked = tuple[datetime, datetime] | None
Runbooks = Path | Iterable[Path] | None


@dataclass(frozen=True)
class Examined:
    """What is written, as far as it can be read; a fault must be put right, a warning should be looked at."""

    policy: Policy  # whole only without faults
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def examine(config: Path, runbooks: Runbooks, now: datetime) -> Examined:
    """As `load`, but whatever is wrong or doubtful is told, both ordered by file and line."""
    gathered, policy = _read(config, runbooks, (now, now))
    doubts = (gathered.told(loc, sentence) for loc, sentence in lint.warnings(policy, now.date()))
    return Examined(policy, tuple(sorted(set(gathered.faults))), tuple(sorted(set(doubts))))


def load(
    config: Path, runbooks: Runbooks = None, *, since: datetime | None = None, until: datetime | None = None
) -> Policy:
    """The policy written in the folder `config` and, unless None, in the folder `runbooks` or in these files of it.

    It will be asked who is on call from `since` to `until` (left out: at `since`). Of the calendars that stand in
    `config` as files, the shifts well around these instants are read; without them, of the time that is written.
    Feeds at an https address stay empty. Raises ConfigFaults with every fault in them, ordered by file and line.
    """
    gathered, policy = _read(config, runbooks, (since, until or since) if since else None)
    if gathered.faults:
        raise ConfigFaults(gathered.faults)
    return policy


def _read(config: Path, runbooks: Runbooks, asked: Asked) -> tuple[Gathered, Policy]:
    """Everything that is written and its faults, and the policy of what has none."""
    gathered = Gathered()
    gathered.add_config(_trees(config, gathered, "BATON_CONFIG"))
    if config.is_dir() and not list(config.glob("*.yaml")):
        gathered.faults.append(Fault(str(config), 0, "this folder has no *.yaml file; put the configuration in it"))
    if isinstance(runbooks, Path):
        gathered.add_runbooks(_trees(runbooks, gathered, "BATON_RUNBOOKS"))
    elif runbooks is not None:
        gathered.add_runbooks(_files(runbooks, gathered))
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
    _read_feeds(gathered, entries, config, asked)
    entries["calendars"].setdefault("always", Calendar())
    return gathered, Policy.model_validate({"workspace": workspace or Workspace(), **entries})


def _trees(folder: Path, gathered: Gathered, variable: str) -> Iterator[Tree]:
    if not folder.is_dir():
        sentence = f"there is no such folder; make it, or say with {variable} where it is"
        gathered.faults.append(Fault(str(folder), 0, sentence))
        gathered.complete = False
        return
    for path in sorted(folder.glob("*.yml")):
        gathered.faults.append(Fault(str(path), 0, f"only *.yaml is read; rename it to {path.stem}.yaml"))
        gathered.complete = False
    yield from _files(sorted(folder.glob("*.yaml")), gathered)


def _files(paths: Iterable[Path], gathered: Gathered) -> Iterator[Tree]:
    for path in paths:
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
    for loc, sentence in (*references.objections(gathered.data), *runbook_references.objections(gathered.data)):
        gathered.fault(loc, sentence)


def _check_runbooks(gathered: Gathered, entries: dict[str, dict[str, BaseModel]]) -> None:
    services = {name: service for name, service in entries["services"].items() if isinstance(service, Service)}
    for name, data in gathered.data.get("runbooks", {}).items():
        for loc, sentence in steps.objections(data.get("steps")):
            gathered.fault(("runbooks", name, "steps", *loc), sentence)
        runbook = entries["runbooks"].get(name)
        for loc, sentence in texts.objections(data, runbook if isinstance(runbook, Runbook) else None, services):
            gathered.fault(("runbooks", name, *loc), sentence)


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
