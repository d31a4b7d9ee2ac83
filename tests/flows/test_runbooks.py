"""Runbooks are offered with the reason why, and walked one step at a time in the channel."""

from typing import Any

import pytest

from bot.policy.model import Policy
from tests.flows.people import Someone
from tests.flows.seen import Message
from tests.flows.world import World

BESIDES = ["Assign…", "Add evidence…", "Stop the runbook"]
BOOKS: dict[str, Any] = {
    "stale": {
        "title": "Predictions are stale",
        "owner": "support",
        "reviewed": "2026-02-01",
        "applies_to": {"kinds": ["batch-inference"]},
        "steps": [
            {"id": "last-run", "do": "Open {{ service.links.jobs }}.", "expect": "Ended within 24 hours."},
            {"id": "state", "ask": "How is it?", "answers": {"never started": "start", "fine": "consumer"}},
            {"id": "start", "do": "Start the run by hand, once."},
            {"id": "consumer", "ask": "Do tables show the new scores?", "answers": {"yes": "end", "no": "held"}},
            {"id": "held", "do": "Say how old they are."},
        ],
    },
    "drift": {
        "title": "Input data has drifted",
        "applies_to": {"kinds": ["batch-inference"]},
        "steps": [{"id": "which", "do": "List the features."}, {"id": "tell", "do": "Open a ticket."}],
    },
}


@pytest.fixture(scope="module")
def policy(policy: Policy) -> Policy:
    """The sample configuration with two short runbooks, whose words do not change."""
    books = Policy.model_validate({"runbooks": {key: {"id": key, **book} for key, book in BOOKS.items()}}).runbooks
    return policy.model_copy(update={"runbooks": books})


@pytest.fixture
def started(acknowledged: World) -> World:
    """The world in which Luis has started “Predictions are stale”."""
    acknowledged.person("luis").sees("Runbooks that may help").clicks("Start").is_silent()
    return acknowledged


def run(world: World, title: str = "Predictions are stale ·") -> Message:
    return world.channel("inc-1").sees(title)


def test_those_that_apply_are_offered_with_the_reason(declared: World) -> None:
    offer = declared.channel("inc-1").sees("Runbooks that may help with INC-1")
    first = "📖 Predictions are stale (5 steps)\nbecause kind is batch-inference and the title says “stale”"
    assert offer.text.splitlines()[1:3] == first.splitlines()
    offer.shows("Input data has drifted (2 steps · ⚠️ never reviewed)")
    assert offer.labels == ["Start", "Start", "Set the category"]


def test_it_starts_with_the_first_step_and_the_whole_list(started: World) -> None:
    shown = run(started).shows("1 of 5", "▶ Step 1", "Open https://jobs.example.com/churn-scoring", "Expect:")
    shown.shows("Ended within 24 hours", "Owner: MLOps Support", "reviewed 2026-02-01")
    shown.shows("▫️ 2. How is it?", "Started 2026-03-02 19:01 UTC by @Luis Herrera")
    assert shown.labels == ["Done", "Skip", "Failed", *BESIDES]
    assert [entry.new for entry in started.timeline() if entry.what == "runbook_started"] == ["stale"]


def test_steps_are_ticked_off_and_an_answer_leads_to_its_step(started: World, luis: Someone) -> None:
    started.passes(minutes=2)
    luis.sees("Predictions are stale ·").clicks("Done").is_silent()
    run(started).shows("2 of 5", "✅", "(@Luis Herrera, 2026-03-02 19:03 UTC)", "How is it?")
    assert run(started).labels == ["Never started", "Fine", "Skip", *BESIDES]
    luis.sees("Predictions are stale ·").clicks("Fine")
    shown = run(started).shows("→ fine (@Luis Herrera", "▶ Step 4", "Do tables show the new scores?")
    shown.shows("➖ 3. Start the run by hand, once. (not needed)")
    assert shown.labels == ["Yes", "No", "Skip", *BESIDES]
    luis.sees("Predictions are stale ·").clicks("Yes")
    assert run(started).shows("finished, 3 done", "Did it help?").labels == ["Yes", "No"]
    kept = [(entry.old, entry.new, entry.text) for entry in started.timeline() if entry.what == "runbook_step"]
    assert kept == [("last-run", "done", ""), ("state", "done", "fine"), ("consumer", "done", "yes")]


def test_a_step_is_skipped_with_a_reason(started: World, luis: Someone) -> None:
    luis.sees("Predictions are stale ·").clicks("Skip")
    form = luis.form("Skip this step")
    form.fills({"Why is it skipped?": "The dashboard is down & slow"}).sends()
    run(started).shows("2 of 5", "⏭️", "→ The dashboard is down & slow")


def test_a_button_of_a_step_that_is_past_changes_nothing(started: World, luis: Someone) -> None:
    old = luis.sees("Predictions are stale ·")
    old.clicks("Done")
    run(started).shows("✅", "2 of 5")
    before = started.timeline()
    started.puts_back(old)
    old.clicks("Done").shows("That step has been dealt with already")
    assert started.timeline() == before


def test_two_are_walked_side_by_side_until_the_end(started: World, brian: Someone, luis: Someone) -> None:
    brian.types("/incident runbook data drifted", in_channel="inc-1").shows("Input data has drifted")
    brian.sees("Input data has drifted ·").clicks("Done")
    run(started).shows("1 of 5")
    run(started, "Input data has drifted ·").shows("2 of 2")
    luis.types("/incident runbook 1 stale").shows("“Predictions are stale” is already open")
    luis.types("/incident resolve 1 Fresh again")
    offered = luis.types("/incident runbook", in_channel="inc-1").shows("Predictions are stale")
    offered.clicks("Start", nth=1).shows("INC-1 is resolved")


def test_the_button_of_the_card_offers_them_to_the_asker(declared: World, brian: Someone) -> None:
    brian.card().clicks("Runbook").shows("Runbooks that may help with INC-1").clicks("Start", nth=1)
    declared.channel("inc-1").sees("Input data has drifted · 1 of 2")
