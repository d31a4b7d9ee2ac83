"""Acknowledged and then silent: the path starts again from its first step."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_silence_after_an_acknowledgement_pages_again(acknowledged: World, luis: Someone, andres: Someone) -> None:
    acknowledged.passes(minutes=59)
    luis.does_not_see("You are paged")
    acknowledged.passes(minutes=1)
    acknowledged.channel("inc-1").sees("It has been silent for too long since @Luis Herrera acknowledged")
    luis.sees("You are paged")
    acknowledged.passes(minutes=5)
    andres.sees("You are paged").clicks("Acknowledge")
    assert acknowledged.incident().acknowledged_by == "andres"
    assert acknowledged.incident().lead == "luis"


def test_any_word_from_a_person_breaks_the_silence(acknowledged: World, luis: Someone, brian: Someone) -> None:
    acknowledged.passes(minutes=40)
    brian.types("/incident note 1 The table is there now")
    acknowledged.passes(minutes=59)
    luis.does_not_see("You are paged")
    acknowledged.passes(minutes=1)
    luis.sees("You are paged")


def test_a_mitigated_or_a_low_incident_may_be_silent(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident status 1 monitoring")
    acknowledged.passes(hours=3)
    luis.does_not_see("You are paged")
    luis.types("/incident declare sev4 churn-training A run was slow")
    luis.types("/incident ack 2")
    acknowledged.passes(hours=3)
    luis.does_not_see("You are paged")
