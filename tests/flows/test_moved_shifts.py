"""A new configuration that moves somebody's shifts is told to them, with before and after."""

from collections.abc import Mapping

import pytest

from bot.policy.model import Policy, Schedule
from tests.flows.people import Someone
from tests.flows.world import World

NEWS = "have been planned anew"


@pytest.fixture
def bikash(world: World) -> Someone:
    return world.person("bikash")


@pytest.fixture
def camila(world: World) -> Someone:
    return world.person("camila")


@pytest.fixture
def joseph(world: World) -> Someone:
    return world.person("joseph")


def restarts_with(world: World, schedules: Mapping[str, Schedule]) -> None:
    """As after an edit of schedules.yaml."""
    world.settle()
    world.stops_the_bot()
    world.stage.policy = world.policy.model_copy(update={"schedules": schedules})
    world.starts_the_bot()


def turns(policy: Policy, layer: str, *people: str) -> dict[str, Schedule]:
    """The schedules, in which these people take turns in a layer of the first line."""
    first = policy.schedules["l1"]
    layers = []
    for each in first.layers:
        if each.name == layer:
            assert each.rotation is not None
            rotation = each.rotation.model_copy(update={"people": tuple((person,) for person in people)})
            each = each.model_copy(update={"rotation": rotation})
        layers.append(each)
    return {**policy.schedules, "l1": first.model_copy(update={"layers": tuple(layers)})}


def told(world: World) -> set[str]:
    """Who was told of moved shifts."""
    return {key for key in world.policy.people if world.person(key).counts(NEWS)}


def test_those_who_change_places_are_told_and_nobody_else(
    world: World, policy: Policy, sita: Someone, bikash: Someone
) -> None:
    restarts_with(world, turns(policy, "kathmandu", "bikash", "sita"))
    assert told(world) == {"sita", "bikash"}
    hers = sita.sees("Your shifts of First line have been planned anew")
    hers.shows("No longer yours\n• 2026-03-03 02:00 UTC – 2026-03-03 10:00 UTC (8 h)")
    hers.shows("Yours now\n• 2026-03-09 02:00 UTC – 2026-03-09 10:00 UTC (8 h)", "more")
    bikash.sees(NEWS).shows("Yours now\n• 2026-03-03 02:00 UTC", "No longer yours\n• 2026-03-09 02:00 UTC")


def test_it_is_told_once(world: World, policy: Policy, sita: Someone) -> None:
    other = turns(policy, "kathmandu", "bikash", "sita")
    restarts_with(world, other)
    restarts_with(world, other)
    world.passes(hours=25)
    assert sita.counts(NEWS) == 1


def test_a_restart_with_the_same_configuration_tells_nobody(world: World, policy: Policy) -> None:
    restarts_with(world, policy.schedules)
    world.jumps(days=3)
    restarts_with(world, policy.schedules)
    assert told(world) == set()


def test_when_somebody_leaves_a_rotation_they_and_those_who_take_over_are_told(
    world: World, policy: Policy, luis: Someone, camila: Someone
) -> None:
    restarts_with(world, turns(policy, "bogota", "luis"))
    assert told(world) == {"luis", "camila"}
    camila.sees(NEWS).shows("No longer yours\n• 2026-03-09 18:00 UTC").does_not_show("Yours now")
    luis.sees(NEWS).shows("Yours now\n• 2026-03-09 18:00 UTC").does_not_show("No longer yours")


def test_the_shift_that_runs_changes_hands_with_a_handoff(
    world: World, policy: Policy, luis: Someone, camila: Someone
) -> None:
    restarts_with(world, turns(policy, "bogota", "camila", "luis"))
    luis.sees(NEWS).shows("No longer yours\n• 2026-03-02 19:00 UTC – 2026-03-03 02:00 UTC (7 h)")
    camila.sees(NEWS).shows("Yours now\n• 2026-03-02 19:00 UTC – 2026-03-03 02:00 UTC (7 h)")
    camila.sees("Handoff First line").shows("Goes: @Luis Herrera", "Comes: @Camila Rojas")


def test_a_schedule_that_is_taken_out_is_told_to_all_who_had_shifts(
    world: World, policy: Policy, joseph: Someone
) -> None:
    left = {key: schedule for key, schedule in policy.schedules.items() if key != "platform"}
    restarts_with(world, left)
    assert told(world) == {"joseph", "mateo"}
    joseph.sees(NEWS).does_not_show("Yours now")
    restarts_with(world, left)
    assert joseph.counts(NEWS) == 1


def test_who_stands_in_has_not_been_moved(world: World, policy: Policy, amina: Someone) -> None:
    amina.types("/oncall override l1 @brian tomorrow 13:00 to 17:00")
    restarts_with(world, policy.schedules)
    world.passes(hours=25)
    restarts_with(world, policy.schedules)
    assert told(world) == set()


def test_news_whose_answer_is_lost_is_told_once(world: World, policy: Policy, sita: Someone, bikash: Someone) -> None:
    world.settle()
    world.stage.sandbox.faults.add("chat.postMessage", "lost_reply", times=4)
    restarts_with(world, turns(policy, "kathmandu", "bikash", "sita"))
    world.passes(seconds=20)
    assert (sita.counts(NEWS), bikash.counts(NEWS)) == (1, 1)


def test_after_months_without_the_bot_only_what_is_still_to_come_counts(world: World, policy: Policy) -> None:
    world.settle()
    world.stops_the_bot()
    world.jumps(days=90)
    restarts_with(world, turns(policy, "kathmandu", "bikash", "sita"))
    assert told(world) == set()
    world.passes(hours=25)
    assert told(world) == set()
