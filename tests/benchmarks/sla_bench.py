"""How fast it is known when a promise is due: `python -m tests.benchmarks.sla_bench`.

"First" asks a calendar that was not asked before; "new" asks it for instants that it was not asked about; "again"
asks for the same once more.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from time import perf_counter
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bot.core.calendar import after, budget, due, elapsed, promised
from bot.policy.model import BusinessDays, Calendar, DayEnd, DayTime

START = datetime(2026, 3, 4, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CALENDARS = 9  # asked for the first time, by each measure


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


def main() -> None:
    table = Table("", "first", "new", "again", "asked for", title="Microseconds, median")
    for what, *seconds in calendar_measures():
        table.add_row(what, *(f"{each * 1e6:,.0f}" for each in seconds))
    Console().print(table)


if __name__ == "__main__":
    main()
