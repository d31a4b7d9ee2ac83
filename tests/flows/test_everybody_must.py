"""A step that everybody must acknowledge: one answer is not enough, and the card says for whom it waits."""

from collections.abc import Iterator

import pytest

from bot.policy.model import EscalationPath, Policy
from tests.flows.world import World

PATH = {
    "steps": [
        {"page": ["person:luis", "person:sita"], "wait": "10m", "acknowledge": "all"},
        {"page": ["person:andres"], "wait": "10m"},
    ]
}


@pytest.fixture
def both(policy: Policy, database: str, no_faults_in_the_log: None) -> Iterator[World]:
    """Amina has declared INC-1, which Luis and Sita must both acknowledge; Luis has, after a minute."""
    path = EscalationPath.model_validate(PATH)
    paths = {**policy.escalation_paths, "follow-the-sun": path}
    with World(policy.model_copy(update={"escalation_paths": paths}), database) as world:
        world.person("amina").types("/incident declare sev2 churn-scoring Scores are stale")
        world.passes(minutes=1)
        world.person("luis").sees("You are paged").clicks("Acknowledge")
        yield world


def test_one_answer_is_not_enough(both: World) -> None:
    both.channel("inc-1").sees("@Luis Herrera has it. @Sita Gurung must acknowledge, too")
    both.channel("inc-1").card.shows(
        "@Luis Herrera has it. Waiting for @Sita Gurung, who must acknowledge, too. Next, 2026-03-02 19:10 UTC: Andrés"
    )
    both.person("luis").sees("✅ You took INC-1")
    both.person("sita").sees("You are paged for INC-1")


def test_when_all_have_it_nobody_else_is_paged(both: World) -> None:
    both.person("sita").sees("You are paged").clicks("Acknowledge")
    both.channel("inc-1").card.shows("Acknowledged by").does_not_show("Waiting for")
    both.passes(hours=1)
    both.person("andres").does_not_see("You are paged")


def test_who_is_missing_makes_it_climb(both: World) -> None:
    both.passes(minutes=9)
    both.person("andres").sees("You are paged for INC-1")
    both.person("amina").types("/incident timeline", in_channel="inc-1").shows(
        "Not everybody who must has acknowledged in time"
    )


def test_who_has_it_already_is_told_for_whom_it_waits(both: World) -> None:
    said = both.person("luis").types("/incident ack", in_channel="inc-1")
    said.shows("You already have it; @Sita Gurung must acknowledge, too")


def test_a_path_that_runs_out_does_not_say_that_nobody_has_it(both: World) -> None:
    both.passes(minutes=19)
    news = both.channel("inc-1").sees("The escalation path has run out")
    news.shows("nobody but @Luis Herrera has acknowledged").does_not_show("Nobody has acknowledged")
    both.channel("inc-1").card.shows("The escalation path has run out, and nobody but @Luis Herrera has acknowledged")
    both.person("amina").sees("Nobody but @Luis Herrera has acknowledged INC-1")
