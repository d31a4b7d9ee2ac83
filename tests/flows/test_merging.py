"""Two incidents that are the same trouble: one ends, and everybody goes on in the other."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_it_is_merged_and_goes_on_in_the_other(
    acknowledged: World, amina: Someone, luis: Someone, priya: Someone
) -> None:
    world = acknowledged
    world.passes(minutes=9)
    priya.types("/incident declare sev2 churn-scoring The upstream table is late")
    luis.types("/incident role scribe @priya", in_channel="inc-1")
    page = luis.sees("You are paged for INC-2")
    luis.types("/incident merge 2 The same table", in_channel="inc-1").shows(
        "INC-1 is merged into INC-2 The upstream table is late; it goes on in #inc-2-the-upstream-table-is-late"
    )
    ended = world.channel("inc-1")
    ended.sees("@Luis Herrera merged it into INC-2").shows("#inc-2-the-upstream-table-is-late", "The same table")
    ended.card.shows("🔀 Merged", "into INC-2 The upstream table is late; it goes on in #inc-2")
    assert ended.card.labels == []
    assert "Merged" in ended.topic
    world.channel("incidents").sees("INC-1 Scores are stale").shows("Merged")
    goes_on = world.channel("inc-2")
    told = goes_on.sees("merged INC-1 Scores are stale into this").shows("#inc-1-scores-are-stale", "The same table")
    told.shows("@Luis Herrera has it", "Due anew: First update 2026-03-02 19:30 UTC, Mitigation 2026-03-02 23:00 UTC")
    goes_on.card.shows("2026-03-02 19:00 UTC as INC-1", "Merged in", "Acknowledged by @Luis Herrera")
    page.now().shows("took")
    assert {"luis", "priya"} <= goes_on.members
    assert world.incident(2).lead == "luis"
    luis.types("/incident list").shows("Open incidents: 1").does_not_show("INC-1 ")
    luis.types("/incident show 1").shows("into INC-2 The upstream table is late")
    luis.types("/incident timeline 1").shows("@Luis Herrera merged it into INC-2: The same table")
    luis.types("/incident timeline 2").shows("@Luis Herrera merged INC-1 into this: Scores are stale")
    luis.types("/incident sla explain 2").shows("it counts from the declaration of INC-1, which was merged into this")
    luis.types("/incident reopen 1").shows("INC-1 was merged into INC-2; work on that one, or declare a new one")
    world.passes(hours=3)
    ended.does_not_see("is due")


def test_the_form_asks_into_which(declared: World, amina: Someone, luis: Someone) -> None:
    luis.types("/incident merge", in_channel="inc-1").shows("No other incident is open")
    luis.types("/incident merge 1 1").shows("INC-1 cannot be merged into itself")
    amina.types("/incident declare sev3 churn-scoring The table is late")
    amina.types("/incident declare sev3 churn-scoring Labels are late")
    luis.types("/incident", in_channel="inc-1").clicks("Merge INC-1").is_silent()
    form = luis.form("Merge INC-1")
    assert form.choices("Into which incident?") == ["INC-3 Labels are late", "INC-2 The table is late"]
    amina.types("/incident resolve 2 It came")
    form.fills({"Into which incident?": "INC-2 The table is late"})
    form.is_refused("INC-2 is resolved. Reopen it first", beside="Into which incident?")
    assert declared.incident(1).is_open
    form.fills({"Into which incident?": "INC-3 Labels are late", "Why?": "One job"}).sends()
    declared.channel("inc-3").sees("merged INC-1 Scores are stale into this").shows("One job")
    luis.types("/incident update 1 Again").shows("INC-1 was merged into INC-3")
    luis.types("/incident merge", in_channel="inc-1").shows("INC-1 was merged into INC-3")
    luis.types("/incident merge").shows("Which incident?")
    luis.types("/incident merge 3 into 33").shows("no incident INC-33", "Did you mean INC-3?")
    luis.types("/incident status 3 merged").shows("Say into which incident: `/incident merge N`")
