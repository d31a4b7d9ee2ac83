"""How bad it is can change; the clocks change with it."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_raising_counts_from_the_declaration(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=4)
    luis.types("/incident severity 1 sev1 Customers are harmed").shows("INC-1 is Critical (sev1) now")
    told = acknowledged.channel("inc-1").sees("changed the severity")
    told.shows("@Luis Herrera changed the severity from Major (sev2) to Critical (sev1)", "Customers are harmed")
    shown = luis.types("/incident sla 1")
    shown.shows("First update due 2026-03-02 19:15 UTC", "Mitigation due 2026-03-02 21:00 UTC")
    shown.shows("Resolution due 2026-03-03 03:00 UTC", "✅ Acknowledgement met")


def test_lowering_counts_from_now(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=9)
    luis.types("/incident severity 1 sev3 There is a fallback").shows("Minor (sev3)")
    shown = luis.types("/incident sla 1").shows("First update due 2026-03-02 23:10 UTC (4 h allowed)")
    shown.shows("➖ Mitigation no longer counts")
    acknowledged.channel("inc-1").card.shows("INC-1 · Minor (sev3)")


def test_raising_past_a_promise_says_at_once_that_it_is_late(declared: World, amina: Someone) -> None:
    declared.passes(minutes=8)
    amina.types("/incident severity 1 sev1")
    declared.passes(seconds=1)
    declared.channel("inc-1").sees("the acknowledgement of INC-1 was due 2026-03-02 19:05 UTC and is late")


def test_a_worse_severity_lets_the_path_reach_more_people(world: World, amina: Someone, wanjiru: Someone) -> None:
    amina.types("/incident declare sev3 churn-scoring Scores drift")
    amina.types("/incident severity 1 sev2")
    world.passes(minutes=15)
    wanjiru.sees("You are paged").shows("Major (sev2)")


def test_the_form_holds_the_present_severity(acknowledged: World, luis: Someone) -> None:
    luis.card().clicks("Severity")
    form = luis.form("Severity of INC-1").holds("Severity", "🟠 Major (sev2)")
    form.fills({"Severity": "Low", "Reason": "A test table"}).sends()
    acknowledged.channel("inc-1").sees("to Low (sev4)").shows("A test table")
    luis.types("/incident severity", in_channel="inc-1").is_silent()
    luis.form("Severity of INC-1").is_refused("INC-1 is already sev4", beside="Severity")
