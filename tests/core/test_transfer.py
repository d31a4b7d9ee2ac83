"""The life of a handoff: completed, posted once, taken incident by incident, and brought to mind until it is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.effects import Notice, SendLeadOffer
from bot.core.events import LeadOfferAnswered, LeadOffered
from bot.core.handoff import Around, Handoff, HandoffItem, ItemState, Plan, Trend, Words
from bot.core.oncall_effects import AskAboutItem, AskForHandoff, KeepCanvas, PostHandoff, RefreshHandoff, TellOfHandoff
from bot.core.oncall_events import (
    HandoffCompleted,
    HandoffNoted,
    HandoffReadBack,
    HandoffStarted,
    HandoffTaken,
    ItemAccepted,
    ItemDeclined,
    ItemQuestioned,
    ShiftEvent,
    ShiftFellDue,
)
from bot.core.shiftwatch import decide
from bot.policy.model import Policy
from tests.core.given import (
    NOON,
    POLICY,
    WRITTEN,
    World,
    acknowledged,
    declared,
    history,
    hours,
    minutes,
    policy,
    refused,
    resolved,
    role_taken,
    runbook_started,
    severity,
    step,
)

EVENING = datetime(2026, 3, 2, 18, tzinfo=UTC)
BEGIN = ShiftFellDue(schedule="l1")
FIRST = "l1-20260302T180000"
WORDS = Words(
    start_here="INC-1",
    watch=("the backfill", " ", "the queue"),
    plans=(Plan(1, next_action="Look at the job", owner="sita", if_then="If it fails, roll back"),),
)


def handoff(world: World) -> Handoff:
    assert world.watch is not None
    assert world.watch.handoff is not None
    return world.watch.handoff


def item(world: World) -> HandoffItem:
    (only,) = handoff(world).items
    return only


def completed(by: str = "amina", words: Words = WORDS) -> ShiftEvent:
    return HandoffCompleted(schedule="l1", by=by, words=words)


def accepted(by: str = "luis", number: int = 1) -> ShiftEvent:
    return ItemAccepted(schedule="l1", handoff=FIRST, by=by, number=number)


def asks(text: str = "Is the backfill safe to stop?", by: str = "luis") -> ShiftEvent:
    return ItemQuestioned(schedule="l1", handoff=FIRST, by=by, number=1, text=text)


def declines(reason: str = "I do not know this model", by: str = "luis") -> ShiftEvent:
    return ItemDeclined(schedule="l1", handoff=FIRST, by=by, number=1, reason=reason)


def taken(by: str = "luis", sentence: str = "") -> ShiftEvent:
    return HandoffTaken(schedule="l1", handoff=FIRST, by=by, sentence=sentence)


def day(*more: object) -> World:
    """Amina has the shift and an open incident."""
    return history(BEGIN, declared("sev4"), acknowledged("amina"), *more)  # type: ignore[arg-type]


def evening(*more: object) -> World:
    """Luis has come."""
    return day(*more, hours(6))


def told(world: World, why: str) -> list[str]:
    return [each.person for each in world.done(TellOfHandoff) if each.why == why]


# Before the change


def test_half_an_hour_before_the_change_the_outgoing_person_is_asked_once() -> None:
    world = day().passes(hours=5, minutes=29)
    assert world.done(AskForHandoff) == []
    world.passes(minutes=1)
    assert world.done(AskForHandoff) == [AskForHandoff(schedule="l1", person="amina", at=EVENING)]
    assert len(world.happens(BEGIN).passes(minutes=29).done(AskForHandoff)) == 1


def test_a_restart_shortly_before_the_change_asks_too() -> None:
    world = history(BEGIN, now=EVENING - minutes(10))
    assert [each.person for each in world.done(AskForHandoff)] == ["amina"]


def test_what_the_outgoing_person_says_stands_in_the_handoff_and_not_in_the_next() -> None:
    world = evening(completed())
    assert (handoff(world).words.start_here, handoff(world).words.watch) == ("INC-1", ("the backfill", "the queue"))
    assert (item(world).next_action, item(world).owner) == ("Look at the job", "sita")
    world.passes(hours=12)
    assert handoff(world).words == Words()


def test_a_handoff_that_nobody_completed_is_posted_all_the_same() -> None:
    assert len(evening().done(PostHandoff)) == 1
    assert not item(evening()).is_filled


def test_it_may_still_be_completed_after_the_change() -> None:
    world = evening().forget().happens(completed())
    assert (item(world).if_then, handoff(world).words.start_here) == ("If it fails, roll back", "INC-1")
    assert world.done(RefreshHandoff) == [RefreshHandoff(schedule="l1", handoff=FIRST)]


def test_the_canvas_is_kept_whenever_the_handoff_is_posted_or_changes() -> None:
    world, keep = evening(), KeepCanvas(schedule="l1", handoff=FIRST)
    assert world.done(KeepCanvas) == [keep]
    back = HandoffReadBack(schedule="l1", handoff=FIRST, by="luis", sentence="x")
    for event in (completed(), asks(), accepted(), back):
        world.forget().happens(event)
        assert (len(world.done(RefreshHandoff)), world.done(KeepCanvas)) == (1, [keep])


def test_the_lead_of_the_team_may_complete_it_and_nobody_else() -> None:
    assert day().happens(completed("noor")).refusal is None
    assert refused(day(), completed("sita")).endswith("may do that: @[amina] or @[noor].")


def test_nobody_watches_four_things_at_once() -> None:
    assert refused(day(), completed(words=Words(watch=("a", "b", "c", "d")))).startswith("Name at most 3")


def test_a_note_is_kept_for_the_next_handoff() -> None:
    world = evening(HandoffNoted(schedule="l1", by="sita", text=" The backfill runs until 6 "))
    assert [(note.by, note.text) for note in handoff(world).notes] == [("sita", "The backfill runs until 6")]
    assert world.watch is not None
    assert world.watch.notes == ()


def test_an_empty_note_is_refused() -> None:
    assert refused(day(), HandoffNoted(schedule="l1", by="sita", text=" ")).startswith("Write what the next shift")


# What stands in it


def test_the_trend_is_told_since_the_last_handoff() -> None:
    world = history(BEGIN, declared("sev3"), acknowledged("amina"), hours(6))
    assert item(world).trend is Trend.NEW
    world.happens(severity("sev2")).passes(hours=12)
    assert item(world).trend is Trend.WORSE
    world.happens(severity("sev4")).passes(hours=12)
    assert item(world).trend is Trend.BETTER
    assert item(world.passes(hours=12)).trend is Trend.SAME


def test_what_was_tried_stands_in_it() -> None:
    world = evening(runbook_started(), step("last-run"), step("upstream", answer="yes"))
    assert item(world).tried == ("Predictions are stale, last-run: ✓", "Predictions are stale, upstream: yes")


def test_who_is_awake_on_the_path_is_told_by_their_own_clocks() -> None:
    awake = {each.person: (each.local, each.night) for each in item(evening()).awake}
    assert awake["luis"] == ("13:00", False)  # Bogota
    assert awake["sita"] == ("23:45", True)  # Kathmandu


# After the change


def test_until_it_is_accepted_the_outgoing_person_has_it() -> None:
    world = evening().passes(hours=1)
    assert world.incident.lead == "amina"
    assert world.happens(accepted()).incident.lead == "luis"


def test_the_last_one_accepted_takes_the_handoff() -> None:
    world = evening().passes(minutes=3).happens(accepted())
    assert (handoff(world).taken_by, handoff(world).taken_at) == ("luis", EVENING + minutes(3))


def test_a_question_goes_to_the_thread_and_moves_nothing() -> None:
    world = evening().happens(asks())
    assert (item(world).state, world.incident.lead) == (ItemState.QUESTIONED, "amina")
    assert [each.text for each in world.done(AskAboutItem)] == ["Is the backfill safe to stop?"]
    assert world.happens(accepted()).incident.lead == "luis"


def test_what_is_declined_stays_where_it_is_and_the_leads_are_told() -> None:
    world = evening().happens(declines())
    assert (item(world).state, world.incident.lead) == (ItemState.DECLINED, "amina")
    assert told(world, "declined") == ["amina", "noor"]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (asks(" "), "Write what you want to know"),
        (declines(""), "Say why you cannot take it"),
        (accepted("sita"), "Only @[luis] can take this handoff"),
        (accepted(number=9), "INC-9 is not in this handoff."),
        (HandoffReadBack(schedule="l1", handoff=FIRST, by="luis", sentence=""), "One sentence is enough"),
    ],
)
def test_an_answer_that_is_none_is_refused(event: ShiftEvent, sentence: str) -> None:
    assert refused(evening(), event).startswith(sentence)


def test_nothing_is_accepted_twice() -> None:
    world = evening().happens(accepted())
    assert refused(world, accepted()) == "@[luis] has INC-1 already."
    assert refused(world, taken()) == "@[luis] took this handoff already."


def test_one_sentence_is_read_back() -> None:
    world = evening().happens(taken(sentence=" I start with the job. "))
    assert handoff(world).sentence == "I start with the job."


def test_nobody_accepts_at_five_ten_and_fifteen_minutes_others_are_told() -> None:
    world = evening().passes(minutes=5)
    assert (told(world, "incoming"), told(world, "backup")) == (["luis"], [])
    world.passes(minutes=5)
    assert told(world, "backup") == ["noor"]  # no lower layer has anybody else
    world.passes(minutes=5)
    assert told(world, "lead") == ["noor"]
    assert len(world.passes(hours=5).done(TellOfHandoff)) == 3


def test_who_has_taken_it_is_not_reminded() -> None:
    world = evening().passes(minutes=6).happens(taken()).forget().passes(hours=2)
    assert world.done(TellOfHandoff) == []


def test_a_quiet_shift_is_taken_too_and_reminded_of() -> None:
    world = history(BEGIN, hours(6)).passes(minutes=5)
    assert told(world, "incoming") == ["luis"]
    assert handoff(world.happens(taken())).taken_by == "luis"


def test_what_nobody_took_stands_in_the_next_handoff_alone() -> None:
    world = evening().passes(hours=12)
    assert world.watch is not None
    assert world.watch.previous is not None
    assert [each.state for each in world.watch.previous.items] == [ItemState.CARRIED]
    assert item(world).owners == ("luis", "amina")


def test_who_took_the_lead_meanwhile_keeps_it() -> None:
    world = evening().happens(role_taken(person="sita", by="sita"), accepted())
    assert (item(world).state, world.incident.lead) == (ItemState.ACCEPTED, "sita")


def test_who_has_it_and_comes_on_call_need_not_take_it_from_themselves() -> None:
    world = evening(role_taken(person="luis", by="luis"))
    assert (item(world).state, item(world).answered_by) == (ItemState.ACCEPTED, "luis")


def test_an_incident_that_has_ended_stands_in_no_handoff() -> None:
    assert handoff(evening(resolved())).items == ()


def test_nobody_comes_and_those_who_go_keep_it_and_are_told() -> None:
    layers = {"l1": {**WRITTEN["schedules"]["l2"], "handoff": {"channel": "#handoffs"}}}
    gap = history(BEGIN, declared("sev4"), acknowledged("sita"), hours(8), policy=policy(schedules=layers))
    assert (handoff(gap).incoming, told(gap, "gap"), gap.incident.lead) == ((), ["sita", "noor"], "sita")
    gap.passes(hours=13)  # sita comes again, and leads it still
    assert (handoff(gap).outgoing, handoff(gap).incoming) == (("sita",), ("sita",))
    assert item(gap).state is ItemState.ACCEPTED


# Early


def early(by: str = "amina") -> ShiftEvent:
    return HandoffStarted(schedule="l1", by=by)


def test_it_may_be_handed_over_early_and_is_posted_once() -> None:
    world = day(hours(5)).happens(early())
    assert (handoff(world).at, handoff(world).incoming) == (EVENING, ("luis",))
    at_five = handoff(world).id
    world.happens(HandoffTaken(schedule="l1", handoff=at_five, by="luis")).passes(hours=2)
    assert world.incident.lead == "luis"
    assert len(world.done(PostHandoff)) == 1


def test_what_is_declared_after_an_early_handoff_joins_it_at_the_change() -> None:
    world = history(BEGIN, hours(5)).happens(early(), declared("sev4"), acknowledged("amina"))
    assert handoff(world).items == ()
    world.happens(HandoffTaken(schedule="l1", handoff=handoff(world).id, by="luis")).passes(hours=1)
    assert [each.number for each in handoff(world).waits] == [1]
    assert (handoff(world).taken_by, len(world.done(PostHandoff))) == (None, 1)


def test_only_whoever_has_the_shift_hands_it_over_early_and_only_once() -> None:
    assert refused(day(), early("luis")).startswith("Only whoever has the shift now")
    assert refused(day().happens(early()), early()) == "This shift has been handed over already."


# The lead of one incident


def offered(to: str = "sita", by: str = "amina") -> LeadOffered:
    return LeadOffered(number=1, by=by, to=to)


def answers(by: str = "sita", yes: bool = True) -> LeadOfferAnswered:
    return LeadOfferAnswered(number=1, by=by, accepted=yes)


def test_a_lead_that_is_offered_passes_when_it_is_accepted() -> None:
    world = day().happens(offered())
    assert (world.incident.lead, len(world.done(SendLeadOffer))) == ("amina", 1)
    world.happens(answers())
    assert (world.incident.lead, world.incident.lead_offer, world.timer("lead-offer")) == ("sita", None, None)


def test_a_lead_that_is_declined_stays() -> None:
    world = day().happens(offered(), answers(yes=False))
    assert (world.incident.lead, world.notices[-1]) == ("amina", Notice.LEAD_OFFER_DECLINED)


def test_an_offer_that_nobody_answers_is_brought_to_mind() -> None:
    world = day().happens(offered()).passes(minutes=5)
    assert (world.notices[-1], len(world.done(SendLeadOffer))) == (Notice.LEAD_OFFER_UNANSWERED, 2)


def test_an_offer_ends_with_the_incident_and_when_somebody_else_leads() -> None:
    for event in (resolved(), role_taken()):
        assert day().happens(offered(), event).incident.lead_offer is None


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (offered(by="luis"), "@[amina] leads INC-1; only they can hand it over."),
        (offered(to="amina"), "You lead it already"),
        (answers(by="luis"), "Nobody waits for your answer about INC-1 any more."),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(event: LeadOffered | LeadOfferAnswered, sentence: str) -> None:
    assert refused(day(), event).startswith(sentence)


def test_two_hundred_open_incidents_make_one_handoff() -> None:
    one = history(declared("sev4")).incident
    around = Around(tuple(replace(one, number=number) for number in range(1, 201)))
    watch = decide(None, ShiftFellDue(schedule="l1"), NOON, POLICY).state
    after = decide(watch, ShiftFellDue(schedule="l1"), EVENING, POLICY, around).state
    assert after is not None
    assert after.handoff is not None
    assert len(after.handoff.items) == 200


# Shifts of other shapes


def turns(*people: object, **more: object) -> dict[str, object]:
    """A layer whose turns change at 18:00, the first of them has it now."""
    rotation = {"every": "1d", "starts": "2026-03-01T18:00", "people": list(people)}
    return {"name": "turns", "time_zone": "UTC", "rotation": rotation, **more}


def shifts(**schedules: object) -> Policy:
    plan = {"handoff": {"channel": "#handoffs"}}
    return policy(schedules={name: {"layers": [layer], **plan} for name, layer in schedules.items()})


def test_whoever_follows_themselves_hands_nothing_over() -> None:
    world = history(BEGIN, declared("sev4"), hours(6), policy=shifts(l1=turns("amina", "amina")))
    assert (world.done(PostHandoff), world.done(AskForHandoff)) == ([], [])


def test_of_two_who_overlap_only_the_one_who_goes_is_asked_and_what_the_other_has_stays() -> None:
    together = shifts(l1=turns(["amina", "sita"], ["sita", "luis"]))
    world = history(BEGIN, declared("sev4"), acknowledged("sita"), hours(6), policy=together)
    assert [each.person for each in world.done(AskForHandoff)] == ["amina"]
    assert (item(world).state, item(world).answered_by) == (ItemState.ACCEPTED, "sita")


def test_two_schedules_that_change_at_the_same_instant_hand_over_each_for_itself() -> None:
    both = shifts(l1=turns("amina", "luis"), l2=turns("sita", "noor"))
    found = {}
    for name in ("l1", "l2"):
        watch = decide(None, ShiftFellDue(schedule=name), NOON, both).state
        after = decide(watch, ShiftFellDue(schedule=name), EVENING, both).state
        assert after is not None
        assert after.handoff is not None
        found[after.handoff.id] = (after.handoff.outgoing, after.handoff.incoming)
    assert found == {
        "l1-20260302T180000": (("amina",), ("luis",)),
        "l2-20260302T180000": (("sita",), ("noor",)),
    }


def test_what_is_declared_in_the_very_minute_of_the_change_stands_in_one_handoff() -> None:
    before = history(BEGIN).without_a_tick(hours=6).happens(declared("sev4")).passes(minutes=1)
    after = history(BEGIN, hours(6)).happens(declared("sev4")).passes(minutes=1)
    assert [each.number for each in handoff(before).items] == [1]
    assert handoff(after).items == ()  # it was declared to whoever has come


# Who has it


def test_pages_that_wait_are_answered_by_whoever_accepts() -> None:
    world = evening_unanswered()
    assert [page.person for page in world.incident.pages if page.is_open] != []
    world.happens(accepted())
    assert [page.person for page in world.incident.pages if page.is_open] == []
    assert (world.incident.lead, world.incident.acknowledged_by) == ("luis", "luis")


def evening_unanswered() -> World:
    """Declared two minutes before the change, and nobody has answered yet."""
    return history(BEGIN, hours(5), minutes(58), declared("sev1"), minutes(2))


def test_the_second_line_goes_on_leading_while_it_is_on_call() -> None:
    noon = history(BEGIN, declared("sev4"), acknowledged("sita"), hours(6))  # sita has l2 until 20:00
    assert noon.happens(accepted()).incident.lead == "sita"


def test_whoever_leads_and_has_gone_home_is_relieved() -> None:
    late = history(BEGIN, declared("sev4"), acknowledged("sita"), hours(6), hours(12))
    in_the_morning = handoff(late).id
    late.happens(ItemAccepted(schedule="l1", handoff=in_the_morning, by="amina", number=1))
    assert late.incident.lead == "amina"


def test_somebody_who_never_has_the_pager_goes_on_leading() -> None:
    assert evening(role_taken(person="noor", by="noor")).happens(accepted()).incident.lead == "noor"
