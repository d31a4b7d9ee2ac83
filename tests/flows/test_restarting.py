"""A bot that was stopped takes up what was open: messages, escalations, reminders and shifts."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_what_slack_had_not_taken_yet_is_completed(world: World, amina: Someone, luis: Someone) -> None:
    world.stage.sandbox.faults.add("conversations.create", "500")
    amina.types("/incident declare sev2 churn-scoring Scores are stale")
    assert world.incident_channels() == []
    world.stops_the_bot()
    world.jumps(minutes=1)
    world.starts_the_bot()
    world.channel("inc-1").card.shows("Scores are stale", "Triage")
    world.channel("inc-1").sees("Runbooks that may help")
    assert {"amina", "luis"} <= world.channel("inc-1").members
    assert luis.counts("You are paged") == 1
    luis.sees("You are paged").shows("Work on it in #inc-1-scores-are-stale")


def test_a_restart_posts_nothing_again(acknowledged: World, luis: Someone) -> None:
    before = [message.ts for message in luis.messages()]
    acknowledged.stops_the_bot()
    acknowledged.starts_the_bot()
    assert [message.ts for message in luis.messages()] == before


def test_an_escalation_goes_on_after_a_restart(declared: World, andres: Someone, wanjiru: Someone) -> None:
    declared.passes(minutes=3)
    declared.stops_the_bot()
    declared.jumps(minutes=1)
    declared.starts_the_bot()
    andres.does_not_see("You are paged")
    declared.passes(minutes=1)
    andres.sees("You are paged")
    declared.stops_the_bot()
    declared.jumps(minutes=12)
    declared.starts_the_bot()
    wanjiru.sees("You are paged")
    assert [page.person for page in declared.incident().pages].count("andres") == 2


def test_buttons_and_forms_from_before_a_restart_still_work(declared: World, luis: Someone, amina: Someone) -> None:
    page = luis.sees("You are paged")
    amina.card().clicks("Update")
    form = amina.form("Update INC-1").fills({"Update": "Somebody is coming"})
    declared.stops_the_bot()
    declared.starts_the_bot()
    page.clicks("Acknowledge")
    form.sends()
    declared.channel("inc-1").card.shows("Acknowledged by @Luis Herrera", "Somebody is coming")


def test_a_reminder_that_fell_due_meanwhile_comes_once(acknowledged: World, luis: Someone) -> None:
    acknowledged.stops_the_bot()
    acknowledged.jumps(minutes=25)
    acknowledged.starts_the_bot()
    assert len(luis.told("First update of INC-1 Scores are stale is due")) == 1
    acknowledged.passes(minutes=5)
    assert acknowledged.channel("inc-1").counts("the first update of INC-1 was due") == 1


def test_a_bot_that_was_down_for_two_days_says_so_once(acknowledged: World, luis: Someone, sita: Someone) -> None:
    told = len(acknowledged.channel("inc-1").messages)
    acknowledged.stops_the_bot()
    acknowledged.jumps(days=2, hours=8)
    acknowledged.starts_the_bot()
    new = [message.text for message in acknowledged.channel("inc-1").messages[told:]]
    for clock in ("first update", "mitigation", "resolution"):
        assert sum(f"the {clock} of INC-1" in text for text in new) == 1, new
    assert sum("It has been silent for too long" in text for text in new) == 1
    assert len(new) == 4
    sita.sees("You are paged for INC-1")
    luis.does_not_see("You are paged for INC-1")
    assert sita.counts("Handoff First line", in_channel="mlops-handoffs") == 1
    sita.sees("Handoff First line").shows("Goes: @Luis Herrera", "Comes: @Sita Gurung", "INC-1 Scores are stale")


def test_a_shift_that_changed_meanwhile_is_handed_over(world: World, sita: Someone) -> None:
    world.stops_the_bot()
    world.jumps(hours=7, minutes=5)
    world.starts_the_bot()
    sita.sees("Handoff First line").shows("Comes: @Sita Gurung").clicks("Accept")
    sita.sees("@Sita Gurung took it")
