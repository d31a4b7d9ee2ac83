"""At the change of shift the open work is handed over, and the incoming person takes it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.policy.model import Policy
from tests.flows.people import Someone
from tests.flows.seen import Message
from tests.flows.world import World

CHANGE = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # of the first line, from Luis to Sita


@pytest.fixture
def world(policy: Policy, database: str, no_faults_in_the_log: None) -> Iterator[World]:
    with World(policy, database, at=datetime(2026, 3, 3, 1, 50, tzinfo=UTC)) as opened:
        yield opened


def handoff(reader: Someone) -> Message:
    return reader.sees("Handoff First line", in_channel="mlops-handoffs")


def test_the_handoff_tells_who_goes_who_comes_and_what_is_open(acknowledged: World, noor: Someone) -> None:
    acknowledged.passes(minutes=8, seconds=59)
    noor.does_not_see("Handoff", in_channel="mlops-handoffs")
    acknowledged.reaches(CHANGE)
    told = handoff(noor).shows("Handoff First line · 21:00 Bogota / 07:45 Kathmandu")
    told.shows("Goes: @Luis Herrera", "Comes: @Sita Gurung", "1 open incident", "INC-1 Scores are stale")
    told.shows("Major (sev2) · Investigating · Lead: @Luis Herrera · Churn scoring (Acme Telecom)")
    told.shows("First update due 2026-03-03 02:20 UTC", "33%", "Path follow-the-sun: Sita Gurung 07:45 ☀️")
    told.shows("Nobody has said where to start", "Nobody has said what comes next")
    told.shows("Until an incident is accepted, whoever hands it over still has it")
    assert told.labels == ["Accept", "Question", "Decline", "Accept all", "Add what is missing"]
    assert noor.thread_of(told) == []


def test_the_incoming_person_takes_it_and_leads(acknowledged: World, sita: Someone, luis: Someone) -> None:
    acknowledged.reaches(CHANGE)
    assert acknowledged.incident().lead == "luis"
    acknowledged.passes(minutes=3)
    handoff(sita).clicks("Accept").is_silent()
    assert handoff(sita).shows("✅ @Sita Gurung took it, 2026-03-03 02:03 UTC").labels == ["Read back"]
    acknowledged.channel("inc-1").sees("@Sita Gurung took the lead over from @Luis Herrera.")
    acknowledged.channel("inc-1").card.shows("Lead\n@Sita Gurung")
    assert acknowledged.incident().lead == "sita"
    assert luis.counts("took the lead over") == 1
    acknowledged.passes(minutes=12)
    assert len(sita.told("First update of INC-1 Scores are stale is due")) == 1
    assert luis.told("First update of INC-1") == []


def test_nobody_else_can_take_it_and_nobody_twice(
    acknowledged: World, luis: Someone, brian: Someone, sita: Someone
) -> None:
    acknowledged.reaches(CHANGE)
    before = acknowledged.incident()
    for other in (luis, brian):
        for button in ("Accept", "Question", "Decline", "Accept all"):
            handoff(other).clicks(button).shows("Only @Sita Gurung can take this handoff")
        other.sees_no_form()
    assert acknowledged.incident() == before
    told = handoff(sita)
    told.clicks("Accept")
    assert acknowledged.incident().lead == "sita"
    taken = acknowledged.timeline()
    acknowledged.puts_back(told)
    told.clicks("Accept").shows("@Sita Gurung has INC-1 already")
    told.clicks("Accept all").shows("@Sita Gurung took this handoff already")
    assert acknowledged.timeline() == taken


def test_a_quiet_shift_says_quiet(world: World, sita: Someone) -> None:
    world.reaches(CHANGE)
    told = handoff(sita).shows("Quiet. No incident is open.\nGoes: @Luis Herrera · Comes: @Sita Gurung")
    told.shows("Accept to say that you are there")
    told.clicks("Accept")
    told.now().shows("@Sita Gurung took it")


def test_one_that_was_never_taken_gives_way_to_the_next(world: World, sita: Someone, amina: Someone) -> None:
    world.reaches(CHANGE)
    first = handoff(sita)
    world.passes(hours=8)
    assert first.now().shows("Nobody took this handoff. The shift has changed again since").labels == []
    second = handoff(amina).shows("Goes: @Sita Gurung", "Comes: @Amina Otieno")
    assert second.ts != first.ts
    world.puts_back(first)
    first.clicks("Accept").shows("This handoff is over")


def test_what_is_resolved_is_not_handed_over(acknowledged: World, sita: Someone, luis: Someone) -> None:
    luis.types("/incident resolve 1 Fresh again")
    acknowledged.reaches(CHANGE)
    told = handoff(sita).shows("No incident is open", "1 declared; resolved: INC-1 Scores are stale")
    assert told.labels == ["Accept"]


def test_what_ends_before_it_is_taken_stays_as_it_is(acknowledged: World, sita: Someone, luis: Someone) -> None:
    acknowledged.reaches(CHANGE)
    luis.types("/incident resolve 1 Fresh again")
    before = acknowledged.timeline()
    handoff(sita).clicks("Accept")
    assert acknowledged.incident().lead == "luis"
    assert acknowledged.timeline() == before


def test_both_lines_hand_over_each_at_its_own_time(world: World, prakash: Someone) -> None:
    world.reaches(CHANGE)
    prakash.does_not_see("Handoff Second line")
    world.passes(minutes=15)
    prakash.sees("Handoff Second line").shows("Goes: @Andrés Pardo", "Comes: @Prakash Shrestha")
    assert prakash.counts("Handoff", in_channel="mlops-handoffs") == 2


def test_what_is_declared_in_the_minute_of_the_change_pages_one_person(
    world: World, noor: Someone, luis: Someone, sita: Someone
) -> None:
    world.passes(minutes=9, seconds=59)
    noor.types("/incident declare sev2 churn-scoring Scores are stale")
    luis.sees("You are paged for INC-1")
    world.passes(seconds=1)
    sita.does_not_see("You are paged")
    handoff(sita).shows("INC-1 Scores are stale", "Lead: nobody")
    noor.types("/incident declare sev2 churn-scoring Forecasts are stale")
    sita.sees("You are paged for INC-2")
    luis.does_not_see("You are paged for INC-2")
    handoff(sita).clicks("Accept")
    assert world.incident(1).lead == "sita"
    assert [page.person for page in world.incident(1).pages] == ["luis"]


def test_an_incident_of_another_schedule_is_not_handed_over_twice(world: World, noor: Someone, sita: Someone) -> None:
    noor.types("/incident declare sev2 fraud-detection Every card is refused")
    world.passes(minutes=30)
    handoff(sita).shows("INC-1 Every card is refused")
    noor.sees("Handoff Second line").does_not_show("INC-1").shows("Quiet")
