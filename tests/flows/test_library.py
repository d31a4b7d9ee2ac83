"""Once a month owners hear which of their runbooks nobody has reviewed for long; once, whatever becomes of the bot."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date

import pytest

from bot.core.library import REMIND_EVERY
from bot.policy.model import Policy
from tests.flows.world import World

Open = Callable[[Policy], World]

TOLD = "2 runbooks of yours have not been reviewed within 180 days"


@pytest.fixture
def opened(database: str, no_faults_in_the_log: None) -> Iterator[Open]:
    """Opens a world with another configuration."""
    with ExitStack() as closing:
        yield lambda policy: closing.enter_context(World(policy, database))


def with_stale(policy: Policy, *stale: tuple[str, str, date | None]) -> Policy:
    """Of the sample's runbooks only these, with their owner and when they were reviewed; all others are fresh."""
    fresh = {name: book.model_copy(update={"reviewed": date(2030, 1, 1)}) for name, book in policy.runbooks.items()}
    old = {
        name: policy.runbooks[name].model_copy(update={"owner": owner, "reviewed": reviewed})
        for name, owner, reviewed in stale
    }
    return policy.model_copy(update={"runbooks": {**fresh, **old}})


def test_the_lead_of_the_owning_team_is_told_once_a_month(opened: Open, policy: Policy) -> None:
    names = list(policy.runbooks)[:2]
    stale = with_stale(policy, (names[0], "support-l2", None), (names[1], "support-l2", date(2025, 6, 1)))
    world = opened(stale)
    wanjiru, noor = world.person("wanjiru"), world.person("noor")
    world.settle()
    world.stops_the_bot()
    world.jumps(seconds=REMIND_EVERY.total_seconds() - 60)
    world.starts_the_bot()
    wanjiru.does_not_see("runbooks of yours")
    world.passes(minutes=1)
    told = wanjiru.sees(TOLD)
    told.shows(f"(`{names[0]}`): never reviewed", f"(`{names[1]}`): last reviewed 2025-06-01")
    noor.does_not_see("runbooks of yours")
    world.stops_the_bot()
    world.jumps(hours=1)
    world.starts_the_bot()
    assert wanjiru.counts(TOLD) == 1
