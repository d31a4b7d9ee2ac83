"""Roles: each is held by one person, and the lead is handed over with the shift."""

import pytest

from bot.core.effects import Entry, InviteToChannel, Notice, SetTopic
from bot.core.incident import Role, Status
from tests.core.given import (
    NOON,
    acknowledged,
    declared,
    history,
    lead_handed_over,
    minutes,
    refused,
    resolved,
    role_taken,
)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_held_by_the_one_who_took_it_last(role: Role) -> None:
    world = history(declared(), role_taken(role, "luis"), role_taken(role, "sita", by="amina"))
    assert world.incident.roles == ((role, "sita"),)


def test_a_change_of_role_is_said_and_kept_with_who_had_it() -> None:
    world = (
        history(declared(), role_taken(Role.LEAD, "luis")).forget().happens(role_taken(Role.LEAD, "sita", by="noor"))
    )
    entry = world.entry(Entry.ROLE)
    assert (entry.by, entry.old, entry.new, entry.text) == ("noor", "luis", "sita", "lead")
    assert world.facts(Notice.ROLE) == {"by": "noor", "role": "lead", "person": "sita"}


def test_roles_stand_side_by_side() -> None:
    world = history(declared(), role_taken(Role.LEAD, "luis"), role_taken(Role.SCRIBE, "luis"))
    assert dict(world.incident.roles) == {Role.LEAD: "luis", Role.SCRIBE: "luis"}


def test_who_takes_a_role_is_asked_into_the_channel() -> None:
    world = history(declared(service="orphan")).forget().happens(role_taken(Role.SCRIBE, "U0GUEST"))
    assert [asked.people for asked in world.done(InviteToChannel)] == [("U0GUEST",)]


def test_the_topic_shows_the_lead_and_no_other_role() -> None:
    assert history(declared()).forget().happens(role_taken(Role.LEAD)).done(SetTopic) != []
    assert history(declared()).forget().happens(role_taken(Role.SCRIBE)).done(SetTopic) == []


def test_a_role_one_already_has_is_refused() -> None:
    world = history(declared(), role_taken(Role.LEAD, "luis"))
    assert refused(world, role_taken(Role.LEAD, "luis", by="luis")) == "You already are lead of INC-1."
    assert refused(world, role_taken(Role.LEAD, "luis", by="noor")) == "@[luis] already is lead of INC-1."


def test_the_roles_of_an_ended_incident_stay() -> None:
    sentence = "INC-1 is resolved; its roles stay as they are."
    assert refused(history(declared(), resolved()), role_taken()) == sentence


def test_the_lead_is_handed_over_with_the_shift() -> None:
    world = history(declared(), role_taken(Role.LEAD, "amina")).forget().happens(lead_handed_over("luis"))
    assert world.incident.lead == "luis"
    entry = world.entry(Entry.HANDOFF)
    assert (entry.by, entry.old, entry.new, entry.text) == ("luis", "amina", "luis", "l1-20260302T180000")
    assert world.facts(Notice.HANDED_OVER) == {"old": "amina", "person": "luis"}


def test_who_takes_the_lead_over_is_asked_into_the_channel() -> None:
    world = history(declared(service="orphan")).forget().happens(lead_handed_over("U0GUEST"))
    assert [asked.people for asked in world.done(InviteToChannel)] == [("U0GUEST",)]


def test_an_incident_without_a_lead_gets_one_with_the_handoff() -> None:
    assert history(declared(), lead_handed_over("luis")).incident.lead == "luis"


def test_who_leads_already_takes_over_without_a_word() -> None:
    world = history(declared(), acknowledged("luis")).forget().happens(lead_handed_over("luis"))
    assert (world.notices, world.entries) == ([], [])


def test_an_incident_that_ended_before_the_handoff_was_taken_does_not_change() -> None:
    world = history(declared(), role_taken(Role.LEAD, "amina"), resolved()).forget()
    before = world.incident
    assert world.happens(lead_handed_over("luis")).incident == before
    assert (world.notices, world.entries, world.timers) == ([], [], {})


def test_taking_the_lead_is_no_acknowledgement() -> None:
    world = history(declared(), minutes(1), role_taken(Role.LEAD, "luis"))
    assert world.incident.acknowledged_at is None
    assert world.timer("escalation") == NOON + minutes(5)


def test_whoever_accepts_the_handoff_of_a_page_that_waits_has_it() -> None:
    world = history(declared()).forget().happens(lead_handed_over("luis"))
    assert world.incident.acknowledged_by == "luis"
    assert world.open_pages() == []
    assert world.timer("escalation") is None
    assert world.incident.status is Status.INVESTIGATING
