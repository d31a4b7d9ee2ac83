"""Swaps of one shift for another, and how any offer ends."""

from datetime import datetime

import pytest

from bot.core.effects import SetTimer
from bot.core.oncall_effects import PostOffer
from bot.core.oncall_events import (
    OfferExpired,
    ScheduleEvent,
    ShiftFellDue,
)
from bot.core.standin import StandInKind, StandInState
from tests.core.rota import (
    NOON,
    PAIRS,
    POLICY,
    Rota,
    accepted,
    at,
    cover,
    declined,
    history,
    override,
    policy,
    refused,
    swap,
    turns,
    undone,
)

TIMER = "stand-in:1:offer"
COVER = cover("amina", "03-02 21:00", "03-02 23:00")  # offered to Luis, Sita and Kofi
SWAP = swap("amina", "luis", "03-02 21:00", "03-12 03:00")
NEXT_WEEK, WEEK_AFTER = at("03-09 08:00"), at("03-16 08:00")
EXPIRED = OfferExpired(schedule="l1", id=1)


def test_a_swap_is_offered_to_the_other_with_both_shifts_as_they_are() -> None:
    rota = history(SWAP)
    made = rota.stand_ins[1]
    assert (made.kind, made.state) == (StandInKind.SWAP, StandInState.OFFERED)
    assert [(span.start, span.end, span.person, span.instead_of) for span in made.spans] == [
        (NOON, NEXT_WEEK, "luis", "amina"),  # what is left of it
        (NEXT_WEEK, WEEK_AFTER, "amina", "luis"),
    ]
    assert rota.effects == [
        PostOffer(schedule="l1", id=1, person="luis"),
        SetTimer(key=TIMER, due=NEXT_WEEK, event=EXPIRED),
    ]


def test_an_accepted_swap_changes_both_shifts() -> None:
    rota = history(SWAP).forget().happens(accepted("luis"))
    assert [rota.who(each) for each in (NOON, NEXT_WEEK, WEEK_AFTER)] == [("luis",), ("amina",), ("sita",)]
    assert (rota.redrawn, rota.told, rota.events) == (["luis"], ["amina"], [ShiftFellDue(schedule="l1")])
    assert rota.due(TIMER) is None


def test_a_swap_that_is_accepted_late_changes_what_is_left() -> None:
    rota = history(SWAP, at("03-05 12:00"), accepted("luis"))
    assert [rota.who(each) for each in (at("03-05 11:59"), at("03-05 12:00"), NEXT_WEEK)] == [
        ("amina",), ("luis",), ("amina",),
    ]  # fmt: skip


def test_a_declined_swap_is_settled() -> None:
    rota = history(SWAP).forget().happens(declined("luis"))
    assert rota.stand_ins[1].state is StandInState.REFUSED
    assert (rota.told, rota.redrawn, rota.who(NOON)) == (["amina"], ["luis"], ("amina",))


def test_only_the_other_can_accept_a_swap() -> None:
    assert refused(history(SWAP), accepted("sita")) == "This was offered to @[luis]."
    assert refused(history(SWAP), accepted("amina")) == "This was offered to @[luis]."


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            swap("amina", "amina", "03-02 21:00", "03-24 12:00"),
            "A swap needs somebody else: your own shifts are yours already.",
        ),
        (
            swap("amina", "zora", "03-02 21:00", "03-12 12:00"),
            "@[zora] is not in the configuration, so nobody could page them.",
        ),
        (
            swap("amina", "luis", "03-12 21:00", "03-12 12:00"),
            "@[amina] is not on call for l1 then. `/oncall week l1` shows who is.",
        ),
        (
            swap("amina", "luis", "03-02 21:00", "03-17 12:00"),
            "@[luis] is not on call for l1 then. `/oncall week l1` shows who is.",
        ),
        (
            swap("amina", "sita", "03-02 21:00", "02-26 12:00"),
            "@[sita] is not on call for l1 then. `/oncall week l1` shows who is.",
        ),
        (
            swap("amina", "luis", "03-02 21:00", "03-12 12:00", schedule="l9"),
            "There is no schedule l9. Known are l1, l2.",
        ),
    ],
)  # fmt: skip
def test_a_swap_that_cannot_be_is_refused(event: ScheduleEvent, sentence: str) -> None:
    assert refused(Rota(), event) == sentence


def test_a_shift_that_is_over_cannot_be_swapped() -> None:
    rota = history(at("03-10 12:00"))
    past = "That lies in the past; a shift can only be changed from now on."
    assert refused(rota, swap("amina", "sita", "03-03 12:00", "03-17 12:00")) == past


def test_two_on_call_together_cannot_swap_the_shift_that_they_share() -> None:
    rota = Rota(policy(l1=PAIRS))
    overlap = "These two shifts overlap; a swap is one shift for another."
    assert refused(rota, swap("amina", "luis", "03-02 21:00", "03-03 21:00")) == overlap


def test_a_swap_with_somebody_who_is_on_call_in_the_same_shift_is_refused_at_once() -> None:
    rota = Rota(policy(l1=PAIRS))
    taken = "@[luis] is on call for l1 in that time already."
    assert refused(rota, swap("amina", "luis", "03-02 21:00", "03-10 12:00")) == taken


def test_a_shift_without_an_end_cannot_be_swapped() -> None:
    endless = policy(l1={"layers": [turns(["amina"])]})
    rota = history(override("luis", "03-10 08:00", "03-11 08:00"), policy=endless)
    assert rota.happens(swap("amina", "luis", "03-03 12:00", "03-10 12:00")).refusal is None
    sentence = "The shift of @[amina] has no end within a year; ask for cover of a part instead."
    assert refused(rota, swap("amina", "luis", "03-12 12:00", "03-10 12:00")) == sentence


@pytest.mark.parametrize(("mine", "theirs"), [("03-02 21:00", "03-12 12:00"), ("03-24 12:00", "03-12 12:00")])
def test_a_swap_of_a_shift_in_which_somebody_stands_in_is_refused(mine: str, theirs: str) -> None:
    rota = history(override("kofi", "03-10 12:00", "03-11 12:00", instead_of="luis"))
    assert rota.happens(swap("amina", "luis", mine, theirs)).refusal is None  # the rest of it is one shift
    whole = refused(rota, swap("amina", "luis", mine, "03-10 13:00"))
    assert whole == "@[luis] is not on call for l1 then. `/oncall week l1` shows who is."


def test_a_swap_of_shifts_that_the_configuration_has_changed_since_is_refused() -> None:
    rota = history(SWAP)
    rota.configured = policy(l1={"layers": [turns(["luis", "amina", "sita"])]})
    assert refused(rota, accepted("luis")).startswith("@[amina] no longer has that shift")
    rota.configured = policy(l1={"layers": [turns(["amina", "luis", "sita"], every="5d")]})
    another = "The shift of @[amina] is another now than when this was offered. Ask for the swap again."
    assert refused(rota, accepted("luis")) == another


def test_a_swap_of_shifts_that_an_override_has_changed_since_is_refused() -> None:
    rota = history(SWAP, override("kofi", "03-10 12:00", "03-11 12:00"))
    sentence = refused(rota, accepted("luis"))
    assert sentence.startswith("@[kofi] stands in for a part of that time already (change 2).")
    rota.happens(undone("noor", 2), accepted("luis"))
    assert rota.refusal is None


# The end of an offer, and undoing


@pytest.mark.parametrize(("event", "end"), [(COVER, at("03-02 23:00")), (SWAP, NEXT_WEEK)])
def test_an_offer_that_nobody_answers_expires_when_its_time_is_over(event: ScheduleEvent, end: datetime) -> None:
    rota = history(event).forget()
    after = rota.passes(until=end).stand_ins[1]
    assert (after.state, after.ended_by, after.ended_at) == (StandInState.EXPIRED, None, end)
    assert rota.told == ["amina"]
    assert rota.redrawn == [offer.person for offer in after.offers]
    assert refused(rota, accepted("luis")) == "This offer is over: nobody accepted it in time."
    assert refused(rota, undone("amina")) == "Change 1 is expired already."


def test_who_accepts_after_the_time_but_before_the_timer_comes_too_late() -> None:
    rota = history(SWAP)
    rota.now = NEXT_WEEK
    assert refused(rota, accepted("luis")) == "The time of this offer is over."


@pytest.mark.parametrize("settled", [accepted("luis"), undone("amina")])
def test_an_expiry_that_rings_late_changes_nothing(settled: ScheduleEvent) -> None:
    rota = history(COVER, settled).forget()
    before = rota.stand_ins[1]
    assert rota.happens(EXPIRED).effects == []
    assert rota.stand_ins[1] == before


def test_an_offer_can_be_withdrawn() -> None:
    rota = history(COVER).forget().happens(undone("amina"))
    assert rota.stand_ins[1].state is StandInState.UNDONE
    assert (rota.redrawn, rota.told, rota.events) == (["luis", "sita", "kofi"], [], [])
    assert rota.due(TIMER) is None
    assert refused(rota, accepted("luis")) == "This offer was withdrawn."


def test_whoever_asked_is_told_that_their_lead_has_withdrawn_the_offer() -> None:
    assert history(COVER).forget().happens(undone("noor")).told == ["amina"]


@pytest.mark.parametrize("by", ["amina", "sita", "noor"])
def test_cover_that_stands_can_be_undone(by: str) -> None:
    rota = history(COVER, accepted("sita")).forget().happens(undone(by))
    assert rota.who(at("03-02 22:00")) == ("amina",)
    assert rota.told == [person for person in ("amina", "sita") if person != by]
    assert rota.redrawn == ["luis", "sita", "kofi"]
    assert rota.events == [ShiftFellDue(schedule="l1")]


def test_of_a_swap_that_is_undone_half_way_what_was_stays_true() -> None:
    rota = history(SWAP, accepted("luis"), at("03-05 12:00"), undone("luis"))
    around = (at("03-05 11:59"), at("03-05 12:00"), NEXT_WEEK)
    assert [rota.who(each) for each in around] == [("luis",), ("amina",), ("luis",)]


def test_a_swap_can_be_undone_until_the_later_shift_is_over() -> None:
    rota = history(SWAP, accepted("luis"), at("03-16 07:59"))
    assert refused(history(SWAP, accepted("luis"), WEEK_AFTER), undone("luis")).startswith("Change 1 is over;")
    assert rota.happens(undone("luis")).refusal is None


def test_only_whoever_asked_the_other_and_the_lead_may_withdraw_a_swap() -> None:
    sentence = refused(history(SWAP, policy=POLICY), undone("sita"))
    assert sentence.endswith("may change this shift: @[amina] or @[luis] or @[noor].")
