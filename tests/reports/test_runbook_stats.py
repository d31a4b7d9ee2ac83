"""What runbooks are worth: uses, times, help and the steps that nobody does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.core.incident import StepState
from bot.core.kept import Dealt, Use
from bot.policy.model import Policy
from bot.reports.runbook_stats import RunbookStats, lines, lines_of_one, report, stats

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)
DONE, SKIPPED, FAILED = StepState.DONE, StepState.SKIPPED, StepState.FAILED
STALE = "stale-predictions"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def book(name: str, reviewed: str | None, *steps: str) -> dict[str, Any]:
    written = [{"id": step, "do": f"Do {step}."} for step in steps]
    return {"id": name, "title": name.replace("-", " ").capitalize(), "reviewed": reviewed, "steps": written}


POLICY = Policy.model_validate(
    {"runbooks": {STALE: book(STALE, "2026-02-01", "look", "ask", "rerun"), "drift": book("drift", None, "plot")}}
)


def dealt(step: str, state: StepState, took: float = 5) -> Dealt:
    return Dealt(step, state, NOW + minutes(took), NOW)


def use(*steps: Dealt, took: float | None = 30, after: float = 0, **facts: Any) -> Use:
    started = NOW + minutes(after)
    finished = started + minutes(took) if took is not None else None
    return Use(**{"runbook": STALE, "incident": 1, "started": started, "finished": finished, "dealt": steps, **facts})


def one(*uses: Use, name: str = STALE) -> RunbookStats:
    return next(each for each in stats(uses, POLICY, TODAY) if each.runbook == name)


def test_what_was_never_used_stands_there_too_with_all_its_steps() -> None:
    found = one()
    assert (found.uses, found.time, found.last_used, found.helped, found.feedback) == (0, None, None, 0, ())
    assert [(step.step, step.reached, step.time) for step in found.steps] == [
        ("look", 0, None),
        ("ask", 0, None),
        ("rerun", 0, None),
    ]


def test_the_most_used_comes_first_and_then_by_name() -> None:
    uses = [use(runbook="b-gone"), use(runbook="drift"), use(runbook="drift")]
    assert [each.runbook for each in stats(uses, POLICY, TODAY)] == ["drift", "b-gone", STALE]


def test_uses_are_counted_by_how_they_ended_and_timed_if_they_reached_the_end() -> None:
    found = one(use(took=10), use(took=20), use(took=60), use(took=1, stopped=True), use(took=None, present="look"))
    assert (found.uses, found.finished, found.stopped) == (5, 3, 1)
    assert found.time == minutes(20)


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    assert one(use(took=10), use(took=20)).time == minutes(15)


def test_help_is_counted_and_the_words_are_kept_newest_first() -> None:
    found = one(
        use(after=1, helped=True, rated_by="amina"),
        use(after=2, incident=7, helped=False, rated_by="luis", feedback="The link is dead."),
        use(after=3, incident=8, helped=True, rated_by="sita", feedback="Good."),
        use(after=4),
    )
    assert (found.helped, found.did_not_help, found.last_used) == (2, 1, NOW + minutes(4))
    assert [(said.incident, said.by, said.helped, said.text) for said in found.feedback] == [
        (8, "sita", True, "Good."),
        (7, "luis", False, "The link is dead."),
    ]


def test_a_step_is_reached_when_it_was_dealt_with_or_is_in_hand() -> None:
    look = one(
        use(dealt("look", DONE, 4), dealt("look", DONE, 8)),  # a loop
        use(dealt("look", FAILED, 60)),
        use(dealt("look", SKIPPED, 900)),
        use(present="look", took=None),
    ).steps[0]
    assert (look.reached, look.done, look.skipped, look.failed) == (5, 2, 1, 1)
    assert look.time == minutes(8)  # what was skipped was not done, however long it lay there


def test_what_an_older_baton_kept_has_no_time() -> None:
    assert one(use(Dealt("look", DONE, NOW))).steps[0].time is None


def test_nobody_does_a_step_that_was_always_skipped() -> None:
    skipped = use(dealt("ask", SKIPPED))
    assert one(skipped, skipped).nobody_does == ()
    assert one(skipped, skipped, skipped).nobody_does == ("ask",)
    assert one(skipped, skipped, skipped, use(dealt("ask", FAILED))).nobody_does == ()
    assert one(skipped, skipped, skipped, use(present="ask", took=None)).nobody_does == ()


def test_steps_and_runbooks_that_are_no_more_are_told_apart() -> None:
    found = one(use(dealt("page-the-dba", DONE)))
    assert [(step.step, step.known) for step in found.steps][-2:] == [("rerun", True), ("page-the-dba", False)]
    gone = one(use(dealt("x", DONE), runbook="gone"), name="gone")
    assert (gone.known, gone.title, gone.stale, gone.uses) == (False, "gone", False, 1)


def test_stale_is_what_was_reviewed_too_long_ago_or_never() -> None:
    assert [one(name=name).stale for name in (STALE, "drift")] == [False, True]


def test_in_the_terminal_each_runbook_has_a_line_and_each_idle_step_another() -> None:
    skipped = use(dealt("ask", SKIPPED), took=65, helped=False)
    gone = use(runbook="gone", took=1, stopped=True)
    assert lines(stats([skipped, skipped, skipped, gone], POLICY, TODAY)) == [
        "stale-predictions: used 3 times, 3 to the end, median 1h5m, helped 0 of 3, last on 2026-03-01",
        "    Nobody does the step “ask”.",
        "gone: used once, 0 to the end, 1 stopped, last on 2026-03-01, no longer in the configuration",
        "drift: not used, never reviewed",
    ]


def test_of_one_runbook_the_terminal_shows_each_step_and_what_people_said() -> None:
    used = use(
        dealt("look", DONE, 1.5), dealt("ask", FAILED), helped=False, rated_by="luis", feedback="No\n\x1b[2Jlink."
    )
    said = lines_of_one(one(*[used] * 12))
    assert said[:5] == [
        "Stale predictions (stale-predictions)",
        "    used 12 times, 12 to the end, median 30m, helped 0 of 12, last on 2026-03-01",
        "    look: reached 12×, done 12, median 1m30s",
        "    ask: reached 12×, done 0, failed 12, median 5m",
        "    rerun: never reached",
    ]
    assert said[5:] == ["    INC-1, luis: No [2Jlink."] * 10 + ["    …and 2 more"]


def test_as_json_it_is_plain_facts() -> None:
    used = use(dealt("look", DONE), helped=False, rated_by="luis", feedback="Dead link.")
    facts = report([one(used)])["runbooks"][0]
    assert facts | {"steps": facts["steps"][:1]} == {
        "runbook": STALE,
        "title": "Stale predictions",
        "uses": 1,
        "finished": 1,
        "stopped": 0,
        "median_seconds": 1800,
        "helped": 0,
        "did_not_help": 1,
        "last_used": "2026-03-01T09:00:00Z",
        "in_configuration": True,
        "reviewed": "2026-02-01",
        "stale": False,
        "steps": [
            {
                "step": "look",
                "reached": 1,
                "done": 1,
                "skipped": 0,
                "failed": 0,
                "median_seconds": 300,
                "nobody_does_it": False,
                "in_runbook": True,
            }
        ],
        "feedback": [{"incident": 1, "by": "luis", "helped": False, "text": "Dead link."}],
    }
