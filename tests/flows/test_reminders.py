"""Clocks remind once whoever can meet them before they are due, tell all when they are late, and then are silent."""

from tests.flows.people import Someone
from tests.flows.world import World

DUE, LATE = "of INC-1 Scores are stale is due", "of INC-1 Scores are stale was due"


def test_the_lead_is_warned_once_and_a_breach_is_told_to_all_whom_it_concerns(
    acknowledged: World, luis: Someone, amina: Someone
) -> None:
    channel = acknowledged.channel("inc-1")
    acknowledged.passes(minutes=21, seconds=29)
    luis.does_not_see(f"First update {DUE}")
    acknowledged.passes(seconds=1)
    (warned,) = luis.told(f"First update {DUE}")
    warned.shows("is due 2026-03-02 19:30 UTC. 75% of the time has passed", "▰▰▰▰▰▰▰▱▱▱ 75%", "#inc-1", "sev2")
    channel.does_not_see("first update of INC-1")
    channel.card.shows("First update due 2026-03-02 19:30 UTC\n▰▰▰▰▰▰▰▱▱▱ 75%")
    assert "75% of first update used" in channel.topic
    acknowledged.passes(minutes=7, seconds=30)
    late = channel.sees("the first update of INC-1 was due 2026-03-02 19:30 UTC and is late")
    late.shows("@Luis Herrera and @Amina Otieno")
    acknowledged.passes(minutes=25)
    assert channel.counts("first update of INC-1") == 1
    assert [len(each.told(f"First update {DUE}")) for each in (luis, amina)] == [1, 0]
    assert [len(each.told(f"First update {LATE}")) for each in (luis, amina)] == [1, 1]
    amina.sees(f"First update {LATE}").shows("Lead: @Luis Herrera")
    kept = [(entry.what, entry.new) for entry in acknowledged.timeline() if "clock_" in entry.what]
    assert kept[1:] == [("clock_warned", "first_update"), ("clock_breached", "first_update")]


def test_the_reminder_has_the_button_that_meets_it(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=25)
    luis.sees(f"First update {DUE}").clicks("Write the update")
    luis.form("Update INC-1").fills({"Update": "Looking at the upstream table"}).sends()
    acknowledged.passes(minutes=10)
    acknowledged.channel("inc-1").does_not_see("and is late")


def test_every_update_starts_the_next_promise(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=9)
    luis.types("/incident update 1 Looking at it")
    acknowledged.passes(minutes=45)
    luis.sees(f"Update {DUE} 2026-03-02 20:10 UTC. 75%")
    luis.types("/incident update 1 Found it")
    acknowledged.passes(minutes=44)
    assert len(luis.told(f"Update {DUE}")) == 1
    acknowledged.passes(minutes=1)
    luis.sees(f"Update {DUE} 2026-03-02 20:55 UTC. 75%")


def test_nobody_is_reminded_after_the_end(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=5)
    luis.types("/incident resolve 1 Fresh again")
    told = len(acknowledged.channel("inc-1").messages)
    acknowledged.passes(days=2)
    assert len(acknowledged.channel("inc-1").messages) == told


def test_an_acknowledgement_that_is_late_is_said_to_those_paged(declared: World, luis: Someone) -> None:
    declared.passes(minutes=11, seconds=15)
    for each in (luis, declared.person("andres")):
        each.sees(f"Acknowledgement {DUE} 2026-03-02 19:15 UTC").shows("Lead: nobody yet")
    declared.passes(minutes=3, seconds=45)
    declared.channel("inc-1").sees("the acknowledgement of INC-1 was due 2026-03-02 19:15 UTC and is late")
    luis.sees(f"Acknowledgement {LATE}").clicks("Acknowledge")
    declared.channel("inc-1").sees("@Luis Herrera has it")
    luis.types("/incident sla 1").shows("🔴 Acknowledgement met late")
    luis.sees(f"Acknowledgement {DUE}").clicks("Acknowledge").shows("You already have it")


def test_mitigation_is_met_from_its_reminder_and_a_second_click_is_told_so(
    world: World, amina: Someone, luis: Someone
) -> None:
    amina.types("/incident declare sev1 churn-scoring Scores are stale")
    luis.types("/incident ack 1")
    for _ in range(4):
        world.passes(minutes=24)
        luis.types("/incident update 1 Still at it")
    luis.sees(f"Mitigation {DUE} 2026-03-02 21:00 UTC").clicks("Mitigated")
    world.channel("inc-1").card.shows("Monitoring")
    luis.sees(f"Mitigation {DUE}").clicks("Mitigated").shows("INC-1 is already monitoring")
    world.passes(minutes=25)
    luis.does_not_see(f"Mitigation {LATE}")


def test_a_warning_for_somebody_whom_slack_cannot_reach_stands_in_the_channel(
    acknowledged: World, luis: Someone
) -> None:
    acknowledged.stage.sandbox.deactivate(luis.id)
    acknowledged.passes(minutes=22)
    said = acknowledged.channel("inc-1").sees("@Luis Herrera: the first update of INC-1 is due 2026-03-02 19:30 UTC")
    assert said.labels == ["Write the update"]
    acknowledged.passes(minutes=10)
    assert acknowledged.channel("inc-1").counts("the first update of INC-1") == 2
