"""How well promises were kept: met, broken and by how much, by service, severity, team, region, shift and person.

A clock that was cancelled, or that runs, counts only if it is broken. By how much is time as it
passes on the wall, from the due time on, whatever the hours of its calendar.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.core.kept import KeptClock
from bot.policy.model import Clock, Layer, Person, Policy
from bot.reports.coverage import iso, length, percent

NOBODY = "nobody"
_BAR = 5
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Kept:
    """How a group of promises was kept; `clock` is empty for all kinds together."""

    name: str
    clock: str
    met: int
    breached: int
    late: tuple[timedelta, timedelta] | None = None  # median and worst of those that were broken
    used: float | None = None  # the median share of their time, of those that were met

    @property
    def counted(self) -> int:
        return self.met + self.breached

    @property
    def share(self) -> float | None:
        """The part that was met; None of nothing."""
        return self.met / self.counted if self.counted else None


@dataclass(frozen=True, slots=True)
class Adherence:
    """The promises of the incidents declared in a span, by `by`: in all, and a line per name and kind of clock."""

    since: datetime
    until: datetime
    by: str
    overall: Kept
    groups: tuple[Kept, ...]


def adherence(
    found: Sequence[KeptClock], by: str, policy: Policy, since: datetime, until: datetime, now: datetime
) -> Adherence:
    """`by` is one of GROUPS. Customers, teams and regions are those of the configuration as it is now."""
    named = GROUPS[by]
    groups: dict[tuple[str, str], list[KeptClock]] = {}
    for each in found:
        groups.setdefault((named(each, policy), "" if by == "clock" else each.clock.value), []).append(each)
    kinds = ["", *Clock]
    ordered = sorted(groups, key=lambda key: (_rank(key[0], by, policy), key[0], kinds.index(key[1])))
    return Adherence(
        since, until, by, _kept("all", "", found, now), tuple(_kept(*key, groups[key], now) for key in ordered)
    )


def _kept(name: str, clock: str, found: Sequence[KeptClock], now: datetime) -> Kept:
    met = [each for each in found if each.in_time]
    late = [each.late(now) for each in found if not each.in_time]
    return Kept(
        name=name,
        clock=clock,
        met=len(met),
        breached=len(late),
        late=(timedelta(seconds=median(each.total_seconds() for each in late)), max(late)) if late else None,
        used=median(each.share for each in met) if met else None,
    )


def _rank(name: str, by: str, policy: Policy) -> int:
    """Severities and clocks in their own order; everything else by its name."""
    order = {"severity": list(policy.severities), "clock": [each.value for each in Clock]}.get(by, [])
    return order.index(name) if name in order else len(order)


# Who or what a clock is counted for


def _customer(each: KeptClock, policy: Policy) -> str:
    service = policy.services.get(each.service or "")
    return (service.customer if service else None) or NOBODY


def _team(each: KeptClock, policy: Policy) -> str:
    service = policy.services.get(each.service or "")
    return (service.support if service else None) or NOBODY


def _region(each: KeptClock, policy: Policy) -> str:
    """That of whoever held it, or else the part of the world of the zone of the layer."""
    person = policy.people.get(each.held_by or "")
    if person is not None:
        return region(person)
    layer = _layer(each.held_on or "", policy)
    return layer.time_zone.split("/")[0] if layer else NOBODY


def region(person: Person) -> str:
    """Their country, or the part of the world of their zone."""
    return person.country or person.time_zone.split("/")[0]


def _layer(held_on: str, policy: Policy) -> Layer | None:
    name, _, layer = held_on.partition("/")
    schedule = policy.schedules.get(name)
    return next((each for each in schedule.layers if each.name == layer), None) if schedule else None


GROUPS: dict[str, Callable[[KeptClock, Policy], str]] = {
    "clock": lambda each, _: each.clock.value,
    "service": lambda each, _: each.service or "no service",
    "severity": lambda each, _: each.severity,
    "customer": _customer,
    "team": _team,
    "region": _region,
    "shift": lambda each, _: each.held_on or NOBODY,
    "person": lambda each, _: each.held_by or NOBODY,
}


# For machines


def report(found: Adherence) -> dict[str, Any]:
    """The shape of `bot sla adherence --json`: instants in UTC, lateness in seconds, shares from 0 to 1."""
    return {
        "since": iso(found.since),
        "until": iso(found.until),
        "by": found.by,
        "overall": _facts(found.overall),
        "groups": [
            {found.by: each.name, **({"clock": each.clock} if each.clock else {}), **_facts(each)}
            for each in found.groups
        ],
    }


def as_csv(found: Adherence) -> str:
    """A line for each group, with a heading."""
    written = io.StringIO()
    names = [found.by] if found.by == "clock" else [found.by, "clock"]
    lines = csv.DictWriter(written, [*names, *_facts(found.overall)], lineterminator="\n")
    lines.writeheader()
    for each in report(found)["groups"]:
        lines.writerow(each)
    return written.getvalue()


def _facts(kept: Kept) -> dict[str, Any]:
    median_late, worst_late = kept.late or (None, None)
    return {
        "counted": kept.counted,
        "met": kept.met,
        "breached": kept.breached,
        "share_met": None if kept.share is None else round(kept.share, 4),
        "median_seconds_late": None if median_late is None else median_late.total_seconds(),
        "worst_seconds_late": None if worst_late is None else worst_late.total_seconds(),
        "median_share_used": None if kept.used is None else round(kept.used, 4),
    }


# For people


def summary(found: Adherence) -> str:
    span = f"Of the incidents declared from {found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M} UTC"
    kept = found.overall
    if kept.share is None:
        return f"{span}, no promise was met or broken."
    told = f"{span}, {kept.met} of {kept.counted} promises were met ({percent(kept.share)})"
    if kept.late is None:
        return f"{told}."
    middle, worst = (length(each) for each in kept.late)
    return f"{told}; {kept.breached} were broken, by {middle} in the middle and {worst} at worst."


def tables(found: Adherence) -> Iterator[RenderableType]:
    """The sentence, a line for each group, and what the numbers mean."""
    yield Text(summary(found))
    if not found.groups:
        return
    table = Table(
        title=f"Promises by {found.by}", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )  # in 80 characters, too
    table.add_column(found.by, overflow="fold", min_width=9)
    if found.by != "clock":
        table.add_column("clock", no_wrap=True)
    for heading in ("met", "broken"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("share met", no_wrap=True)
    for heading in ("late by", "worst", "used"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each, name in zip(found.groups, _once(kept.name for kept in found.groups), strict=True):
        table.add_row(*_cells(replace(each, name=name), found.by))
    yield table
    yield Text(
        "Late by: the median, and the worst, as time passes, also outside the hours of the calendar. "
        "Used: the median share of the open hours, of those that were met.",
        "dim",
    )


def _cells(kept: Kept, by: str) -> Iterator[str]:
    yield escape(kept.name)
    if by != "clock":
        yield kept.clock
    yield str(kept.met)
    yield f"[red]{kept.breached}[/]" if kept.breached else "0"
    yield _bar(kept.share or 0.0)
    yield from (_short(each) for each in kept.late) if kept.late else ("", "")
    yield "" if kept.used is None else f"{kept.used:.0%}"


def _short(span: timedelta) -> str:
    """Its two greatest units."""
    return " ".join(length(span).split(" ")[:4])


def _bar(share: float) -> str:
    colour = "green" if share >= 0.95 else "yellow" if share >= 0.8 else "red"
    full = round(share * _BAR)
    return f"[{colour}]{'█' * full}[/][dim]{'░' * (_BAR - full)}[/] {percent(share)}"


def _once(names: Iterable[str]) -> Iterator[str]:
    """Each name where it first stands."""
    before: str | None = None
    for name in names:
        yield name if name != before else ""
        before = name
