"""A page that nobody acknowledges climbs, repeats, and at the end says that nobody came."""

from tests.flows.people import Someone
from tests.flows.world import World

SECOND_LINE = ["wanjiru", "david", "andres", "valentina", "prakash", "anjali"]


def test_an_unacknowledged_page_climbs(declared: World, luis: Someone, andres: Someone, wanjiru: Someone) -> None:
    declared.passes(minutes=4, seconds=59)
    andres.does_not_see("You are paged")
    declared.passes(seconds=1)
    andres.sees("You are paged").shows("team MLOps Support, second line and Amina Otieno")
    luis.sees("You are paged")
    declared.channel("inc-1").sees("Paging @Andrés Pardo")
    declared.channel("inc-1").card.shows("Next, 2026-03-02 19:15 UTC: team MLOps Support, second line")
    declared.passes(minutes=10)
    wanjiru.sees("You are paged")
    assert [page.person for page in declared.incident().pages] == ["luis", "andres", *SECOND_LINE, "amina"]


def test_a_step_for_worse_severities_is_left_out(world: World, amina: Someone, wanjiru: Someone) -> None:
    amina.types("/incident declare sev3 churn-scoring Scores drift")
    world.passes(minutes=15)
    wanjiru.does_not_see("You are paged")
    assert [page.person for page in world.incident().pages] == ["luis", "andres", "luis"]


def test_the_path_is_repeated_and_the_earlier_page_gives_way(declared: World, luis: Someone) -> None:
    first = luis.sees("You are paged")
    declared.passes(minutes=30)
    first.now().shows("You were paged again for INC-1", "the newer message counts")
    assert luis.counts("You are paged for") == 1
    assert luis.sees("You are paged for").ts != first.ts


def test_a_path_that_has_run_out_says_so_everywhere(world: World, noor: Someone, luis: Someone, amina: Someone) -> None:
    noor.types("/incident declare sev3 churn-scoring Scores drift")
    world.passes(minutes=44)
    world.channel("inc-1").does_not_see("run out")
    world.passes(minutes=1)
    world.channel("inc-1").sees("the escalation path has run out").shows("@Amina Otieno, please take it")
    world.channel("inc-1").card.shows("Nobody has acknowledged and the escalation path has run out")
    luis.sees("Nobody acknowledged INC-1 Scores drift in time")
    luis.does_not_see("You are paged")
    world.passes(hours=2)
    assert len(world.incident().pages) == 6
    assert amina.counts("its escalation path has run out") == 1
    amina.sees("Please take it or find somebody in #inc-1-scores-drift").clicks("Acknowledge")
    world.channel("inc-1").card.shows("Acknowledged by @Amina Otieno")
    assert world.incident().lead == "amina"


def test_escalate_pages_the_next_step_now_and_waits_anew(
    declared: World, luis: Someone, andres: Someone, wanjiru: Someone
) -> None:
    declared.passes(minutes=4)
    luis.sees("You are paged").clicks("Escalate")
    andres.sees("You are paged")
    declared.passes(minutes=9)
    wanjiru.does_not_see("You are paged")
    luis.types("/incident escalate 1 We need more hands").shows("Paged", "@Wanjiru Kamau")
    wanjiru.sees("You are paged")
    asked = [entry for entry in declared.timeline() if entry.what == "escalated"]
    assert [(entry.by, entry.text) for entry in asked] == [("luis", ""), ("luis", "We need more hands")]


def test_what_is_acknowledged_can_be_escalated(acknowledged: World, luis: Someone, andres: Someone) -> None:
    luis.types("/incident escalate 1 Beyond me")
    page = andres.sees("You are paged")
    page.clicks("Acknowledge")
    assert acknowledged.incident().acknowledged_by == "andres"
    acknowledged.channel("inc-1").sees("@Andrés Pardo has it")
    assert acknowledged.incident().lead == "luis"


def test_a_path_that_had_run_out_starts_again_when_asked(world: World, amina: Someone, luis: Someone) -> None:
    amina.types("/incident declare sev3 churn-scoring Scores drift")
    world.passes(minutes=45)
    luis.does_not_see("You are paged")
    amina.types("/incident escalate 1")
    luis.sees("You are paged")


def test_a_resolved_incident_pages_nobody_any_more(declared: World, luis: Someone, andres: Someone) -> None:
    page = luis.sees("You are paged")
    declared.person("amina").types("/incident resolve 1 It was a late table")
    page.now().shows("INC-1 Scores are stale is resolved by @Amina Otieno", "Nothing is left to do here")
    declared.passes(hours=2)
    andres.does_not_see("paged")
    assert len(declared.incident().pages) == 1
