"""A runbook as a responder walks it: values, checks, consent, evidence, whose a step is, and whether it helped."""

import pytest

from bot.core.effects import Entry
from bot.core.incident import ActionState
from bot.policy.model import Policy
from tests.flows.people import Someone
from tests.flows.seen import Message
from tests.flows.world import World

BOOK = {
    "id": "mend",
    "title": "Mend a partition",
    "owner": "support",
    "reviewed": "2025-01-01",
    "applies_to": {"kinds": ["batch-inference"], "categories": ["pipeline.failure"]},
    "steps": [
        {"id": "rows", "check": "Compare the rows with last week.", "expect": "Within 10 %.", "wrong": "day"},
        {"id": "rest", "wait": "10m", "why": "the job runs every five minutes"},
        {"id": "day", "input": "Which day is broken?", "name": "day", "matches": r"\d{4}-\d\d-\d\d"},
        {"id": "tell", "do": "Tell the customer that {{ inputs.day }} is wrong."},
        {"id": "raise", "run": {"severity": "sev1"}, "approve": "lead", "why": "It is worse than it looks."},
        {"id": "look", "do": "Look again."},
    ],
}
LOCK = {
    "id": "lock",
    "title": "Lock the deployments",
    "steps": [{"id": "lock", "do": "Lock them.", "approve": "lead"}, {"id": "tell", "do": "Tell their owners."}],
}


@pytest.fixture(scope="module")
def policy(policy: Policy) -> Policy:
    books = Policy.model_validate({"runbooks": {"mend": BOOK, "lock": LOCK}}).runbooks
    return policy.model_copy(update={"runbooks": books})


@pytest.fixture(autouse=True)
def mending(world: World) -> World:
    """Luis leads INC-1, and Amina has started “Mend a partition”."""
    world.person("amina").types("/incident declare sev2 churn-scoring Scores are stale")
    world.person("luis").sees("You are paged").clicks("Acknowledge")
    world.person("amina").types("/incident runbook partition", "inc-1").shows("“Mend a partition” opens in")
    return world


def run(by: Someone) -> Message:
    return by.sees("Mend a partition ·", "inc-1")


def enters(by: Someone, day: str) -> None:
    run(by).clicks("Enter value")
    by.form("Enter a value").fills({"Value": day}).sends()


@pytest.fixture
def at_the_action(mending: World, amina: Someone) -> World:
    run(amina).clicks("Looks wrong")
    enters(amina, "2026-03-01")
    run(amina).clicks("Done")
    return mending


def test_a_check_that_looks_wrong_leads_on_and_a_value_is_used_later(world: World, amina: Someone) -> None:
    shown = run(amina).shows("1 of 6", "⚠️ not reviewed since 2025-01-01", "Which day is broken?")
    shown.shows("▫️ 4. Tell the customer that ‹the day› is wrong.")
    shown.clicks("Looks wrong").is_silent()
    run(amina).shows("⚠️ 1. Compare the rows with last week. → looks wrong (@Amina", "➖ 2. Wait 10m", "3 of 6")
    run(amina).clicks("Enter value")
    form = amina.form("Enter a value").shows("Which day is broken?").fills({"Value": "<!channel>"})
    form.is_refused("“<!channel>” cannot be used here: it must match", beside="Value")
    form.fills({"Value": "2026-03-01"}).sends()
    run(amina).shows("✅ 3. Which day is broken? → 2026-03-01", "Tell the customer that 2026-03-01 is wrong.")
    assert world.incident().runs[0].inputs == (("day", "2026-03-01"),)


def test_a_step_that_lies_is_called_to_mind_and_a_wait_goes_on_by_itself(
    world: World, amina: Someone, luis: Someone
) -> None:
    world.passes(minutes=16)
    luis.sees("@Luis Herrera, step 1 of “Mend a partition”: Compare the rows with last week. It has waited", "inc-1")
    run(amina).clicks("Looks right")
    run(amina).shows("▶ Step 2", "⏳ Until 2026-03-02 19:26 UTC")
    assert run(amina).labels[0] == "Go on now"
    world.passes(minutes=11)
    run(amina).shows("3 of 6", "✅ 2. Wait 10m: the job runs every five minutes (2026-03-02 19:26 UTC)")
    told = luis.sees("@Luis Herrera, the wait is over. Now it is step 3 of “Mend a partition”", "inc-1")
    assert "/archives/" in str(told.raw["blocks"]), "it links to the message of the runbook"


def test_only_whoever_may_consents_and_the_action_is_done_once(
    at_the_action: World, amina: Someone, brian: Someone, luis: Someone
) -> None:
    before = run(amina).shows("It is worse than it looks.", "⚙️ Set the severity to sev1", "the consent of the lead")
    before.clicks("Run").is_silent()
    asked = luis.sees("@Luis Herrera, @Amina Otieno asks for consent to a step of “Mend a partition”", "inc-1")
    assert asked.labels == run(luis).labels[:2] == ["Approve", "Refuse"]
    at_the_action.channel("inc-1").sees("asks for consent to do this")
    brian.types("/incident note I am here", "inc-1")
    amina.message_at(asked.channel, asked.ts).clicks("Approve").shows("Only @Luis Herrera may consent to this.")
    assert at_the_action.incident().severity == "sev2"
    asked.clicks("Approve").shows("Approved")
    assert at_the_action.incident().severity == "sev1"
    run(amina).shows("▶ Step 6", "✅ 5. It is worse than it looks. (@Amina Otieno")
    asked.clicks("Approve").shows("That step has been dealt with already")
    at_the_action.puts_back(before)
    before.clicks("Run").shows("That step has been dealt with already")
    (action,) = at_the_action.incident().runs[0].actions
    assert (action.state, action.asked_by, action.decided_by) == (ActionState.DONE, "amina", "luis")
    assert [entry.what for entry in at_the_action.timeline()].count(Entry.SEVERITY) == 1
    luis.types("/incident timeline", "inc-1").shows("@Luis Herrera approved: Set the severity to sev1")


def test_what_people_do_by_hand_waits_for_consent_too(world: World, amina: Someone, luis: Someone) -> None:
    amina.types("/incident runbook lock", "inc-1")
    book = "Lock the deployments ·"
    amina.sees(book, "inc-1").clicks("Done").shows(
        "only done with the consent of @Luis Herrera. The runbook has the button"
    )
    amina.sees(book, "inc-1").clicks("Ask for consent").is_silent()
    asked = luis.sees("@Luis Herrera, @Amina Otieno asks for consent to a step of “Lock the deployments”", "inc-1")
    asked.clicks("Approve").shows("Approved")
    amina.sees(book, "inc-1").shows("@Luis Herrera consents. Do it now").clicks("Done").is_silent()
    amina.sees(book, "inc-1").shows("✅ 1. Lock them.", "▶ Step 2")


def test_a_refusal_says_why_and_the_step_fails_in_the_end(at_the_action: World, amina: Someone, luis: Someone) -> None:
    run(amina).clicks("Run")
    run(luis).clicks("Refuse")
    luis.form("Refuse this action").fills({"Why?": "Not <yet>"}).sends()
    refused = run(amina).shows("🚫 @Luis Herrera refused it", "Not <yet>")
    refused.clicks("Run").is_silent()
    asking = run(amina)
    at_the_action.puts_back(refused)
    refused.clicks("Run").shows("has been asked for already")
    at_the_action.puts_back(asking)
    asking.clicks("Refuse")
    amina.form("Refuse this action").sends()
    run(amina).clicks("Failed")
    amina.form("This step failed").fills({"What went wrong?": "No rights"}).sends()
    run(amina).shows("❌ 5.", "→ No rights").clicks("Done")
    run(amina).shows("finished, 4 done, 1 failed", "Did it help?").clicks("Yes").is_silent()
    run(amina).shows("👍 It helped, says @Amina Otieno.")


def test_evidence_is_kept_and_a_step_is_given_to_somebody(world: World, amina: Someone, luis: Someone) -> None:
    run(amina).clicks("Add evidence…")
    amina.form("Add evidence").fills({"What was seen?": "Half of <!channel> & more"}).sends()
    run(amina).shows("📎 Half of <!channel> & more").clicks("Assign…")
    amina.form("Assign this step").fills({"Who does it?": luis.id}).sends()
    run(amina).shows("▶ Step 1 · 👤 @Luis Herrera")
    luis.sees("@Luis Herrera, @Amina Otieno asks you to do step 1 of “Mend a partition”", "inc-1")
    run(luis).clicks("Looks right")
    run(amina).shows("(@Luis Herrera, 2026-03-02 19:00 UTC)\n    📎 Half of <!channel> & more")
    told = amina.types("/incident timeline", "inc-1")
    told.shows("@Amina Otieno saw at step rows: Half of <!channel> & more", "gave step rows to @Luis Herrera")


def test_a_file_is_evidence_that_everybody_sees(world: World, amina: Someone, luis: Someone) -> None:
    run(amina).clicks("Add evidence…")
    form = amina.form("Add evidence")
    form.is_refused("Write what was seen, paste the link of a message, or add a file.", beside="What was seen?")
    form.fills({"Files": "rows by day.png"}).sends()
    told = luis.sees("📎 @Amina Otieno has seen this at step 1 of “Mend a partition”", "inc-1")
    (file,) = told.raw["files"]
    assert file["name"] == "rows by day.png"
    posted = next(call for call in world.stage.sandbox.calls if file["permalink"] in str(call.args))
    assert (posted.method, str(posted.args["unfurl_links"]).lower()) == ("chat.postMessage", "true")
    run(luis).shows(f"📎 {file['permalink']}")


def test_a_stopped_one_asks_whether_it_helped(world: World, amina: Someone, luis: Someone) -> None:
    stopped = run(amina).clicks("Stop the runbook")
    stopped.is_silent()
    shown = run(luis).shows("stopped", "▫️ 1.", "Did it help?")
    assert shown.labels == ["Yes", "No"]
    shown.clicks("No")
    luis.form("It did not help").fills({"What was wrong?": "Step 2 is <old>"}).sends()
    assert run(amina).shows("👎 It did not help, says @Luis Herrera. Step 2 is <old>").labels == []
    luis.types("/runbook stats mend").shows("Used 1×", "helped 0 of 1", "Step 2 is <old>")
    luis.types("/runbook stats").shows("Mend a partition | 1 | 0")
