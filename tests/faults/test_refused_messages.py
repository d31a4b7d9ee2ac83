"""Slack refuses a message for good: the page still arrives, or those who wait for it are told, and the path goes on."""

from types import MappingProxyType
from typing import Any

import pytest

from bot.core.incident import PageState
from bot.policy.model import Policy
from bot.sandbox.refusals import Refused
from tests.faults.worlds import DECLARE, ImpatientWorld
from tests.flows.people import Someone

Args = dict[str, Any]


def _refuses_blocks(world: ImpatientWorld, error: str) -> None:
    def refuse(method: str, args: Args, when: str) -> None:
        if method in ("chat.postMessage", "chat.update") and args.get("blocks"):
            raise Refused(error)

    world.stage.sandbox.on_call(refuse)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format"])
def test_a_page_whose_blocks_slack_refuses_arrives_as_plain_text(
    error: str, world: ImpatientWorld, noor: Someone, luis: Someone
) -> None:
    _refuses_blocks(world, error)
    noor.types(DECLARE)
    page = luis.sees("You are paged")
    assert not page.raw.get("blocks")
    page.shows("INC-1", "Scores are stale", "Major (sev2)")
    (standing,) = world.incident().pages
    assert standing.message is not None
    assert standing.state is PageState.OPEN
    luis.types("/incident ack 1")
    assert world.incident().acknowledged_by == "luis"
    assert world.channel("inc-1").card.text
    assert world.backlog() == (0, 0, 0)


def test_a_page_to_somebody_who_is_not_in_slack_is_said_in_the_channel_and_the_path_goes_on(
    world: ImpatientWorld, noor: Someone, andres: Someone
) -> None:
    world.forgets("luis")
    noor.types(DECLARE)
    world.channel("inc-1").sees("Luis Herrera")
    assert world.incident().pages[0].state is PageState.UNDELIVERED
    world.passes(minutes=5)
    andres.sees("You are paged").clicks("Acknowledge")
    assert world.incident().acknowledged_by == "andres"


@pytest.mark.parametrize("kind", ["429", "500", "drop"])
def test_who_could_not_be_found_at_the_start_is_found_when_paged(kind: str, policy: Policy, database: str) -> None:
    """Luis is known by e-mail only, and Slack was busy when the bot started and his user group was to follow."""
    nameless = policy.people["luis"].model_copy(update={"slack": None})
    by_email = policy.model_copy(update={"people": MappingProxyType({**policy.people, "luis": nameless})})
    world = ImpatientWorld(by_email, database)
    world.stage.sandbox.faults.add("users.lookupByEmail", kind, times=3)  # type: ignore[arg-type]  # plain texts
    with world:
        world.person("noor").types(DECLARE)
        assert world.person("luis").counts("You are paged") == 0
        world.passes(seconds=2)
        world.person("luis").sees("You are paged").clicks("Acknowledge")
        assert world.incident().acknowledged_by == "luis"


def test_a_card_that_somebody_deletes_is_said_once_and_nothing_else_suffers(
    world: ImpatientWorld, noor: Someone, luis: Someone
) -> None:
    noor.types(DECLARE)
    card = world.channel("inc-1").card
    sandbox = world.stage.sandbox

    def refuse(method: str, args: Args, when: str) -> None:
        if method == "chat.update" and args["ts"] == card.ts:
            raise Refused("message_not_found")

    sandbox.on_call(refuse)
    luis.sees("You are paged").clicks("Acknowledge")
    noor.types("/incident update 1 We are looking")
    world.channel("inc-1").sees("We are looking")
    assert world.backlog()[:2] == (0, 0)
