"""The work of a shift is handed over as a whole: asked for, filled in, questioned, accepted, and brought to mind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.policy.model import Policy
from tests.flows.people import Someone
from tests.flows.seen import Message
from tests.flows.world import World

CHANGE = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # of the first line, from Luis to Sita
ASKED = CHANGE - timedelta(minutes=30)


@pytest.fixture
def world(policy: Policy, database: str, no_faults_in_the_log: None) -> Iterator[World]:
    with World(policy, database, at=ASKED - timedelta(minutes=5)) as opened:
        yield opened


def handoff(reader: Someone) -> Message:
    return reader.sees("Handoff First line", in_channel="mlops-handoffs")


def test_it_is_asked_for_filled_in_questioned_and_accepted_and_the_leads_move_only_then(
    acknowledged: World, luis: Someone, sita: Someone, noor: Someone
) -> None:
    world = acknowledged
    noor.types("/incident declare sev3 churn-scoring Labels are late")
    world.passes(seconds=10)
    luis.sees("You are paged for INC-2").clicks("Acknowledge")
    world.reaches(ASKED)
    asked = luis.sees("You hand First line over 2026-03-03 02:00 UTC; @Sita Gurung comes")
    asked.shows("2 open incidents", "INC-1 Scores are stale", "Nobody has said where to start")
    asked.clicks("Complete the handoff")
    due = CHANGE + timedelta(hours=1)
    form = luis.form("Complete the handoff").fills(
        {
            "Start here": "INC-1: the rerun ends at 04:00",
            "To watch, one on a line": "The queue\n\nThe GPU pool",
            "Next action": "Rerun the scoring job",
            "By whom": sita.id,
            "Until when": due,
            "If … then": "If it fails, roll back",
        }
    )
    four = luis.form("Complete the handoff").fills({"To watch, one on a line": "a\nb\nc\nd"})
    four.is_refused("Name at most 3 things to watch", beside="To watch, one on a line")
    form.sends().shows("Kept for the handoff of First line")
    luis.types("/handoff complete").is_silent()
    luis.form("Complete the handoff").holds("Next action", "Rerun the scoring job").holds("Until when", due).closes()

    world.reaches(CHANGE)
    told = handoff(sita).shows("Start here: INC-1: the rerun ends at 04:00", "Watch\n• The queue\n• The GPU pool")
    told.shows("Next: Rerun the scoring job — @Sita Gurung — due 2026-03-03 03:00 UTC", "If it fails, roll back")
    told.clicks("Question")
    sita.form("Ask about INC-1").fills({"What do you want to know?": "Which job?"}).sends()
    question = luis.thread_of(told)[-1]
    question.shows("@Luis Herrera: @Sita Gurung asks about INC-1 Scores are stale\nWhich job?", "Mitigation due")
    handoff(sita).shows("❓ @Sita Gurung asks: Which job?")
    assert [world.incident(number).lead for number in (1, 2)] == ["luis", "luis"]

    handoff(sita).clicks("Accept").is_silent()
    assert [world.incident(number).lead for number in (1, 2)] == ["sita", "luis"]
    handoff(sita).shows("✅ Accepted by @Sita Gurung, 2026-03-03 02:00 UTC").clicks("Accept all")
    form = sita.form("Accept all").shows("1 open incident: yours from then on")
    form.fills({"In one sentence: what is worst, and what do you do next?": "INC-1 is worst; I rerun it"}).sends()
    assert [world.incident(number).lead for number in (1, 2)] == ["sita", "sita"]
    assert handoff(sita).shows("✅ @Sita Gurung took it", "INC-1 is worst; I rerun it").labels == []
    world.passes(minutes=20)
    sita.does_not_see("waits for you")


def test_what_is_declined_stays_with_whoever_had_it_and_the_leads_are_told(
    acknowledged: World, luis: Someone, sita: Someone, amina: Someone
) -> None:
    acknowledged.reaches(CHANGE)
    handoff(sita).clicks("Decline")
    sita.form("Decline INC-1").fills({"Why can you not take it?": "I know nothing of GPUs"}).sends()
    handoff(sita).shows("⛔ @Sita Gurung declined it: I know nothing of GPUs")
    handoff(luis).clicks("Add what is missing")
    luis.form("Complete the handoff").fills({"Next action": "Restart the pods; no GPU is needed"}).sends()
    handoff(sita).shows("⛔ @Sita Gurung declined it", "Next: Restart the pods; no GPU is needed — @Luis Herrera")
    assert luis.told("Sita Gurung declined INC-1")[-1].shows("it is still yours").labels == []
    amina.sees("@Sita Gurung declined INC-1").shows("@Luis Herrera still has it", "I know nothing of GPUs")
    assert acknowledged.incident().lead == "luis"
    handoff(sita).clicks("Accept")
    assert acknowledged.incident().lead == "sita"
    handoff(sita).clicks("Read back")
    label = "In one sentence: what is worst, and what do you do next?"
    sita.form("Read back").fills({label: "I took INC-1 after all"}).sends()
    assert handoff(sita).shows("I took INC-1 after all").labels == []


def test_the_acceptance_is_promised_and_can_be_met_from_its_reminder(
    acknowledged: World, luis: Someone, sita: Someone
) -> None:
    acknowledged.reaches(CHANGE)
    luis.types("/incident sla", "inc-1").shows("Acceptance due 2026-03-03 02:15 UTC")
    acknowledged.passes(minutes=12)
    warned = sita.sees("Acceptance of INC-1 Scores are stale is due 2026-03-03 02:15 UTC. 75% of the time")
    warned.clicks("Accept").is_silent()
    assert acknowledged.incident().lead == "sita"
    handoff(luis).shows("✅ Accepted by @Sita Gurung")
    told = luis.types("/incident timeline", "inc-1")
    told.shows("the shift changed: it waits until @Sita Gurung accepts it", "@Sita Gurung accepted it at the change")


def test_as_long_as_nobody_accepts_ever_more_people_are_told(
    acknowledged: World, sita: Someone, prakash: Someone, amina: Someone
) -> None:
    acknowledged.reaches(CHANGE)
    acknowledged.passes(minutes=4, seconds=59)
    sita.does_not_see("waits for you")
    acknowledged.passes(seconds=1)
    waits = sita.sees("The handoff of First line waits for you since 2026-03-03 02:00 UTC: 1 open incident")
    assert "/archives/" in str(waits.raw["blocks"])
    prakash.does_not_see("has not taken")
    acknowledged.passes(minutes=5)
    prakash.sees("@Sita Gurung has not taken the handoff of First line").shows("You are their backup")
    amina.does_not_see("has not taken")
    acknowledged.passes(minutes=5)
    amina.sees("has not taken the handoff").shows("@Luis Herrera still has 1 open incident", "You lead their team")
    acknowledged.passes(minutes=30)
    assert [person.counts("the handoff of First line") for person in (prakash, amina)] == [1, 1]
    waits.clicks("Accept all")
    sita.form("Accept all").sends()
    assert acknowledged.incident().lead == "sita"


def test_where_nobody_comes_those_who_go_keep_it_and_are_told(policy: Policy, database: str) -> None:
    layers = tuple(layer for layer in policy.schedules["l1"].layers if layer.name == "bogota")
    alone = policy.schedules["l1"].model_copy(update={"layers": layers})
    gappy = policy.model_copy(update={"schedules": {**policy.schedules, "l1": alone}})
    with World(gappy, database, at=ASKED) as world:
        luis, amina = world.person("luis"), world.person("amina")
        luis.types("/incident declare sev2 churn-scoring Scores are stale")
        luis.types("/incident ack 1")
        luis.types("/incident lead 1")
        world.reaches(CHANGE)
        told = handoff(luis).shows("Nobody is on call now. @Luis Herrera still has the open incidents")
        assert told.labels == []
        luis.sees("nobody comes after you").shows("You still have 1 open incident")
        amina.sees("Nobody is on call for First line now").clicks("Let somebody stand in")
        amina.form("Stand in").holds("Schedule", "First line").closes()
        assert world.incident().lead == "luis"


def test_it_is_shown_noted_and_begun_early(acknowledged: World, luis: Someone, sita: Someone, brian: Someone) -> None:
    brian.types("/handoff").shows("Which schedule?", "/handoff l1", "Known are l1 and l2")
    brian.types("/handoff note").shows("A note needs a text")
    brian.types("/handoff strat").shows("There is no `/handoff strat`", "Did you mean `/handoff start`?")
    brian.types("/handoff start l1").shows("Only whoever has the shift now", "@Luis Herrera")
    brian.types("/handoff l1 note The backfill runs until 6").shows("one note now")
    luis.types("/handoff note Ask <!channel> & co").shows("First line: 2 notes now")
    seen = luis.types("/handoff").shows("What First line would hand over now", "Comes: @Sita Gurung", "INC-1")
    seen.shows("The backfill runs until 6 (@Brian Kiprop", "Ask <!channel> & co")
    acknowledged.passes(minutes=1)
    luis.types("/handoff start").shows("The handoff of First line goes to @Sita Gurung in #mlops-handoffs")
    told = handoff(sita).shows("Handed over early: the shift changes 2026-03-03 02:00 UTC", "The backfill runs until 6")
    luis.types("/handoff start").shows("This shift has been handed over already")
    sita.home().shows("Waits for me to take it", "Handoff First line from @Luis Herrera")
    told.clicks("Accept")
    assert acknowledged.incident().lead == "sita"
    acknowledged.reaches(CHANGE)
    assert sita.counts("Handoff First line", in_channel="mlops-handoffs") == 1
    luis.does_not_see("You hand First line over")
    sita.types("/handoff history l1").shows("Handoffs of First line in the last 30 days: 1", "never without an owner")


def test_the_lead_of_one_incident_is_handed_over_alone(
    acknowledged: World, luis: Someone, sita: Someone, brian: Someone
) -> None:
    brian.types("/incident handoff 1 @sita").shows("@Luis Herrera leads INC-1; only they can hand it over")
    luis.types("/incident handoff 1 @nobody").shows("There is no person “nobody”")
    luis.types("/incident handoff 1 @sita").shows("@Sita Gurung is asked", "Until then @Luis Herrera leads it")
    channel = acknowledged.channel("inc-1")
    channel.sees("@Luis Herrera asks @Sita Gurung to take the lead. Until then @Luis Herrera has it")
    sita.sees("asks you to take the lead of INC-1").clicks("Can't take it")
    channel.sees("@Sita Gurung can't take the lead. @Luis Herrera, it is still yours")
    luis.types("/incident handoff 1 @sita")
    acknowledged.passes(minutes=5)
    channel.sees("@Sita Gurung has not answered whether they take the lead. @Luis Herrera, it is still yours")
    offer = sita.sees("asks you to take the lead of INC-1")
    assert acknowledged.incident().lead == "luis"
    offer.clicks("Accept")
    assert offer.now().shows("✅ You lead INC-1 now").labels == []
    assert acknowledged.incident().lead == "sita"
    channel.sees("@Sita Gurung took the lead over from @Luis Herrera.")
    luis.types("/incident timeline 1").shows("@Sita Gurung can't take the lead from @Luis Herrera")


def test_what_has_no_room_is_told_in_the_thread_once(acknowledged: World, luis: Someone, sita: Someone) -> None:
    for number in range(6):
        luis.types(f"/handoff note The queue {number} is long")
    acknowledged.stage.sandbox.faults.add("chat.postMessage", "lost_reply", times=3)
    acknowledged.reaches(CHANGE)
    acknowledged.passes(minutes=2)
    told = handoff(sita).shows("1 open incident", "The queue 5 is long").does_not_show("The queue 0 is long")
    first, last = sita.thread_of(told)
    first.shows("1 open incident, worst first: 1 to 1", "INC-1 Scores are stale")
    last.shows("The shift as a whole", "The queue 0 is long", "The queue 5 is long")
    assert sita.counts("Handoff First line", in_channel="mlops-handoffs") == 1


def test_where_the_channel_is_archived_it_arrives_with_the_team_and_says_so(
    acknowledged: World, luis: Someone, sita: Someone, noor: Someone
) -> None:
    workspace = acknowledged.stage.sandbox.workspace
    with workspace.lock:
        workspace.archive(workspace.channels[acknowledged.channel_id("mlops-handoffs")], noor.id)
    acknowledged.reaches(CHANGE)
    told = sita.sees("Handoff First line", in_channel="mlops-support")
    told.shows("could not be posted in #mlops-handoffs: Slack says is_archived", "INC-1 Scores are stale")
    for person in (luis, sita):
        assert len(person.told("could not be posted in #mlops-handoffs")) == 1
    told.clicks("Accept")
    assert acknowledged.incident().lead == "sita"
    told.now().shows("✅ @Sita Gurung took it")


def test_whoever_has_left_slack_is_named_in_the_thread(acknowledged: World, luis: Someone, sita: Someone) -> None:
    acknowledged.stage.sandbox.deactivate(sita.id)
    acknowledged.reaches(CHANGE)
    acknowledged.passes(minutes=5)
    named = luis.thread_of(handoff(luis))[-1]
    named.shows("@Sita Gurung could not be told of this handoff: their Slack account is deactivated", "@Amina Otieno")
