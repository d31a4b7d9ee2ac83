"""A simulated escalation for a terminal, as a time line, and for machines."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.core.simulation import SLACK, Moment, Paged, Simulation, Way
from bot.policy.model import Policy
from bot.reports.coverage import iso, length, moment

_GROUP = "whoever is in the group; only Slack knows"
_LEAST_WIDE = {"who": 12, "by": 5}  # words stay whole in a narrow terminal
_CHANNEL = "anyone there may acknowledge"


def report(found: Simulation) -> dict[str, Any]:
    """The shape of `bot simulate --json`: instants in UTC, rounds and steps from 1, people by their names in config."""
    return {
        "service": found.service,
        "severity": found.severity,
        "at": iso(found.at),
        "path": found.path,
        "held_until": iso(found.held_until) if found.held_until else None,
        "moments": [_moment(each, found.at) for each in found.moments],
        "exhausted_at": iso(found.exhausted_at) if found.exhausted_at else None,
        "told": list(found.told),
        "cut_short": found.cut_short,
    }


def _moment(each: Moment, start: datetime) -> dict[str, Any]:
    return {
        "at": iso(each.at),
        "after_seconds": int((each.at - start).total_seconds()),
        "round": each.round + 1,
        "step": each.step + 1,
        "people": [_person(paged) for paged in each.people],
        "channels": list(each.channels),
        "groups": list(each.groups),
        "passed_over": each.passed_over,
        "why": each.why,
        "one_in_turn": each.picks_one,
        "all_must_acknowledge": each.needs_all,
        "next_at": iso(each.next_at) if each.next_at else None,
    }


def _person(paged: Paged) -> dict[str, Any]:
    return {
        "person": paged.person,
        "local": paged.local.isoformat(timespec="seconds"),
        "asleep": paged.asleep,
        "holiday": paged.holiday,
        "by": [{"name": way.name, "at": iso(way.at), "problem": way.problem} for way in paged.ways],
    }


def time_line(found: Simulation, policy: Policy) -> Iterator[RenderableType]:
    """What was asked, the steps with whom they page, the end, and what it comes to."""
    severity = policy.severities[found.severity].name
    what = policy.services[found.service].name if found.service else "No service in particular"
    yield Text.from_markup(
        f"\n[bold]{escape(what)}[/], {escape(found.severity)} ({escape(severity)}), declared {moment(found.at)} UTC, "
        f"if nobody answers\n[dim]Path {escape(found.path or 'none')}; no page is sent.[/]\n"
    )
    if found.path is None:
        told = _told(found, policy)
        yield Text(f"✗ No escalation path is configured for it: nobody is paged; {told} at once.", style="bold red")
        return
    if found.held_until is not None:
        waits = length(found.held_until - found.at)
        yield Text(f"⏸ Held: nobody is paged before {moment(found.held_until)} UTC, in {waits}.\n", style="yellow")
    yield _steps(found, policy)
    yield Text()
    if found.exhausted_at is not None:
        after = _after(found.exhausted_at, found.at)
        sentence = f"✗ {after} ({moment(found.exhausted_at)} UTC): the path has run out; {_told(found, policy)}."
        yield Text(sentence, style="bold red")
    if found.cut_short:
        yield Text("… and so on: the path repeats for longer than is shown here.", style="yellow")
    yield Text(summary(found))


def summary(found: Simulation) -> str:
    """How many are paged, and how many of them at night or on a holiday."""
    paged = [person for each in found.moments for person in each.people]
    people = len({person.person for person in paged})
    asleep, feast = sum(person.asleep for person in paged), sum(person.holiday is not None for person in paged)
    said = f"{_many(len(paged), 'page')} to {_many(people, 'person', 'people')}"
    beside = [f"{asleep} in their own night (22:00–06:00)"] if asleep else []
    beside += [f"{feast} on a public holiday of theirs"] if feast else []
    return f"{said}, {' and '.join(beside)}." if beside else f"{said}, none of them at night or on a holiday of theirs."


def _steps(found: Simulation, policy: Policy) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for heading in ("after", "UTC", "step", "who", "their time", "", "by"):
        whole = heading in ("after", "UTC", "step", "their time")
        table.add_column(heading, overflow="fold", no_wrap=whole, min_width=_LEAST_WIDE.get(heading))
    rounds = max((each.round for each in found.moments), default=0)
    for each in found.moments:
        if rounds and each.step == 0:
            table.add_row("", "", f"[dim]round {each.round + 1}[/]", "", "", "", "")
        place = (_after(each.at, found.at), f"{each.at:%a %H:%M}", str(each.step + 1))
        for number, row in enumerate(_rows(each, policy)):
            table.add_row(*(place if number == 0 else ("", "", "")), *row)
    return table


def _rows(each: Moment, policy: Policy) -> Iterator[tuple[RenderableType, ...]]:
    """Whom a step pages, a row each, and a remark on whom it does not."""
    if each.passed_over:
        yield Text(f"passed over: {each.why}", style="yellow"), "", "", ""
        return
    for paged in each.people:
        marks = (["😴 asleep"] if paged.asleep else []) + ([f"🎉 {paged.holiday}"] if paged.holiday else [])
        by = ", ".join(_by(way, each.at) for way in paged.ways)
        yield Text(policy.person_name(paged.person)), _local(paged), Text(", ".join(marks)), Text(by)
    for channel in each.channels:
        yield Text(channel), "", Text(_CHANNEL, style="dim"), SLACK
    for group in each.groups:
        yield Text(group), "", Text(_GROUP, style="dim"), SLACK
    for remark in _remarks(each):
        yield Text(remark, style="dim"), "", "", ""


def _remarks(each: Moment) -> Iterator[str]:
    if each.needs_all:
        yield "all of them must acknowledge"
    if each.picks_one:
        yield "one in turn; at another incident it may be another"
    if each.why:
        yield f"others are left out: {each.why}"


def _local(paged: Paged) -> str:
    """`Mon 22:15 Nairobi`"""
    zone = str(paged.local.tzinfo).rpartition("/")[2].replace("_", " ")
    return f"{paged.local:%a %H:%M} {zone}"


def _by(way: Way, start: datetime) -> str:
    after = f" after {length(way.at - start)}" if way.at > start else ""
    return f"{way.name}{after} ({way.problem})" if way.problem else f"{way.name}{after}"


def _after(at: datetime, start: datetime) -> str:
    return f"+{length(at - start)}" if at > start else "at once"


def _told(found: Simulation, policy: Policy) -> str:
    names = " and ".join(policy.person_name(person) for person in found.told)
    return f"the channel and {names} are told" if names else "the channel is told"


def _many(count: int, one: str, more: str | None = None) -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
