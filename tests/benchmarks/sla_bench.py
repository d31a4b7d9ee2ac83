"""How fast it is known when a promise is due, and what a tick costs: `python -m tests.benchmarks.sla_bench`.

"First" asks a calendar that was not asked before; "new" asks it for instants that it was not asked about; "again"
asks for the same once more. The clocks are those of two SLAs over the history of a timeline of 200 entries: as most
are, a third of which counts (the others are notes, pages and steps), and the most restless one. The tick warns of
clocks in a database in which few or very many incidents are open.
"""

import platform
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.core.calendar import after, budget, due, elapsed, promised
from bot.core.clocks import clocks
from bot.core.effects import Record
from bot.core.events import ClockFellDue
from bot.core.history import Entry, Mark, waits
from bot.core.incident import Incident
from bot.engine.engine import Engine
from bot.policy.load import load
from bot.policy.model import BusinessDays, Calendar, DayEnd, DayTime, Policy, terms_of
from bot.sandbox.clock import SandboxClock
from bot.store.store import Store

START = datetime(2026, 3, 4, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
CALENDARS = 9  # asked for the first time, by each measure
ENTRIES = 200
SERVICE = "fraud-detection"  # of the sample configuration: two SLAs
FEW, MANY, DUE = 100, 10_000, 50  # incidents that are open, and of which a clock falls due


class Measure(NamedTuple):
    """Seconds, each the median."""

    what: str
    first: float
    new: float
    again: float
    asked: float


def calendar(minute: int) -> Calendar:
    """Office hours with holidays, closed dates and exceptions; each minute is another calendar."""
    return Calendar.model_validate(
        {
            "time_zone": "Europe/Berlin",
            "hours": [f"Mon-Fri 08:{minute:02}-17:00"],
            "holidays": "DE",
            "closed": ["2026-05-15", "2026-06-05"],
            "exceptions": {"2026-12-24": ["08:00-12:00"], "2026-12-31": []},
        }
    )


def median(what: Sequence[Callable[[], object]]) -> float:
    """The median seconds of a call."""
    times = []
    for call in what:
        begun = perf_counter()
        call()
        times.append(perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def calendar_measures() -> list[Measure]:
    year = 52 * 40 * HOUR
    starts = [START + n * 61 * timedelta(minutes=1) for n in range(1, 200)]
    asks: list[tuple[str, Callable[[datetime, Calendar], object]]] = [
        ("due a year of open hours ahead", lambda at, on: due(at, year, on)),
        ("open hours of a year", lambda at, on: elapsed(at, at + 365 * DAY, on)),
        ("250 business days ahead", lambda at, on: promised(at, BusinessDays(count=250), on)),
        ("the end of the next business day", lambda at, on: promised(at, DayEnd(ahead=1), on)),
        ("the next business day at the opening", lambda at, on: promised(at, DayTime(at=time(8)), on)),
        ("the same as a budget, and due by it", lambda at, on: after(at, budget(at, DayTime(at=time(8)), on), on)),
    ]
    due(START, 3 * year, calendar(0))  # the tables of holidays and of the zone are read once
    measures = []
    for number, (what, ask) in enumerate(asks):
        calendars = [calendar(minute) for minute in range(1, 60)][number::6][:CALENDARS]
        first = median([partial(ask, START, on) for on in calendars])
        later = [partial(ask, at, calendars[0]) for at in starts]
        measures.append(Measure(what, first, median(later), median(later), 50e-6))
    return measures


def sample() -> Policy:
    root = Path(__file__).parent.parent.parent
    return load(root / "config", root / "runbooks")


def history(counting: int) -> list[Mark]:
    """Updates, severities up and down, waits, mitigated and not after all: so many entries that count."""
    marks = [Mark(START, Entry.DECLARED, new="sev2"), Mark(START + 5 * MINUTE, Entry.ACKNOWLEDGED)]
    for number in range(1, counting - 1):
        at, tenth = START + (5 + 20 * number) * MINUTE, number // 10
        match number % 10:
            case 6:
                marks.append(Mark(at, Entry.SEVERITY, new=f"sev{1 + tenth % 3}"))
            case 7:
                marks.append(Mark(at, Entry.WAITING, new=waits("customer", at + 15 * MINUTE)))
            case 8:
                marks.append(Mark(at, Entry.WAITING_ENDED))
            case 9:
                marks.append(Mark(at, Entry.STATUS, new="monitoring" if tenth % 2 else "investigating"))
            case _:
                marks.append(Mark(at, Entry.UPDATE))
    return marks


def clock_measure(counting: int) -> tuple[float, int]:
    """Seconds for all clocks, and how many there are."""
    marks, terms = history(counting), terms_of(SERVICE, sample())
    now = marks[-1].at + MINUTE
    count = partial(clocks, marks, terms, now)
    return median([count] * 200), len(count())


def tick_measure(open_: int) -> float:
    """Seconds for each clock that falls due, among so many incidents that are open."""
    policy, clock = sample(), SandboxClock(START)
    with tempfile.TemporaryDirectory() as folder, closing(Store(f"sqlite:///{folder}/baton.db")) as store:
        store.bring_up_to_date()
        terms = terms_of(SERVICE, policy)
        with store.transaction() as work:
            for place in track(range(open_), f"{open_:,} incidents", transient=True):
                at = START if place < DUE else START + DAY
                marks = (Mark(at, Entry.DECLARED, new="sev1"),)
                held = Incident(
                    number=work.next_number(),
                    title="Scores are stale",
                    severity="sev1",
                    service=SERVICE,
                    declared_by="amina",
                    declared_at=at,
                    started_at=at,
                    terms=terms,
                    history=marks,
                    clocks=clocks(marks, terms, at),
                )
                work.save(None, held)
                work.record(Record(number=held.number, at=at, by="amina", what=Entry.DECLARED, new="sev1"))
                soon = min(each.due for each in held.clocks) - MINUTE
                work.set_timer(f"incident:{held.number}:clocks", soon, ClockFellDue(number=held.number))
        clock.advance(HOUR)
        begun = perf_counter()
        handled = Engine(store, policy, clock).tick()
        assert handled == DUE, f"{handled} clocks fell due"
        return (perf_counter() - begun) / handled


def main() -> None:
    table = Table("", "first", "new", "again", "asked for", title="Microseconds, median")
    for what, *seconds in calendar_measures():
        table.add_row(what, *(f"{each * 1e6:,.0f}" for each in seconds))
    console = Console()
    console.print(f"{platform.machine()}, {platform.processor() or platform.system()}")
    console.print(table)
    for counting in (ENTRIES // 3, ENTRIES):
        seconds, number = clock_measure(counting)
        what = f"All {number} clocks of {ENTRIES} entries, of which {counting} count"
        console.print(f"{what}: {seconds * 1e3:.2f} ms (asked for: 1)")
    few, many = tick_measure(FEW), tick_measure(MANY)
    console.print(
        f"A clock that falls due: {few * 1e3:.1f} ms among {FEW:,} open incidents, "
        f"{many * 1e3:.1f} ms among {MANY:,} ({many / few:.2f} times)"
    )


if __name__ == "__main__":
    main()
