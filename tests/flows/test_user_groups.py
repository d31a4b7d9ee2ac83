"""A user group has whoever is on call: mentioned anywhere in Slack, it calls the right person."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.demo.workspace import slack_id
from bot.policy.model import Layer, Policy
from bot.sandbox import groups
from bot.sandbox.faults import Kind
from bot.sandbox.records import Group
from bot.sandbox.refusals import Refused
from tests.flows.people import Someone
from tests.flows.world import MONDAY, World

CHANGE = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # of the first line, from Luis to Sita
FIRST_LINE = "@oncall-l1"
UPDATE = "usergroups.users.update"

Open = Callable[..., World]


@pytest.fixture
def world(world: World) -> World:
    world.settle()  # the groups have their first people
    return world


@pytest.fixture
def opened(policy: Policy, database: str, no_faults_in_the_log: None) -> Iterator[Open]:
    """Opens a world in which the first line has other layers."""
    with ExitStack() as closing:

        def open_(*layers: Layer, at: datetime = MONDAY) -> World:
            first = policy.schedules["l1"].model_copy(update={"layers": layers})
            other = policy.model_copy(update={"schedules": {**policy.schedules, "l1": first}})
            return closing.enter_context(World(other, database, at))

        yield open_


def members(world: World, handle: str = FIRST_LINE) -> list[str]:
    """By their keys in the configuration."""
    found = world.stage.sandbox.group_named(handle)
    assert found is not None, f"there is no group {handle}, or it is switched off"
    return [key for key in world.policy.people if slack_id(world.policy, key) in found["users"]]


def kept(world: World, handle: str = FIRST_LINE) -> Group:
    found = world.stage.sandbox.workspace.group_named(handle)
    assert found is not None
    return found


def switched_off(world: World) -> None:
    """Somebody switches the group off in Slack."""

    async def switch_off() -> None:
        with world.stage.sandbox.workspace.lock:
            groups.disable(world.stage.sandbox.workspace, kept(world), slack_id(world.policy, "amina"))

    world.stage.sandbox.run(switch_off())


def all_of(*people: str) -> Layer:
    rotation = {"every": "1w", "starts": "2026-01-05T00:00", "people": [list(people)]}
    return Layer.model_validate({"name": "all", "time_zone": "UTC", "rotation": rotation})


def test_it_has_whoever_is_on_call_as_soon_as_the_bot_runs(world: World) -> None:
    assert members(world) == ["luis"]
    assert members(world, "@oncall-l2") == ["andres"]
    assert kept(world).name == "On call First line"


def test_it_follows_at_the_change_of_shift_and_not_before(world: World) -> None:
    world.passes(hours=6, minutes=59, seconds=59)
    assert members(world) == ["luis"]
    world.reaches(CHANGE)
    assert members(world) == ["sita"]
    assert members(world, "@oncall-l2") == ["andres"]
    world.passes(minutes=15)
    assert members(world, "@oncall-l2") == ["prakash"]


def test_it_follows_a_stand_in_at_once_and_goes_back_at_its_end(world: World, amina: Someone) -> None:
    amina.types("/oncall override l1 @brian now for 2h")
    assert members(world) == ["brian"]
    world.passes(hours=1, minutes=59, seconds=59)
    assert members(world) == ["brian"]
    world.passes(seconds=1)
    assert members(world) == ["luis"]


def test_it_goes_back_as_soon_as_a_stand_in_is_undone(world: World, amina: Someone) -> None:
    amina.types("/oncall override l1 @brian now for 2h")
    world.passes(minutes=5)
    amina.types("/oncall undo 1")
    assert members(world) == ["luis"]


def test_in_a_gap_it_keeps_whoever_was_last(opened: Open, policy: Policy) -> None:
    world = opened(policy.schedules["l1"].layers[0], at=CHANGE)
    world.settle()
    assert members(world) == ["sita"]
    world.passes(hours=9)
    world.person("noor").types("/oncall l1").shows("nobody is on call")
    assert members(world) == ["sita"]
    world.passes(hours=15)
    assert members(world) == ["sita"]


def test_all_of_a_turn_are_in_it_but_those_whose_account_is_deactivated(opened: Open) -> None:
    world = opened(all_of("luis", "camila"))
    world.settle()
    assert members(world) == ["luis", "camila"]
    world.stage.sandbox.deactivate(slack_id(world.policy, "camila"))
    world.stops_the_bot()
    world.starts_the_bot()
    assert members(world) == ["luis"]


def test_it_is_not_emptied_when_everybody_on_call_is_deactivated(world: World) -> None:
    world.stage.sandbox.deactivate(slack_id(world.policy, "sita"))
    world.reaches(CHANGE)
    assert members(world) == ["luis"]
    world.stage.sandbox.reactivate(slack_id(world.policy, "sita"))
    world.passes(minutes=10)
    assert members(world) == ["sita"]


def test_one_that_was_switched_off_is_switched_on(world: World) -> None:
    switched_off(world)
    world.stops_the_bot()
    world.starts_the_bot()
    assert members(world) == ["luis"]


def test_one_that_is_switched_off_while_the_bot_runs_is_switched_on_at_the_next_change(world: World) -> None:
    switched_off(world)
    world.reaches(CHANGE)
    assert members(world) == ["sita"]


def test_one_that_is_gone_is_made_anew(world: World) -> None:
    with world.stage.sandbox.workspace.lock:
        del world.stage.sandbox.workspace.groups[kept(world).id]
    world.reaches(CHANGE)
    world.passes(minutes=10)
    assert members(world) == ["sita"]


def test_one_whose_handle_was_changed_is_left_alone_and_another_is_made(world: World) -> None:
    world.stops_the_bot()
    with world.stage.sandbox.workspace.lock:
        kept(world).handle = "first-responders"
    world.jumps(hours=8)
    world.starts_the_bot()
    assert members(world) == ["sita"]
    assert members(world, "@first-responders") == ["luis"]


def test_a_change_while_the_bot_is_down_is_made_up_for(world: World) -> None:
    world.stops_the_bot()
    world.jumps(hours=8)
    assert members(world) == ["luis"]
    world.starts_the_bot()
    assert members(world) == ["sita"]


def test_what_fails_is_done_within_five_seconds(world: World) -> None:
    changes: dict[Kind, str] = {"500": "sita", "drop": "amina", "lost_reply": "luis"}
    for shift, (kind, person) in enumerate(changes.items()):
        world.reaches(CHANGE + shift * timedelta(hours=8) - timedelta(seconds=1))
        world.stage.sandbox.faults.add(UPDATE, kind, times=2)
        world.passes(seconds=6)
        assert members(world) == [person], kind


@pytest.mark.parametrize("method", ["usergroups.list", "usergroups.create", "usergroups.enable"])
def test_it_is_found_made_or_switched_on_though_the_first_answer_is_lost(method: str, world: World) -> None:
    world.stops_the_bot()
    if method == "usergroups.enable":
        switched_off(world)
    else:
        with world.stage.sandbox.workspace.lock:
            world.stage.sandbox.workspace.groups.clear()
    world.stage.sandbox.faults.add(method, "lost_reply")
    world.starts_the_bot()
    world.passes(seconds=2)
    assert members(world) == ["luis"]
    assert len(world.stage.sandbox.workspace.groups) == 2


def test_when_slack_asks_for_a_pause_it_follows_after_it(world: World) -> None:
    world.stage.sandbox.faults.add(UPDATE, "429", retry_after=40)
    world.reaches(CHANGE)
    world.passes(seconds=39)
    assert members(world) == ["luis"]
    world.passes(seconds=1)
    assert members(world) == ["sita"]


def test_a_bot_that_may_not_change_it_asks_again_until_it_may(world: World) -> None:
    forbidden = [True]

    def refuse(method: str, args: dict[str, Any], when: str) -> None:
        if forbidden and method == UPDATE:
            raise Refused("permission_denied")

    world.stage.sandbox.on_call(refuse)
    world.reaches(CHANGE)
    world.passes(minutes=25)
    assert members(world) == ["luis"]
    forbidden.clear()
    world.passes(minutes=11)
    assert members(world) == ["sita"]


def test_a_late_attempt_draws_who_is_on_call_by_then(world: World, amina: Someone) -> None:
    world.stage.sandbox.faults.add(UPDATE, "500", times=1000)
    world.reaches(CHANGE)
    world.passes(minutes=2)
    amina.types("/oncall override l1 @brian now for 2h")
    assert members(world) == ["luis"]
    world.stage.sandbox.faults.clear()
    world.passes(minutes=2)
    assert members(world) == ["brian"]
    given = [call.args["users"] for call in world.stage.sandbox.calls if call.method == UPDATE and call.ok]
    assert slack_id(world.policy, "sita") not in str(given)
