"""Somebody stands in for a span."""

from bot.oncall.schedule import next_change, on_call, shifts
from bot.policy.model import Override, Policy, Schedule
from tests.oncall.build import SECOND, brief, layer, override, schedule, utc

DAILY = schedule(layer(["a", "b", "c"], "1d"))  # a on Monday the 5th from 08:00, then b, then c
PAIRS = schedule(layer([["a", "b"], ["b", "c"]], "1d"))
OFFICE = schedule(layer(["a"], on_call=["09:00-17:00"]))


def lines(of: Schedule, *over: Override, start: str = "2026-01-05 08:00", end: str = "2026-01-08 08:00") -> list[str]:
    """`05 08:00 a first` for each shift."""
    found = shifts(of, utc(start), utc(end), over)
    return [f"{shift.start:%d %H:%M} {'+'.join(shift.people)} {shift.layer or ''}".strip() for shift in found]


def test_an_override_stands_above_all_layers_alone() -> None:
    over = override(1, "z", "2026-01-05 12:00", "2026-01-05 16:00")
    assert lines(PAIRS, over, end="2026-01-06 09:00") == [
        "05 08:00 a+b first", "05 12:00 z override", "05 16:00 a+b first", "06 08:00 b+c first",
    ]  # fmt: skip


def test_its_bounds_are_half_open() -> None:
    over = (override(1, "z", "2026-01-05 12:00", "2026-01-05 16:00"),)
    instants = [utc(f"2026-01-05 {at}") for at in ("12:00", "16:00")]
    assert [on_call(DAILY, at, over).people for at in instants] == [("z",), ("a",)]
    assert [on_call(DAILY, at - SECOND, over).people for at in instants] == [("a",), ("z",)]


def test_the_bounds_and_the_next_are_known_around_it() -> None:
    over = (override(1, "z", "2026-01-05 12:00", "2026-01-06 12:00"),)
    before, within, after = (
        on_call(DAILY, utc(at), over) for at in ("2026-01-05 09:00", "2026-01-06 09:00", "2026-01-06 13:00")
    )
    assert (brief(before.until), before.next) == ("2026-01-05 12:00", ("z",))
    assert (brief(within.since), brief(within.until), within.next) == ("2026-01-05 12:00", "2026-01-06 12:00", ("b",))
    assert (brief(after.since), brief(after.until), after.next) == ("2026-01-06 12:00", "2026-01-07 08:00", ("c",))
    assert brief(next_change(DAILY, utc("2026-01-05 09:00"), over)) == "2026-01-05 12:00"


def test_it_answers_where_nobody_would() -> None:
    over = override(1, "z", "2026-01-05 16:00", "2026-01-05 20:00")
    assert lines(OFFICE, over, end="2026-01-06 09:30") == [
        "05 08:00", "05 09:00 a first", "05 16:00 z override", "05 20:00", "06 09:00 a first",
    ]  # fmt: skip


def test_one_person_is_stood_in_for_wherever_they_are_on_call() -> None:
    over = override(1, "z", "2026-01-05 12:00", "2026-01-09 12:00", instead_of="b")
    assert lines(PAIRS, over) == [
        "05 08:00 a+b first",
        "05 12:00 a+z first",
        "06 08:00 c+z first",
        "07 08:00 a+z first",
    ]


def test_nothing_changes_for_a_person_who_is_not_on_call() -> None:
    over = override(1, "z", "2026-01-05 12:00", "2026-01-05 16:00", instead_of="c")
    assert lines(DAILY, over) == lines(DAILY)


def test_whoever_stands_in_before_their_own_turn_has_one_shift() -> None:
    over = (override(1, "b", "2026-01-05 12:00", "2026-01-06 08:00", instead_of="a"),)
    assert lines(DAILY, *over) == ["05 08:00 a first", "05 12:00 b first", "07 08:00 c first"]
    assert brief(on_call(DAILY, utc("2026-01-07 00:00"), over).since) == "2026-01-05 12:00"


def test_two_who_are_on_call_together_are_two_even_if_one_stands_in_for_the_other() -> None:
    over = override(1, "b", "2026-01-05 08:00", "2026-01-06 08:00", instead_of="a")
    assert lines(PAIRS, over, end="2026-01-06 09:00") == ["05 08:00 b first", "06 08:00 b+c first"]


def test_of_two_overrides_the_later_counts() -> None:
    first = override(1, "y", "2026-01-05 12:00", "2026-01-05 18:00")
    second = override(2, "z", "2026-01-05 14:00", "2026-01-05 16:00")
    day = ["05 08:00 a first", "05 12:00 y override", "05 14:00 z override", "05 16:00 y override", "05 18:00 a first"]
    assert lines(DAILY, first, second, end="2026-01-06 08:00") == day
    assert lines(DAILY, second, first, end="2026-01-06 08:00") == day
    under = second.model_copy(update={"id": 0})
    assert "05 14:00 z override" not in lines(DAILY, first, under)


def test_a_later_stand_in_for_the_same_person_replaces_the_first() -> None:
    first = override(1, "y", "2026-01-05 08:00", "2026-01-06 08:00", instead_of="a")
    second = override(2, "z", "2026-01-05 08:00", "2026-01-05 20:00", instead_of="a")
    assert lines(DAILY, first, second, end="2026-01-06 08:00") == ["05 08:00 z first", "05 20:00 y first"]


def test_a_stand_in_can_be_stood_in_for() -> None:
    first = override(1, "y", "2026-01-05 08:00", "2026-01-06 08:00", instead_of="a")
    second = override(2, "z", "2026-01-05 08:00", "2026-01-05 20:00", instead_of="y")
    assert lines(DAILY, first, second, end="2026-01-06 08:00") == ["05 08:00 z first", "05 20:00 y first"]
    alone = first.model_copy(update={"instead_of": None})
    assert lines(DAILY, alone, second, end="2026-01-06 08:00") == ["05 08:00 z override", "05 20:00 y override"]


def test_a_swap_is_two_stand_ins() -> None:
    swap = (
        override(1, "b", "2026-01-05 08:00", "2026-01-06 08:00", instead_of="a"),
        override(2, "a", "2026-01-06 08:00", "2026-01-07 08:00", instead_of="b"),
    )
    assert lines(DAILY, *swap) == ["05 08:00 b first", "06 08:00 a first", "07 08:00 c first"]


def test_an_override_over_years_of_turns_is_one_shift() -> None:
    over = (override(1, "z", "2026-02-01 00:00", "2027-01-31 00:00"),)
    here = on_call(schedule(layer(["a", "b"], "1h")), utc("2026-06-01 00:00"), over)
    assert (here.people, brief(here.since), brief(here.until)) == (("z",), "2026-02-01 00:00", "2027-01-31 00:00")


def test_a_policy_hands_out_the_overrides_of_a_schedule_in_their_order() -> None:
    mine = [override(number, "z", "2026-01-05 08:00", "2026-01-06 08:00") for number in (3, 1)]
    other = mine[0].model_copy(update={"id": 2, "schedule": "l2"})
    policy = Policy(overrides=(*mine, other))
    assert [each.id for each in policy.overrides_of("l1")] == [1, 3]
    assert policy.overrides_of("l3") == ()
