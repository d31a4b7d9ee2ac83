"""What Slack has asked to wait with waits for everybody, and pages are the first afterwards."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.engine.deliver import TryAgain
from bot.slack import faults
from bot.slack.pauses import APART, AT_ONCE, POST, Pauses
from tests.slack.desk import StoppedClock

SECOND = timedelta(seconds=1)


class Answered:
    """What a refusal looks like to whoever reads it."""

    def __init__(self, header: object) -> None:
        self.status_code = 429
        self.headers = {"Retry-After": header}

    def get(self, name: str) -> str:
        return "ratelimited"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def pauses(clock: StoppedClock) -> Pauses:
    return Pauses(clock)


def test_a_method_that_was_refused_is_not_asked_again_until_the_pause_is_over(
    pauses: Pauses, clock: StoppedClock
) -> None:
    until = pauses.refused("pins.add", "", 30 * SECOND, urgent=False)
    assert until == clock.time + 30 * SECOND
    assert pauses.must_wait("pins.add", "", urgent=False) == until
    assert pauses.must_wait("bookmarks.add", "", urgent=False) is None
    clock.passes(seconds=30)
    assert pauses.must_wait("pins.add", "", urgent=False) is None


def test_a_channel_that_has_just_had_a_message_waits_alone(pauses: Pauses, clock: StoppedClock) -> None:
    pauses.passed(POST, "C1")
    pauses.refused(POST, "C1", SECOND, urgent=False)
    assert pauses.must_wait(POST, "C1", urgent=False) == clock.time + SECOND
    assert pauses.must_wait(POST, "C2", urgent=False) is None


def test_a_channel_that_was_quiet_tells_that_it_is_the_method(pauses: Pauses, clock: StoppedClock) -> None:
    pauses.refused(POST, "C1", 30 * SECOND, urgent=False)
    assert pauses.must_wait(POST, "C2", urgent=False) == clock.time + 30 * SECOND


def test_once_slack_has_insisted_a_channel_has_one_message_a_second(pauses: Pauses, clock: StoppedClock) -> None:
    pauses.passed(POST, "C1")
    assert pauses.must_wait(POST, "C1", urgent=True) is None  # a burst that Slack takes is not slowed down
    pauses.refused(POST, "C1", SECOND, urgent=True)
    clock.passes(seconds=1)
    assert pauses.must_wait(POST, "C1", urgent=True) is None
    pauses.passed(POST, "C1")
    assert pauses.must_wait(POST, "C1", urgent=True) == clock.time + SECOND
    clock.passes(minutes=2)
    pauses.passed(POST, "C1")
    assert pauses.must_wait(POST, "C1", urgent=True) is None


def test_pages_go_first_when_it_is_over(pauses: Pauses, clock: StoppedClock) -> None:
    pauses.refused(POST, "C1", SECOND, urgent=False)
    assert pauses.must_wait(POST, "U1", urgent=True)
    clock.passes(seconds=1)
    held = pauses.must_wait(POST, "C1", urgent=False)
    assert held is not None
    assert held > clock.time
    assert pauses.must_wait(POST, "U1", urgent=True) is None
    assert pauses.must_wait(POST, "C1", urgent=False) is None


def test_what_is_no_page_comes_back_in_turns(pauses: Pauses, clock: StoppedClock) -> None:
    first = pauses.refused("chat.update", "", SECOND, urgent=False)
    held = [pauses.must_wait("chat.update", "", urgent=False) for _ in range(2 * AT_ONCE)]
    assert held.count(first) == AT_ONCE - 1
    assert held.count(first + APART) == AT_ONCE
    assert held[-1] == first + 2 * APART


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3), (["7"], 7), ("soon", 1), ("", 1), ([], 1), ("nan", 1), ("-5", 0.1), ("inf", 600), ("1e9", 600)],
)
def test_a_pause_is_believed_within_reason_and_what_is_no_number_is_a_second(header: object, seconds: float) -> None:
    meant = faults.meaning(SlackApiError("ratelimited", Answered(header)))  # type: ignore[no-untyped-call]  # untyped
    assert meant == TryAgain("Slack asks for a pause", timedelta(seconds=seconds))
