"""The watch over a schedule: the handoff at the change of shift, and who may take it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.core import handoff as handoffs
from bot.core.effects import CancelTimer, Entry, SendReminder, SetTimer, Tell
from bot.core.events import HandedOver, LeadHandedOver
from bot.core.handoff import Handoff
from bot.core.incident import Message, Role
from bot.core.oncall_effects import FollowShift, PostHandoff, RefreshHandoff, RemindOfShift
from bot.core.oncall_events import (
    GroupFellDue,
    GroupLeftBehind,
    HandoffGivenUp,
    HandoffPosted,
    HandoffTaken,
    ShiftEvent,
    ShiftFellDue,
)
from bot.policy.model import Clock, Policy
from tests.core import rota
from tests.core.given import (
    NOON,
    POLICY,
    SATURDAY,
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
)

EVENING = datetime(2026, 3, 2, 18, tzinfo=UTC)
BEGIN = ShiftFellDue(schedule="l1")
FIRST = "l1-20260302T180000"
TARGETS = WRITTEN["slas"]["standard"]["targets"] | {"sev4": {"accept": "10m"}}
WITH_ACCEPTANCE = policy(slas={"standard": {"warn_at": [0.75], "targets": TARGETS}})


def taken(by: str = "luis", handoff: str = FIRST) -> ShiftEvent:
    return HandoffTaken(schedule="l1", by=by, handoff=handoff)


def latest(world: World) -> Handoff:
    assert world.watch is not None
    assert world.watch.handoff is not None
    return world.watch.handoff


def shift_timer(world: World) -> datetime | None:
    timer = world.timers.get("schedule:l1:shift")
    return timer.due if timer else None


def evening(*, open_incident: bool = True, policy: Policy = POLICY) -> World:
    """Amina has gone, Luis has come; the open incident is hers."""
    past = (BEGIN, declared("sev4"), acknowledged("amina")) if open_incident else (BEGIN,)
    return history(*past, hours(6), policy=policy)


def test_the_first_look_hands_nothing_over_and_waits_for_the_end_of_the_shift() -> None:
    world = history(BEGIN)
    reminded = NOON + hours(12)  # the shifts that begin by then
    assert world.watch == handoffs.ShiftWatch("l1", ("amina",), "day", EVENING, reminded=reminded)
    assert world.done(PostHandoff) == []
    assert shift_timer(world) == EVENING


def test_looking_again_within_the_shift_hands_nothing_over() -> None:
    world = history(BEGIN, hours(1), BEGIN)
    assert world.done(PostHandoff) == []
    assert shift_timer(world) == EVENING


def test_at_the_change_of_shift_the_handoff_is_posted() -> None:
    world = evening()
    handoff = latest(world)
    assert (handoff.id, handoff.at, handoff.outgoing, handoff.incoming) == (FIRST, EVENING, ("amina",), ("luis",))
    assert world.done(PostHandoff) == [PostHandoff(schedule="l1", handoff=FIRST)]
    assert shift_timer(world) == EVENING + hours(12)


def test_the_handoff_lists_the_open_incidents_as_they_stand() -> None:
    world = history(BEGIN, declared("sev1"), acknowledged("amina"), hours(6))
    (item,) = latest(world).items
    assert (item.number, item.title, item.severity, item.status) == (1, "Customers complain", "sev1", "investigating")
    assert item.lead == "amina"
    assert (item.clocks[0].clock, item.clocks[0].due) == (Clock.FIRST_UPDATE, NOON + minutes(16))


def test_an_incident_without_clocks_has_nothing_due() -> None:
    (item,) = latest(evening()).items
    assert item.clocks == ()


def test_a_quiet_shift_is_handed_over_too() -> None:
    world = evening(open_incident=False)
    assert latest(world).items == ()
    assert len(world.done(PostHandoff)) == 1
    assert world.happens(taken()).refusal is None
    assert world.done(Tell) == []


def test_until_the_handoff_is_taken_the_outgoing_person_leads() -> None:
    assert evening().incident.lead == "amina"


def test_who_takes_the_handoff_leads_the_open_incidents() -> None:
    world = evening().passes(minutes=3).happens(taken())
    assert (latest(world).taken_by, latest(world).taken_at) == ("luis", EVENING + minutes(3))
    assert world.done(Tell) == [
        Tell(event=HandedOver(number=1, handoff=FIRST, to=("luis",))),
        Tell(event=LeadHandedOver(number=1, by="luis", handoff=FIRST, owners=("amina",))),
    ]
    assert world.incident.lead == "luis"
    assert world.done(RefreshHandoff) == [RefreshHandoff(schedule="l1", handoff=FIRST)]


def test_the_acceptance_of_an_incident_is_a_promise_with_a_clock() -> None:
    world = evening(policy=WITH_ACCEPTANCE).passes(minutes=3)
    assert world.clock(Clock.ACCEPT).due == EVENING + minutes(10)
    accepted = world.happens(taken())
    assert accepted.clock(Clock.ACCEPT).met_at == EVENING + minutes(3)
    assert [what for what in accepted.entries if what in (Entry.HANDED_OVER, Entry.TAKEN_OVER)] == [
        Entry.HANDED_OVER,
        Entry.TAKEN_OVER,
    ]


def test_whoever_comes_is_told_that_the_acceptance_is_due() -> None:
    world = evening(policy=WITH_ACCEPTANCE).passes(minutes=11)
    told = [each.person for each in world.done(SendReminder) if each.clock is Clock.ACCEPT]
    assert told == ["luis", "luis", "noor"]  # the lead of the team hears of the breach
    assert world.clock(Clock.ACCEPT).breached_at == EVENING + minutes(10)


def test_what_nobody_accepted_waits_since_the_first_handover() -> None:
    lead = role_taken(Role.LEAD, "noor", by="noor")
    world = evening(policy=WITH_ACCEPTANCE).happens(lead).passes(hours=13)
    assert world.clock(Clock.ACCEPT).started == EVENING
    assert world.entries.count(Entry.HANDED_OVER) == 2


def test_whoever_leads_it_and_comes_back_has_accepted_it() -> None:
    world = evening(policy=WITH_ACCEPTANCE).passes(hours=13)
    assert world.clock(Clock.ACCEPT).met_at == EVENING + hours(12)


def test_an_incident_that_was_resolved_meanwhile_keeps_its_lead() -> None:
    world = evening().happens(resolved("amina"), taken())
    assert world.refusal is None
    assert world.incident.lead == "amina"


@pytest.mark.parametrize(
    ("world", "event", "sentence"),
    [
        (evening(), taken("amina"), "Only @[luis] can take this handoff: they have the shift now."),
        (evening(), taken("U0VISITOR"), "Only @[luis] can take this handoff: they have the shift now."),
        (evening().happens(taken()), taken(), "@[luis] took this handoff already."),
        (evening().passes(hours=12), taken(), "This handoff is over: the shift has changed again since"),
        (history(BEGIN), taken(), "This handoff is over: the shift has changed again since"),
        (World(), taken(), "This handoff is over: the shift has changed again since"),
    ],
)
def test_a_handoff_that_cannot_be_taken_is_refused(world: World, event: ShiftEvent, sentence: str) -> None:
    assert refused(world, event).startswith(sentence)


def test_a_handoff_that_nobody_took_is_replaced_by_the_next_and_drawn_as_over() -> None:
    world = evening().forget().passes(hours=12)
    assert latest(world).id == "l1-20260303T060000"
    assert (latest(world).outgoing, latest(world).incoming) == (("luis",), ("amina",))
    old, new = RefreshHandoff(schedule="l1", handoff=FIRST), PostHandoff(schedule="l1", handoff="l1-20260303T060000")
    assert [effect for effect in world.effects if isinstance(effect, RefreshHandoff | PostHandoff)] == [old, new]


def test_a_handoff_that_was_taken_is_left_as_it_is_at_the_next_change() -> None:
    assert evening().happens(taken()).forget().passes(hours=12).done(RefreshHandoff) == []


def test_after_a_power_cut_of_days_one_handoff_is_posted_and_not_one_a_shift() -> None:
    world = history(BEGIN).sleeps(hours=24 * 3 + 8)
    assert len(world.done(PostHandoff)) == 1
    assert (latest(world).outgoing, latest(world).incoming) == (("amina",), ("luis",))


def test_after_a_power_cut_that_ends_in_the_same_hands_nothing_is_handed_over() -> None:
    assert history(BEGIN).sleeps(hours=24).done(PostHandoff) == []


def test_a_gap_is_handed_to_nobody_and_taken_by_nobody() -> None:
    schedules = {"l1": {**WRITTEN["schedules"]["l2"], "handoff": {"channel": "#handoffs"}}}
    world = history(BEGIN, hours(8), policy=policy(schedules=schedules))  # nobody after 20:00
    assert (latest(world).outgoing, latest(world).incoming) == (("sita",), ())
    sentence = "Only the next person on call can take this handoff: they have the shift now."
    assert refused(world, taken("sita", latest(world).id)) == sentence


def test_a_schedule_without_a_handoff_is_watched_in_silence() -> None:
    world = World(now=NOON).happens(ShiftFellDue(schedule="l2")).passes(hours=9)
    assert world.watch is not None
    assert (world.watch.people, world.watch.handoff) == ((), None)
    assert {type(effect) for effect in world.effects} == {SetTimer, RemindOfShift, CancelTimer}


def test_a_shift_without_an_end_needs_no_timer() -> None:
    alone = {"l1": {"layers": [WRITTEN["schedules"]["l1"]["layers"][1]]}}
    world = history(BEGIN, policy=policy(schedules=alone))
    assert world.effects == [
        CancelTimer(key="schedule:l1:shift"),
        CancelTimer(key="schedule:l1:remind"),
        CancelTimer(key="schedule:l1:handoff"),
    ]


def test_a_schedule_that_was_taken_out_is_watched_no_more() -> None:
    world = history(BEGIN)
    before = world.watch
    world.policy = world.policy.model_copy(update={"schedules": {}})
    assert world.passes(hours=6).watch == before
    assert world.timers == {}


def test_the_place_of_a_posted_handoff_is_kept() -> None:
    message = Message("C1", "3.0")
    world = evening().happens(HandoffPosted(schedule="l1", handoff=FIRST, message=message))
    assert latest(world).message == message


def test_the_place_of_one_that_was_replaced_before_it_was_posted_is_kept_too() -> None:
    world = (
        evening().passes(hours=12).happens(HandoffPosted(schedule="l1", handoff=FIRST, message=Message("C1", "3.0")))
    )
    assert world.watch is not None
    assert world.watch.previous is not None
    assert world.watch.previous.message == Message("C1", "3.0")


@pytest.mark.parametrize("world", [World(), history(BEGIN), evening().passes(hours=36)])
def test_the_receipt_of_another_handoff_changes_nothing(world: World) -> None:
    before = world.watch
    world.happens(HandoffPosted(schedule="l1", handoff=FIRST, message=Message("C1", "3.0")))
    assert world.watch == before


def test_a_handoff_that_could_not_be_posted_can_still_be_taken() -> None:
    world = evening().happens(HandoffGivenUp(schedule="l1", handoff=FIRST, why="channel_not_found"))
    assert world.happens(taken()).refusal is None


def test_the_shift_of_a_weekend_is_watched_like_any_other() -> None:
    assert shift_timer(history(BEGIN, now=SATURDAY)) == SATURDAY + hours(6)


# When somebody stands in


def handing_over() -> Policy:
    return rota.policy(l1={**rota.WRITTEN["schedules"]["l1"], "handoff": {"channel": "#handoffs"}})


def handed(shifts: rota.Rota) -> list[tuple[tuple[str, ...], tuple[str, ...], datetime]]:
    """From whom, to whom and when, of each handoff so far."""
    found = shifts.handoffs.values()
    return [(each.outgoing, each.incoming, each.at) for each in found]


def test_a_stand_in_begins_and_ends_with_a_handoff() -> None:
    afternoon = rota.override("luis", "03-02 14:00", "03-02 18:00")
    shifts = rota.history(BEGIN, afternoon, rota.at("03-02 20:00"), policy=handing_over())
    assert handed(shifts) == [
        (("amina",), ("luis",), rota.at("03-02 14:00")),
        (("luis",), ("amina",), rota.at("03-02 18:00")),
    ]


def test_a_stand_in_from_now_on_is_handed_over_at_once() -> None:
    shifts = rota.history(BEGIN, rota.override("luis", "03-02 11:56", "03-02 18:00"), policy=handing_over())
    assert handed(shifts) == [(("amina",), ("luis",), NOON)]


def test_a_stand_in_that_is_undone_half_way_is_handed_back_at_that_moment() -> None:
    afternoon, half_way = rota.override("luis", "03-02 14:00", "03-02 18:00"), rota.at("03-02 15:30")
    shifts = rota.history(BEGIN, afternoon, half_way, rota.undone("noor"), policy=handing_over())
    assert handed(shifts)[1:] == [(("luis",), ("amina",), half_way)]


def test_the_handoff_of_a_stand_in_that_is_noticed_late_tells_when_it_was() -> None:
    afternoon = rota.override("luis", "03-02 14:00", "03-02 18:00")
    shifts = rota.history(BEGIN, afternoon, policy=handing_over()).sleeps(until=rota.at("03-02 16:00"))
    assert handed(shifts) == [(("amina",), ("luis",), rota.at("03-02 14:00"))]


def test_a_stand_in_in_the_place_of_one_of_two_hands_over_what_both_had() -> None:
    pairs = rota.policy(l1={**rota.PAIRS, "handoff": {"channel": "#handoffs"}})
    afternoon = rota.override("kofi", "03-02 14:00", "03-02 18:00", instead_of="luis")
    shifts = rota.history(BEGIN, afternoon, rota.at("03-02 15:00"), policy=pairs)
    assert [(set(out), set(new)) for out, new, _ in handed(shifts)] == [({"amina", "luis"}, {"amina", "kofi"})]


def test_a_new_configuration_that_puts_somebody_else_on_call_is_a_change_of_now() -> None:
    """By the new one Luis has had the week since Monday, but until this moment it was Amina who was paged."""
    shifts = rota.history(BEGIN, rota.at("03-04 12:00"), policy=handing_over())
    shifts.configured = rota.policy(l1={"layers": [rota.turns(["luis"])], "handoff": {"channel": "#handoffs"}})
    shifts.now = rota.at("03-04 13:00")
    assert handed(shifts.happens(BEGIN)) == [(("amina",), ("luis",), rota.at("03-04 13:00"))]


# The user group


GROUPED = policy(schedules={"l1": {**WRITTEN["schedules"]["l1"], "user_group": "@oncall-l1"}})
FOLLOW = FollowShift(schedule="l1")
GROUP = "schedule:l1:group"
LEFT_BEHIND = GroupLeftBehind(schedule="l1", why="missing_scope")


def test_the_user_group_follows_at_each_change_and_whenever_the_bot_begins() -> None:
    world = history(BEGIN, policy=GROUPED)
    assert world.done(FollowShift) == [FOLLOW]
    assert world.forget().passes(hours=6).done(FollowShift) == [FOLLOW]


def test_the_user_group_follows_a_stand_in() -> None:
    grouped = rota.policy(l1={**rota.WRITTEN["schedules"]["l1"], "user_group": "@oncall-l1"})
    shifts = rota.history(BEGIN, rota.override("luis", "03-02 14:00", "03-02 18:00"), policy=grouped).forget()
    assert shifts.passes(until=rota.at("03-02 14:00")).done(FollowShift) == [FOLLOW]
    assert shifts.forget().happens(rota.undone("noor")).done(FollowShift) == [FOLLOW]


def test_a_schedule_without_a_user_group_has_none_to_follow() -> None:
    world = history(BEGIN, hours(6), GroupFellDue(schedule="l1"))
    assert world.done(FollowShift) == []


def test_a_user_group_that_was_left_behind_is_tried_again_until_it_follows() -> None:
    world = history(BEGIN, LEFT_BEHIND, policy=GROUPED).forget()
    assert world.timers[GROUP].due == NOON + minutes(10)
    assert world.passes(minutes=10).done(FollowShift) == [FOLLOW]
    assert GROUP not in world.timers  # unless it is left behind again
    assert world.forget().happens(LEFT_BEHIND).passes(minutes=10).done(FollowShift) == [FOLLOW]
    assert world.forget().passes(hours=1).done(FollowShift) == []


@pytest.mark.parametrize("gone", [policy(), policy().model_copy(update={"schedules": {}})])
def test_a_user_group_that_is_no_longer_configured_is_not_tried_again(gone: Policy) -> None:
    world = history(BEGIN, policy=GROUPED).forget()
    world.policy = gone
    assert world.happens(LEFT_BEHIND).effects == []


def test_the_retry_goes_with_the_schedule() -> None:
    world = history(BEGIN, LEFT_BEHIND, policy=GROUPED)
    world.policy = world.policy.model_copy(update={"schedules": {}})
    assert world.happens(BEGIN).timers == {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unheard(ShiftEvent):
    pass


def test_an_event_that_nobody_decides_is_a_loud_fault() -> None:
    with pytest.raises(TypeError, match="no decision for _Unheard"):
        World().happens(_Unheard(schedule="l1"))
