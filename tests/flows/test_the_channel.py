"""Each incident has a channel: its card first and pinned, its topic, its bookmarks, and the people it concerns."""

from tests.flows.people import Someone
from tests.flows.world import World

SUPPORT = {"amina", "brian", "luis", "camila", "sita", "bikash"}


def test_the_channel_is_named_for_the_number_and_the_title(world: World, amina: Someone) -> None:
    amina.types("/incident declare sev2 churn-scoring Scores are stale: Ñandú & Bogotá!")
    assert world.incident_channels() == ["inc-1-scores-are-stale-nandu-bogota"]
    assert world.incident().channel_name == "inc-1-scores-are-stale-nandu-bogota"


def test_a_very_long_title_still_makes_a_channel(world: World, amina: Someone) -> None:
    amina.types("/incident declare sev2 churn-scoring " + "All of the scores are stale " * 12)
    (name,) = world.incident_channels()
    assert name.startswith("inc-1-all-of-the-scores") and len(name) <= 80


def test_the_name_of_a_channel_that_stands_already_is_left_to_it(world: World, amina: Someone, noor: Someone) -> None:
    world.has_a_channel("inc-1-scores-are-stale", of=noor)
    amina.types("/incident declare sev2 churn-scoring Scores are stale")
    theirs, ours = sorted(world.incident_channels())
    assert theirs == "inc-1-scores-are-stale" and ours.startswith("inc-1-scores-are-stale-")
    assert world.incident().channel_name == ours
    world.channel(ours).card.shows("Scores are stale")


def test_the_card_is_the_first_message_and_pinned_and_the_links_are_bookmarks(declared: World) -> None:
    card = declared.channel("inc-1").card
    card.shows("INC-1 · Major (sev2)", "Scores are stale", "Triage", "Churn scoring (Acme Telecom)", "nobody yet")
    card.shows("2026-03-02 19:00 UTC by @Amina Otieno", "Acknowledgement due 2026-03-02 19:15 UTC")
    assert card.is_pinned
    marks = declared.channel("inc-1").bookmarks
    assert marks["Dashboard"] == "https://grafana.example.com/d/churn"
    assert list(marks) == ["Dashboard", "Logs", "Changes", "Jobs", "Data", "Contacts"]
    assert card.labels == ["Update", "Status", "Severity", "Take the lead", "Runbook", "Page somebody", "Resolve"]


def test_the_card_is_edited_and_never_posted_again_and_the_topic_follows(declared: World, luis: Someone) -> None:
    before, channel = declared.channel("inc-1").card, declared.channel("inc-1")
    assert channel.topic == "🟠 Major (sev2) · Triage · Lead: nobody yet · Scores are stale"
    luis.types("/incident ack 1")
    assert channel.topic == "🟠 Major (sev2) · Investigating · Lead: Luis Herrera · Scores are stale"
    luis.types("/incident severity 1 sev3")
    assert channel.topic.startswith("🟡 Minor (sev3) · Investigating")
    luis.types("/incident resolve 1 Fresh again")
    assert "Minor (sev3) · Resolved" in channel.topic
    after = before.now().shows("Minor (sev3)", "Resolved", "@Luis Herrera", "Fresh again")
    assert after.ts == declared.channel("inc-1").card.ts
    assert after.labels == ["Reopen", "Close"]
    assert declared.channel("inc-1").counts("INC-1 · Minor (sev3)") == 1


def test_whoever_it_concerns_is_asked_in(world: World, noor: Someone, prakash: Someone) -> None:
    noor.types("/incident declare sev2 churn-scoring Scores are stale")
    assert world.channel("inc-1").members == SUPPORT | {"noor"}
    world.passes(minutes=5)
    assert world.channel("inc-1").members == SUPPORT | {"noor", "andres"}
    prakash.types("/incident ack 1")
    prakash.types("/incident role scribe @wanjiru", in_channel="inc-1")
    assert world.channel("inc-1").members == SUPPORT | {"noor", "andres", "prakash", "wanjiru"}
