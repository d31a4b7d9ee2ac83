"""Cover: to whom it is offered, who has it, and what has changed until then."""

import pytest

from bot.core.effects import CancelTimer, SetTimer
from bot.core.incident import Message
from bot.core.oncall_effects import PostOffer, RefreshOffer, TellOfStandIn
from bot.core.oncall_events import (
    OfferExpired,
    OfferPosted,
    OfferUndelivered,
    ScheduleEvent,
    ShiftFellDue,
    StandInEvent,
)
from bot.core.standin import StandInKind, StandInState
from tests.core.rota import (
    NOON,
    PAIRS,
    Rota,
    accepted,
    at,
    cover,
    declined,
    history,
    override,
    policy,
    refused,
    turns,
    undone,
)

TIMER = "stand-in:1:offer"
COVER = cover("amina", "03-02 21:00", "03-02 23:00")  # offered to Luis, Sita and Kofi
NEXT_WEEK = at("03-09 08:00")
EXPIRED = OfferExpired(schedule="l1", id=1)


def lost(person: str) -> StandInEvent:
    return OfferUndelivered(schedule="l1", id=1, person=person)


# Cover: to whom it is offered


def test_cover_is_offered_to_everybody_who_is_free_and_nobody_stands_in_yet() -> None:
    rota = history(COVER)
    made = rota.stand_ins[1]
    assert (made.kind, made.state, made.stood_at) == (StandInKind.COVER, StandInState.OFFERED, None)
    assert rota.effects == [
        *(PostOffer(schedule="l1", id=1, person=person) for person in ("luis", "sita", "kofi")),
        SetTimer(key=TIMER, due=at("03-02 23:00"), event=EXPIRED),
    ]
    assert made.overrides() == ()


def test_cover_is_not_offered_to_those_who_have_a_pager_in_any_schedule_then() -> None:
    assert history(cover("amina", "03-02 15:00", "03-02 18:00")).offered == ["luis", "sita"]  # Kofi has that of l2
    assert history(cover("amina", "03-02 19:59", "03-02 23:00")).offered == ["luis", "sita"]
    assert history(cover("amina", "03-02 20:00", "03-02 23:00")).offered == ["luis", "sita", "kofi"]


def test_who_stands_in_somewhere_is_not_free_and_who_is_stood_in_for_is() -> None:
    rota = history(override("luis", "03-02 15:00", "03-02 16:00", instead_of="kofi", schedule="l2")).forget()
    assert rota.happens(cover("amina", "03-02 15:00", "03-02 16:00")).offered == ["sita", "kofi"]


def test_cover_is_asked_of_the_last_resort_and_of_mates_but_of_no_other_team() -> None:
    rosa = policy(l1={"layers": [turns(["amina", "luis"]), turns(["rosa"], name="last resort")]}, l2=None)
    assert history(COVER, policy=rosa).offered == ["luis", "rosa", "sita", "kofi"]
    assert "rosa" not in history(COVER).offered


def test_cover_is_not_asked_of_whoever_has_left() -> None:
    left = {"person": "rosa", "until": "2026-03-02T20:00"}
    assert "rosa" not in history(COVER, policy=policy(l1={"layers": [turns(["amina", "luis", left])]})).offered


def test_cover_is_not_asked_of_whoever_is_not_in_the_configuration() -> None:
    ghost = policy(l1={"layers": [turns(["amina", "ghost"])]})
    assert "ghost" not in history(COVER, policy=ghost).offered


def test_of_a_span_that_is_longer_than_ones_shift_only_the_shift_is_offered() -> None:
    (span,) = history(cover("amina", "03-08 20:00", "03-10 08:00")).stand_ins[1].spans
    assert (span.start, span.end) == (at("03-08 20:00"), NEXT_WEEK)


def test_a_part_of_a_shift_leaves_the_rest_as_it_was() -> None:
    rota = history(COVER, accepted("luis"))
    assert [rota.who(at(f"03-02 {hour}")) for hour in ("20:59", "21:00", "22:59", "23:00")] == [
        ("amina",), ("luis",), ("luis",), ("amina",),
    ]  # fmt: skip


def test_of_a_span_over_several_shifts_only_ones_own_are_taken() -> None:
    daily = policy(l1={"layers": [turns(["amina", "luis"], every="1d")]}, l2=None)
    rota = history(cover("amina", "03-02 13:00", "03-05 08:00"), accepted("sita"), policy=daily)
    assert [rota.who(at(f"03-0{day} 13:00")) for day in (2, 3, 4, 5)] == [("sita",), ("luis",), ("sita",), ("luis",)]
    assert "luis" not in rota.offered


# Cover: who has it


def test_the_first_to_accept_has_it() -> None:
    rota = history(COVER, at("03-02 20:00")).forget().happens(accepted("sita"))
    after = rota.stand_ins[1]
    assert (after.state, after.accepted_by, after.stood_at) == (StandInState.STANDING, "sita", at("03-02 20:00"))
    assert rota.who(at("03-02 22:00")) == ("sita",)
    assert rota.effects[:5] == [
        CancelTimer(key=TIMER),
        *(RefreshOffer(schedule="l1", id=1, person=person) for person in ("luis", "sita", "kofi")),
        TellOfStandIn(schedule="l1", id=1, person="amina"),
    ]
    assert rota.events == [ShiftFellDue(schedule="l1")]
    assert rota.due(TIMER) is None


@pytest.mark.parametrize("event", [accepted("luis"), declined("luis")])
def test_the_second_is_told_who_was_first(event: ScheduleEvent) -> None:
    assert refused(history(COVER, accepted("sita")), event) == "@[sita] was first and has it already."


@pytest.mark.parametrize("event", [accepted("sita"), declined("sita")])
def test_who_has_accepted_is_told_how_to_give_it_back(event: ScheduleEvent) -> None:
    sentence = "You have it already. `/oncall undo 1` gives it back."
    assert refused(history(COVER, accepted("sita")), event) == sentence


def test_who_accepts_late_takes_what_is_left_of_it() -> None:
    rota = history(COVER, at("03-02 22:00"), accepted("sita"))
    (span,) = rota.stand_ins[1].spans
    assert (span.start, span.end, span.person) == (at("03-02 22:00"), at("03-02 23:00"), "sita")
    assert rota.who(at("03-02 21:30")) == ("amina",)


def test_one_no_leaves_the_others_to_answer() -> None:
    rota = history(COVER).forget().happens(declined("luis"))
    assert rota.stand_ins[1].state is StandInState.OFFERED
    assert rota.effects == [RefreshOffer(schedule="l1", id=1, person="luis")]
    assert rota.due(TIMER) is not None


def test_who_said_no_may_think_better_of_it() -> None:
    after = history(COVER, declined("luis"), accepted("luis")).stand_ins[1]
    assert (after.state, after.accepted_by) == (StandInState.STANDING, "luis")
    assert not any(offer.declined for offer in after.offers)


def test_when_all_decline_whoever_asked_is_told() -> None:
    rota = history(COVER, declined("luis"), declined("sita")).forget().happens(declined("kofi"))
    after = rota.stand_ins[1]
    assert (after.state, after.ended_by, after.ended_at) == (StandInState.REFUSED, "kofi", NOON)
    assert (rota.redrawn, rota.told) == (["luis", "sita", "kofi"], ["amina"])
    assert rota.due(TIMER) is None
    assert refused(rota, accepted("luis")) == "This offer is over: it was declined."


def test_an_offer_that_reaches_nobody_is_no_longer_waited_for() -> None:
    rota = history(COVER, lost("luis"), declined("sita"))
    assert rota.stand_ins[1].state is StandInState.OFFERED
    after = rota.forget().happens(lost("kofi")).stand_ins[1]
    assert (after.state, after.ended_by) == (StandInState.REFUSED, None)  # nobody said no last
    assert rota.told == ["amina"]


@pytest.mark.parametrize("rota", [history(COVER, accepted("sita")), history(COVER, undone("amina"))])
def test_an_offer_that_got_lost_after_it_was_settled_changes_nothing(rota: Rota) -> None:
    before = rota.stand_ins[1]
    assert rota.forget().happens(lost("luis")).effects == []
    assert rota.stand_ins[1] == before


@pytest.mark.parametrize("by", ["amina", "noor", "rosa"])
def test_who_was_not_asked_can_neither_accept_nor_decline(by: str) -> None:
    assert refused(history(COVER), accepted(by)) == "This was offered to @[luis] or @[sita] or @[kofi]."
    assert refused(history(COVER), declined(by)) == "This was not offered to you."


def test_the_place_of_an_offer_is_kept() -> None:
    posted = OfferPosted(schedule="l1", id=1, person="sita", message=Message("D1", "3.0"))
    offers = history(COVER, posted).stand_ins[1].offers
    assert [offer.message for offer in offers] == [None, Message("D1", "3.0"), None]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            cover("luis", "03-02 15:00", "03-02 18:00"),
            "You are not on call for l1 in that time, so there is nothing to cover.",
        ),
        (
            cover("amina", "03-01 15:00", "03-01 18:00"),
            "That lies in the past; a shift can only be changed from now on.",
        ),
        (cover("amina", "03-02 18:00", "03-02 15:00"), "That span ends before it starts."),
        (
            cover("amina", "03-02 15:00", "03-02 18:00", schedule="l9"),
            "There is no schedule l9. Known are l1, l2.",
        ),
    ],
)  # fmt: skip
def test_cover_that_cannot_be_is_refused(event: ScheduleEvent, sentence: str) -> None:
    assert refused(Rota(), event) == sentence


def test_when_nobody_is_free_that_is_said_at_once() -> None:
    alone = {"layers": [turns(["amina"])]}
    busy = policy(l1=alone, l2={"layers": [turns([["luis", "sita", "kofi"]])]})
    said = "Nobody is free in all of that time. Ask for a shorter span, or ask"
    assert refused(Rota(busy), COVER) == f"{said} @[noor]."
    rosa = policy(l1={"layers": [turns(["zoe"])]}, l2=None)
    assert refused(Rota(rosa), cover("zoe", "03-02 15:00", "03-02 18:00")) == f"{said} your team."


def test_what_is_covered_already_cannot_be_covered_again() -> None:
    rota = history(COVER, accepted("sita"))
    around = refused(rota, cover("amina", "03-02 20:00", "03-02 23:30"))
    assert around.startswith("@[sita] stands in for a part of that time already (change 1).")
    (span,) = rota.happens(cover("amina", "03-02 20:00", "03-02 22:00")).stand_ins[2].spans
    assert (span.start, span.end) == (at("03-02 20:00"), at("03-02 21:00"))  # the rest is hers no more


def test_who_covers_can_ask_for_cover() -> None:
    rota = history(COVER, accepted("sita"), cover("sita", "03-02 22:00", "03-02 23:00"), accepted("luis", 2))
    assert [rota.who(at(f"03-02 {hour}")) for hour in ("21:30", "22:30")] == [("sita",), ("luis",)]


# What has changed since it was offered


def test_cover_of_a_shift_that_has_gone_is_refused() -> None:
    rota = history(COVER)
    rota.configured = policy(l1={"layers": [turns(["luis", "amina"])]})
    gone = "@[amina] no longer has that shift, so there is nothing to take over."
    assert refused(rota, accepted("sita")) == gone
    rota.configured = policy(l1=None)
    assert refused(rota, accepted("sita")) == gone


def test_cover_that_an_override_has_come_before_is_refused() -> None:
    rota = history(COVER, override("kofi", "03-02 21:30", "03-02 22:00"))
    assert refused(rota, accepted("sita")).startswith("@[kofi] stands in for a part of that time already (change 2).")
    rota = history(COVER, override("kofi", "03-02 20:00", "03-02 23:30"))
    assert refused(rota, accepted("sita")) == "@[amina] no longer has that shift, so there is nothing to take over."


def test_who_is_on_call_by_now_cannot_take_it_too() -> None:
    rota = history(COVER)
    rota.configured = policy(l1={"layers": [turns([["amina", "sita"]])]})
    assert refused(rota, accepted("sita")) == "@[sita] is on call for l1 in that time already."


def test_cover_that_a_later_change_would_make_void_is_refused() -> None:
    """By the calculus the later change counts: an earlier one has no say about the person whom it puts there."""
    pairs = policy(l1=PAIRS, l2=None)
    of_luis = cover("luis", "03-02 21:00", "03-02 23:00")
    both = override("luis", "03-02 20:00", "03-02 22:00", instead_of="amina")
    sentence = refused(history(of_luis, both, policy=pairs), accepted("sita"))
    assert sentence.startswith("@[luis] stands in for a part of that time already (change 2).")

    sita = override("sita", "03-02 20:00", "03-02 22:00", instead_of="luis")
    kofi = override("kofi", "03-02 20:00", "03-02 22:00", instead_of="sita")
    sentence = refused(history(COVER, sita, kofi, policy=pairs), accepted("sita"))
    assert sentence.startswith("@[kofi] stands in for a part of that time already (change 3).")
