"""Merging: one incident ends, and the other goes on with the earlier clock and with what was answered in either."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.clocks import clocks
from bot.core.effects import Entry, InviteToChannel, Notice, PostReminder, SendReminder, Tell
from bot.core.events import IncidentEvent, InstantCorrected
from bot.core.history import Moment
from bot.core.incident import ClockState, EscalationState, PageState, Role, Status
from bot.core.ledger import ledger
from bot.policy.model import Clock, Terms
from tests.core.given import (
    NOON,
    World,
    acknowledged,
    closed,
    declared,
    history,
    hours,
    merged,
    minutes,
    refused,
    reopened,
    resolved,
    severity,
    took_in,
    updated,
)

TEN = minutes(10)


def both(*older: IncidentEvent | timedelta, then: tuple[IncidentEvent | timedelta, ...] = ()) -> World:
    """The survivor, declared at ten past twelve; what was declared at noon is merged into it now."""
    first = history(declared(by="luis"), *older)
    after = history(declared(), *then, now=NOON + TEN)
    first.now = after.now = max(first.now, after.now)
    first.happens(merged())
    assert first.refusal is None
    return after.happens(took_in(first))


def test_what_is_merged_ends_as_what_was_nothing_does() -> None:
    world = history(declared(), minutes(1)).forget().happens(merged(reason="One job"))
    assert (world.incident.status, world.incident.merged_into) == (Status.MERGED, 2)
    assert world.incident.closed_at == world.now
    assert {page.state for page in world.incident.pages} == {PageState.SUPERSEDED}
    assert world.path_state is EscalationState.STOPPED
    assert world.timers == {}
    assert {held.state for held in world.incident.clocks} == {ClockState.CANCELLED}
    entry = world.entry(Entry.MERGED)
    assert (entry.old, entry.new, entry.text) == ("triage", "2", "One job")
    assert world.notices == [Notice.MERGED]


def test_its_roles_are_kept() -> None:
    assert history(declared(), acknowledged("amina"), merged()).incident.lead == "amina"


def test_the_end_hangs_on_the_answer_of_the_survivor() -> None:
    (told,) = history(declared(), merged()).done(Tell)
    assert told.binding


@pytest.mark.parametrize(
    ("before", "event", "why"),
    [
        ((), merged(into=1), "INC-1 cannot be merged into itself. Name the incident that goes on."),
        ((resolved(),), merged(), "INC-1 is resolved. Reopen it first."),
        ((closed(),), merged(), "INC-1 is closed."),
        ((merged(),), merged(into=3), "INC-1 was merged into INC-2; work on that one, or declare a new one."),
        ((merged(),), reopened(), "INC-1 was merged into INC-2; work on that one, or declare a new one."),
        ((merged(),), closed(), "INC-1 was merged into INC-2; work on that one, or declare a new one."),
        ((merged(),), updated(), "INC-1 was merged into INC-2; work on that one, or declare a new one."),
    ],
)
def test_what_cannot_be_merged_is_refused(before: tuple[IncidentEvent, ...], event: IncidentEvent, why: str) -> None:
    assert refused(history(declared(), *before), event) == why


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        (resolved(), "INC-1 is resolved. Reopen it first, and merge then."),
        (closed(), "INC-1 is closed, and only what is open can take in another."),
        (merged(into=3), "INC-1 was merged into INC-3; merge into that one."),
        (merged(into=2), "INC-1 was merged into INC-2 already."),
    ],
)
def test_what_has_ended_takes_nothing_in(ends: IncidentEvent, why: str) -> None:
    other = history(declared(), merged())
    assert refused(history(declared(), ends), took_in(other)) == why


def test_the_clocks_count_from_the_earlier_declaration() -> None:
    world = both()
    assert (world.incident.declared_at, world.incident.started_at) == (NOON, NOON)
    assert {held.started for held in world.incident.clocks} == {NOON}
    assert world.clock(Clock.RESOLVE).due == NOON + hours(8)
    assert f"resolve {(NOON + hours(8)).isoformat()}" in world.facts(Notice.TOOK_IN)["moved"]


def test_a_later_declaration_moves_no_clock() -> None:
    older = history(declared(), hours(1))
    younger = history(declared(), now=NOON + minutes(30)).happens(merged())
    older.happens(took_in(younger))
    assert older.incident.declared_at == NOON
    assert older.clock(Clock.RESOLVE).due == NOON + hours(8)
    assert "moved" not in older.facts(Notice.TOOK_IN)


def test_an_acknowledgement_of_the_other_meets_the_clock_here() -> None:
    world = both(minutes(3), acknowledged("luis"))
    held = world.clock(Clock.ACKNOWLEDGE)
    assert (held.met_at, held.breached_at) == (NOON + minutes(3), None)
    assert (world.incident.acknowledged_by, world.incident.acknowledged_at) == ("luis", NOON + minutes(3))
    assert world.incident.lead == "luis"
    assert world.incident.status is Status.INVESTIGATING
    assert world.path_state is EscalationState.ACKNOWLEDGED
    assert world.open_pages() == []
    assert world.facts(Notice.TOOK_IN)["has"] == "luis"


def test_nobody_has_it_if_nobody_had_either() -> None:
    world = both()
    assert world.incident.acknowledged_by is None
    assert world.path_state is EscalationState.RUNNING


@pytest.mark.parametrize(("at", "first"), [(3, "luis"), (13, "amina")])
def test_the_first_of_two_acknowledgements_counts_and_the_lead_stays(at: int, first: str) -> None:
    world = both(minutes(at), acknowledged("luis"), then=(minutes(2), acknowledged("amina"), minutes(5)))
    met = NOON + minutes(min(at, 12))
    assert (world.incident.acknowledged_by, world.incident.acknowledged_at) == (first, met)
    assert world.clock(Clock.ACKNOWLEDGE).met_at == met
    assert dict(world.incident.roles) == {Role.LEAD: "amina"}


def test_an_update_that_the_customer_has_had_counts() -> None:
    world = both(minutes(3), acknowledged("luis"), minutes(6), updated(by="luis"))
    assert world.clock(Clock.FIRST_UPDATE).met_at == NOON + minutes(9)
    assert world.clock(Clock.UPDATE).due == NOON + minutes(9 + 40)


def test_what_the_first_had_taken_in_counts_too() -> None:
    oldest = history(declared(), minutes(4), acknowledged("luis"), updated(by="luis"), merged())
    between = history(declared(), now=NOON + minutes(5)).happens(took_in(oldest), merged())
    world = history(declared(), now=NOON + minutes(6)).happens(took_in(between))
    assert world.clock(Clock.RESOLVE).started == NOON
    assert world.clock(Clock.FIRST_UPDATE).met_at == NOON + minutes(4)


def test_who_was_there_is_invited_here_once() -> None:
    world = both(acknowledged("U0GUEST"))
    (asked,) = [invited for invited in world.done(InviteToChannel) if "U0GUEST" in invited.people]
    assert asked.people == ("U0GUEST",)


def test_a_share_that_was_said_is_not_said_again_because_an_update_came_in_between() -> None:
    """Turns are numbered anew by an update of the other; the promise that runs is the same."""
    first = history(declared(), minutes(5), updated())
    after = history(declared(), minutes(10), acknowledged(), updated(), minutes(31))
    assert after.clock(Clock.UPDATE).warned == 0.75
    first.now = after.now
    first.happens(merged())
    after.forget().happens(took_in(first)).passes(minutes=5)
    assert after.clock(Clock.UPDATE).warned == 0.75
    said = [*after.done(PostReminder), *after.done(SendReminder)]
    assert [each.share for each in said if each.clock is Clock.UPDATE] == []


def test_a_promise_that_is_broken_by_the_earlier_clock_is_said_at_once() -> None:
    world = both(hours(2), then=(hours(1) + minutes(49),)).forget().passes(minutes=1)
    assert world.clock(Clock.MITIGATE).breached_at == NOON + hours(2)
    assert Clock.MITIGATE in [each.clock for each in world.done(PostReminder) if each.share == 1.0]


def test_the_ledger_says_whose_declaration_counts() -> None:
    world = both(then=(minutes(5), severity("sev2")))
    (told,) = [each for each in ledger(world.incident, world.now) if each.clock is Clock.RESOLVE]
    whys = [(each.why, each.by) for each in told.stretches if each.start == NOON]
    assert whys == [("it counts only from when the severity became sev2", "noor")]
    world = both()
    whys = [each.stretches[0].why for each in ledger(world.incident, world.now)]
    assert set(whys) == {"it counts from the declaration of INC-2, which was merged into this"}


def test_a_correction_by_hand_has_the_last_word() -> None:
    world = both(minutes(3), acknowledged("luis"), updated(by="luis"))
    at = NOON + minutes(2)
    world.happens(InstantCorrected(number=1, by="amina", moment=Moment.DECLARED, to=at))
    assert world.refusal is None
    assert world.clock(Clock.RESOLVE).started == at
    assert {each.stretches[0].why for each in ledger(world.incident, world.now) if each.clock is Clock.RESOLVE} == {
        "it was declared"
    }


def test_what_lies_before_a_corrected_declaration_counts_from_then() -> None:
    world = history(declared(), minutes(5), updated(), minutes(10))
    world.happens(InstantCorrected(number=1, by="amina", moment=Moment.DECLARED, to=NOON + minutes(8)))
    assert world.refusal is None
    assert world.clock(Clock.FIRST_UPDATE).met_at == NOON + minutes(8)


def test_an_acknowledgement_that_is_corrected_was_at_no_other_time() -> None:
    world = history(declared(), minutes(3), acknowledged(), hours(1), acknowledged("luis"))
    world.happens(InstantCorrected(number=1, by="amina", moment=Moment.ACKNOWLEDGED, to=NOON + minutes(9)))
    assert world.clock(Clock.ACKNOWLEDGE).met_at == world.incident.acknowledged_at == NOON + minutes(9)


@settings(max_examples=100, deadline=None)
@given(
    later=st.integers(0, 120),
    answers=st.lists(st.tuples(st.booleans(), st.integers(0, 200)), max_size=6),
    mine=st.lists(st.tuples(st.booleans(), st.integers(0, 80)), max_size=3),
)
def test_the_clocks_are_those_of_one_incident_with_the_answers_of_both(
    later: int, answers: list[tuple[bool, int]], mine: list[tuple[bool, int]]
) -> None:
    """As if everything had happened to the one that was declared first."""
    now, began = NOON + minutes(201), NOON + minutes(later)
    theirs = sorted((NOON + minutes(at), acks) for acks, at in answers)
    ours = sorted((began + minutes(at), acks) for acks, at in mine)
    first, after, one = history(declared()), history(declared(), now=began), history(declared())
    for world, acts in ((first, theirs), (after, ours), (one, sorted(theirs + ours))):
        for at, acks in acts:
            act(world, at, acks)
        world.without_a_tick(minutes=(now - world.now).total_seconds() / 60)
    first.happens(merged())
    after.happens(took_in(first))
    assert after.refusal is None
    assert counted(after, now) == counted(one, now)
    assert (after.incident.declared_at, after.incident.acknowledged_at) == (NOON, one.incident.acknowledged_at)


def act(world: World, at: datetime, acks: bool) -> None:
    world.now = at
    world.happens(acknowledged() if acks else updated())


def counted(world: World, now: datetime) -> list[tuple[object, ...]]:
    found = clocks(world.incident.history, world.incident.terms or Terms(), now)
    return [(held.key, held.started, held.due, held.met_at, held.breached_at, held.cancelled_at) for held in found]
