"""Slack did it, and the answer never came; or what we would make is there already: nothing is made twice."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.records import Channel
from tests.faults.worlds import DECLARE, ImpatientWorld, has_no_double, is_page, stands_once
from tests.flows.people import Someone

NAME = "inc-1-scores-are-stale"
CREATE = "conversations.create"


def _makes(world: ImpatientWorld, name: str, creator: str, archived: bool = False) -> Channel:
    """A channel that was there before."""
    workspace = world.stage.sandbox.workspace

    async def make() -> Channel:
        with workspace.lock:
            made = workspace.create_channel(name, creator, private=False)
            if archived:
                workspace.archive(made, creator)
            return made

    made = world.stage.sandbox.run(make())
    world.settle()
    return made


@pytest.mark.parametrize("archived", [False, True], ids=["in use", "archived"])
def test_a_name_that_somebody_else_has_taken_gets_a_number(
    archived: bool, world: ImpatientWorld, noor: Someone, amina: Someone
) -> None:
    theirs = _makes(world, NAME, amina.id, archived)
    noor.types(DECLARE)
    assert world.incident_channels() == [NAME, f"{NAME}-2"]
    assert world.incident().channel_name == f"{NAME}-2"
    assert world.incident().channel != theirs.id
    assert all(each.text == "" or "INC-1" not in each.text for each in world.channel(NAME).messages)


@pytest.mark.parametrize("kind", ["500", "lost_reply", "drop"])
def test_a_channel_that_the_bot_made_for_an_earlier_database_is_not_taken_for_its_own(
    kind: str, world: ImpatientWorld, noor: Someone
) -> None:
    earlier = _makes(world, NAME, world.stage.sandbox.bot_user_id)
    world.jumps(hours=1)
    world.stage.sandbox.faults.add(CREATE, kind)  # type: ignore[arg-type]  # pytest gives texts
    noor.types(DECLARE)
    world.passes(seconds=5)
    assert world.incident_channels() == [NAME, f"{NAME}-2"]
    assert world.incident().channel_name == f"{NAME}-2"
    assert world.stage.sandbox.messages(earlier.id)[1:] == []  # but for its making


def test_the_channel_whose_making_was_not_answered_is_found_again_under_a_second_name_too(
    world: ImpatientWorld, noor: Someone, amina: Someone
) -> None:
    _makes(world, NAME, amina.id)
    asked: list[str] = []

    def lose_the_second(method: str, args: dict[str, Any], when: str) -> None:
        if method == CREATE and not asked:
            world.stage.sandbox.faults.add(CREATE, "lost_reply")
        if method == CREATE and when == "before":
            asked.append(args["name"])

    world.stage.sandbox.on_call(lose_the_second)
    noor.types(DECLARE)
    assert asked == [NAME, f"{NAME}-2"]
    world.passes(seconds=20)
    assert asked[2:] == [NAME, f"{NAME}-2"]
    assert world.incident_channels() == [NAME, f"{NAME}-2"]
    assert world.incident().channel_name == f"{NAME}-2"


def test_when_all_names_are_taken_those_who_need_the_channel_are_told(
    world: ImpatientWorld, noor: Someone, luis: Someone, amina: Someone
) -> None:
    for name in (NAME, *(f"{NAME}-{ordinal}" for ordinal in range(2, 10))):
        _makes(world, name, amina.id)
    noor.types(DECLARE)
    for someone in (noor, luis):
        assert "taken" in someone.direct_messages[-1].text
    luis.sees("You are paged").clicks("Acknowledge")
    assert world.incident().acknowledged_by == "luis"


def test_no_message_of_an_incident_is_said_twice_though_no_answer_ever_comes_at_first(
    world: ImpatientWorld, noor: Someone, luis: Someone
) -> None:
    faults = world.stage.sandbox.faults

    def lose(times: int = 20) -> None:
        faults.add("chat.postMessage", "lost_reply", times=times)

    lose()
    noor.types(DECLARE)
    world.passes(seconds=3)
    luis.sees("You are paged").clicks("Acknowledge")
    world.channel("inc-1").sees("Runbooks that may help").clicks("Start")
    luis.types("/incident update 1 We are looking")
    luis.types("/incident note 1 The table is empty")
    world.passes(seconds=3)
    luis.types("/incident severity 1 sev1")
    luis.types("/incident resolve 1 The table is full again")
    world.passes(seconds=20)
    faults.clear()
    world.passes(minutes=1)
    assert world.backlog() == (0, 0, 0)
    has_no_double(world.stage.sandbox)
    for words in ("We are looking", "The table is empty", "The table is full again"):
        assert world.channel("inc-1").counts(words) >= 1
    stands_once(world.stage.sandbox, world.policy, world.incident())


def test_a_reply_lost_before_a_restart_is_not_asked_for_twice(
    world: ImpatientWorld, noor: Someone, luis: Someone
) -> None:
    world.stage.sandbox.faults.add("chat.postMessage", "lost_reply", times=3)
    noor.types(DECLARE)
    world.stops_the_bot()
    world.jumps(minutes=4)
    world.starts_the_bot()
    world.passes(minutes=0.5)
    assert luis.counts("You are paged") == 1
    stands_once(world.stage.sandbox, world.policy, world.incident())


def test_where_the_bot_may_not_look_a_message_is_rather_said_twice_than_never(
    world: ImpatientWorld, noor: Someone
) -> None:
    """The announcements' channel, which the bot was thrown out of: it may post there, but not read."""
    incidents = world.channel("incidents").id
    workspace = world.stage.sandbox.workspace

    async def leave() -> None:
        with workspace.lock:
            workspace.leave(workspace.channels[incidents], world.stage.sandbox.bot_user_id)

    world.stage.sandbox.run(leave())
    world.settle()
    world.stage.sandbox.faults.add("chat.postMessage", "lost_reply", times=3)  # the announcement among them
    noor.types(DECLARE)
    world.passes(seconds=10)
    assert world.channel("incidents").counts("INC-1") == 2
    assert world.backlog() == (0, 0, 0)


def test_a_page_lost_for_longer_than_the_clocks_may_differ_is_still_found(
    world: ImpatientWorld, noor: Someone, luis: Someone
) -> None:
    """The search begins where the page was written, not where it is looked for."""
    faults = world.stage.sandbox.faults
    faults.add("chat.postMessage", "lost_reply")
    faults.add("conversations.history", "500", times=100)
    noor.types(DECLARE)
    world.passes(minutes=4)
    faults.clear()
    world.clock.advance(timedelta(minutes=40))
    world.passes(minutes=1)
    first = [message for message in luis.direct_messages if "INC-1" in message.text and is_page(message.raw)]
    assert len({message.ts for message in first}) == sum(page.person == "luis" for page in world.incident().pages)
