"""Whom somebody wants to page, and where the message to them begins."""

import pytest

from bot.policy.model import PageTarget, Policy
from bot.slack.listeners.parse_page import Nobody, Wanted, wanted
from tests.slack.build import POLICY

L1 = POLICY.schedules["l1"]
SCHEDULES = {
    "l1": L1.model_copy(update={"user_group": "@oncall-l1"}),
    "second": L1.model_copy(update={"name": "Second line"}),
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return POLICY.model_copy(update={"schedules": SCHEDULES})


@pytest.mark.parametrize(
    ("typed", "targets", "message"),
    [
        ("<@U0SITA>", ["U0SITA"], ""),
        ("<@U0SITA|sita> can you look?", ["U0SITA"], "can you look?"),
        ("sita", ["person:sita"], ""),
        ("@Sita Gurung please", ["person:sita"], "please"),
        ("Second Line, we need you", ["schedule:second"], "we need you"),
        ('"second line" we need you', ["schedule:second"], "we need you"),
        ("MLOps support: all hands", ["team:support"], "all hands"),
        ("<!subteam^S1|@oncall-l1> hello", ["schedule:l1"], "hello"),
        ("<!subteam^S1|@oncall-l1>, sita hello", ["schedule:l1", "person:sita"], "hello"),
        ("@oncall-l1 hello", ["schedule:l1"], "hello"),
        ("<@U0SITA> <@U0LUIS> come", ["U0SITA", "U0LUIS"], "come"),
        ("sita, luis and l1 come, please", ["person:sita", "person:luis", "schedule:l1"], "come, please"),
        ("sita l1 come", ["person:sita", "schedule:l1"], "come"),
        ("sita support is waiting", ["person:sita"], "support is waiting"),
        ("sita and luis, the\ntable\nis late", ["person:sita", "person:luis"], "the\ntable\nis late"),
        ("sita and whoever has time", ["person:sita"], "and whoever has time"),
        ("Vendor &lt;on call&gt; &amp; co your API is down", ["person:vendor"], "your API is down"),
    ],
)
def test_the_targets_stand_in_front_and_the_rest_is_the_message(
    typed: str, targets: list[str], message: str, policy: Policy
) -> None:
    meant = tuple(PageTarget.model_validate(each) if ":" in each else each for each in targets)
    assert wanted(typed, policy) == Wanted(meant, message)


@pytest.mark.parametrize(
    ("typed", "word", "nearest"),
    [
        ("siita please", "siita", "sita"),
        ("@lusi", "@lusi", "luis"),
        ("sita @lusi", "@lusi", "luis"),
        ("l2 come", "l2", None),
        ("<!here> come", "<!here>", None),
        ("qqqq", "qqqq", None),
    ],
)
def test_a_name_that_nobody_has_is_no_message(typed: str, word: str, nearest: str | None, policy: Policy) -> None:
    assert wanted(typed, policy) == Nobody(word, nearest)


def test_nothing_typed_names_nobody(policy: Policy) -> None:
    assert wanted("  ", policy) == Wanted()
