"""The life of an incident: which move is allowed from where, and what each of them brings about."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.effects import (
    CreateChannel,
    Entry,
    InviteToChannel,
    Notice,
    PostCard,
    Record,
    RefreshAnnouncement,
    RefreshCard,
    SetTopic,
)
from bot.core.events import IncidentEvent
from bot.core.incident import EscalationState, PageState, Role, Status
from bot.policy.model import Clock
from tests.core.given import (
    NOON,
    World,
    acknowledged,
    closed,
    declared,
    declined,
    history,
    hours,
    merged,
    minutes,
    moved,
    refused,
    reopened,
    resolved,
    role_taken,
    severity,
    updated,
)

TRIAGE, INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED, CLOSED, DECLINED, MERGED = Status


def in_status(status: Status) -> World:
    """An incident that has come to this status; what led there is of no interest."""
    if status is TRIAGE:
        return history(declared()).forget()
    if status is MERGED:
        return history(declared(), minutes(1), merged()).forget()
    return history(declared(), minutes(1), moved(status)).forget()


OPEN_TO_ANY = [
    (old, new)
    for old in (TRIAGE, INVESTIGATING, IDENTIFIED, MONITORING)
    for new in Status
    if new is not old and new is not MERGED
]
ALLOWED = {*OPEN_TO_ANY, (RESOLVED, CLOSED)}


@pytest.mark.parametrize(("old", "new"), [(old, new) for old in Status for new in Status])
def test_a_move_is_made_or_refused_as_the_table_says(old: Status, new: Status) -> None:
    world = in_status(old)
    if (old, new) in ALLOWED:
        assert world.happens(moved(new)).refusal is None
        assert world.incident.status is new
        assert world.entry(Entry.STATUS).old == old
    else:
        told = refused(world, moved(new))
        assert world.incident.name in told or (new is MERGED and "`/incident merge N`" in told)


@pytest.mark.parametrize("status", list(Status))
def test_only_a_resolved_incident_is_reopened(status: Status) -> None:
    world = in_status(status)
    if status is RESOLVED:
        assert world.happens(reopened()).incident.status is INVESTIGATING
    else:
        assert world.incident.name in refused(world, reopened())


@pytest.mark.parametrize("status", [RESOLVED, CLOSED, DECLINED, MERGED])
@pytest.mark.parametrize(
    "event", [acknowledged(), severity("sev2"), updated(), resolved(), declined(), moved(IDENTIFIED)], ids=type
)
def test_what_has_ended_is_left_alone(status: Status, event: IncidentEvent) -> None:
    assert status in refused(in_status(status), event)


def test_the_refusal_of_a_resolved_incident_says_how_to_go_on() -> None:
    assert refused(in_status(RESOLVED), updated()) == "INC-1 is resolved. Reopen it first."


def test_the_refusal_to_reopen_a_closed_incident_says_what_to_do_instead() -> None:
    assert refused(in_status(CLOSED), reopened()) == "INC-1 is closed and stays so. Declare a new incident instead."


def test_a_declared_incident_is_in_triage_with_its_channel_and_card_under_way() -> None:
    world = history(declared())
    assert world.incident.status is TRIAGE
    assert (world.incident.declared_by, world.incident.declared_at, world.incident.started_at) == ("noor", NOON, NOON)
    assert len(world.done(CreateChannel)) == len(world.done(PostCard)) == 1
    declaration = world.entry(Entry.DECLARED)
    assert (declaration.by, declaration.new, declaration.text) == ("noor", "sev1", "Customers complain")


def test_who_acknowledges_has_it_and_leads() -> None:
    world = history(declared(), minutes(2), acknowledged("amina"))
    assert (world.incident.acknowledged_by, world.incident.acknowledged_at) == ("amina", NOON + minutes(2))
    assert world.incident.lead == "amina"
    assert world.incident.status is INVESTIGATING
    assert world.facts(Notice.ACKNOWLEDGED) == {"by": "amina"}
    assert world.entry(Entry.ACKNOWLEDGED).by == "amina"


def test_who_acknowledges_is_asked_into_the_channel() -> None:
    world = history(declared()).forget().happens(acknowledged("U0VISITOR"))
    assert [asked.people for asked in world.done(InviteToChannel)] == [("U0VISITOR",)]


def test_a_move_is_said_with_the_note() -> None:
    world = history(declared(), moved(IDENTIFIED, note="The table is late"))
    facts = {"by": "amina", "old": "triage", "new": "identified", "note": "The table is late"}
    assert world.facts(Notice.STATUS) == facts


def test_an_acknowledgement_takes_the_lead_from_nobody() -> None:
    world = history(declared(), role_taken(Role.LEAD, "sita"), acknowledged("amina"))
    assert world.incident.lead == "sita"


def test_an_acknowledgement_does_not_set_the_work_back() -> None:
    assert history(declared(), moved(IDENTIFIED), acknowledged()).incident.status is IDENTIFIED


def test_a_second_acknowledgement_is_refused_and_names_who_has_it() -> None:
    world = history(declared(), acknowledged("amina"))
    assert refused(world, acknowledged("luis")) == "@[amina] already has it."
    assert refused(world, acknowledged("amina")) == "You already have it."


def test_without_a_path_too_the_first_acknowledgement_counts_and_the_second_is_refused() -> None:
    world = history(declared(service="orphan"), acknowledged("amina"))
    assert world.incident.acknowledged_by == "amina"
    assert refused(world, acknowledged("luis")) == "@[amina] already has it."


def test_after_a_second_round_of_pages_another_may_acknowledge_and_the_first_instant_stays() -> None:
    world = history(declared(), minutes(1), acknowledged("amina"), minutes(31))
    assert world.happens(acknowledged("luis")).refusal is None
    assert (world.incident.acknowledged_by, world.incident.acknowledged_at) == ("luis", NOON + minutes(1))
    assert world.incident.lead == "amina"


def test_monitoring_means_mitigated() -> None:
    world = history(declared(), minutes(10), moved(MONITORING))
    assert world.incident.mitigated_at == NOON + minutes(10)
    assert world.clock(Clock.MITIGATE).met_at == NOON + minutes(10)


def test_back_from_monitoring_it_is_no_longer_mitigated_and_the_clock_runs_on() -> None:
    world = history(declared(), minutes(10), moved(MONITORING), hours(1), moved(IDENTIFIED))
    assert world.incident.mitigated_at is None
    assert world.clock(Clock.MITIGATE).due == NOON + hours(3)  # 2 h, and the hour in which it was mitigated


def test_an_update_may_move_the_status_too_but_never_end_the_incident() -> None:
    world = history(declared(), updated(status=MONITORING))
    assert world.incident.status is MONITORING
    assert refused(world, updated(status=RESOLVED)).startswith("An update cannot end the incident.")


def test_resolving_keeps_what_was_said_and_fills_in_the_instants() -> None:
    world = history(declared(), minutes(3), resolved("luis", "Ran the job again."))
    incident = world.incident
    assert incident.summary == "Ran the job again."
    assert incident.resolved_at == incident.mitigated_at == incident.acknowledged_at == NOON + minutes(3)
    assert incident.acknowledged_by == "luis"
    assert world.facts(Notice.RESOLVED) == {"by": "luis", "note": "Ran the job again."}


def test_resolving_without_a_word_keeps_the_summary() -> None:
    world = history(declared(), resolved(summary="Ran the job again."), reopened(), resolved())
    assert world.incident.summary == "Ran the job again."


def test_resolving_keeps_earlier_instants() -> None:
    world = history(declared(), minutes(1), acknowledged("amina"), moved(MONITORING), hours(1), resolved("luis"))
    assert world.incident.acknowledged_by == "amina"
    assert world.incident.acknowledged_at == world.incident.mitigated_at == NOON + minutes(1)


@pytest.mark.parametrize("end", [resolved(), closed(), declined()], ids=type)
def test_the_end_withdraws_the_pages_and_nothing_rings_any_more(end: IncidentEvent) -> None:
    world = history(declared(), minutes(6), end)
    assert world.open_pages() == []
    assert {page.state for page in world.incident.pages} == {PageState.SUPERSEDED}
    assert world.timers == {}
    assert world.incident.escalation is not None
    assert world.incident.escalation.state is EscalationState.STOPPED
    assert world.forget().passes(hours=100).effects == []


def test_closing_an_open_incident_resolves_it_too() -> None:
    world = history(declared(), minutes(5), closed())
    assert world.incident.status is CLOSED
    assert world.incident.resolved_at == world.incident.closed_at == NOON + minutes(5)
    moves = [(entry.old, entry.new) for entry in world.done(Record) if entry.what is Entry.STATUS]
    assert moves == [(TRIAGE, RESOLVED), (RESOLVED, CLOSED)]
    assert world.notices.count(Notice.CLOSED) == 1
    assert Notice.RESOLVED not in world.notices


def test_closing_a_resolved_incident_keeps_when_it_was_resolved() -> None:
    world = history(declared(), resolved(), hours(2), closed())
    assert (world.incident.resolved_at, world.incident.closed_at) == (NOON, NOON + hours(2))


@pytest.mark.parametrize("status", [CLOSED, DECLINED])
def test_what_is_closed_is_not_closed_again(status: Status) -> None:
    assert refused(in_status(status), closed()) == f"INC-1 is already {status}."


def test_a_declined_incident_was_nothing() -> None:
    world = history(declared(), minutes(2), declined("amina", "A test alert"))
    assert world.incident.status is DECLINED
    assert world.incident.closed_at == NOON + minutes(2)
    assert (world.incident.resolved_at, world.incident.mitigated_at) == (None, None)
    assert all(clock.cancelled_at and not clock.met_at for clock in world.incident.clocks)
    assert world.facts(Notice.DECLINED) == {"by": "amina", "note": "A test alert"}


def test_a_reopened_incident_is_in_hand_and_its_resolve_clock_runs_on() -> None:
    world = history(declared(), hours(1), resolved("luis"), hours(5), reopened("amina"))
    assert world.incident.status is INVESTIGATING
    assert (world.incident.resolved_at, world.incident.mitigated_at) == (None, None)
    assert world.incident.acknowledged_by == "luis"
    assert world.facts(Notice.REOPENED) == {"by": "amina"}
    assert world.clock(Clock.RESOLVE).due == NOON + hours(8 + 5)
    assert world.clock(Clock.MITIGATE).due == NOON + hours(2 + 5)
    assert world.clock(Clock.UPDATE).due == NOON + hours(6) + minutes(40)


def test_reopening_pages_nobody_until_silence_does() -> None:
    world = history(declared(), minutes(1), acknowledged(), resolved(), reopened()).forget()
    assert world.passes(minutes=29).paged == []
    assert world.passes(minutes=1).paged == ["amina"]


def test_severity_is_changed_with_the_reason() -> None:
    world = history(declared("sev2"), severity("sev1", reason="Customers see it"))
    assert world.incident.severity == "sev1"
    assert world.facts(Notice.SEVERITY) == {
        "by": "noor",
        "old": "sev2",
        "new": "sev1",
        "note": "Customers see it",
        "moved": "acknowledge 2026-03-02T12:08:00+00:00;resolve 2026-03-02T20:00:00+00:00",
    }
    entry = world.entry(Entry.SEVERITY)
    assert (entry.old, entry.new, entry.text) == ("sev2", "sev1", "Customers see it")


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("sev1", "INC-1 is already sev1."),
        ("sev11", "There is no severity “sev11”. Did you mean sev1? Known are sev1, sev2, sev3, sev4."),
        ("terrible", "There is no severity “terrible”. Known are sev1, sev2, sev3, sev4."),
    ],
)
def test_a_severity_that_is_none_or_no_other_is_refused(to: str, sentence: str) -> None:
    assert refused(history(declared("sev1")), severity(to)) == sentence


def test_a_severity_that_the_configuration_has_lost_can_be_left() -> None:
    world = history(declared("sev1"))
    world.state = replace(world.incident, severity="gone")
    assert world.happens(severity("sev2")).refusal is None
    assert world.incident.severity == "sev2"


def changes_what_is_shown() -> list[tuple[IncidentEvent, list[type]]]:
    card: list[Any] = [RefreshCard]
    everywhere: list[Any] = [RefreshCard, SetTopic, RefreshAnnouncement]
    return [
        (updated(), card),
        (severity("sev2"), everywhere),
        (moved(IDENTIFIED), everywhere),
        (resolved(), everywhere),
    ]


@pytest.mark.parametrize(("event", "drawn"), changes_what_is_shown(), ids=lambda value: type(value).__name__)
def test_what_shows_the_state_is_drawn_anew_once(event: IncidentEvent, drawn: list[type]) -> None:
    world = history(declared()).forget().happens(event)
    assert [
        type(effect) for effect in world.effects if type(effect) in (RefreshCard, SetTopic, RefreshAnnouncement)
    ] == drawn
