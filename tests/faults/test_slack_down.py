"""While Slack is down people are paged by other ways, once; when it is back, all is told once and in order."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest

from bot.core.events import IncidentDeclared
from bot.policy.model import Policy
from tests.faults.lives import wait_for
from tests.faults.worlds import DECLARE, has_no_double, stands_once
from tests.integrations.inboxes import Hook, webhook
from tests.integrations.reached import HOOK, ReachedWorld, hook, with_contacts

MANY = 100_000
LATE = timedelta(minutes=20)  # when the webhook would have its turn if Slack were well


@pytest.fixture
def posts() -> Iterator[Hook]:
    with webhook() as opened:
        yield opened


@pytest.fixture
def reached(policy: Policy, database: str, posts: Hook) -> Iterator[ReachedWorld]:
    with ReachedWorld(with_contacts(policy, hook(after=LATE)), database, {HOOK: posts.address}) as opened:
        yield opened


def _titles(posts: Hook) -> list[str]:
    return [str(post["title"]) for post in posts.posts]


def _declare(world: ReachedWorld, title: str) -> None:
    """From inside, for nobody can be heard in Slack."""
    assert world.stage.bot is not None
    world.stage.bot.engine.handle(
        IncidentDeclared(by="noor", title=title, severity="sev2", service="churn-scoring"),
    )
    world.settle()


def _is_told_once_and_in_order(world: ReachedWorld, number: int) -> None:
    assert world.backlog() == (0, 0, 0)
    stands_once(world.stage.sandbox, world.policy, world.incident(number))
    has_no_double(world.stage.sandbox)


def test_while_slack_is_well_the_webhook_waits_for_its_turn(reached: ReachedWorld, posts: Hook) -> None:
    reached.person("noor").types(DECLARE)
    reached.passes(minutes=19, seconds=59)
    assert posts.asked == 0
    reached.passes(seconds=1)
    assert posts.asked == 1


@pytest.mark.parametrize("kind", ["500", "drop"])
def test_in_a_new_outage_a_page_goes_another_way_within_a_minute(kind: str, reached: ReachedWorld, posts: Hook) -> None:
    faults = reached.stage.sandbox.faults
    faults.add("*", kind, times=MANY)  # type: ignore[arg-type]  # the names of faults are plain texts here
    reached.person("noor").types(DECLARE)
    reached.passes(seconds=59)
    assert posts.asked == 0
    reached.passes(seconds=1)
    assert _titles(posts) == ["INC-1 Major (sev2): Scores are stale"]
    reached.passes(minutes=3)
    assert posts.asked == 1
    faults.clear()
    reached.passes(minutes=2)
    assert posts.asked == 1
    reached.person("luis").sees("You are paged")
    _is_told_once_and_in_order(reached, 1)


def test_in_a_known_outage_a_page_goes_another_way_at_once(reached: ReachedWorld, posts: Hook) -> None:
    faults = reached.stage.sandbox.faults
    faults.add("*", "500", times=MANY)
    reached.person("noor").types(DECLARE)
    reached.passes(minutes=2)
    assert posts.asked == 1
    reached.person("noor").types("/incident declare sev1 churn-scoring Worse still")
    assert _titles(posts)[1:] == ["INC-2 Critical (sev1): Worse still"]
    reached.passes(minutes=2)
    assert posts.asked == 2
    reached.person("noor").types("/incident note 1 The table is empty")
    reached.person("noor").types("/incident update 1 We are looking")
    faults.clear()
    reached.passes(minutes=2)
    assert posts.asked == 2
    for number in (1, 2):
        _is_told_once_and_in_order(reached, number)
    card, *said = [message.text for message in reached.channel("inc-1").messages]
    assert "Scores are stale" in card
    places = [[words in text for text in said].index(True) for words in ("Runbooks", "empty", "looking")]
    assert places == sorted(places)


def test_the_clocks_go_on_without_slack(reached: ReachedWorld, posts: Hook) -> None:
    faults = reached.stage.sandbox.faults
    faults.add("*", "500", times=MANY)
    reached.person("noor").types(DECLARE)
    reached.passes(minutes=16)
    people = [page.person for page in reached.incident().pages]
    assert people[:2] == ["luis", "andres"]
    assert "amina" in people
    faults.clear()
    reached.passes(minutes=2)
    assert {person: reached.person(person).counts("You are paged") for person in people} == dict.fromkeys(people, 1)
    assert reached.backlog() == (0, 0, 0)
    has_no_double(reached.stage.sandbox)


def test_a_lost_socket_is_an_outage_that_is_known(reached: ReachedWorld, posts: Hook) -> None:
    sandbox, bot = reached.stage.sandbox, reached.stage.bot
    assert bot is not None
    sandbox.faults.add("apps.connections.open", "500", times=MANY)
    sandbox.kill_sockets()

    def down_after_a_while() -> bool:
        reached.jumps(seconds=61)
        return bot.slack.is_down()

    wait_for(down_after_a_while, "the loss of the socket")
    _declare(reached, "Scores are stale")
    reached.person("luis").sees("You are paged")
    assert posts.asked == 0, "what Slack has taken needs no other way"
    sandbox.faults.add("chat.postMessage", "500", times=MANY)
    _declare(reached, "Worse still")
    assert _titles(posts) == ["INC-2 Major (sev2): Worse still"]
    sandbox.faults.clear()
    sandbox.wait_connected()
    wait_for(lambda: not bot.slack.is_down(), "the new connection")
    reached.passes(minutes=2)
    assert posts.asked == 1
    _is_told_once_and_in_order(reached, 2)


def test_a_slack_that_asks_for_patience_or_refuses_is_not_down(reached: ReachedWorld, posts: Hook) -> None:
    assert reached.stage.bot is not None
    reached.stage.sandbox.faults.add("*", "429", times=MANY, retry_after=7)
    reached.person("noor").types(DECLARE)
    reached.passes(seconds=59)
    reached.jumps(minutes=3)
    assert not reached.stage.bot.slack.is_down()
    reached.settle()
    assert posts.asked == 1, "but the page has waited for a minute"


def test_a_bot_that_starts_while_slack_is_down_pages_all_the_same(reached: ReachedWorld, posts: Hook) -> None:
    reached.person("noor").types(DECLARE)
    reached.stops_the_bot()
    reached.stage.sandbox.faults.add("*", "500", times=MANY)
    starting = Thread(target=reached.stage.start_bot)
    starting.start()
    wait_for(lambda: reached.stage.bot and reached.stage.bot.pulse.is_alive, "the pulse")
    reached.jumps(minutes=21)
    wait_for(lambda: posts.posts, "the page")
    reached.stage.sandbox.faults.clear()
    starting.join()
    reached.passes(minutes=2)
    assert posts.asked == 1
    assert reached.person("luis").counts("You are paged") == 1
    _is_told_once_and_in_order(reached, 1)
