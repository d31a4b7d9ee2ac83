"""The plan: whose shifts a new configuration moves is told, and nobody else."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.effects import CancelTimer, SetTimer
from bot.core.oncall_effects import TellOfMovedShifts
from bot.core.oncall_events import PlanReviewed
from bot.core.plan import AHEAD, REVIEW_AFTER, held
from bot.oncall.schedule import Shift
from bot.policy.model import Policy
from tests.core.rota import DAY, NOON, OFFICE, PAIRS, WEEK, WRITTEN, Rota, at, history, override, policy, turns

REVIEW = PlanReviewed(schedule="l1")
KEY = "schedule:l1:plan"
MONDAY = at("03-02 08:00")
AGAIN = SetTimer(key=KEY, due=NOON + REVIEW_AFTER, event=REVIEW)


def weeks(first: int, last: int | None = None) -> tuple[datetime, datetime]:
    """From the start of one week's turn to the start of another's; the first week began before noon."""
    return max(MONDAY + first * WEEK, NOON), MONDAY + (last if last is not None else first + 1) * WEEK


def moved(before: Policy, after: Policy, later: timedelta = timedelta()) -> dict[str, TellOfMovedShifts]:
    """Who is told of what when the configuration changes."""
    rota = history(REVIEW, policy=before).forget()
    rota.configured, rota.now = after, NOON + later
    return {told.person: told for told in rota.happens(REVIEW).done(TellOfMovedShifts)}


def test_the_first_plan_is_news_to_nobody() -> None:
    rota = history(REVIEW)
    assert rota.effects == [AGAIN]
    assert rota.plan is not None
    assert (rota.plan.schedule, rota.plan.until) == ("l1", MONDAY + 9 * WEEK)  # the end of the shift eight weeks on
    assert [shift.people for shift in rota.plan.shifts[:3]] == [("amina",), ("luis",), ("sita",)]


def test_where_nothing_moved_nothing_is_said() -> None:
    rota = history(REVIEW).forget().happens(REVIEW)
    assert rota.effects == [AGAIN]


def test_a_new_order_is_told_to_those_who_change_places_with_before_and_after() -> None:
    told = moved(policy(), policy(l1={"layers": [turns(["amina", "sita", "luis"])]}))
    assert set(told) == {"luis", "sita"}
    assert told["luis"].gone == (weeks(1), weeks(4), weeks(7))
    assert told["luis"].new == (weeks(2), weeks(5), weeks(8))
    assert (told["sita"].gone, told["sita"].new) == (told["luis"].new, told["luis"].gone)


def test_only_the_shifts_that_moved_are_told() -> None:
    """For once Luis has the first week of Sita too."""
    rotation = {"starts": "2026-03-16T08:00", "until": "2026-03-23T08:00"}
    once = turns(["luis"], name="once", rotation=rotation)
    told = moved(policy(), policy(l1={"layers": [once, turns(["amina", "luis", "sita"])]}))
    assert set(told) == {"luis", "sita"}
    assert (told["sita"].gone, told["sita"].new) == ((weeks(2),), ())
    assert (told["luis"].gone, told["luis"].new) == ((weeks(1),), (weeks(1, 3),))


def test_who_joins_and_who_leaves_is_told() -> None:
    told = moved(policy(), policy(l1={"layers": [turns(["amina", "luis", "kofi"])]}))
    assert set(told) == {"sita", "kofi"}
    assert (told["kofi"].gone, told["kofi"].new) == ((), (weeks(2), weeks(5), weeks(8)))
    assert (told["sita"].gone, told["sita"].new) == ((weeks(2), weeks(5), weeks(8)), ())


def test_who_is_no_longer_in_the_configuration_cannot_be_told() -> None:
    people = {name: each for name, each in WRITTEN["people"].items() if name != "sita"}
    written = {"people": people, "schedules": {"l1": {"layers": [turns(["amina", "luis", "kofi"])]}}}
    assert set(moved(policy(), Policy.model_validate(written))) == {"kofi"}


def test_a_shift_that_runs_is_told_from_now_on() -> None:
    told = moved(policy(), policy(l1={"layers": [turns(["amina", "luis", "sita"], every="2w")]}), later=DAY)
    assert told["amina"].gone[0] == (NOON + DAY, MONDAY + WEEK)
    assert told["amina"].new[0] == (NOON + DAY, MONDAY + 2 * WEEK)


def test_what_is_past_moves_nobody() -> None:
    """The week of Amina is over when Luis is written into it."""
    ends = {"until": "2026-03-16T08:00"}
    one = policy(l1={"layers": [turns(["amina", "luis", "sita"], rotation=ends)]})
    other = policy(l1={"layers": [turns(["luis", "luis", "sita"], rotation=ends)]})
    assert moved(one, other, later=WEEK) == {}
    assert set(moved(one, other)) == {"amina", "luis"}


def test_what_lies_beyond_the_plan_moves_nobody_yet() -> None:
    ends = turns(["amina", "luis", "sita"], rotation={"until": "2026-05-11T08:00"})  # ten weeks on
    assert moved(policy(), policy(l1={"layers": [ends]})) == {}


def test_a_layer_of_another_name_moves_nobody() -> None:
    assert moved(policy(), policy(l1={"layers": [turns(["amina", "luis", "sita"], name="other")]})) == {}


def test_a_layer_below_that_is_never_reached_moves_nobody() -> None:
    below = {"layers": [turns(["amina", "luis", "sita"]), turns(["kofi"], name="below")]}
    assert moved(policy(), policy(l1=below)) == {}


def test_who_gets_company_has_moved_nowhere() -> None:
    told = moved(policy(), policy(l1={"layers": [turns([["amina", "kofi"], "luis", "sita"])]}))
    assert set(told) == {"kofi"}


def test_a_schedule_that_is_taken_out_is_told_to_all_who_had_shifts() -> None:
    rota = history(REVIEW).forget()
    rota.configured = policy(l1=None)
    rota.happens(REVIEW)
    assert rota.plan is None
    assert {told.person for told in rota.done(TellOfMovedShifts)} == {"amina", "luis", "sita"}
    assert all(told.new == () for told in rota.done(TellOfMovedShifts))
    assert rota.effects[-1] == CancelTimer(key=KEY)
    assert rota.forget().happens(REVIEW).effects == [CancelTimer(key=KEY)]  # and it is said once


def test_stand_ins_are_not_the_plan() -> None:
    rota = history(REVIEW, override("luis", "03-02 15:00", "03-05 15:00")).forget().happens(REVIEW)
    assert rota.done(TellOfMovedShifts) == []


def test_the_plan_is_carried_on_day_by_day() -> None:
    rota = history(REVIEW, NOON + 3 * DAY)
    assert rota.plan is not None
    assert rota.plan.until >= NOON + 3 * DAY + AHEAD
    assert rota.due(KEY) == NOON + 4 * DAY
    assert rota.done(TellOfMovedShifts) == []


def test_the_time_that_each_has_is_clipped_to_the_span_and_joined() -> None:
    day, night = ("amina",), ("amina", "luis")
    found = (
        Shift(NOON, NOON + DAY, day, "day"),
        Shift(NOON + DAY, NOON + 2 * DAY, night, "night"),
        Shift(NOON + 2 * DAY, NOON + 3 * DAY, ("luis",), "day"),
    )
    half = DAY / 2
    assert held(found, NOON + half, NOON + 2 * DAY + half) == {
        "amina": [(NOON + half, NOON + 2 * DAY)],
        "luis": [(NOON + DAY, NOON + 2 * DAY + half)],
    }


ZONED: dict[str, Any] = {
    "layers": [
        {
            "name": "night",
            "time_zone": "America/Bogota",
            "on_call": ["Mon-Fri 22:00-06:00", "Sat 10:00-12:00"],
            "rotation": {"every": "1mo", "starts": "2026-01-31T02:30", "people": ["luis", ["sita", "kofi"]]},
        },
        {
            "name": "day",
            "time_zone": "Europe/Berlin",
            "on_call": ["Mon-Sun 02:30-02:15"],
            "rotation": {"every": "7h", "starts": "2026-02-01T00:00", "people": ["amina", "luis", "zoe"]},
        },
    ]
}
SPANS = st.integers(1, 60 * 24 * 70).map(lambda minutes: timedelta(minutes=minutes))


@given(
    st.sampled_from([policy(), policy(l1=PAIRS), policy(l1=OFFICE), policy(l1=ZONED)]),
    st.integers(0, 60 * 24 * 40),
    st.lists(SPANS, min_size=1, max_size=3),
)
@settings(max_examples=25, deadline=None)
def test_time_alone_tells_nobody_anything(given_policy: Policy, start: int, spans: list[timedelta]) -> None:
    rota = Rota(given_policy, NOON + timedelta(minutes=start)).happens(REVIEW)
    for span in spans:
        rota.now += span
        rota.happens(REVIEW)
    assert rota.done(TellOfMovedShifts) == []


def test_a_shift_that_has_no_end_is_told_as_far_as_it_was_planned() -> None:
    told = moved(policy(l1={"layers": [turns(["amina"])]}), policy(l1={"layers": [turns(["luis"])]}))
    assert told["amina"].gone == told["luis"].new == ((NOON, NOON + AHEAD),)
