"""Slack sends the same request twice, at once or one after the other: it counts once."""

from collections.abc import Callable, Iterator

import pytest

from bot.core.effects import Entry
from bot.policy.model import Policy
from tests.faults.worlds import DECLARE, ImpatientWorld, stands_once
from tests.faults.worlds_by_http import HttpWorld
from tests.flows.people import Someone

Twice = Callable[[], None]


AT_ONCE, LATER, BY_HTTP = "at once", "when the answer was lost", "at once by HTTP"


@pytest.fixture(params=[AT_ONCE, LATER, BY_HTTP])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(way: str, policy: Policy, database: str) -> Iterator[ImpatientWorld]:
    kind = HttpWorld if way == BY_HTTP else ImpatientWorld
    with kind(policy, database) as opened:
        yield opened


@pytest.fixture
def twice(way: str, world: ImpatientWorld) -> Twice:
    """What is asked next reaches the bot twice."""
    return world.loses_the_next_acknowledgement if way == LATER else world.stage.sandbox.faults.deliver_twice


def test_a_command_typed_once_declares_once(twice: Twice, world: ImpatientWorld, noor: Someone) -> None:
    twice()
    noor.types(DECLARE).shows("INC-1")
    assert [incident.number for incident in world.incidents()] == [1]
    stands_once(world.stage.sandbox, world.policy, world.incident())


def test_a_form_sent_once_declares_once(twice: Twice, world: ImpatientWorld, noor: Someone) -> None:
    noor.types("/incident declare")
    form = noor.form("Declare an incident").fills({"What is wrong?": "Scores are stale", "How bad is it?": "Major"})
    twice()
    form.sends()
    assert [incident.number for incident in world.incidents()] == [1]


def test_an_escalation_asked_for_once_goes_one_step(
    twice: Twice, world: ImpatientWorld, noor: Someone, luis: Someone
) -> None:
    noor.types(DECLARE)
    page = luis.sees("You are paged")
    twice()
    page.clicks("Escalate")
    assert [page.person for page in world.incident().pages] == ["luis", "andres"]


def test_an_update_written_once_is_posted_once(twice: Twice, world: ImpatientWorld, noor: Someone) -> None:
    noor.types(DECLARE)
    twice()
    noor.types("/incident update 1 We are looking")
    assert [entry.what for entry in world.timeline()].count(Entry.UPDATE) == 1
    assert sum("We are looking" in message.text for message in world.channel("inc-1").messages[1:]) == 1


def test_the_same_words_typed_twice_are_two_commands(world: ImpatientWorld, noor: Someone) -> None:
    noor.types(DECLARE)
    noor.types(DECLARE)
    assert [incident.number for incident in world.incidents()] == [2, 1]
