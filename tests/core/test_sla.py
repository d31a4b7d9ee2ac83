"""SLA clocks: due, warned of, broken, met, resumed; never by the poll, always by the instant."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.effects import Entry, Notice, PostNotice, PostReminder, Record, RefreshCard, SendReminder, SetTopic
from bot.core.events import ClockFellDue, IncidentEvent
from bot.core.incident import Incident, Role, Status
from bot.policy.model import Clock, Policy, slas_of
from tests.core.given import (
    NOON,
    POLICY,
    SATURDAY,
    WRITTEN,
    World,
    acknowledged,
    closed,
    declared,
    declined,
    history,
    hours,
    minutes,
    moved,
    policy,
    reopened,
    resolved,
    responders_paged,
    role_taken,
    severity,
    updated,
)

ALL_WARNINGS = policy(slas={"standard": {"warn_at": [0.5, 0.75, 0.9], "targets": {"sev1": {"acknowledge": "100m"}}}})


STANDARD = WRITTEN["slas"]["standard"]
DESK = {"warn_at": [0.75], "targets": {"sev1": {"acknowledge": "8m", "resolve": "4h"}, "sev2": {"resolve": "12h"}}}
TWO = policy(
    services={"churn-scoring": {**WRITTEN["services"]["churn-scoring"], "sla": ["standard", "desk"]}},
    slas={"standard": STANDARD, "desk": DESK},
)


def reminders(world: World, clock: Clock) -> list[tuple[float, datetime]]:
    """What has been said of it; to several people at once counts once."""
    said = [said for said in world.effects if isinstance(said, SendReminder | PostReminder) and said.clock is clock]
    return list(dict.fromkeys((each.share, each.due) for each in said))


def told(world: World, clock: Clock) -> list[tuple[str, float]]:
    """Who got a direct message of it, and of which share."""
    return [(said.person, said.share) for said in world.done(SendReminder) if said.clock is clock]


def in_channel(world: World, clock: Clock) -> list[tuple[float, tuple[str, ...]]]:
    """What was said in the channel, and to whom."""
    return [(said.share, said.to) for said in world.done(PostReminder) if said.clock is clock]


def running(incident: Incident) -> set[Clock]:
    return {held.clock for held in incident.clocks if held.is_running}


def test_the_clocks_of_the_severity_start_with_the_declaration() -> None:
    world = history(declared("sev1"))
    due = {held.clock: held.due - NOON for held in world.incident.clocks}
    assert due == {
        Clock.ACKNOWLEDGE: minutes(8),
        Clock.FIRST_UPDATE: minutes(16),
        Clock.MITIGATE: hours(2),
        Clock.RESOLVE: hours(8),
    }


def test_without_a_first_update_of_its_own_the_update_clock_starts_at_once() -> None:
    assert history(declared("sev2")).clock(Clock.UPDATE).due == NOON + hours(1)


def test_a_severity_or_service_without_promises_has_no_clocks() -> None:
    assert history(declared("sev4")).incident.clocks == ()
    assert history(declared("sev1", service="orphan")).incident.clocks == ()


def test_the_default_policy_holds_where_no_other_is_named() -> None:
    assert slas_of("orphan", POLICY) == slas_of(None, POLICY) == ()
    default = policy(workspace={"default_sla": "standard"})
    assert slas_of("orphan", default) == slas_of(None, default) == ("standard",)


def test_a_promise_in_office_hours_counts_office_hours() -> None:
    friday_four = datetime(2026, 3, 6, 16, tzinfo=UTC)
    world = history(declared("sev3"), now=friday_four)
    assert world.clock(Clock.ACKNOWLEDGE).due == datetime(2026, 3, 9, 11, tzinfo=UTC)
    assert world.timer("clocks") == datetime(2026, 3, 9, 10, tzinfo=UTC)  # three of the four hours


def test_a_clock_is_warned_of_once_and_broken_once() -> None:
    world = history(declared(), minutes(6))
    assert reminders(world, Clock.ACKNOWLEDGE) == [(0.75, NOON + minutes(8))]
    world.passes(minutes=2)
    assert reminders(world, Clock.ACKNOWLEDGE) == [(0.75, NOON + minutes(8)), (1.0, NOON + minutes(8))]
    assert world.clock(Clock.ACKNOWLEDGE).breached_at == NOON + minutes(8)
    assert world.timer("clocks") == NOON + minutes(12)  # of the first update
    assert len(reminders(world.passes(hours=500), Clock.ACKNOWLEDGE)) == 2


def test_all_warnings_come_in_their_order() -> None:
    world = history(declared(), minutes(100), policy=ALL_WARNINGS)
    assert [share for share, _ in reminders(world, Clock.ACKNOWLEDGE)] == [0.5, 0.75, 0.9, 1.0]
    assert world.entry(Entry.CLOCK_WARNED).text == "50% of the time has passed"
    assert world.entry(Entry.CLOCK_BREACHED).text == ""
    warned = [entry.at - NOON for entry in world.done(Record) if entry.what is Entry.CLOCK_WARNED]
    assert warned == [minutes(50), minutes(75), minutes(90)]


@pytest.mark.parametrize(
    ("asleep", "said"), [(49, []), (60, [0.5]), (80, [0.75]), (95, [0.9]), (100, [1.0]), (5000, [1.0])]
)
def test_after_a_power_cut_only_the_highest_share_is_said(asleep: int, said: list[float]) -> None:
    world = history(declared(), policy=ALL_WARNINGS).sleeps(minutes=asleep)
    assert [share for share, _ in reminders(world, Clock.ACKNOWLEDGE)] == said


def test_what_was_slept_through_is_not_said_later_and_the_rest_comes_in_time() -> None:
    world = history(declared(), policy=ALL_WARNINGS).sleeps(minutes=80).passes(minutes=20)
    assert [share for share, _ in reminders(world, Clock.ACKNOWLEDGE)] == [0.75, 0.9, 1.0]


def test_a_promise_is_broken_at_its_due_time_however_late_the_tick() -> None:
    world = history(declared()).sleeps(hours=48)
    assert world.clock(Clock.ACKNOWLEDGE).breached_at == NOON + minutes(8)


@pytest.mark.parametrize("tick_first", [True, False])
@pytest.mark.parametrize(("after", "late"), [(7.99, False), (8, True), (9, True)])
def test_met_in_time_or_late_is_a_matter_of_the_instant_and_not_of_the_tick(
    tick_first: bool, after: float, late: bool
) -> None:
    world = history(declared())
    world.passes(minutes=after) if tick_first else world.without_a_tick(minutes=after)
    held = world.happens(acknowledged()).clock(Clock.ACKNOWLEDGE)
    assert held.met_at == NOON + minutes(after)
    assert held.breached_at == (NOON + minutes(8) if late else None)
    met = next(entry for entry in world.done(Record) if entry.what is Entry.CLOCK_MET)
    assert met.text == ("late" if late else "in time")


def test_a_clock_that_rings_too_early_says_nothing_and_is_set_again() -> None:
    world = history(declared(), minutes(1)).forget()
    del world.timers["incident:1:clocks"]  # it rang
    world.happens(ClockFellDue(number=1))
    assert reminders(world, Clock.ACKNOWLEDGE) == []
    assert world.timer("clocks") == NOON + minutes(6)


def test_a_warning_that_rings_twice_is_said_once() -> None:
    world = history(declared(), minutes(6), ClockFellDue(number=1))
    assert told(world, Clock.ACKNOWLEDGE) == [("amina", 0.75), ("sita", 0.75)]
    world = history(declared(), minutes(8), ClockFellDue(number=1))
    assert len(told(world, Clock.ACKNOWLEDGE)) == 2 + 3
    assert len(in_channel(world, Clock.ACKNOWLEDGE)) == 1


def test_a_met_clock_says_nothing_more() -> None:
    world = history(declared(), acknowledged()).forget().passes(hours=1)
    assert reminders(world, Clock.ACKNOWLEDGE) == []


@pytest.mark.parametrize("end", [resolved(), closed(), declined()], ids=type)
def test_no_clock_runs_after_the_end(end: IncidentEvent) -> None:
    world = history(declared(), minutes(1), acknowledged(), end)
    assert running(world.incident) == set()
    assert world.timers == {}


def test_the_end_hides_no_breach_that_no_tick_has_seen() -> None:
    world = history(declared()).without_a_tick(minutes=20).happens(resolved())
    assert world.clock(Clock.FIRST_UPDATE).breached_at == NOON + minutes(16)
    assert world.clock(Clock.FIRST_UPDATE).cancelled_at == NOON + minutes(20)


def test_an_update_meets_the_clock_and_starts_the_next() -> None:
    world = history(declared(), minutes(10), updated())
    assert world.clock(Clock.FIRST_UPDATE).met_at == NOON + minutes(10)
    assert world.clock(Clock.UPDATE).due == NOON + minutes(50)


def test_the_update_clock_repeats_after_each_update() -> None:
    world = history(declared(), minutes(10), updated(), minutes(35), updated(), minutes(40))
    held = [clock for clock in world.incident.clocks if clock.clock is Clock.UPDATE]
    assert [clock.due - NOON for clock in held] == [minutes(50), minutes(85)]
    assert [share for share, _ in reminders(world, Clock.UPDATE)] == [0.75, 0.75, 1.0]
    assert running(world.incident) >= {Clock.UPDATE}


def test_a_broken_update_clock_starts_anew_with_the_update() -> None:
    world = history(declared(), updated(), hours(3), updated())
    first, second = (clock for clock in world.incident.clocks if clock.clock is Clock.UPDATE)
    assert (first.breached_at, first.met_at) == (NOON + minutes(40), NOON + hours(3))
    assert (second.breached_at, second.due) == (None, NOON + hours(3) + minutes(40))


def test_a_warning_goes_to_the_lead_alone_and_not_into_the_channel() -> None:
    world = history(declared(), role_taken(Role.LEAD, "luis"), acknowledged("amina"), minutes(12))
    assert told(world, Clock.FIRST_UPDATE) == [("luis", 0.75)]
    assert world.done(PostReminder) == []


@pytest.mark.parametrize("lead", [(), (role_taken(Role.LEAD, "noor"),)])
def test_an_acknowledgement_is_asked_of_those_who_are_paged(lead: tuple[IncidentEvent, ...]) -> None:
    world = history(declared(), *lead, minutes(6))
    assert told(world, Clock.ACKNOWLEDGE) == [("amina", 0.75), ("sita", 0.75)]


def test_without_a_lead_the_rest_is_asked_of_whoever_is_on_call_by_then() -> None:
    half_past_five = NOON + hours(5.5)  # the day shift ends at six
    world = history(declared(), hours(1.5), now=half_past_five)
    assert told(world, Clock.FIRST_UPDATE)[0] == ("amina", 0.75)
    assert told(world, Clock.MITIGATE) == [("luis", 0.75)]


def test_where_nobody_is_on_call_the_rest_is_asked_of_the_paged() -> None:
    default = policy(workspace={"default_sla": "standard"})
    asked = responders_paged("person:luis")
    world = history(declared(service="office"), minutes(11), asked, minutes(1), now=SATURDAY, policy=default)
    assert told(world, Clock.FIRST_UPDATE) == [("luis", 0.75)]


def test_only_where_there_is_nobody_a_warning_stands_in_the_channel() -> None:
    world = history(
        declared(service="office"), minutes(6), now=SATURDAY, policy=policy(workspace={"default_sla": "standard"})
    )
    assert in_channel(world, Clock.ACKNOWLEDGE) == [(0.75, ())]
    assert world.done(SendReminder) == []


def test_a_breach_is_said_in_the_channel_and_to_the_lead_and_to_the_lead_of_the_team_each_once() -> None:
    world = history(declared(), acknowledged("amina"), minutes(16))
    assert in_channel(world, Clock.FIRST_UPDATE) == [(1.0, ("amina", "noor"))]
    assert told(world, Clock.FIRST_UPDATE) == [("amina", 0.75), ("amina", 1.0), ("noor", 1.0)]
    world = history(declared(), acknowledged("noor"), minutes(16))
    assert in_channel(world, Clock.FIRST_UPDATE) == [(1.0, ("noor",))]
    assert told(world, Clock.FIRST_UPDATE) == [("noor", 0.75), ("noor", 1.0)]


def test_a_team_without_a_lead_adds_nobody_at_the_breach() -> None:
    default = policy(workspace={"default_sla": "standard"})
    world = history(declared(service="office"), acknowledged("sita"), minutes(16), policy=default)
    assert in_channel(world, Clock.FIRST_UPDATE) == [(1.0, ("sita",))]


def test_a_promise_that_two_slas_make_is_warned_of_once() -> None:
    world = history(declared(), minutes(6), policy=TWO)
    assert told(world, Clock.ACKNOWLEDGE) == [("amina", 0.75), ("sita", 0.75)]
    assert [said.sla for said in world.done(SendReminder)] == ["standard", "standard"]


def test_a_warning_draws_the_card_and_the_topic_anew() -> None:
    world = history(declared(), acknowledged()).forget().passes(minutes=12)
    assert (len(world.done(RefreshCard)), len(world.done(SetTopic))) == (1, 1)


def test_what_is_due_anew_says_whose_promise_it_is_where_several_count() -> None:
    def due_anew(by: Policy) -> str:
        world = history(declared(), acknowledged(), updated(), minutes(5), severity("sev2"), policy=by)
        return next(said.facts["moved"] for said in world.done(PostNotice) if said.notice is Notice.SEVERITY)

    assert due_anew(POLICY) == "update 2026-03-02T13:05:00+00:00;resolve 2026-03-03T12:05:00+00:00"
    assert due_anew(TWO) == (
        "update 2026-03-02T13:05:00+00:00 standard;"
        "resolve 2026-03-03T00:05:00+00:00 desk;resolve 2026-03-03T12:05:00+00:00 standard"
    )


# Severity


def test_raising_counts_anew_from_the_declaration() -> None:
    world = history(declared("sev2"), minutes(5), severity("sev1"))
    assert world.clock(Clock.ACKNOWLEDGE).due == NOON + minutes(8)
    assert world.clock(Clock.RESOLVE).due == NOON + hours(8)
    assert world.timer("clocks") == NOON + minutes(6)


def test_raising_late_breaks_the_promise_when_it_would_have_been_broken() -> None:
    world = history(declared("sev2"), minutes(14), severity("sev1")).passes()
    assert world.clock(Clock.ACKNOWLEDGE).breached_at == NOON + minutes(8)
    assert reminders(world, Clock.ACKNOWLEDGE) == [(1.0, NOON + minutes(8))]


def test_lowering_counts_from_now() -> None:
    world = history(declared("sev1"), minutes(5), severity("sev2"))
    assert world.clock(Clock.ACKNOWLEDGE).due == NOON + minutes(25)
    assert world.clock(Clock.RESOLVE).due == NOON + minutes(5) + hours(24)


def test_lowering_and_raising_again_gains_no_time() -> None:
    world = history(declared("sev1"), minutes(5), severity("sev2"), minutes(1), severity("sev1"))
    assert world.clock(Clock.ACKNOWLEDGE).due == NOON + minutes(8)
    assert world.clock(Clock.RESOLVE).due == NOON + hours(8)


def test_raising_does_not_move_an_update_clock_back_before_the_last_update() -> None:
    world = history(declared("sev1"), minutes(10), updated(), severity("sev2"), minutes(5), severity("sev1"))
    assert world.clock(Clock.UPDATE).due == NOON + minutes(50)


def test_what_a_lower_severity_does_not_promise_is_cancelled() -> None:
    world = history(declared("sev1"), severity("sev4"))
    assert running(world.incident) == set()
    assert [name for name in world.timers if "clock" in name] == []


def test_what_was_cancelled_counts_again_when_the_severity_rises_again() -> None:
    world = history(declared("sev1"), minutes(1), severity("sev4"), minutes(1), severity("sev1"))
    assert running(world.incident) == {Clock.ACKNOWLEDGE, Clock.FIRST_UPDATE, Clock.MITIGATE, Clock.RESOLVE}
    assert world.clock(Clock.MITIGATE).due == NOON + hours(2)


def test_a_raised_severity_starts_what_the_lower_one_did_not_promise() -> None:
    world = history(declared("sev2"), severity("sev1"))
    assert world.clock(Clock.MITIGATE).due == NOON + hours(2)
    assert running(history(declared("sev4"), severity("sev1")).incident) == {
        Clock.ACKNOWLEDGE,
        Clock.FIRST_UPDATE,
        Clock.MITIGATE,
        Clock.RESOLVE,
    }


def test_what_has_happened_already_is_not_promised_again() -> None:
    world = history(declared("sev4"), acknowledged(), moved(Status.MONITORING), severity("sev1"))
    assert running(world.incident) == {Clock.FIRST_UPDATE, Clock.RESOLVE}


def test_those_who_have_had_an_update_wait_for_the_next_from_then_on() -> None:
    world = history(declared("sev4"), minutes(5), updated(), minutes(5), severity("sev1"))
    assert Clock.FIRST_UPDATE not in running(world.incident)
    assert world.clock(Clock.UPDATE).due == NOON + minutes(45)


def test_a_missed_first_update_is_still_the_one_that_is_waited_for() -> None:
    world = history(declared("sev1"), minutes(17), severity("sev2"))
    assert running(world.incident) & {Clock.FIRST_UPDATE, Clock.UPDATE} == {Clock.FIRST_UPDATE}


def test_a_broken_promise_stays_broken_whatever_the_severity_becomes() -> None:
    world = history(declared("sev1"), minutes(9), severity("sev2"))
    held = world.clock(Clock.ACKNOWLEDGE)
    assert (held.due, held.breached_at) == (NOON + minutes(8), NOON + minutes(8))


def test_a_broken_promise_that_no_tick_has_seen_stays_broken_too() -> None:
    world = history(declared("sev1")).without_a_tick(minutes=9).happens(severity("sev2")).passes()
    held = world.clock(Clock.ACKNOWLEDGE)
    assert (held.due, held.breached_at) == (NOON + minutes(8), NOON + minutes(8))
    assert reminders(world, Clock.ACKNOWLEDGE) == [(1.0, NOON + minutes(8))]


# Resumed


def test_reopening_resumes_the_resolve_clock_with_what_had_elapsed() -> None:
    world = history(declared(), hours(3), resolved(), hours(10), reopened())
    assert world.clock(Clock.RESOLVE).due == NOON + hours(13 + 5)
    assert world.clock(Clock.RESOLVE).is_running


def test_reopening_twice_adds_up() -> None:
    world = history(declared(), hours(3), resolved(), hours(1), reopened(), hours(3), resolved(), hours(1), reopened())
    assert world.clock(Clock.RESOLVE).due == NOON + hours(8 + 2)


def test_open_hours_only_have_elapsed_before_a_reopening() -> None:
    friday_four = datetime(2026, 3, 6, 16, tzinfo=UTC)
    world = history(declared("sev3"), hours(64), resolved(), reopened(), now=friday_four)  # Monday 08:00, one hour used
    held = world.clock(Clock.RESOLVE)
    assert held.within - held.used == timedelta(hours=39)


@pytest.mark.parametrize("tick_first", [True, False])
def test_a_promise_that_was_broken_before_the_reopening_stays_broken_at_its_instant(tick_first: bool) -> None:
    world = history(declared())
    world.passes(hours=9) if tick_first else world.without_a_tick(hours=9)
    world.happens(resolved()).passes(hours=5).happens(reopened()).passes(hours=5)
    held = world.clock(Clock.RESOLVE)
    assert (held.due, held.breached_at, held.met_at) == (NOON + hours(8), NOON + hours(8), None)
    assert len([share for share, _ in reminders(world, Clock.RESOLVE) if share == 1.0]) == 1


def test_a_clock_that_runs_is_not_resumed_twice() -> None:
    world = history(declared(), moved(Status.MONITORING), moved(Status.IDENTIFIED), moved(Status.INVESTIGATING))
    assert sum(held.clock is Clock.MITIGATE and held.is_running for held in world.incident.clocks) == 1


def test_reopening_asks_for_an_update_anew() -> None:
    world = history(declared(), hours(1), resolved(), hours(1), reopened())
    assert world.clock(Clock.UPDATE).due == NOON + hours(2) + minutes(40)


def test_the_card_shows_the_clock_that_falls_due_first() -> None:
    world = history(declared(), acknowledged())
    assert world.incident.next_due == world.clock(Clock.FIRST_UPDATE)
    assert history(declared(), resolved()).incident.next_due is None
