"""What holds of any schedule, around any change of any clock: rotations in a row, people who come and go, overrides."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.oncall.schedule import next_change, on_call, shifts
from bot.policy.model import Feed, FeedShift, Layer, Override, Schedule
from tests.oncall.build import DAY, HOUR, SECOND, layer, schedule, utc
from tests.oncall.oracle import TICK, Holder, holders
from tests.oncall.zones import changes

CHANGES = [(zone, at) for zone, found in changes().items() for at in found or [utc("2026-03-29 01:00")]]
SEEN_BY_THE_ORACLE = [(zone, at) for zone, at in CHANGES if at.minute % 15 == 0]
ZONES = sorted(changes())
QUARTERS = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
WINDOWS = (
    st.tuples(st.sampled_from(["", "Mon-Fri ", "Sat,Sun ", "Sun-Mon ", "Wed "]), QUARTERS, QUARTERS)
    .filter(lambda parts: parts[1] != parts[2])
    .map(lambda parts: f"{parts[0]}{parts[1]}-{parts[2]}")
)
TURNS = st.lists(
    st.sampled_from(["a", "b", ["a", "b"], "c", ["c", "d"]]), min_size=1, max_size=4, unique_by=lambda turn: str(turn)
)
EVERY = st.sampled_from(["1h", "5h", "12h", "1d", "3d", "1w", "2w", "1mo"])
BEFORE = 24 * DAY  # the earliest that a rotation starts before the span

Case = tuple[Schedule, tuple[Override, ...], datetime]


def near(draw: st.DrawFn, at: datetime, days: int) -> datetime:
    """A quarter of an hour near an instant, or that very instant's."""
    return at + draw(st.one_of(st.integers(-96 * days, 96 * days), st.integers(-8, 8))) * TICK


@st.composite
def layers(draw: st.DrawFn, zone: str, at: datetime, name: str) -> Layer:
    zone = draw(st.sampled_from([zone, zone, *ZONES]))
    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    starts = shown + draw(st.integers(-96 * 20, 96)) * TICK
    until = near(draw, shown, 3)
    then: list[dict[str, Any]] = []
    if draw(st.booleans()) and until > starts:
        then.append({"every": draw(EVERY), "people": stays(draw, shown)})
        if draw(st.booleans()):
            then[0]["starts"] = (until + draw(st.integers(0, 96)) * TICK).isoformat()
    ends = until.isoformat() if then or (until > starts and draw(st.booleans())) else None
    people = stays(draw, shown)
    return layer(people, draw(EVERY), starts.isoformat(), zone, draw(st.lists(WINDOWS, max_size=3)), name, ends, then)


def stays(draw: st.DrawFn, shown: datetime) -> list[Any]:
    """Turns, in some of which one person has dates; a last resort takes part always."""
    turns: list[Any] = draw(TURNS)
    if draw(st.booleans()):
        joins = near(draw, shown, 4)
        leaves = joins + draw(st.integers(1, 96 * 4)) * TICK
        stay = {"person": "b"} | draw(
            st.sampled_from(
                [{"from": joins.isoformat()}, {"until": leaves.isoformat()},
                 {"from": joins.isoformat(), "until": leaves.isoformat()}]
            )
        )  # fmt: skip
        turns = [dated(turn, stay) for turn in turns]
    return [*turns, "e"]


def dated(turn: Any, stay: dict[str, str]) -> Any:
    if turn == "b":
        return stay
    return [stay if person == "b" else person for person in turn] if isinstance(turn, list) else turn


@st.composite
def feeds(draw: st.DrawFn, at: datetime, name: str) -> Layer:
    starts = [near(draw, at, 2) for _ in range(draw(st.integers(0, 3)))]
    fed = [
        FeedShift(start=start, end=start + draw(st.integers(1, 96)) * TICK, people=(draw(st.sampled_from("ab")),))
        for start in starts
    ]
    return Layer(name=name, time_zone="UTC", feed=Feed(ical="shifts/vendor.ics", shifts=tuple(fed)))


@st.composite
def overrides(draw: st.DrawFn, at: datetime) -> tuple[Override, ...]:
    made = []
    for number in draw(st.permutations(range(draw(st.integers(0, 4))))):
        start = near(draw, at, 1)
        end = start + draw(st.integers(1, 96)) * TICK
        instead_of = draw(st.sampled_from([None, "a", "b", "c", "e"]))
        person = draw(st.sampled_from("abz"))
        made.append(Override(id=number, schedule="l1", person=person, start=start, end=end, instead_of=instead_of))
    return tuple(made)


@st.composite
def cases(draw: st.DrawFn, around: list[tuple[str, datetime]]) -> Case:
    zone, at = draw(st.sampled_from(around))
    names = ["first", "second", "third"][: draw(st.integers(1, 3))]
    made = [draw(feeds(at, name) if draw(st.integers(0, 5)) == 0 else layers(zone, at, name)) for name in names]
    return schedule(*made), draw(overrides(at)), at


def ticks(
    of: Schedule, start: datetime, end: datetime, overrides: tuple[Override, ...] = ()
) -> list[tuple[frozenset[str], str | None]]:
    """What `shifts` says of every tick, in the oracle's words."""
    found = shifts(of, start, end, overrides)
    return [(frozenset(shift.people), shift.layer) for shift in found for _ in range((shift.end - shift.start) // TICK)]


def sets(found: list[Holder]) -> list[tuple[frozenset[str], str | None]]:
    return [(frozenset(people), name) for people, name in found]


@settings(max_examples=80, deadline=None)
@given(cases(SEEN_BY_THE_ORACLE))
def test_shifts_are_what_the_clock_on_the_wall_says(case: Case) -> None:
    of, over, at = case
    start, end = at - 36 * HOUR, at + 36 * HOUR
    assert ticks(of, start, end, over) == sets(holders(of, start, end, over, BEFORE))


@settings(max_examples=80, deadline=None)
@given(cases(CHANGES))
def test_shifts_cover_the_span_without_hole_or_overlap_and_agree_with_on_call(case: Case) -> None:
    of, over, at = case
    start, end = at - 3 * DAY, at + 3 * DAY
    found = shifts(of, start, end, over)
    assert (found[0].start, found[-1].end) == (start, end)
    for shift in found:
        assert shift.start < shift.end
        assert bool(shift.people) == (shift.layer is not None)
        for instant in (shift.start, shift.start + SECOND, shift.end - SECOND):
            here = on_call(of, instant, over)
            assert (here.people, here.layer) == (shift.people, shift.layer)
            assert shift.start == max(start, here.since or start)
            assert shift.end == min(end, here.until or end)
            assert next_change(of, instant, over) == here.until
    for shift, after in pairwise(found):
        assert shift.end == after.start
        assert (shift.people, shift.layer) != (after.people, after.layer)
        assert on_call(of, shift.start, over).next == after.people


@settings(max_examples=60, deadline=None)
@given(cases(CHANGES), st.integers(0, 4000), st.integers(1, 4000))
def test_a_clipped_span_agrees_with_a_longer_one(case: Case, skip: int, length: int) -> None:
    of, over, at = case
    early = at - 4 * DAY
    start = early + skip * timedelta(minutes=1, seconds=7)
    end = start + length * timedelta(minutes=1)
    longer = shifts(of, early, end + 2 * DAY, over)
    clipped = [shift._replace(start=max(shift.start, start), end=min(shift.end, end)) for shift in longer]
    assert shifts(of, start, end, over) == [shift for shift in clipped if shift.start < shift.end]


@settings(max_examples=40, deadline=None)
@given(cases(CHANGES))
def test_an_override_that_is_over_or_yet_to_come_changes_nothing(case: Case) -> None:
    of, over, at = case
    start, end = at + 4 * DAY, at + 8 * DAY
    assert shifts(of, start, end, over) == shifts(of, start, end)


def test_every_change_of_every_clock_is_right() -> None:
    """Hourly turns in windows that end and begin just before the change, above daily turns that begin there too.

    At the same moment a successor takes over and somebody joins; a stand-in ends at the change itself.
    """
    for zone, at in SEEN_BY_THE_ORACLE:
        shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        moment = shown - timedelta(minutes=30)  # in the gap, or in the time that comes twice
        starts = (moment - 3 * DAY).isoformat()
        windows = [f"{moment - 7 * HOUR:%H:%M}-{moment - HOUR:%H:%M}", f"{moment:%H:%M}-{moment + 4 * HOUR:%H:%M}"]
        then = [{"every": "1h", "people": ["b", "a", "f"]}]
        daily = ["c", "d", {"person": "g", "from": moment.isoformat()}, "e"]
        of = schedule(
            layer(["a", "b"], "1h", starts, zone, windows, until=moment.isoformat(), then=then),
            layer(daily, "1d", starts, zone, name="second"),
        )
        over = (Override(id=1, schedule="l1", person="z", start=at - 3 * HOUR, end=at, instead_of="a"),)
        span = at - 6 * HOUR, at + 6 * HOUR
        assert ticks(of, *span, over) == sets(holders(of, *span, over, 4 * DAY)), (zone, at)
