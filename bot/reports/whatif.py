"""Past incidents counted again by other promises: which would have been broken, and which would not any more."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.core.clocks import clocks
from bot.core.incident import SlaClock
from bot.core.kept import Past
from bot.policy.model import Clock, Policy, Terms, terms_of
from bot.reports.coverage import iso

_MOST = 50
_KINDS = list(Clock)


@dataclass(frozen=True, slots=True)
class Change:
    """A promise that was kept and would have been broken, or the other way round."""

    number: int
    title: str
    severity: str
    service: str | None
    clock: Clock
    turn: int
    then: SlaClock | None  # None: it was not promised
    would: SlaClock | None  # None: it would not be promised
    breaks: bool  # whether it would have been broken


@dataclass(frozen=True, slots=True)
class WhatIf:
    since: datetime
    incidents: int
    then: Mapping[Clock, int]  # how many were broken
    would: Mapping[Clock, int]  # how many would have been
    changes: tuple[Change, ...]


def is_broken(held: SlaClock, now: datetime) -> bool:
    """Also if Baton stood still when it fell due, and has not said so yet."""
    return held.breached_at is not None or (held.is_running and held.due <= now)


def what_if(past: Iterable[Past], changed: Policy, since: datetime, now: datetime) -> WhatIf:
    """What each incident would have been promised by the changed policy, counted from its own history."""
    terms: dict[str | None, Terms] = {}
    then: Counter[Clock] = Counter()
    would: Counter[Clock] = Counter()
    changes: list[Change] = []
    incidents = 0
    for each in past:
        incidents += 1
        if each.service not in terms:
            terms[each.service] = terms_of(each.service, changed)
        counted = clocks(each.history, terms[each.service], now)
        then.update(held.clock for held in each.clocks if is_broken(held, now))
        would.update(held.clock for held in counted if is_broken(held, now))
        changes += sorted(_changes(each, counted, now), key=lambda change: (_KINDS.index(change.clock), change.turn))
    return WhatIf(since, incidents, then, would, tuple(changes))


def _changes(past: Past, counted: Sequence[SlaClock], now: datetime) -> Iterator[Change]:
    for before, after in _pairs(past.clocks, counted):
        broke = before is not None and is_broken(before, now)
        breaks = after is not None and is_broken(after, now)
        known = after if breaks else before
        if known is None or broke == breaks:
            continue
        yield Change(
            number=past.number,
            title=past.title,
            severity=past.severity,
            service=past.service,
            clock=known.clock,
            turn=known.turn,
            then=before,
            would=after,
            breaks=breaks,
        )


def _pairs(before: Sequence[SlaClock], after: Sequence[SlaClock]) -> Iterator[tuple[SlaClock | None, SlaClock | None]]:
    """Each clock with itself; what another SLA promises instead goes with what it takes the place of."""
    old, new = ({held.key: held for held in these} for these in (before, after))
    for key in [key for key in old if key in new]:
        yield old.pop(key), new.pop(key)
    for held in old.values():
        other = next((key for key in new if key[1:] == held.key[1:]), None)
        yield held, new.pop(other) if other else None
    for held in new.values():
        yield None, held


# For machines


def report(found: WhatIf) -> dict[str, Any]:
    """The shape of `bot sla what-if --json`: instants in UTC; `due` and `sla` are null of what is not promised."""
    return {
        "since": iso(found.since),
        "incidents": found.incidents,
        "clocks": [
            {"clock": clock.value, "breached": found.then.get(clock, 0), "would_breach": found.would.get(clock, 0)}
            for clock in _told(found)
        ],
        "changes": [
            {
                "incident": each.number,
                "title": each.title,
                "severity": each.severity,
                "service": each.service,
                "clock": each.clock.value,
                "turn": each.turn,
                "would_breach": each.breaks,
                "then": _facts(each.then),
                "would": _facts(each.would),
            }
            for each in found.changes
        ],
    }


def _facts(held: SlaClock | None) -> dict[str, str] | None:
    if held is None:
        return None
    return {"sla": held.sla, "promised": held.promised, "calendar": held.calendar, "due": iso(held.due)}


# For people


def summary(found: WhatIf) -> str:
    many = "1 incident" if found.incidents == 1 else f"{found.incidents} incidents"
    span = f"{many} declared since {found.since:%Y-%m-%d %H:%M} UTC"
    breaks = sum(each.breaks for each in found.changes)
    kept = len(found.changes) - breaks
    if not found.changes:
        return f"{span}: nothing would have been otherwise."
    told = f"{span}: {breaks} more {_promises(breaks)} would have been broken, {kept} would not any more"
    return f"{told} ({sum(found.then.values())} were, {sum(found.would.values())} would have been)."


def _promises(count: int) -> str:
    return "promise" if count == 1 else "promises"


def tables(found: WhatIf) -> Iterator[RenderableType]:
    """The sentence, a line for each kind of clock, and the incidents that change."""
    yield Text(summary(found))
    told = _told(found)
    if told:
        table = Table("clock", title="Broken promises")
        for heading in ("broken then", "would have been", "difference"):
            table.add_column(heading, justify="right")
        for clock in told:
            then, would = found.then.get(clock, 0), found.would.get(clock, 0)
            colour = "red" if would > then else "green"
            table.add_row(
                clock.value, str(then), str(would), f"[{colour}]{would - then:+d}[/]" if would != then else "0"
            )
        yield table
    if found.changes:
        yield _incidents(found.changes)


def _incidents(changes: Sequence[Change]) -> Table:
    table = Table(title="What changes", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("incident", "at", "service", "clock"):
        table.add_column(heading, no_wrap=heading != "service", overflow="fold")
    for heading in ("then", "now", "", "title"):
        table.add_column(heading, overflow="fold")
    for each in changes[:_MOST]:
        table.add_row(
            f"INC-{each.number}",
            escape(each.severity),
            escape(each.service or ""),
            each.clock.value,
            _promise(each.then),
            _promise(each.would),
            "[red]broken[/]" if each.breaks else "[green]kept[/]",
            escape(each.title),
        )
    if len(changes) > _MOST:
        table.caption = f"…and {len(changes) - _MOST} more; --json has them all"
    return table


def _promise(held: SlaClock | None) -> str:
    return escape(f"{held.promised} on {held.calendar} ({held.sla})") if held else "nothing"


def _told(found: WhatIf) -> list[Clock]:
    return [clock for clock in _KINDS if clock in found.then or clock in found.would]
