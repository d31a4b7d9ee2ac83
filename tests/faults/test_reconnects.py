"""Socket Mode comes and goes: commands typed meanwhile are neither lost nor doubled, and readiness tells the truth."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bot.policy.model import Policy
from bot.sandbox.people import Reply
from tests.faults.lives import Lives, ask, bot_run, wait_for
from tests.faults.worlds import DECLARE, ImpatientWorld, elsewhere
from tests.flows.people import Someone

AT_ONCE = 8
Going = Callable[[ImpatientWorld], None]


def _told_to_go(world: ImpatientWorld) -> None:
    world.stage.sandbox.drop_sockets("refresh_requested")


def _warned(world: ImpatientWorld) -> None:
    world.stage.sandbox.drop_sockets("warning")


def _cut(world: ImpatientWorld) -> None:
    world.stage.sandbox.kill_sockets()


def _readiness(world: ImpatientWorld) -> tuple[int, str]:
    assert world.stage.bot is not None
    status, body = ask(f"{world.stage.bot.address}/readyz")
    return status, json.loads(body)["checks"]["slack"]["why"]


@pytest.mark.parametrize("go", [_told_to_go, _warned, _cut])
def test_no_command_is_lost_and_none_counts_twice_while_the_socket_goes(go: Going, world: ImpatientWorld) -> None:
    people = [world.stage.person(key) for key in list(world.policy.people)[:AT_ONCE]]
    barrier = Barrier(AT_ONCE + 1)

    def types(person: int) -> Reply:
        barrier.wait()
        return people[person].types(f"{DECLARE} for {person}", "general")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        replies = [pool.submit(types, person) for person in range(AT_ONCE)]
        barrier.wait()
        go(world)
        assert [reply.result().error for reply in replies] == [None] * AT_ONCE
    world.settle()
    said = sorted(incident.title for incident in world.incidents())
    assert said == [f"Scores are stale for {person}" for person in range(AT_ONCE)]
    assert len(world.incident_channels()) == AT_ONCE


@pytest.mark.parametrize("go", [_told_to_go, _cut])
def test_after_three_changes_of_the_socket_the_bot_still_hears(go: Going, world: ImpatientWorld, noor: Someone) -> None:
    for number in (1, 2, 3):
        go(world)
        noor.types(DECLARE).shows(f"INC-{number}")


def test_readiness_is_lost_with_the_socket_and_comes_back_with_it(world: ImpatientWorld, noor: Someone) -> None:
    wait_for(lambda: _readiness(world) == (200, "connected by Socket Mode"), "readiness")
    world.stage.sandbox.faults.add("apps.connections.open", "500", times=1000)
    world.stage.sandbox.kill_sockets()
    wait_for(lambda: _readiness(world)[0] == 503, "unreadiness")
    assert "not connected" in _readiness(world)[1]
    world.stage.sandbox.faults.clear()
    wait_for(lambda: _readiness(world)[0] == 200, "readiness")
    noor.types(DECLARE).shows("INC-1")


def test_an_address_that_was_good_for_one_time_is_asked_for_anew(world: ImpatientWorld, noor: Someone) -> None:
    world.spoils_the_next_ticket()
    world.stage.sandbox.kill_sockets()
    wait_for(lambda: world.stage.sandbox.connected, "a new connection")
    opened = [call for call in world.stage.sandbox.calls if call.method == "apps.connections.open"]
    assert len(opened) == 3, "at the start, in vain, and again"
    noor.types(DECLARE).shows("INC-1")


def test_while_the_socket_is_gone_pages_still_go_out(world: ImpatientWorld, noor: Someone, andres: Someone) -> None:
    noor.types(DECLARE)
    world.stage.sandbox.faults.add("apps.connections.open", "500", times=1000)
    world.stage.sandbox.kill_sockets()
    world.stage.passes(timedelta(minutes=5))
    andres.sees("You are paged")


def test_a_bot_that_stops_answers_what_it_has_heard(policy: Policy, database: str, lives: Lives) -> None:
    with elsewhere(policy, database) as place, ThreadPoolExecutor(AT_ONCE) as pool:
        life = lives.of(bot_run, env=place.env)
        life.is_ready()
        replies = [pool.submit(place.person("noor").types, DECLARE, "general") for _ in range(AT_ONCE)]
        wait_for(lambda: place.incidents(), "the first incident")
        assert life.stop() == 0
        said = [reply.result() for reply in replies]
        # Slack sends a command once: who was not heard is told so, and nothing was done for them.
        assert len(place.incidents()) == sum(reply.ok for reply in said)
