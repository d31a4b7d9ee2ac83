"""Runbooks are offered with the reason why, and walked one step at a time in the channel."""

import pytest

from tests.flows.people import Someone
from tests.flows.seen import Message
from tests.flows.world import World


@pytest.fixture
def started(acknowledged: World) -> World:
    """The world in which Luis has started “Predictions are stale”."""
    acknowledged.person("luis").sees("Runbooks that may help").clicks("Start").is_silent()
    return acknowledged


def run(world: World, title: str = "Predictions are stale ·") -> Message:
    return world.channel("inc-1").sees(title)


def test_those_that_apply_are_offered_with_the_reason(declared: World) -> None:
    offer = declared.channel("inc-1").sees("Runbooks that may help with INC-1")
    first = "📖 Predictions are stale (8 steps)\nbecause churn-scoring is batch-inference and the title says “stale”"
    assert offer.text.splitlines()[1:3] == first.splitlines()
    assert set(offer.labels) == {"Start"}


def test_it_starts_with_the_first_step_and_the_whole_list(started: World) -> None:
    shown = run(started).shows("1 of 8", "▶ Step 1", "Open https://jobs.example.com/churn-scoring", "Expect:")
    shown.shows("It ended within the last 24 hours", "▫️", "Started 2026-03-02 19:01 UTC by @Luis Herrera")
    assert shown.labels == ["Done", "Skip", "Failed"]
    assert [entry.new for entry in started.timeline() if entry.what == "runbook_started"] == ["stale-predictions"]


def test_steps_are_ticked_off_and_an_answer_leads_to_its_step(started: World, luis: Someone) -> None:
    started.passes(minutes=2)
    luis.sees("Predictions are stale ·").clicks("Done").is_silent()
    run(started).shows("2 of 8", "✅", "(@Luis Herrera, 2026-03-02 19:03 UTC)", "What does the newest run look")
    assert run(started).labels == ["Failed", "Running", "Never started", "Fine", "Skip"]
    luis.sees("Predictions are stale ·").clicks("Fine")
    shown = run(started).shows("→ fine (@Luis Herrera", "▶ Step 7", "Do the customers' tables and dashboards show")
    assert shown.labels == ["Yes", "No", "Skip"]
    luis.sees("Predictions are stale ·").clicks("Yes")
    assert run(started).shows("finished, 3 done").labels == []
    kept = [(entry.old, entry.new, entry.text) for entry in started.timeline() if entry.what == "runbook_step"]
    assert kept == [("last-run", "done", ""), ("state", "done", "fine"), ("consumer", "done", "yes")]


def test_a_step_is_skipped_with_a_reason(started: World, luis: Someone) -> None:
    luis.sees("Predictions are stale ·").clicks("Skip")
    form = luis.form("Skip this step")
    form.fills({"Why is it skipped?": "The dashboard is down & slow"}).sends()
    run(started).shows("2 of 8", "⏭️", "→ The dashboard is down & slow")


def test_a_button_of_a_step_that_is_past_changes_nothing(started: World, luis: Someone) -> None:
    old = luis.sees("Predictions are stale ·")
    old.clicks("Failed")
    run(started).shows("❌", "2 of 8")
    before = started.timeline()
    started.puts_back(old)
    old.clicks("Done").shows("That step has been dealt with already")
    assert started.timeline() == before


def test_two_are_walked_side_by_side_until_the_end(started: World, brian: Someone, luis: Someone) -> None:
    brian.types("/incident runbook data drift", in_channel="inc-1").shows("Input data has drifted")
    brian.sees("Input data has drifted ·").clicks("Done")
    run(started).shows("1 of 8")
    run(started, "Input data has drifted ·").shows("2 of 8")
    luis.types("/incident runbook 1 stale-predictions").shows("“Predictions are stale” is already open")
    luis.types("/incident resolve 1 Fresh again")
    offered = luis.types("/incident runbook", in_channel="inc-1").shows("A pipeline task failed")
    offered.clicks("Start", nth=2).shows("INC-1 is resolved")


def test_the_button_of_the_card_offers_them_to_the_asker(declared: World, brian: Someone) -> None:
    brian.card().clicks("Runbook").shows("Runbooks that may help with INC-1").clicks("Start", nth=1)
    declared.channel("inc-1").sees("Input data has drifted · 1 of 8")
