"""Slack by HTTP: what is signed and fresh is heard; whatever is not, is not, and leaves no trace."""

import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from bot.policy.model import Policy
from tests.faults.lives import ask
from tests.faults.worlds import DECLARE, ImpatientWorld, stands_once
from tests.faults.worlds_by_http import HttpWorld
from tests.flows.people import Someone

FORM = "application/x-www-form-urlencoded"
Headers = dict[str, str]


@pytest.fixture
def world(policy: Policy, database: str) -> Iterator[HttpWorld]:
    with HttpWorld(policy, database) as opened:
        yield opened


def _declares(world: HttpWorld) -> str:
    """The body of a request that declares an incident."""
    return urlencode(
        {
            "command": "/incident",
            "text": DECLARE.removeprefix("/incident "),
            "user_id": world.person("noor").id,
            "channel_id": world.channel_id("general"),
            "team_id": "T0SANDBOX",
            "trigger_id": "1.2.3",
            "response_url": f"{world.stage.sandbox.url}/commands/none",
        }
    )


def _posts(world: HttpWorld, body: str, headers: Headers) -> tuple[int, str]:
    answer = ask(world.url, body.encode(), {"Content-Type": FORM, **headers})
    world.settle()
    return answer


def test_commands_buttons_and_forms_work(world: HttpWorld, noor: Someone, luis: Someone) -> None:
    noor.types(DECLARE).shows("INC-1")
    stands_once(world.stage.sandbox, world.policy, world.incident())
    luis.sees("You are paged").clicks("Acknowledge")
    assert world.incident().acknowledged_by == "luis"
    luis.types("/incident resolve 1")
    luis.form("Resolve INC-1").fills({"Summary": "The job ran again"}).sends()
    assert not world.incident().is_open
    luis.home().shows("Nothing")


def test_a_forged_request_is_refused(world: HttpWorld) -> None:
    body = _declares(world)
    good = world.signed(body)
    late = str(int(time.time()) - 301)
    forgeries: dict[str, tuple[str, Headers]] = {
        "signed with another secret": (body, world.signed(body, secret="another-secret")),
        "signed for another body": (body.replace("sev2", "sev1"), good),
        "one byte more": (body + "+", good),
        "no headers": (body, {}),
        "no signature": (body, {"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"]}),
        "no time": (body, {"X-Slack-Signature": good["X-Slack-Signature"]}),
        "an empty signature": (body, {**good, "X-Slack-Signature": ""}),
        "another time than was signed": (body, {**good, "X-Slack-Request-Timestamp": late}),
        "no number for a time": (body, {**good, "X-Slack-Request-Timestamp": "now"}),
    }
    answers = {how: _posts(world, *forged) for how, forged in forgeries.items()}
    assert {how: status for how, (status, _) in answers.items()} == dict.fromkeys(forgeries, 401)
    assert not world.incidents()
    assert not world.incident_channels()


def test_a_request_that_is_older_than_five_minutes_is_refused(world: HttpWorld) -> None:
    body, now = _declares(world), int(time.time())
    for age in (301, -360, 86_400):  # a request from the future comes nearer while it is on its way
        assert _posts(world, body, world.signed(body, at=now - age))[0] == 401
    assert not world.incidents()
    assert _posts(world, body, world.signed(body, at=now - 280))[0] == 200
    assert len(world.incidents()) == 1


def test_the_same_request_replayed_within_five_minutes_counts_once(world: HttpWorld) -> None:
    body = _declares(world)
    headers = world.signed(body)
    answers = [_posts(world, body, headers) for _ in range(3)]
    assert [(status, "INC-1" in said) for status, said in answers] == [(200, True)] * 3
    assert [incident.number for incident in world.incidents()] == [1]


def test_the_challenge_is_answered_only_when_it_is_signed(world: HttpWorld) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1aB"})
    json_type = {"Content-Type": "application/json"}
    status, said = ask(world.url, body.encode(), {**json_type, **world.signed(body)})
    assert (status, "3eZbrw1aB" in said) == (200, True)
    assert ask(world.url, body.encode(), json_type)[0] == 401


def test_a_signed_request_that_makes_no_sense_harms_nothing(world: HttpWorld, noor: Someone) -> None:
    for body in ("", "{", "payload=%7B", "payload=null", "payload=[]", "\x00", "[1, 2]", "a" * 1_000_000):
        status, said = _posts(world, body, world.signed(body))
        assert 400 <= status < 500, body[:20]
        assert "Traceback" not in said
    noor.types(DECLARE).shows("INC-1")


def test_socket_mode_leaves_that_door_closed(policy: Policy, database: str) -> None:
    with ImpatientWorld(policy, database) as world:
        assert world.stage.bot is not None
        status, said = ask(f"{world.stage.bot.address}/slack/events", b"{}")
        assert (status, "Socket Mode" in said) == (404, True)
