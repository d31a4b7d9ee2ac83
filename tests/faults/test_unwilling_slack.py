"""A Slack that is busy, broken, slow or gone: everything is completed later, in order, and once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.policy.model import Policy
from bot.sandbox.faults import Kind
from bot.sandbox.web_api import Call
from tests.faults.worlds import DECLARE, ImpatientWorld, stands_once
from tests.flows.people import Someone

DECLARING = (
    "conversations.create",
    "chat.postMessage",
    "chat.update",
    "pins.add",
    "bookmarks.add",
    "conversations.setTopic",
    "conversations.invite",
)
LOOKING = ("conversations.list", "conversations.open", "conversations.history", "bookmarks.list")
ASKED_FOR = 40  # seconds that Slack asks to be left alone


def _calls(world: ImpatientWorld, method: str) -> list[Call]:
    return [call for call in world.stage.sandbox.calls if call.method == method]


def _about(call: Call) -> Any:
    """What is the same when the same thing is tried again: a message bears its mark, though it is drawn anew."""
    return call.args.get("metadata") or {name: call.args[name] for name in call.args if name not in ("text", "blocks")}


def _is_completed(world: ImpatientWorld, number: int = 1) -> None:
    assert world.backlog() == (0, 0, 0)
    stands_once(world.stage.sandbox, world.policy, world.incident(number))


def test_what_slack_asks_to_wait_with_is_done_when_it_asked_for_it(world: ImpatientWorld, noor: Someone) -> None:
    for number, method in enumerate(DECLARING, start=1):
        world.stage.sandbox.faults.add(method, "429", retry_after=ASKED_FOR)
        noor.types(DECLARE)
        (refused,) = (call for call in _calls(world, method)[-20:] if call.at == world.now and call.error == "429")
        world.passes(seconds=ASKED_FOR)
        again = [call for call in _calls(world, method) if _about(call) == _about(refused) and call is not refused]
        assert [call.at - refused.at for call in again] == [timedelta(seconds=ASKED_FOR)], method
        _is_completed(world, number)


@pytest.mark.parametrize("kind", ["500", "drop", "lost_reply"])
def test_what_fails_once_is_done_a_moment_later(kind: Kind, world: ImpatientWorld, noor: Someone) -> None:
    for number, method in enumerate(DECLARING, start=1):
        world.stage.sandbox.faults.add(method, kind)
        noor.types(DECLARE)
        assert [call.error for call in _calls(world, method)].count(kind) == 1
        world.passes(seconds=2)
        _is_completed(world, number)


@pytest.fixture(scope="module")
def undisturbed(policy: Policy, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What stands in Slack two minutes after a declare, when nothing has gone wrong."""
    file = tmp_path_factory.mktemp("undisturbed") / "baton.db"
    file.write_bytes(sqlite_template.read_bytes())
    with ImpatientWorld(policy, f"sqlite:///{file}") as world:
        world.person("noor").types(DECLARE)
        world.passes(minutes=2)
        return world.picture()


@pytest.mark.parametrize(
    ("kind", "times"),
    [("429", 2), ("500", 2), ("drop", 2), ("lost_reply", 2), ("timeout", 1)],
    ids=lambda each: str(each),
)
def test_when_every_method_fails_slack_looks_in_the_end_as_if_nothing_had(
    kind: Kind, times: int, world: ImpatientWorld, noor: Someone, undisturbed: dict[str, Any]
) -> None:
    calls = {"chat.postMessage": 4}  # of one declare, side by side
    for method in (*DECLARING, *LOOKING):
        world.stage.sandbox.faults.add(method, kind, times=times * calls.get(method, 1))
    noor.types(DECLARE)
    world.passes(minutes=2)
    assert world.picture() == undisturbed
    _is_completed(world)


def test_the_channel_comes_before_the_card_and_the_card_before_what_is_said(
    world: ImpatientWorld, noor: Someone
) -> None:
    faults = world.stage.sandbox.faults
    faults.add("conversations.create", "500", times=3)
    noor.types(DECLARE)
    noor.types("/incident note 1 The table is empty")
    noor.types("/incident update 1 We are looking")
    assert world.incident_channels() == []
    faults.add("chat.postMessage", "500", times=2)  # for the card and the announcement
    world.passes(seconds=60)
    said = [message.text for message in world.channel("inc-1").messages]
    assert "Scores are stale" in said[0]
    places = [[words in text for text in said[1:]].index(True) for words in ("Runbooks", "empty", "looking")]
    assert places == [0, 1, 2]
    _is_completed(world)


def test_a_page_does_not_wait_for_a_channel_that_slack_will_not_make(
    world: ImpatientWorld, noor: Someone, luis: Someone
) -> None:
    world.stage.sandbox.faults.add("conversations.create", "500", times=1000)
    noor.types(DECLARE)
    luis.sees("You are paged").clicks("Acknowledge")
    assert world.incident().acknowledged_by == "luis"


def test_after_ten_minutes_without_slack_everything_is_said_once(
    world: ImpatientWorld, noor: Someone, luis: Someone, andres: Someone
) -> None:
    faults = world.stage.sandbox.faults
    faults.add("*", "drop", times=100_000)
    noor.types(DECLARE)
    world.passes(minutes=10)
    assert luis.counts("INC-1") == andres.counts("INC-1") == 0
    faults.clear()
    world.passes(minutes=1)
    assert luis.counts("You are paged") == andres.counts("You are paged") == 1
    assert world.channel("inc-1").counts("Paging @Andrés Pardo") == 1
    _is_completed(world)
