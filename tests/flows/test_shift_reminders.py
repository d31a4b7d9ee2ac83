"""Before each shift a reminder comes, once; whoever it does not reach is reported while there is time."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.demo.workspace import slack_id
from bot.policy.model import Policy
from tests.flows.people import Someone
from tests.flows.world import World

AMINAS = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # her shift of the first line, after Sita's and before Luis's
HALF_A_DAY = timedelta(hours=12)
REMINDED = "Your shift on First line begins 2026-03-03 10:00 UTC"

Open = Callable[[Policy], World]


@pytest.fixture
def opened(database: str, no_faults_in_the_log: None) -> Iterator[Open]:
    """Opens a world with another configuration."""
    with ExitStack() as closing:
        yield lambda policy: closing.enter_context(World(policy, database))


def changed(policy: Policy, room: str, key: str, **facts: Any) -> Policy:
    """With other facts about one person, team or schedule."""
    known = getattr(policy, room)
    return policy.model_copy(update={room: {**known, key: known[key].model_copy(update=facts)}})


def test_it_comes_half_a_day_before_once_and_says_what_awaits_them(world: World, amina: Someone) -> None:
    world.reaches(AMINAS - HALF_A_DAY - timedelta(seconds=1))
    amina.does_not_see("Your shift")
    world.person("noor").types("/incident declare sev3 churn-scoring Scores are stale")
    world.passes(seconds=1)
    told = amina.sees(REMINDED).shows(f"{REMINDED} and lasts until 2026-03-03 18:00 UTC")
    told.shows("Before you: @Sita Gurung", "One incident is open")
    world.reaches(AMINAS + timedelta(hours=7))
    assert amina.counts("Your shift on First line") == 1


def test_nobody_is_reminded_of_the_shift_they_have(world: World, luis: Someone) -> None:
    world.passes(hours=10)
    luis.does_not_see("Your shift on First line")


def test_everybody_of_a_day_is_reminded_once(world: World) -> None:
    world.passes(hours=18)
    for person in ("sita", "amina", "luis"):
        assert world.person(person).counts("Your shift on First line") == 1
    for person in ("brian", "bikash", "camila"):
        world.person(person).does_not_see("Your shift")


def test_what_fell_due_while_the_bot_was_down_comes_at_the_start_and_not_again(
    world: World, amina: Someone, sita: Someone
) -> None:
    world.settle()
    world.stops_the_bot()
    world.jumps(hours=4)
    world.starts_the_bot()
    assert amina.counts(REMINDED) == 1
    world.stops_the_bot()
    world.starts_the_bot()
    world.passes(hours=1)
    assert amina.counts(REMINDED) == 1
    assert sita.counts("Your shift on First line") == 1


def test_how_long_before_is_for_the_configuration_to_say(opened: Open, policy: Policy) -> None:
    world = opened(changed(policy, "schedules", "l1", remind=timedelta(minutes=30)))
    amina = world.person("amina")
    world.reaches(AMINAS - timedelta(minutes=30, seconds=1))
    amina.does_not_see("Your shift")
    world.passes(seconds=1)
    assert amina.counts(REMINDED) == 1


def test_whoever_stands_in_is_reminded_in_their_place(world: World, amina: Someone, brian: Someone) -> None:
    amina.types("/oncall override l1 @brian tomorrow 13:00 to 17:00")
    world.reaches(AMINAS - HALF_A_DAY)
    brian.sees(REMINDED).shows("and lasts until 2026-03-03 14:00 UTC")
    amina.does_not_see("Your shift on First line")
    world.reaches(AMINAS + timedelta(hours=4) - HALF_A_DAY)
    amina.sees("Your shift on First line begins 2026-03-03 14:00 UTC").shows("Before you: @Brian Kiprop")
    assert brian.counts("Your shift on First line") == 1


def test_its_button_opens_the_request_for_cover(world: World, amina: Someone) -> None:
    world.reaches(AMINAS - HALF_A_DAY)
    amina.sees(REMINDED).clicks("Ask for cover")
    form = amina.form("Ask for cover").holds("Schedule", "First line")
    form.holds("From", AMINAS).holds("Until", AMINAS + timedelta(hours=8))


def test_a_reminder_whose_answer_is_lost_is_not_said_twice(world: World, amina: Someone) -> None:
    world.reaches(AMINAS - HALF_A_DAY - timedelta(seconds=1))
    world.stage.sandbox.faults.add("chat.postMessage", "lost_reply", times=3)
    world.passes(seconds=20)
    assert amina.counts(REMINDED) == 1


def unreachable(policy: Policy) -> Policy:
    """Sita, whose shift begins in seven hours, has neither a Slack id nor an e-mail address."""
    return changed(policy, "people", "sita", slack=None, email=None)


def test_the_lead_is_told_of_whom_nobody_can_reach_while_there_is_time(opened: Open, policy: Policy) -> None:
    world = opened(unreachable(policy))
    world.settle()
    amina = world.person("amina")
    told = amina.sees("Sita Gurung could not be reminded of their shift on First line")
    told.shows("begins 2026-03-03 02:00 UTC", "no Slack id", "let somebody stand in")
    told.clicks("Let somebody stand in")
    form = amina.form("Stand in").holds("Schedule", "First line").holds("Instead of", "Sita Gurung")
    form.holds("From", datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    world.passes(hours=6)
    assert amina.counts("could not be reminded") == 1


def test_a_deactivated_account_is_told_too(world: World, luis: Someone, amina: Someone) -> None:
    world.stage.sandbox.deactivate(luis.id)
    world.reaches(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))  # half a day before his next shift
    amina.sees("@Luis Herrera could not be reminded").shows("their Slack account is deactivated")


def test_without_a_lead_the_channel_of_the_handoffs_is_told(opened: Open, policy: Policy) -> None:
    world = opened(changed(unreachable(policy), "teams", "support", lead=None))
    world.settle()
    world.channel("mlops-handoffs").sees("Sita Gurung could not be reminded")
    world.person("amina").does_not_see("could not be reminded", in_channel="mlops-support")


def test_the_lead_themselves_is_reported_to_the_channel(world: World, amina: Someone, noor: Someone) -> None:
    world.stage.sandbox.deactivate(slack_id(world.policy, "amina"))
    world.reaches(AMINAS - HALF_A_DAY)
    noor.sees("@Amina Otieno could not be reminded", in_channel="mlops-handoffs")


def test_when_the_lead_cannot_be_reached_either_the_channel_is_told(opened: Open, policy: Policy) -> None:
    world = opened(changed(unreachable(policy), "people", "amina", slack=None, email=None))
    world.settle()
    assert world.channel("mlops-handoffs").counts("Sita Gurung could not be reminded") == 1


def test_whoever_stands_in_and_cannot_be_told_is_reported_at_once_and_again_before_the_shift(
    world: World, amina: Someone
) -> None:
    world.stage.sandbox.deactivate(slack_id(world.policy, "brian"))
    amina.types("/oncall override l1 @brian tomorrow 13:00 to 17:00")
    amina.sees("@Brian Kiprop could not be told that their shifts on First line have changed")
    world.reaches(AMINAS - HALF_A_DAY)
    assert amina.counts("@Brian Kiprop could not be reminded of their shift") == 1
