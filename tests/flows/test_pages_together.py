"""Pages that wait for the same person arrive as one message; pages for a channel and for a user group arrive too."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bot.demo.workspace import slack_id
from bot.policy.model import EscalationPath, Policy
from bot.sandbox import groups
from tests.flows.people import Someone
from tests.flows.seen import Message
from tests.flows.world import World

PAUSE = 5  # seconds that Slack asks for
TITLES = ("Scores are stale", "Loads fail", "A dashboard is empty")
Open = Callable[..., World]


@pytest.fixture
def opened(policy: Policy, database: str, no_faults_in_the_log: None) -> Iterator[Open]:
    """Opens a world in which every path is this one."""
    with ExitStack() as closing:

        def open_(*steps: dict[str, object]) -> World:
            path = EscalationPath.model_validate({"steps": list(steps)})
            paths = dict.fromkeys(policy.escalation_paths, path)
            return closing.enter_context(World(policy.model_copy(update={"escalation_paths": paths}), database))

        yield open_


def _declared_while_slack_is_busy(world: World) -> None:
    """Three incidents, while no message goes out."""
    world.stage.sandbox.faults.add("chat.postMessage", "429", retry_after=PAUSE)
    for title, severity in zip(TITLES, ("sev3", "sev1", "sev2"), strict=True):
        world.person("noor").types(f"/incident declare {severity} churn-scoring {title}")


def _pages(of: Someone) -> list[Message]:
    return [message for message in of.direct_messages if any(message.says(title) for title in TITLES)]


@pytest.fixture
def paged_together(world: World) -> World:
    _declared_while_slack_is_busy(world)
    world.passes(seconds=PAUSE)
    return world


def test_pages_that_wait_for_one_person_go_out_as_one_message(paged_together: World, luis: Someone) -> None:
    (only,) = _pages(luis)
    only.shows("You are paged for 3 incidents", *(f"INC-{number} {title}" for number, title in enumerate(TITLES, 1)))
    places = [only.text.index(f"INC-{number}") for number in (2, 3, 1)]
    assert places == sorted(places)  # the worst first
    stands = {page.message and page.message.ts for incident in paged_together.incidents() for page in incident.pages}
    assert stands == {only.ts}


def test_what_is_alone_is_told_at_length(world: World, noor: Someone, luis: Someone) -> None:
    noor.types("/incident declare sev2 churn-scoring Scores are stale")
    luis.sees("You are paged for INC-1").shows("Since", "declared by @Noor")
    noor.types("/incident declare sev2 churn-scoring Loads fail")
    assert len(_pages(luis)) == 2


def test_each_of_them_is_taken_by_itself(paged_together: World, luis: Someone) -> None:
    (only,) = _pages(luis)
    assert only.labels == ["Acknowledge"] * 3
    only.clicks("Acknowledge", nth=0)
    assert [incident.acknowledged_by for incident in paged_together.incidents()] == [None, "luis", None]
    after = only.now().shows("INC-1", "INC-3", "You took INC-2 Loads fail")
    assert after.labels == ["Acknowledge"] * 2
    after.clicks("Acknowledge", nth=1)
    assert [incident.acknowledged_by for incident in paged_together.incidents()] == [None, "luis", "luis"]
    only.now().shows("You are paged for INC-3").clicks("Acknowledge")
    assert only.now().labels == []
    assert len(_pages(luis)) == 1


def test_what_somebody_else_takes_is_said_in_the_message_of_all(
    paged_together: World, luis: Someone, brian: Someone
) -> None:
    brian.types("/incident ack 2")
    _pages(luis)[0].shows("@Brian", "took INC-2", "You are paged for 2 incidents")


@pytest.mark.parametrize("kind", ["lost_reply", "500", "drop"])
def test_a_message_of_all_whose_answer_is_lost_is_not_said_twice(kind: str, world: World, luis: Someone) -> None:
    _declared_while_slack_is_busy(world)
    world.stage.sandbox.faults.add("chat.postMessage", kind)  # type: ignore[arg-type]  # pytest gives texts
    world.passes(seconds=PAUSE)
    world.passes(minutes=1)
    (only,) = _pages(luis)
    only.shows(*TITLES)
    assert only.labels == ["Acknowledge"] * 3


def test_found_again_one_by_one_all_of_them_stay_in_the_message(world: World, luis: Someone) -> None:
    """One more has come since, and goes out in the next message."""
    _declared_while_slack_is_busy(world)
    world.stage.sandbox.faults.add("chat.postMessage", "lost_reply")
    world.passes(seconds=PAUSE)
    world.person("noor").types("/incident declare sev2 churn-scoring The queue is full")
    world.passes(minutes=1)
    (only,) = _pages(luis)
    only.shows("You are paged for 3 incidents")
    assert sum(message.says("The queue is full") for message in luis.direct_messages) == 1


def test_more_than_one_message_holds_go_out_as_two(world: World, luis: Someone, noor: Someone) -> None:
    world.stage.sandbox.faults.add("chat.postMessage", "429", retry_after=PAUSE)
    for number in range(14):
        noor.types(f"/incident declare sev2 churn-scoring Table {number} is late")
    world.passes(seconds=PAUSE)
    said = [message for message in luis.direct_messages if message.says("You are paged for")]
    assert sorted(len(message.labels) for message in said) == [2, 12]
    for number in range(14):
        assert sum(f"Table {number} is late" in message.text for message in said) == 1


def test_a_page_for_a_channel_is_taken_by_anybody_there(opened: Open) -> None:
    world = opened({"page": ["channel:#mlops-support"], "wait": "10m"})
    world.person("noor").types("/incident declare sev2 churn-scoring Scores are stale")
    page = world.person("brian").sees("Who can take INC-1?", in_channel="mlops-support")
    assert page.channel == world.channel_id("mlops-support")
    page.clicks("Acknowledge")
    assert world.incident().acknowledged_by == "brian"
    assert world.incident().pages[0].person == "#mlops-support"


def test_a_page_for_a_channel_whose_answer_is_lost_stands_there_once(opened: Open) -> None:
    world = opened({"page": ["channel:#mlops-support"], "wait": "10m"})
    world.stage.sandbox.faults.add("chat.postMessage", "lost_reply")
    world.person("noor").types("/incident declare sev2 churn-scoring Scores are stale")
    world.passes(minutes=1)
    assert world.channel("mlops-support").counts("INC-1") == 1


def test_a_page_for_a_channel_that_is_not_there_goes_on_to_the_next_step(opened: Open) -> None:
    world = opened({"page": ["channel:#no-such"], "wait": "10m"}, {"page": ["person:brian"], "wait": "10m"})
    world.person("noor").types("/incident declare sev2 churn-scoring Scores are stale")
    world.person("brian").sees("You are paged for INC-1")


def _has_group(world: World, handle: str, *people: str) -> None:
    async def make() -> None:
        workspace = world.stage.sandbox.workspace
        with workspace.lock:
            noor = slack_id(world.policy, "noor")
            made = groups.create(workspace, handle, handle, "", noor)
            groups.give_users(workspace, made, [slack_id(world.policy, key) for key in people], noor)

    world.stage.sandbox.run(make())


def test_everybody_of_a_user_group_is_paged(opened: Open) -> None:
    world = opened({"page": ["group:@ml-on-duty"], "wait": "10m"})
    _has_group(world, "ml-on-duty", "brian", "sita")
    world.person("noor").types("/incident declare sev2 churn-scoring Scores are stale")
    for key in ("brian", "sita"):
        assert world.person(key).counts("You are paged for INC-1") == 1


def test_many_incidents_ask_once_who_is_in_a_user_group(opened: Open) -> None:
    world = opened({"page": ["group:@ml-on-duty"], "wait": "10m"})
    _has_group(world, "ml-on-duty", "brian")
    for _ in range(5):
        world.person("noor").types("/incident declare sev2 churn-scoring Scores are stale")
    assert [call.method for call in world.stage.sandbox.calls].count("usergroups.users.list") == 1


def test_a_user_group_that_is_not_there_is_not_made_and_the_next_step_is_paged(opened: Open) -> None:
    world = opened({"page": ["group:@nobody-made-it"], "wait": "10m"}, {"page": ["person:brian"], "wait": "10m"})
    world.person("noor").types("/incident declare sev2 churn-scoring Scores are stale")
    world.person("brian").sees("You are paged for INC-1")
    assert "nobody-made-it" not in [group.handle for group in world.stage.sandbox.workspace.groups.values()]
