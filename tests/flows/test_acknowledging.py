"""“I have it”: by the page, the command or anybody; the pages of the others say who took it."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_a_page_asks_with_all_that_one_needs(declared: World, luis: Someone) -> None:
    page = luis.sees("You are paged for INC-1")
    page.shows("Scores are stale", "Churn scoring (Acme Telecom)", "Major (sev2)", "Since 2026-03-02 19:00 UTC")
    page.shows("declared by @Amina Otieno", "Work on it in #inc-1-scores-are-stale", "whoever is on call for Second")
    page.shows("First step (Predictions are stale)", "Open https://jobs.example.com/churn-scoring and find the last")
    assert page.labels == ["Acknowledge", "Escalate", "Can't take it"]
    assert page.notification.startswith("You are paged: INC-1 Scores are stale")


def test_the_page_is_acknowledged_by_its_button(declared: World, luis: Someone) -> None:
    declared.passes(minutes=3)
    page = luis.sees("You are paged")
    page.clicks("Acknowledge").is_silent()
    page.now().shows("✅ You took INC-1 Scores are stale, 2026-03-02 19:03 UTC")
    assert page.now().labels == []
    declared.channel("inc-1").sees("@Luis Herrera has it")
    declared.channel("inc-1").card.shows("Investigating", "Acknowledged by @Luis Herrera")
    taken = declared.incident()
    assert (taken.acknowledged_by, taken.lead, taken.acknowledged_at) == ("luis", "luis", declared.now)


def test_it_is_acknowledged_by_the_command_and_the_page_knows(declared: World, luis: Someone) -> None:
    page = luis.sees("You are paged")
    luis.types("/incident ack", in_channel="inc-1").shows("You have INC-1")
    page.now().shows("You took INC-1")


def test_somebody_who_was_not_paged_may_take_it(declared: World, luis: Someone, brian: Someone) -> None:
    page = luis.sees("You are paged")
    brian.types("/incident acknowledge 1").shows("You have INC-1")
    page.now().shows("@Brian Kiprop took INC-1 Scores are stale")
    assert declared.incident().lead == "brian"


def test_pages_of_others_say_who_took_it(declared: World, luis: Someone, andres: Someone) -> None:
    declared.passes(minutes=6)
    andres.sees("You are paged").shows("Also paged: @Luis Herrera").clicks("Acknowledge")
    luis.sees("@Andrés Pardo took INC-1")
    luis.does_not_see("You are paged")


def test_who_cannot_take_it_moves_it_on_at_once(declared: World, luis: Someone, andres: Someone) -> None:
    declared.passes(minutes=1)
    page = luis.sees("You are paged")
    page.clicks("Can't take it")
    page.now().shows("You can't take INC-1")
    andres.sees("You are paged for INC-1")
    declared.channel("inc-1").sees("@Luis Herrera can't take it")
    declared.passes(minutes=89)
    assert [page.person for page in declared.incident().pages].count("luis") == 1


def test_one_of_several_may_decline_and_the_others_still_answer(world: World, amina: Someone) -> None:
    amina.types("/incident declare sev2 gpu-cluster No GPU is free")
    luis, mateo, andres = world.person("luis"), world.person("mateo"), world.person("andres")
    luis.sees("You are paged").shows("Also paged: @Mateo Silva").clicks("Can't take it")
    andres.does_not_see("You are paged")
    mateo.sees("You are paged").clicks("Can't take it")
    andres.sees("You are paged")


def test_an_acknowledgement_ends_the_escalation_and_its_clock(acknowledged: World, andres: Someone) -> None:
    acknowledged.passes(minutes=20)
    andres.does_not_see("paged")
    assert [page.person for page in acknowledged.incident().pages] == ["luis"]
    acknowledged.channel("inc-1").does_not_see("the acknowledgement of INC-1")
    (met,) = [entry for entry in acknowledged.timeline() if entry.what == "clock_met"]
    assert (met.new, met.text) == ("acknowledge", "in time")


def test_taking_what_somebody_has_is_told_kindly(declared: World, luis: Someone, brian: Someone) -> None:
    page = luis.sees("You are paged")
    brian.types("/incident ack 1")
    before = declared.timeline()
    brian.types("/incident ack 1").shows("You already have it")
    declared.puts_back(page)
    page.clicks("Acknowledge").shows("@Brian Kiprop already has it")
    assert declared.timeline() == before
