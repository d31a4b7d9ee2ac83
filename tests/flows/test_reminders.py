"""Clocks remind once before they are due and once when they are late, and fall silent when they are met."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_the_first_update_is_asked_for_twice_and_no_more(acknowledged: World) -> None:
    channel = acknowledged.channel("inc-1")
    acknowledged.passes(minutes=21, seconds=29)
    channel.does_not_see("first update")
    acknowledged.passes(seconds=1)
    channel.sees("@Luis Herrera: the first update of INC-1 is due 2026-03-02 19:30 UTC. 75% of the time has passed")
    acknowledged.passes(minutes=7, seconds=30)
    late = channel.sees("the first update of INC-1 was due 2026-03-02 19:30 UTC and is late")
    late.shows("@Luis Herrera and @Amina Otieno")
    acknowledged.passes(minutes=25)
    assert channel.counts("first update of INC-1") == 2
    kept = [(entry.what, entry.new) for entry in acknowledged.timeline() if "clock_" in entry.what]
    assert kept[1:] == [("clock_warned", "first_update"), ("clock_breached", "first_update")]


def test_the_reminder_has_the_button_that_meets_it(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=25)
    luis.sees("the first update of INC-1 is due").clicks("Write the update")
    luis.form("Update INC-1").fills({"Update": "Looking at the upstream table"}).sends()
    acknowledged.passes(minutes=10)
    acknowledged.channel("inc-1").does_not_see("and is late")


def test_every_update_starts_the_next_promise(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=9)
    luis.types("/incident update 1 Looking at it")
    acknowledged.passes(minutes=45)
    acknowledged.channel("inc-1").sees("the update of INC-1 is due 2026-03-02 20:10 UTC. 75%")
    luis.types("/incident update 1 Found it")
    acknowledged.passes(minutes=44)
    assert acknowledged.channel("inc-1").counts("the update of INC-1 is due") == 1
    acknowledged.passes(minutes=1)
    acknowledged.channel("inc-1").sees("the update of INC-1 is due 2026-03-02 20:55 UTC. 75%")


def test_nobody_is_reminded_after_the_end(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=5)
    luis.types("/incident resolve 1 Fresh again")
    told = len(acknowledged.channel("inc-1").messages)
    acknowledged.passes(days=2)
    assert len(acknowledged.channel("inc-1").messages) == told


def test_an_acknowledgement_that_is_late_is_said_to_those_paged(declared: World, luis: Someone) -> None:
    declared.passes(minutes=11, seconds=15)
    warned = declared.channel("inc-1").sees("the acknowledgement of INC-1 is due 2026-03-02 19:15 UTC")
    warned.shows("@Luis Herrera and @Andrés Pardo")
    declared.passes(minutes=3, seconds=45)
    declared.channel("inc-1").sees("the acknowledgement of INC-1 was due 2026-03-02 19:15 UTC and is late")
    luis.sees("the acknowledgement of INC-1 was due").clicks("Acknowledge")
    declared.channel("inc-1").sees("@Luis Herrera has it")
    luis.types("/incident sla 1").shows("🔴 Acknowledgement met late")


def test_mitigation_is_met_from_its_reminder(world: World, amina: Someone, luis: Someone) -> None:
    amina.types("/incident declare sev1 churn-scoring Scores are wrong")
    luis.types("/incident ack 1")
    for _ in range(4):
        world.passes(minutes=24)
        luis.types("/incident update 1 Still at it")
    luis.sees("the mitigation of INC-1 is due 2026-03-02 21:00 UTC").clicks("Mitigated")
    world.channel("inc-1").card.shows("Monitoring")
    world.passes(minutes=25)
    world.channel("inc-1").does_not_see("the mitigation of INC-1 was due")
