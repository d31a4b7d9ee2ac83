"""Resolved, reopened, closed or declined; and what can no longer be done after the end."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_it_is_resolved_with_a_summary(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=30)
    luis.types("/incident resolve The table came, the job ran", in_channel="inc-1").shows("INC-1 is Resolved now")
    acknowledged.channel("inc-1").sees("@Luis Herrera resolved it").shows("The table came, the job ran")
    acknowledged.channel("inc-1").card.shows("Resolved", "after 31 min", "The table came, the job ran")
    assert acknowledged.incident().resolved_at == acknowledged.now


def test_it_is_reopened_and_the_clock_runs_on(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=59)
    luis.types("/incident resolve 1 Fresh again")
    acknowledged.passes(hours=5)
    luis.card().clicks("Reopen").is_silent()
    acknowledged.channel("inc-1").sees("@Luis Herrera reopened it")
    card = acknowledged.channel("inc-1").card.shows("Investigating")
    assert "Resolve" in card.labels
    # One of 24 hours had passed when it was resolved at 20:00; it goes on at 01:00.
    luis.types("/incident sla 1").shows("⏳ Resolution due 2026-03-04 00:00 UTC", "Update due 2026-03-03 02:00 UTC")


def test_a_reopened_incident_is_watched_again(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident resolve 1 Fresh again")
    acknowledged.passes(minutes=10)
    luis.types("/incident reopen 1 Stale after all").shows("INC-1 is Investigating now")
    acknowledged.channel("inc-1").sees("reopened it").shows("Stale after all")
    acknowledged.passes(hours=1)
    luis.sees("You are paged for INC-1")


def test_it_is_closed_and_stays_closed(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident resolve 1 Fresh again")
    luis.card().clicks("Close")
    assert acknowledged.channel("inc-1").card.shows("Closed").labels == []
    luis.types("/incident reopen 1").shows("INC-1 is closed and stays so")


def test_closing_an_open_incident_resolves_it_first(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident close 1").shows("INC-1 is Closed now")
    ended = acknowledged.incident()
    assert (ended.status, ended.resolved_at, ended.closed_at) == ("closed", acknowledged.now, acknowledged.now)


def test_what_was_nothing_is_declined(declared: World, luis: Someone) -> None:
    page = luis.sees("You are paged")
    luis.types("/incident decline 1 A dashboard was wrong").shows("INC-1 is Declined now")
    declared.channel("inc-1").sees("it was nothing").shows("A dashboard was wrong")
    declared.channel("inc-1").card.shows("➖ Declined")
    page.now().shows("is declined by @Luis Herrera")
    declared.passes(hours=25)
    luis.does_not_see("of INC-1 Scores are stale is due")
    assert len(declared.incident().pages) == 1


ACTS = [
    *("ack", "update All is well", "update", "status identified", "severity sev1", "resolve Again", "resolve"),
    *("decline Nothing", "escalate", "lead", "role scribe @amina", "runbook stale-predictions"),
]


def test_nothing_can_be_done_to_an_incident_that_has_ended(world: World, amina: Someone) -> None:
    for number, end in enumerate(("resolve", "close", "decline"), 1):
        amina.types("/incident declare sev2 churn-scoring Scores are stale")
        amina.types(f"/incident {end} {number} Done")
        before, known = world.incident(number), world.timeline(number)
        for act in ACTS:
            amina.types(f"/incident {act}", in_channel=f"inc-{number}").shows(f"INC-{number} is {before.status}")
            amina.sees_no_form()
        assert (world.incident(number), world.timeline(number)) == (before, known)


def test_the_form_asks_for_a_summary(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident resolve", in_channel="inc-1").is_silent()
    luis.form("Resolve INC-1").sends()
    acknowledged.channel("inc-1").card.shows("Resolved")
    luis.types("/incident update 1 Again").shows("`/incident reopen 1` reopens it")
    luis.types("/incident reopen 1")
    luis.card().clicks("Resolve")
    luis.form("Resolve INC-1").fills({"Summary": "Fresh again"}).sends()
    assert acknowledged.incident().summary == "Fresh again"
