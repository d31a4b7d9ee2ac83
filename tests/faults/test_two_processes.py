"""Two bots on one database: side by side nothing is done twice, and what a dead one began is carried on."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import Baton
from bot.core.effects import Entry
from bot.engine.deliver import RENEW_EVERY
from bot.policy.model import Policy
from bot.settings import Settings
from tests.databases import database
from tests.faults.lives import Life, Lives, bot_at, bot_run
from tests.faults.worlds import DECLARE, ImpatientWorld, elsewhere, env, has_no_double, stands_once
from tests.flows.people import Someone

MANY = 6

__all__ = ["database"]


@pytest.fixture
def another(world: ImpatientWorld, database: str) -> Iterator[Callable[[], Baton]]:
    """Starts another bot on the database and the clock of the world's."""
    settings = Settings(
        _env_file=None,
        slack_api_url=world.stage.sandbox.api_url,
        slack_bot_token=SecretStr(world.stage.sandbox.bot_token),
        slack_app_token=SecretStr(world.stage.sandbox.app_token),
        database_url=database,
        baton_http="127.0.0.1:0",
    )
    with ExitStack() as closing:

        def start() -> Baton:
            bot = Baton(settings, world.policy, world.clock)
            bot.start()
            closing.callback(bot.stop)
            return bot

        yield start


def test_two_processes_side_by_side_do_nothing_twice(policy: Policy, database: str, lives: Lives) -> None:
    with elsewhere(policy, database) as place:
        for life in [lives.of(bot_run, env=place.env) for _ in range(2)]:
            life.is_ready()
        people = [place.person(key) for key in list(policy.people)[:MANY]]
        with ThreadPoolExecutor(MANY) as pool:
            replies = list(pool.map(lambda person: person.types(DECLARE, "general"), people))
        assert [reply.error for reply in replies] == [None] * MANY
        place.wait_until_done()
        incidents = place.incidents()
        assert sorted(incident.number for incident in incidents) == list(range(1, MANY + 1))
        for incident in incidents:
            stands_once(place.sandbox, policy, incident)


def test_what_falls_due_is_done_by_one_of_two(
    world: ImpatientWorld, another: Callable[[], Baton], noor: Someone, andres: Someone
) -> None:
    for _ in range(MANY):
        noor.types(DECLARE)
    two = (another(), another())
    world.stops_the_bot()
    world.jumps(minutes=5)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda bot: bot.pulse.beat(), two))
    for bot in two:
        bot.settle()
    world.stage.sandbox.settle()
    for incident in world.incidents():
        assert sum(message.says(f"{incident.name} {incident.title}") for message in andres.direct_messages) == 1
        assert [entry.what for entry in world.timeline(incident.number)].count(Entry.PAGED) == 2
        stands_once(world.stage.sandbox, world.policy, incident)


def test_the_same_request_to_both_counts_once(
    world: ImpatientWorld, another: Callable[[], Baton], noor: Someone
) -> None:
    second = another()
    world.loses_the_next_acknowledgement()  # it is sent again, to either of the two
    noor.types(DECLARE).shows("INC-1")
    second.settle()
    assert [incident.number for incident in world.incidents()] == [1]
    has_no_double(world.stage.sandbox)


def test_the_work_of_a_process_that_died_is_taken_over_by_one_that_was_up_all_the_while(
    world: ImpatientWorld, database: str, lives: Lives
) -> None:
    """On the same machine that is seen at the next beat; of another one only the end of the lease tells."""
    sandbox = world.stage.sandbox
    frail = lives.of(bot_at, world.now, env=env(sandbox, database))
    frail.is_ready()
    noor = world.stage.person("noor")
    died: list[str] = []

    def kill(method: str, args: dict[str, Any], when: str) -> None:
        if not died and method == "conversations.create" and when == "after" and _has_begun(world, frail):
            died.append(method)
            frail.kill()

    sandbox.on_call(kill)
    while not died:  # Slack and chance decide which of the two gets the work
        assert noor.types(DECLARE, "general").ok
        world.settle()
    assert frail.ends() == -signal.SIGKILL
    assert world.backlog()[1] > 0, "it had begun something"
    world.passes(seconds=RENEW_EVERY.total_seconds())
    assert world.backlog() == (0, 0, 0)
    for incident in world.incidents():
        stands_once(sandbox, world.policy, incident)


def _has_begun(world: ImpatientWorld, life: Life) -> bool:
    with world.store.transaction() as work:
        return any(f"/{life.pid}/" in owner for owner in work.claimants())
