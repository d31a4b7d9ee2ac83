"""Overrides, and undoing: who may change a shift, what cannot be, and who is told."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.effects import CancelTimer, SetTimer, Tell
from bot.core.oncall_effects import TellOfStandIn
from bot.core.oncall_events import OverrideSet, ScheduleEvent, ShiftFellDue, StandInEvent
from bot.core.standin import StandInKind, StandInState
from bot.policy.model import Override, Policy
from tests.core.rota import (
    DAY,
    NOON,
    OFFICE,
    PAIRS,
    WEEK,
    Rota,
    accepted,
    at,
    cover,
    history,
    override,
    policy,
    refused,
    swap,
    undone,
)

IN_PAIRS = policy(l1=PAIRS)
IN_THE_OFFICE = policy(l1=OFFICE)
YEAR = 366 * DAY
PAST = "That lies in the past; a shift can only be changed from now on."


def allowed(event: OverrideSet, rota: Rota | None = None) -> Rota:
    rota = (rota or Rota()).happens(event)
    assert rota.refusal is None, rota.refusal
    return rota


# Setting one


def test_an_override_stands_at_once_above_everybody_else() -> None:
    rota = allowed(override("luis", "03-02 15:00", "03-02 18:00", reason="  Dentist "))
    made = rota.stand_ins[1]
    assert (made.kind, made.state, made.reason) == (StandInKind.OVERRIDE, StandInState.STANDING, "Dentist")
    assert (made.asked_by, made.asked_at, made.stood_at, made.offers) == ("noor", NOON, NOON, ())
    around = [at(f"03-02 {hour}:00") for hour in (14, 15, 17, 18)]
    assert [rota.who(each) for each in around] == [("amina",), ("luis",), ("luis",), ("amina",)]


def test_whoever_it_concerns_is_told_but_not_who_did_it_and_the_watch_looks_anew() -> None:
    by_the_lead = allowed(override("luis", "03-02 15:00", "03-02 18:00", by="noor"))
    assert by_the_lead.effects == [
        TellOfStandIn(schedule="l1", id=1, person="luis"),
        TellOfStandIn(schedule="l1", id=1, person="amina"),
        Tell(event=ShiftFellDue(schedule="l1")),
        *by_the_lead.effects[3:],  # what the watch does about it
    ]
    assert allowed(override("luis", "03-02 15:00", "03-02 18:00", by="luis")).told == ["amina"]
    assert allowed(override("luis", "03-02 15:00", "03-02 18:00", by="amina")).told == ["luis"]


def test_an_override_takes_the_place_of_one_of_two_and_leaves_the_other() -> None:
    rota = allowed(override("kofi", "03-02 15:00", "03-02 18:00", instead_of="luis"), Rota(IN_PAIRS))
    assert set(rota.who(at("03-02 16:00"))) == {"amina", "kofi"}
    assert rota.told == ["kofi", "luis"]


def test_an_override_of_two_alone_is_told_to_both() -> None:
    rota = allowed(override("kofi", "03-02 15:00", "03-02 18:00"), Rota(IN_PAIRS))
    assert rota.who(at("03-02 16:00")) == ("kofi",)
    assert rota.told == ["kofi", "amina", "luis"]


def test_one_of_two_can_be_left_alone() -> None:
    rota = allowed(override("luis", "03-02 15:00", "03-02 18:00"), Rota(IN_PAIRS))
    assert rota.who(at("03-02 16:00")) == ("luis",)
    assert rota.told == ["luis", "amina"]


def test_a_span_that_began_a_moment_ago_is_meant_from_now_on() -> None:
    (span,) = allowed(override("luis", "03-02 11:57", "03-02 18:00")).stand_ins[1].spans
    assert (span.start, span.end) == (NOON, at("03-02 18:00"))


def test_an_override_of_a_whole_year_is_the_longest() -> None:
    assert allowed(override("luis", NOON, NOON + YEAR)).stand_ins[1].over == NOON + YEAR


def test_a_gap_can_be_filled_by_oneself() -> None:
    rota = allowed(override("sita", "03-02 20:00", "03-02 22:00", by="sita"), Rota(IN_THE_OFFICE))
    assert rota.who(at("03-02 21:00")) == ("sita",)
    assert rota.told == []


def test_who_is_on_call_may_fill_the_gap_that_follows() -> None:
    rota = allowed(override("amina", "03-02 16:00", "03-02 22:00", by="amina"), Rota(IN_THE_OFFICE))
    assert rota.who(at("03-02 21:00")) == ("amina",)


def test_an_override_that_begins_later_moves_the_next_look_of_the_watch() -> None:
    rota = history(ShiftFellDue(schedule="l1"))
    assert rota.due("schedule:l1:shift") == at("03-09 08:00")
    allowed(override("luis", "03-02 15:00", "03-02 18:00"), rota)
    assert rota.due("schedule:l1:shift") == at("03-02 15:00")


@pytest.mark.parametrize("by", ["amina", "luis", "noor"])
def test_the_people_concerned_and_the_lead_of_their_team_may_change_a_shift(by: str) -> None:
    allowed(override("luis", "03-02 15:00", "03-02 18:00", by=by))


@pytest.mark.parametrize("by", ["sita", "kofi", "rosa", "vera", "zoe", "U0VISITOR"])
def test_nobody_else_may_change_a_shift_and_is_told_who_may(by: str) -> None:
    sentence = refused(Rota(), override("luis", "03-02 15:00", "03-02 18:00", by=by))
    may = "@[luis] or @[amina] or @[noor]"
    assert sentence == f"Only the people concerned and the lead of their team may change this shift: {may}."


@pytest.mark.parametrize("outsider", ["rosa", "vera", "zoe"])
def test_whoever_is_not_of_the_crew_cannot_take_the_pager_but_can_be_given_it(outsider: str) -> None:
    taking = override(outsider, "03-02 15:00", "03-02 18:00", by=outsider)
    assert refused(Rota(), taking).endswith("may change this shift: @[amina] or @[noor].")
    allowed(override(outsider, "03-02 15:00", "03-02 18:00", by="amina"))


def test_a_gap_is_the_concern_of_those_who_take_turns() -> None:
    office = Rota(policy(l1=OFFICE))
    allowed(override("amina", "03-02 20:00", "03-02 22:00", by="amina"), office)
    sentence = refused(Rota(policy(l1=OFFICE)), override("rosa", "03-02 20:00", "03-02 22:00", by="rosa"))
    assert sentence.endswith("may change this shift: @[amina] or @[noor].")


def test_whoever_stays_on_call_is_not_concerned_when_another_is_replaced() -> None:
    sentence = refused(Rota(IN_PAIRS), override("kofi", "03-02 15:00", "03-02 18:00", by="amina", instead_of="luis"))
    assert sentence.endswith("may change this shift: @[kofi] or @[luis] or @[noor].")


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (override("luis", "03-02 15:00", "03-02 15:00"), "That span ends before it starts."),
        (override("luis", "03-02 15:00", "03-02 14:00"), "That span ends before it starts."),
        (override("luis", "03-01 15:00", "03-01 18:00"), PAST),
        (override("luis", "03-02 11:00", "03-02 18:00"), PAST),
        (override("luis", "03-02 11:54", "03-02 18:00"), PAST),
        (override("luis", "03-02 11:56", "03-02 12:00"), PAST),
        (
            override("luis", NOON, NOON + YEAR + DAY),
            "That is longer than a year. Change the rotation in the configuration instead.",
        ),
        (
            override("U0VISITOR", "03-02 15:00", "03-02 18:00"),
            "@[U0VISITOR] is not in the configuration, so nobody could page them.",
        ),
        (
            override("luis", "03-02 15:00", "03-02 18:00", schedule="l9"),
            "There is no schedule l9. Known are l1, l2.",
        ),
        (
            override("kofi", "03-02 15:00", "03-02 18:00", instead_of="luis"),
            "@[luis] is not on call for l1 in that time.",
        ),
        (override("amina", "03-02 15:00", "03-02 18:00", instead_of="amina"), "Nobody can stand in for themselves."),
        (
            override("amina", "03-02 15:00", "03-02 18:00"),
            "@[amina] is on call for l1 in all of that time already.",
        ),
    ],
)  # fmt: skip
def test_an_override_that_cannot_be_is_refused(event: OverrideSet, sentence: str) -> None:
    assert refused(Rota(), event) == sentence


def test_without_any_schedule_that_is_said() -> None:
    event = override("luis", "03-02 15:00", "03-02 18:00")
    assert refused(Rota(policy(l1=None, l2=None)), event) == "There is no schedule l1. None is configured yet."


# Beside another


def afternoon(instead_of: str | None = None) -> Rota:
    """Luis has the afternoon of Monday."""
    return history(override("luis", "03-02 14:00", "03-02 18:00", instead_of=instead_of))


@pytest.mark.parametrize(
    ("start", "end"),
    [("13:00", "14:01"), ("17:59", "19:00"), ("15:00", "16:00"), ("13:00", "19:00"), ("14:00", "18:00")],
)
@pytest.mark.parametrize("instead_of", [None, "amina"])
def test_an_override_that_overlaps_another_is_refused_with_the_way_out(
    start: str, end: str, instead_of: str | None
) -> None:
    taken = "@[luis] stands in for a part of that time already (change 1). Undo that first with `/oncall undo 1`."
    assert refused(afternoon(instead_of), override("sita", f"03-02 {start}", f"03-02 {end}")) == taken


def test_overrides_may_touch() -> None:
    rota = allowed(override("sita", "03-02 18:00", "03-02 20:00"), afternoon())
    allowed(override("kofi", "03-02 13:00", "03-02 14:00"), rota)
    assert [rota.who(at(f"03-02 {hour}:00")) for hour in (13, 14, 18, 20)] == [
        ("kofi",), ("luis",), ("sita",), ("amina",),
    ]  # fmt: skip


def test_the_overrides_of_another_schedule_are_in_nobodys_way() -> None:
    allowed(override("luis", "03-02 15:00", "03-02 18:00", schedule="l2"), afternoon())


def test_two_may_stand_side_by_side_each_in_the_place_of_somebody_else() -> None:
    rota = history(override("kofi", "03-02 14:00", "03-02 18:00", instead_of="luis"), policy=IN_PAIRS)
    allowed(override("sita", "03-02 15:00", "03-02 19:00", instead_of="amina"), rota)
    assert set(rota.who(at("03-02 16:00"))) == {"kofi", "sita"}


def test_two_in_the_place_of_one_person_overlap() -> None:
    rota = history(override("kofi", "03-02 14:00", "03-02 18:00", instead_of="luis"), policy=IN_PAIRS)
    sentence = refused(rota, override("sita", "03-02 15:00", "03-02 19:00", instead_of="luis"))
    assert sentence.startswith("@[kofi] stands in for a part of that time already (change 1).")


@pytest.mark.parametrize("instead_of", [None, "amina"])
def test_whoever_stands_in_can_be_stood_in_for(instead_of: str | None) -> None:
    rota = allowed(override("sita", "03-02 15:00", "03-02 16:00", by="luis", instead_of="luis"), afternoon(instead_of))
    assert [rota.who(at(f"03-02 {hour}:00")) for hour in (14, 15, 16)] == [("luis",), ("sita",), ("luis",)]


def test_what_was_undone_is_in_nobodys_way() -> None:
    allowed(override("sita", "03-02 15:00", "03-02 16:00"), afternoon().happens(undone("noor")))


# Undoing


@pytest.mark.parametrize("by", ["noor", "luis", "amina"])
def test_an_override_of_the_future_is_undone_as_if_it_had_never_been(by: str) -> None:
    rota = afternoon().forget().happens(undone(by))
    after = rota.stand_ins[1]
    assert (after.state, after.ended_by, after.ended_at, after.overrides()) == (StandInState.UNDONE, by, NOON, ())
    assert rota.who(at("03-02 15:00")) == ("amina",)
    assert rota.told == [person for person in ("noor", "luis", "amina") if person != by]
    assert rota.events == [ShiftFellDue(schedule="l1")]


def test_of_an_override_that_is_undone_half_way_what_was_stays_true() -> None:
    rota = afternoon().passes(until=at("03-02 16:00")).happens(undone("luis"))
    assert rota.stand_ins[1].overrides() == (
        Override(id=1, schedule="l1", person="luis", start=at("03-02 14:00"), end=at("03-02 16:00")),
    )
    assert [rota.who(at(f"03-02 {hour}")) for hour in ("15:59", "16:00")] == [("luis",), ("amina",)]


def test_whoever_gets_the_pager_back_is_told_even_if_nobody_named_them() -> None:
    rota = history(override("kofi", "03-02 14:00", "03-02 18:00"), policy=IN_PAIRS).forget().happens(undone("noor"))
    assert rota.told == ["kofi", "amina", "luis"]


def test_whoever_stands_in_for_the_one_who_stands_in_is_told_that_it_fell_away() -> None:
    rota = afternoon("amina").happens(override("sita", "03-02 15:00", "03-02 16:00", by="luis", instead_of="luis"))
    rota.forget().happens(undone("noor"))
    assert sorted(rota.told) == ["amina", "luis", "sita"]
    assert rota.who(at("03-02 15:30")) == ("amina",)


def test_an_override_never_had_a_timer_to_cancel() -> None:
    rota = afternoon().forget().happens(undone("noor"))
    assert [each.key for each in rota.done(CancelTimer) if "stand-in" in each.key] == []
    assert [each.key for each in rota.done(SetTimer) if "stand-in" in each.key] == []


def test_what_is_over_cannot_be_undone() -> None:
    rota = afternoon().passes(until=at("03-02 18:00"))
    assert refused(rota, undone("luis")) == "Change 1 is over; what is past cannot be undone."


def test_what_is_undone_cannot_be_undone_again() -> None:
    assert refused(afternoon().happens(undone("luis")), undone("noor")) == "Change 1 is undone already."


@pytest.mark.parametrize("by", ["sita", "vera", "U0VISITOR"])
def test_nobody_but_the_people_concerned_and_their_lead_may_undo(by: str) -> None:
    sentence = refused(afternoon(), undone(by))
    assert sentence.startswith("Only the people concerned and the lead of their team may change this shift: ")
    assert "@[amina]" in sentence  # who would get the pager back


def test_a_change_can_be_undone_though_its_schedule_is_gone() -> None:
    rota = afternoon()
    rota.configured = policy(l1=None)
    assert rota.happens(undone("luis")).stand_ins[1].state is StandInState.UNDONE


@pytest.mark.parametrize("event", [undone("noor", 7), accepted("luis", 7)])
def test_a_change_that_is_not_there_is_refused(event: StandInEvent) -> None:
    assert refused(Rota(), event) == "There is no change 7 of the shifts of l1."


def test_whoever_it_concerns_can_be_listed() -> None:
    assert afternoon().stand_ins[1].people == ("noor", "luis")
    swapped = history(swap("amina", "luis", "03-02 12:00", "03-10 12:00"))
    assert swapped.stand_ins[1].people == ("amina", "luis")
    assert history(cover("amina", "03-02 15:00", "03-02 18:00")).stand_ins[1].people == ("amina",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unheard(StandInEvent):
    pass


def test_an_event_that_nobody_decides_is_a_loud_fault() -> None:
    with pytest.raises(TypeError, match="no decision for _Unheard"):
        afternoon().happens(_Unheard(schedule="l1", id=1))


# Whatever happens


PEOPLE = st.sampled_from(["amina", "luis", "sita", "kofi"])
HOURS = st.integers(-2, 60)


@st.composite
def attempts(draw: st.DrawFn) -> list[ScheduleEvent | int]:
    """Overrides and undoings by the lead, allowed or not, and hours that pass between them."""
    made: list[ScheduleEvent | int] = []
    for _ in range(draw(st.integers(2, 9))):
        start = NOON + draw(HOURS) * DAY / 24
        end = start + draw(st.integers(1, 30)) * DAY / 24
        one = override(draw(PEOPLE), start, end, instead_of=draw(st.none() | PEOPLE))
        made.append(
            draw(st.one_of(st.just(one), st.integers(1, 4).map(lambda n: undone("noor", n)), st.integers(1, 9)))
        )
    return made


@given(attempts(), st.sampled_from([policy(), IN_PAIRS, IN_THE_OFFICE]))
@settings(max_examples=60, deadline=None)
def test_overrides_that_stand_alone_never_overlap_and_whoever_stands_in_is_on_call(
    attempts: list[ScheduleEvent | int], given_policy: Policy
) -> None:
    rota = Rota(given_policy)
    for attempt in attempts:
        if isinstance(attempt, int):
            rota.now += attempt * DAY / 24
        else:
            rota.happens(attempt)
    standing = rota.policy.overrides_of("l1")
    alone = sorted((each for each in standing if each.instead_of is None), key=lambda each: each.start)
    assert all(one.end <= other.start for one, other in pairwise(alone))
    for each in alone:
        replaced = [other for other in standing if other.instead_of == each.person]
        for instant in (each.start, each.start + (each.end - each.start) / 2, each.end - DAY / 86400):
            if not any(other.start <= instant < other.end for other in replaced):
                assert rota.who(instant) == (each.person,)


@given(attempts())
@settings(max_examples=25, deadline=None)
def test_undoing_everything_gives_back_the_schedule_as_configured(attempts: list[ScheduleEvent | int]) -> None:
    rota = Rota()
    for attempt in attempts:
        if not isinstance(attempt, int):
            rota.happens(attempt)
    for each in rota.stand_ins.values():
        if each.state is StandInState.STANDING:
            rota.happens(undone("noor", each.id))
            assert rota.refusal is None
    assert rota.policy.overrides == ()
    assert rota.who(NOON + WEEK) == ("luis",)
