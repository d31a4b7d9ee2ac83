"""A runbook in use: offered, started, walked step by step, with who did what."""

import pytest

from bot.core.effects import Entry, OfferRunbooks, PostRunbook, RefreshRunbook
from bot.core.events import IncidentEvent
from bot.core.incident import Message, RunbookRun, StepState
from bot.core.runbook_events import RunbookPosted
from bot.policy.model import Policy
from tests.core.given import (
    NOON,
    POLICY,
    World,
    declared,
    history,
    minutes,
    policy,
    refused,
    resolved,
    runbook_started,
    step,
)


def run(world: World) -> RunbookRun:
    found = world.incident.run("1-r1")
    assert found is not None
    return found


def walked(*steps: IncidentEvent) -> World:
    return history(declared(), runbook_started(), *steps)


def test_the_runbooks_that_apply_are_offered_best_first_with_the_reason() -> None:
    offered = history(declared()).done(OfferRunbooks)
    assert [effect.runbooks for effect in offered] == [
        (
            ("churn", "because service is churn-scoring"),
            ("stale", "because kind is batch-inference"),
        )
    ]


@pytest.mark.parametrize("service", [None, "office"])
def test_where_none_applies_nothing_is_offered(service: str | None) -> None:
    assert history(declared(service=service)).done(OfferRunbooks) == []


def test_five_at_the_most_are_offered() -> None:
    books = {f"more-{n}": {**WRITTEN_ONCE, "id": f"more-{n}"} for n in range(9)}
    offered = history(declared(), policy=policy(runbooks=books)).done(OfferRunbooks)
    assert len(offered[0].runbooks) == 5


WRITTEN_ONCE = {"title": "More", "applies_to": {"kinds": ["batch-inference"]}, "steps": [{"id": "look", "do": "Look."}]}


def test_a_started_runbook_is_posted_with_its_first_step_in_hand() -> None:
    world = walked()
    assert run(world) == RunbookRun("1-r1", "stale", "amina", NOON, present="last-run", since=NOON)
    assert world.done(PostRunbook) == [PostRunbook(number=1, run="1-r1")]
    assert (world.entry(Entry.RUNBOOK_STARTED).new, world.entry(Entry.RUNBOOK_STARTED).text) == (
        "stale",
        "Predictions are stale",
    )


def test_two_runbooks_run_side_by_side() -> None:
    world = history(declared(), runbook_started("stale"), runbook_started("churn"))
    assert [held.id for held in world.incident.runs] == ["1-r1", "1-r2"]


def test_a_step_is_kept_with_who_when_and_what() -> None:
    world = history(declared(), runbook_started(), minutes(3), step("last-run", StepState.FAILED, reason="No rights"))
    (taken,) = run(world).taken
    assert (taken.step, taken.state, taken.by, taken.at, taken.reason) == (
        "last-run",
        StepState.FAILED,
        "amina",
        NOON + minutes(3),
        "No rights",
    )
    entry = world.entry(Entry.RUNBOOK_STEP)
    assert (entry.old, entry.new, entry.text) == ("last-run", "failed", "No rights")
    assert Entry.RUNBOOK_FINISHED not in world.entries
    assert world.done(RefreshRunbook) == [RefreshRunbook(number=1, run="1-r1")]


@pytest.mark.parametrize("state", list(StepState))
def test_whatever_becomes_of_a_step_the_next_one_follows(state: StepState) -> None:
    assert run(walked(step("last-run", state))).present == "upstream"


def test_an_answer_leads_on() -> None:
    world = walked(step("last-run"), step("upstream", answer="yes"))
    assert run(world).present == "rerun"
    assert world.done(RefreshRunbook)[-1].run == "1-r1"


def test_an_answer_may_end_the_runbook() -> None:
    world = history(declared(), runbook_started(), step("last-run"), minutes(2), step("upstream", answer="no"))
    assert (run(world).present, run(world).finished_at) == (None, NOON + minutes(2))
    assert world.entry(Entry.RUNBOOK_FINISHED).new == "stale"


@pytest.mark.parametrize("state", [StepState.SKIPPED, StepState.FAILED])
def test_a_question_without_an_answer_is_followed_by_the_next_step(state: StepState) -> None:
    assert run(walked(step("last-run"), step("upstream", state))).present == "call"


def test_the_last_step_ends_the_runbook() -> None:
    world = walked(step("last-run"), step("upstream", answer="yes"), step("rerun"))
    assert (run(world).present, run(world).finished_at) == (None, NOON)


def test_a_finished_runbook_may_be_started_anew() -> None:
    world = walked(step("last-run"), step("upstream", answer="no")).happens(runbook_started())
    assert [held.id for held in world.incident.runs] == ["1-r1", "1-r2"]
    assert run(world).finished_at == NOON


@pytest.mark.parametrize("answer", [None, "maybe"])
def test_an_answer_that_is_none_is_refused_with_those_that_are(answer: str | None) -> None:
    sentence = refused(walked(step("last-run")), step("upstream", answer=answer))
    assert sentence.endswith("is not an answer here. Choose yes or no.")


def test_a_step_that_is_not_in_hand_is_refused() -> None:
    sentence = "That step has been dealt with already; the message shows the present one."
    assert refused(walked(step("last-run")), step("last-run")) == sentence
    assert refused(walked(), step("rerun")) == sentence


def test_a_run_that_is_not_known_is_refused() -> None:
    assert refused(history(declared()), step("last-run")) == "That runbook is no longer known here."


def test_a_runbook_that_was_taken_out_or_changed_meanwhile_is_refused() -> None:
    world = walked()
    world.policy = POLICY.model_copy(update={"runbooks": {}})
    assert refused(world, step("last-run")) == "That runbook is no longer known here."
    world.policy = changed_under_way()
    assert refused(world, step("last-run")).startswith("The runbook was changed and no longer has this step.")


def changed_under_way() -> Policy:
    steps = [{"id": "first", "do": "Look."}]
    return policy(runbooks={"stale": {"id": "stale", "title": "Predictions are stale", "steps": steps}})


@pytest.mark.parametrize(
    ("world", "name", "sentence"),
    [
        (history(declared()), "stael", "There is no runbook “stael”. Did you mean `stale`?"),
        (history(declared()), "zzz", "There is no runbook “zzz”. `/incident runbook` lists those that apply."),
        (walked(), "stale", "“Predictions are stale” is already open in the channel of INC-1."),
        (history(declared(), resolved()), "stale", "INC-1 is resolved; its runbooks are done."),
    ],
)
def test_a_runbook_that_cannot_start_is_refused(world: World, name: str, sentence: str) -> None:
    assert refused(world, runbook_started(name)).startswith(sentence)


def test_the_place_of_its_message_is_kept() -> None:
    message = Message("C1", "2.0")
    assert run(walked(RunbookPosted(number=1, run="1-r1", message=message))).message == message


def test_the_receipt_of_an_unknown_run_changes_nothing() -> None:
    world = walked()
    before = world.incident
    assert world.happens(RunbookPosted(number=1, run="1-r9", message=Message("C1", "2.0"))).incident == before
