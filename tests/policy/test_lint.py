"""What is allowed and yet doubtful in runbooks, each in a sentence and in its place."""

from datetime import date
from typing import Any

import pytest

from bot.policy.lint import warnings
from bot.policy.model import Policy

TODAY = date(2026, 11, 23)
POST = {"http": {"method": "POST", "url": "https://jobs.example.com", "timeout": "1m"}}
GET = {"http": {"url": "https://jobs.example.com", "timeout": "1m"}}
CALL = {"command": "restart"}


def policy(step: dict[str, Any] | None = None, **runbook: Any) -> Policy:
    """One runbook about which nothing is doubtful but what is given."""
    steps = [{"id": "a", **(step or {"do": "Look."})}]
    known = {"id": "stale", "title": "Stale", "owner": "support", "reviewed": "2026-11-01", "steps": steps, **runbook}
    written = {key: value for key, value in known.items() if value is not None}
    return Policy.model_validate({"runbooks": {"stale": written}, "commands": {"restart": {"run": ["jobctl"]}}})


def told(found: Policy) -> list[str]:
    """“where: sentence”, without the runbook's own name."""
    places = ((loc[2:] if loc[0] == "runbooks" else loc, sentence) for loc, sentence in warnings(found, TODAY))
    return [f"{'.'.join(map(str, loc))}: {sentence}" for loc, sentence in places]


def test_nothing_is_said_of_a_sound_runbook() -> None:
    assert told(policy()) == []


@pytest.mark.parametrize(
    ("runbook", "said"),
    [
        ({"owner": None}, ': it has no "owner", so nobody is told when it grows old; name a team'),
        ({"reviewed": None}, ': nobody has reviewed it yet; go through it, then write "reviewed: 2026-11-23"'),
        ({"reviewed": "2026-05-01"}, "reviewed: last reviewed 206 days ago, and 180 are allowed; "
                                     'go through it, then write "reviewed: 2026-11-23"'),
        ({"reviewed": "2027-01-01"}, "reviewed: 2027-01-01 is a day to come; "
                                     "write the day on which it was reviewed"),
        ({"title": "x" * 151}, "title: this title has 151 characters, and Slack shows 150; shorten it"),
        ({"steps": [{"id": str(n), "do": "Look."} for n in range(101)]},
         "steps: 101 steps are more than anybody follows; make several runbooks of them"),
    ],
)  # fmt: skip
def test_a_doubt_about_a_runbook_is_told_where_it_stands(runbook: dict[str, Any], said: str) -> None:
    assert told(policy(**runbook)) == [said]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"do": "x" * 2000, "expect": "x" * 501},
         "steps.0: this step has 2501 characters, and Slack shows 2500; make two steps of it"),
        ({"ask": "So?", "answers": {str(n): "end" if n else "a" for n in range(16)}},
         "steps.0.answers: of 16 answers only 15 are shown; ask two questions"),
        ({"ask": "So?", "answers": {"x" * 76: "a", "no": "end"}},
         f"steps.0.answers.{'x' * 76}: this answer has 76 characters, and a button shows 75; shorten it"),
        ({"ask": "So?", "answers": {"yes": "end", "no": "end"}},
         'steps.0.answers: every answer leads to "end"; let one lead elsewhere, or write "check" or "do"'),
        ({"run": {"http": {"url": "https://jobs.example.com"}}},
         "steps.0.run.http: it has no time limit of its own and is given up after 30s; "
         'write "timeout: 30s", or what it needs'),
        ({"run": POST}, "steps.0.run: this changes another system, and nobody need consent; "
                        'write "approve: lead", or "safe: true" if whoever is on call may do it'),
        ({"run": GET, "safe": True, "approve": "lead"},
         'steps.0.safe: it is called safe, and yet lead must consent; remove "safe" or "approve"'),
        ({"run": {"http": GET["http"] | {"headers": {"Authorization": "Bearer abc"}}}},
         "steps.0.run.http.headers.Authorization: this looks like a secret that anybody can read here; "
         "put its value into an environment variable, and write env:NAME"),
        ({"run": CALL, "safe": True}, "commands.restart: it has no time limit of its own and is given up after 30s; "
                                      'write "timeout: 30s", or what it needs'),
    ],
)  # fmt: skip
def test_a_doubt_about_a_step_is_told_where_it_stands(step: dict[str, Any], said: str) -> None:
    assert told(policy(step)) == [said]


@pytest.mark.parametrize(
    "step",
    [
        {"run": GET},
        {"run": POST, "approve": "second"},
        {"run": POST, "safe": True},
        {"run": {"severity": "sev1"}},
        {"run": {"http": GET["http"] | {"headers": {"Authorization": "env:JOBS_TOKEN"}}}},
    ],
)
def test_what_changes_nothing_elsewhere_or_has_consent_is_not_doubtful(step: dict[str, Any]) -> None:
    assert told(policy(step)) == []


def test_a_review_of_today_is_none_to_come_where_it_is_tomorrow_already() -> None:
    assert told(policy(reviewed="2026-11-24")) == []


def test_a_review_is_as_old_as_the_workspace_allows() -> None:
    found = policy(reviewed="2026-11-01").model_copy(
        update={"workspace": Policy.model_validate({"workspace": {"runbooks_reviewed_within": "1w"}}).workspace}
    )
    assert len(told(found)) == 1


def test_the_secret_itself_is_not_repeated() -> None:
    step = {"run": {"http": GET["http"] | {"headers": {"X-Api-Key": "s3cr3t"}}}}
    assert "s3cr3t" not in str(told(policy(step)))
