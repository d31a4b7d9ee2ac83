"""The kinds of steps beyond doing and asking: checks, inputs, waits; and who has them, and what was seen."""

import pytest

from bot.core.effects import Entry, Notice
from bot.core.incident import RunbookRun, StepState
from bot.core.instructions import filled_in
from bot.core.instructions import told as instructed
from bot.core.runbook_events import EvidenceAdded, RunbookRated, RunbookStopped, StepAssigned
from tests.core.given import (
    NOON,
    World,
    acknowledged,
    declared,
    history,
    lead_handed_over,
    minutes,
    policy,
    refused,
    reopened,
    resolved,
    runbook_started,
    step,
)

STEPS = [
    {"id": "partition", "input": "Which partition?", "name": "partition", "matches": r"\d{4}-\d{2}"},
    {"id": "look", "check": "Rows of {{ inputs.partition }}", "expect": "About a million", "wrong": "mend"},
    {"id": "settle", "wait": "10m", "why": "caches settle"},
    {"id": "mend", "do": "Tell {{ people.team_lead }} about {{ inputs.partition }}.", "stalls_after": "5m"},
]
POLICY = policy(runbooks={"stale": {"id": "stale", "title": "Predictions are stale", "steps": STEPS}})


def walked(*happened: object) -> World:
    return history(declared(), acknowledged(), runbook_started(), *happened, policy=POLICY)  # type: ignore[arg-type]


def run(world: World) -> RunbookRun:
    found = world.incident.run("1-r1")
    assert found is not None
    return found


GIVEN = step("partition", answer="2026-03")


def test_the_value_of_an_input_is_used_by_later_steps() -> None:
    world = walked(step("partition", answer=" 2026-03 "))
    assert run(world).inputs == (("partition", "2026-03"),)
    check = POLICY.runbooks["stale"].steps[1]
    assert instructed(check, world.incident, POLICY, run(world)) == "Rows of 2026-03"


def test_a_value_in_an_address_cannot_alter_the_rest_of_it() -> None:
    world = walked()
    odd = RunbookRun("1-r1", "stale", "amina", NOON, "look", inputs=(("partition", "a/../b?c=d&e #f"),))
    text = "https://x.example.com/{{ inputs.partition }}/run"
    filled = filled_in(text, world.incident, POLICY, odd, quoted=True)
    assert filled == "https://x.example.com/a%2F..%2Fb%3Fc%3Dd%26e%20%23f/run"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "Write the value; later steps use it."),
        ("march", "“march” cannot be used here: it must match"),
        ("2" * 501, "That is longer than 500 characters"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(value: str, sentence: str) -> None:
    assert refused(walked(), step("partition", answer=value)).startswith(sentence)


def test_a_check_that_looks_right_goes_on_and_one_that_looks_wrong_where_it_says() -> None:
    assert run(walked(GIVEN, step("look"))).present == "settle"
    assert run(walked(GIVEN, step("look", answer="wrong"))).present == "mend"


def test_a_wait_ends_by_itself_and_says_so_to_whoever_has_it() -> None:
    world = walked(GIVEN, step("look")).passes(minutes=9)
    assert run(world).present == "settle"
    world.forget().passes(minutes=1)
    assert run(world).present == "mend"
    (notice,) = world.told(Notice.STEP_WAIT_ENDED)
    assert (notice.facts["person"], notice.facts["step"]) == ("amina", "mend")


def test_nobody_need_wait_for_the_end_of_a_wait() -> None:
    world = walked(GIVEN, step("look"), step("settle")).forget().passes(minutes=10)
    assert [taken.step for taken in run(world).taken] == ["partition", "look", "settle"]
    assert world.told(Notice.STEP_WAIT_ENDED) == []


def test_a_step_that_nobody_deals_with_is_brought_to_mind_once() -> None:
    world = walked().forget().passes(minutes=15)
    (notice,) = world.told(Notice.STEP_STALLED)
    assert notice.facts == {"run": "1-r1", "runbook": "stale", "step": "partition", "person": "amina"}
    assert world.passes(hours=5).told(Notice.STEP_STALLED) == [notice]


def test_a_step_may_stall_sooner_than_the_others() -> None:
    world = walked(GIVEN, step("look", answer="wrong")).forget().passes(minutes=5)
    assert [notice.facts["step"] for notice in world.told(Notice.STEP_STALLED)] == ["mend"]


def test_a_runbook_of_an_incident_that_has_ended_stalls_no_more() -> None:
    world = walked(resolved()).forget().passes(hours=1)
    assert world.told(Notice.STEP_STALLED) == []
    assert refused(world, GIVEN) == "INC-1 is resolved; its runbooks are done."
    assert run(world.happens(reopened(), GIVEN)).present == "look"


def test_a_wait_that_ended_while_the_incident_was_resolved_ends_when_it_is_reopened() -> None:
    world = walked(GIVEN, step("look"), resolved()).passes(minutes=30).forget().happens(reopened()).passes(minutes=1)
    assert run(world).present == "mend"
    assert [notice.facts["step"] for notice in world.told(Notice.STEP_WAIT_ENDED)] == ["mend"]


def test_whoever_is_given_a_step_is_told_and_has_it_until_the_next() -> None:
    world = walked(StepAssigned(number=1, by="amina", run="1-r1", step="partition", person="sita"))
    (notice,) = world.told(Notice.STEP_ASSIGNED)
    assert (notice.facts["person"], run(world).assigned) == ("sita", "sita")
    assert run(world.happens(GIVEN)).assigned is None


def test_a_step_of_the_old_lead_is_handed_over_with_the_shift() -> None:
    assigned = walked(StepAssigned(number=1, by="noor", run="1-r1", step="partition", person="amina"))
    assert run(assigned.happens(lead_handed_over("luis"))).assigned == "luis"


def test_a_step_of_somebody_else_stays_theirs_at_a_handover() -> None:
    assigned = walked(StepAssigned(number=1, by="noor", run="1-r1", step="partition", person="sita"))
    assert run(assigned.happens(lead_handed_over("luis"))).assigned == "sita"


def test_what_was_seen_stays_with_the_step() -> None:
    world = walked(EvidenceAdded(number=1, by="amina", run="1-r1", step="partition", text=" a screenshot "), GIVEN)
    assert [taken.evidence for taken in run(world).taken] == [("a screenshot",)]
    assert run(world).evidence == ()
    assert world.entry(Entry.EVIDENCE).text == "a screenshot"


def test_files_are_evidence_each_and_are_shown_to_all() -> None:
    files = ("https://acme.slack.com/files/U0AMINA/F0A/graph.png", "https://acme.slack.com/files/U0AMINA/F0B/log.txt")
    seen = EvidenceAdded(number=1, by="amina", run="1-r1", step="partition", text="It fell at nine", files=files)
    world = walked(seen)
    assert run(world).evidence == ("It fell at nine", *files)
    assert world.facts(Notice.EVIDENCE)["files"] == " ".join(files)


def test_evidence_is_a_text_or_a_file() -> None:
    said = refused(walked(), EvidenceAdded(number=1, by="amina", run="1-r1", step="partition", text=" "))
    assert said == "Write what was seen, paste the link of a message, or add a file."


def test_how_long_a_step_took_is_known() -> None:
    world = walked(minutes(4), GIVEN)
    taken = run(world).taken[0]
    assert (taken.since, taken.at) == (NOON, NOON + minutes(4))


def test_a_runbook_may_be_stopped_and_stalls_no_more() -> None:
    world = walked(RunbookStopped(number=1, by="amina", run="1-r1")).forget().passes(hours=1)
    assert (run(world).stopped, run(world).present, world.told(Notice.STEP_STALLED)) == (True, None, [])
    assert refused(world, RunbookStopped(number=1, by="amina", run="1-r1")) == "That runbook is finished already."


def test_at_its_end_people_say_whether_it_has_helped() -> None:
    ended = walked(GIVEN, step("look", answer="wrong"), step("mend"), resolved())
    world = ended.happens(RunbookRated(number=1, by="amina", run="1-r1", helped=False, text="The link is dead"))
    assert (run(world).helped, run(world).feedback, run(world).rated_by) == (False, "The link is dead", "amina")


def test_a_runbook_is_not_rated_before_its_end() -> None:
    rating = RunbookRated(number=1, by="amina", run="1-r1", helped=True)
    assert refused(walked(), rating).startswith("That runbook is not finished yet")


def test_a_skipped_input_has_no_value() -> None:
    assert run(walked(step("partition", StepState.SKIPPED))).inputs == ()
