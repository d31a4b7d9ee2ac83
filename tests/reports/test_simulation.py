"""A simulated escalation in words: for a terminal as a time line, and for machines."""

from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from bot.core.simulation import simulate
from bot.policy.model import Policy
from bot.reports.simulation import report, summary, time_line
from tests.core.given import NOON, POLICY, SATURDAY, policy

MADARAKA = datetime(2026, 6, 1, 20, tzinfo=UTC)  # 23:00 on a public holiday in Nairobi


def told(policy: Policy, at: datetime = NOON, severity: str = "sev1", service: str | None = "churn-scoring") -> str:
    console = Console(width=160, highlight=False)
    with console.capture() as capture:
        console.print(*time_line(simulate(service, severity, at, policy), policy), sep="\n")
    return capture.get()


def line(text: str, of: str) -> str:
    return next(line for line in text.splitlines() if of in line)


def of_path(*steps: dict[str, Any], **path: Any) -> Policy:
    amina = {"name": "Amina Otieno", "slack": "U0AMINA", "time_zone": "Africa/Nairobi", "country": "KE"}
    sms = {"contact": [{"env": "SMS", "name": "SMS", "after": "2m"}]}
    people = {"amina": amina | sms, "sita": {"name": "Sita Gurung", "time_zone": "Asia/Kathmandu"}}
    return policy(people=people, escalation_paths={"follow-the-sun": {"steps": list(steps), **path}})


def test_each_step_is_told_with_who_their_time_and_by_what() -> None:
    said = told(of_path({"page": ["person:amina"], "wait": "5m"}, {"page": ["person:luis"], "wait": "5m"}), MADARAKA)
    assert "Churn scoring, sev1 (Critical), declared Mon 1 Jun 2026 20:00 UTC, if nobody answers" in said
    first = line(said, "Amina Otieno ")
    assert first.split()[:2] == ["at", "once"]
    for fact in ("Mon 20:00", "Mon 23:00 Nairobi", "😴 asleep, 🎉 Madaraka Day", "Slack, SMS after 2 min"):
        assert fact in first
    assert line(said, "Luis Rojas").split()[:5] == ["+5", "min", "Mon", "20:05", "2"]
    assert "✗ +10 min (Mon 1 Jun 2026 20:10 UTC): the path has run out; the channel and Noor Haddad are told." in said
    assert "2 pages to 2 people, 1 in their own night (22:00–06:00) and 1 on a public holiday of theirs." in said


def test_what_is_passed_over_is_told_with_its_reason_and_rounds_are_counted() -> None:
    said = told(POLICY, SATURDAY, "sev2")
    assert said.count("passed over: nobody is on call") == said.count("passed over: only for sev1") == 2
    assert "round 1" in said and "round 2" in said
    assert summary(simulate("churn-scoring", "sev2", SATURDAY, POLICY)) == (
        "2 pages to 1 person, none of them at night or on a holiday of theirs."
    )


def test_channels_groups_and_who_is_left_out_have_their_remarks() -> None:
    step = {"page": ["group:@oncall", "channel:#help", "team:support"], "wait": "5m", "acknowledge": "all"}
    own = {"when": {"hours": ["Mon-Sun 07:00-22:00"], "time_zone": "own"}}
    said = told(of_path(step | own), MADARAKA)
    assert "only Slack knows" in line(said, "@oncall")
    assert "anyone there may acknowledge" in line(said, "#help")
    assert "all of them must acknowledge" in said
    assert "others are left out: only within" in said
    assert "one in turn" in told(of_path({"page": ["team:support"], "wait": "5m", "pick": "one"}))


def test_whom_slack_cannot_know_stands_out() -> None:
    assert "Slack (Slack does not know them)" in told(of_path({"page": ["person:sita"], "wait": "5m"}))


def test_a_hold_is_told_before_the_steps() -> None:
    hold = {"until": ["Mon-Fri 09:00-17:00"], "time_zone": "Africa/Nairobi"}
    said = told(of_path({"page": ["person:luis"], "wait": "5m"}, hold=hold), SATURDAY)
    assert "Held: nobody is paged before Mon 9 Mar 2026 06:00 UTC, in 1 d 18 h." in said


def test_without_a_path_it_says_that_nobody_is_paged() -> None:
    said = told(POLICY, service="orphan")
    assert (
        "No escalation path is configured for it: nobody is paged; the channel and Noor Haddad are told at once."
        in said
    )
    assert "the channel is told at once" in told(POLICY, service=None)


def test_what_goes_on_for_very_long_is_said_to() -> None:
    assert "… and so on" in told(of_path({"page": ["person:luis"], "wait": "1m"}, repeat=400))


def test_names_are_words_and_never_markup() -> None:
    service = {"name": "[bold]Churn", "kind": "llm", "escalation_path": "follow-the-sun"}
    assert "[bold]Churn, sev1" in told(policy(services={"churn-scoring": service}))


def test_machines_read_instants_in_utc_and_count_from_one() -> None:
    found = simulate("churn-scoring", "sev1", MADARAKA, of_path({"page": ["person:amina"], "wait": "5m"}))
    assert report(found) == {
        "service": "churn-scoring",
        "severity": "sev1",
        "at": "2026-06-01T20:00:00Z",
        "path": "follow-the-sun",
        "held_until": None,
        "moments": [
            {
                "at": "2026-06-01T20:00:00Z",
                "after_seconds": 0,
                "round": 1,
                "step": 1,
                "people": [
                    {
                        "person": "amina",
                        "local": "2026-06-01T23:00:00+03:00",
                        "asleep": True,
                        "holiday": "Madaraka Day",
                        "by": [
                            {"name": "Slack", "at": "2026-06-01T20:00:00Z", "problem": ""},
                            {"name": "SMS", "at": "2026-06-01T20:02:00Z", "problem": ""},
                        ],
                    }
                ],
                "channels": [],
                "groups": [],
                "passed_over": False,
                "why": "",
                "one_in_turn": False,
                "all_must_acknowledge": False,
                "next_at": "2026-06-01T20:05:00Z",
            }
        ],
        "exhausted_at": "2026-06-01T20:05:00Z",
        "told": ["noor"],
        "cut_short": False,
    }
