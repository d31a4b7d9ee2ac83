"""How fast it is known who is on call and when a promise is due: `python -m tests.benchmarks.oncall_bench`.

"New" asks for instants that were not asked about before; "again" asks for the same once more.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bot.core.calendar import due, elapsed
from bot.core.permitted import Span
from bot.core.standin import StandIn, StandInKind, StandInState
from bot.oncall.coverage import coverage
from bot.oncall.schedule import on_call, shifts
from bot.policy.model import Calendar, Layer, Override, Person, Policy, Schedule
from bot.store.store import Store

START = datetime(2026, 3, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NAMES = ["amina", "brian", "luis", "sita"]
ROTATION = {"every": "1w", "starts": "2026-01-05T08:00", "people": NAMES}


def schedule(number: int) -> Schedule:
    """Three layers of eight hours in zones that change their clocks; each number is another schedule."""
    zones = ("Europe/Berlin", "America/Chicago", "Asia/Kathmandu")
    layers = [{"name": z, "time_zone": z, "on_call": ["08:00-16:00"], "rotation": ROTATION} for z in zones]
    return Schedule(name=f"l{number}", layers=tuple(Layer.model_validate(layer | _other(number)) for layer in layers))


def _other(number: int) -> dict[str, object]:
    return {"rotation": ROTATION | {"people": [*ROTATION["people"], f"person-{number}"]}}


def policy() -> Policy:
    """Everybody in a place of their own, so that nothing is known twice."""
    places = [("Africa/Nairobi", "KE"), ("America/Bogota", "CO"), ("Asia/Kathmandu", "NP"), ("Europe/Berlin", "DE")]
    people = {
        name: Person(name=name, time_zone=zone, country=of) for name, (zone, of) in zip(NAMES, places, strict=True)
    }
    return Policy(people=people)


def decade() -> Schedule:
    """Daily turns since ten years ago, with people who came and went and a change of the order."""
    gone = [{"person": f"gone-{n}", "from": f"20{16 + n}-06-01", "until": f"20{17 + n}-06-01"} for n in range(8)]
    written = [
        {"every": "1d", "starts": "2016-01-04T08:00", "people": [*NAMES, *gone], "until": "2025-06-01T08:00"},
        {"every": "1d", "people": [*reversed(NAMES)]},
    ]
    layer = {"name": "day", "time_zone": "America/Chicago", "rotation": written}
    return Schedule(name="decade", layers=(Layer.model_validate(layer),))


def overrides() -> tuple[Override, ...]:
    """A hundred shifts of eight hours that somebody else took."""
    starts = [START + 3 * n * DAY for n in range(100)]
    return tuple(
        Override(id=n, schedule="l0", person="sita", start=at, end=at + 8 * HOUR, instead_of="amina")
        for n, at in enumerate(starts)
    )


@contextmanager
def kept(count: int) -> Iterator[Store]:
    """A file in which so many overrides are ahead of `START`, and ten times as many are over."""
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'baton.db'}")
        store.migrate()
        with store.transaction() as work:
            for number in range(11 * count):
                at = START + (number - 10 * count) * 8 * HOUR
                work.save_stand_in(None, stand_in(number, at))
        yield store
        store.close()


def stand_in(number: int, at: datetime) -> StandIn:
    span = Span(at, at + 8 * HOUR, "sita", "amina")
    kind, state = StandInKind.OVERRIDE, StandInState.STANDING
    return StandIn(number, kind, "l0", "amina", at - DAY, (span,), state, stood_at=at - DAY)


def ahead(store: Store) -> tuple[Override, ...]:
    with store.reading() as reading:
        return reading.overrides(START)


def calendar(hour: int) -> Calendar:
    hours = [f"Mon-Fri {hour:02}:00-17:00"]
    return Calendar.model_validate({"time_zone": "Europe/Berlin", "hours": hours, "holidays": "KE"})


def median(what: Sequence[Callable[[], object]]) -> float:
    """The median seconds of a call."""
    times = []
    for call in what:
        begun = perf_counter()
        call()
        times.append(perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def measures() -> list[tuple[str, float, float, float]]:
    """(what, new, again, what is asked), in seconds."""
    one = schedule(0)
    instants = [START + n * 37 * HOUR for n in range(200)]
    asks = [lambda at=at: on_call(one, at) for at in instants]
    month = [lambda of=of: shifts(of, START, START + 30 * DAY) for of in map(schedule, range(1, 12))]
    year = [lambda of=of: shifts(of, START, START + 365 * DAY) for of in map(schedule, range(12, 23))]
    long, over, people = decade(), overrides(), policy()
    daily = [lambda at=at: on_call(long, at) for at in instants]
    stood_in = [lambda at=at: on_call(one, at, over) for at in instants]
    with kept(200) as store:
        asked = [lambda at=at: on_call(one, at, ahead(store)) for at in instants]
        from_file = median(asked), median(asked)
    ten = [schedule(n) for n in range(23, 33)]
    covered = [lambda: [coverage(of, people, START, START + 52 * 7 * DAY) for of in ten]]
    calendars = [calendar(hour) for hour in range(5, 16)]
    promises = [lambda on=on: due(START, 250 * (17 - on.hours[0].start.hour) * HOUR, on) for on in calendars]
    spans = [lambda on=on: elapsed(START, START + 365 * DAY, on) for on in calendars]
    due(START, HOUR, calendar(4))  # the table of holidays is read once
    return [
        ("who is on call, three layers", median(asks), median(asks), 50e-6),
        ("the same, ten years of daily turns", median(daily), median(daily), 50e-6),
        ("the same, three layers, a hundred overrides", median(stood_in), median(stood_in), 1e-3),
        ("who is on call with 200 overrides from SQLite (read + computed)", *from_file, 1e-3),
        ("30 days of shifts, three layers", median(month), median(month), 1e-3),
        ("365 days of shifts, three layers", median(year), median(year), 10e-3),
        ("coverage of 52 weeks, ten schedules", median(covered), median(covered), 2.0),
        ("due a year ahead, with holidays", median(promises), median(promises), 50e-6),
        ("open hours of a year, with holidays", median(spans), median(spans), 50e-6),
    ]


def main() -> None:
    table = Table("", "new", "again", "asked for", title="Microseconds, median")
    for what, new, again, asked in measures():
        table.add_row(what, *(f"{seconds * 1e6:,.0f}" for seconds in (new, again, asked)))
    Console().print(table)


if __name__ == "__main__":
    main()
