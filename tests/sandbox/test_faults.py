"""Misbehaviour on request, and rate limits."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import Faults
from bot.sandbox.quiet import Quiet
from bot.sandbox.server import Sandbox
from tests.sandbox.build import client, refused, workspace


def hasty(sandbox: Sandbox) -> WebClient:
    """A client that neither tries again nor waits."""
    return WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, timeout=1, retry_handlers=[])


def test_latency_delays_each_call_and_can_differ_by_method(sandbox: Sandbox, api: WebClient) -> None:
    sandbox.faults.latency = 0.05
    sandbox.faults.slow("team.info", 0.1)
    api.auth_test()
    api.team_info()
    took = [call.finished - call.started for call in sandbox.calls]
    assert took[0] >= 0.05
    assert took[1] >= 0.1
    sandbox.faults.clear()
    assert (sandbox.faults.latency_for("auth.test"), sandbox.faults.latency_for("team.info")) == (0, 0)


def test_too_many_requests_says_how_long_to_wait(sandbox: Sandbox, api: WebClient) -> None:
    sandbox.faults.add("chat.postMessage", "429", times=2, retry_after=7)
    for _ in range(2):
        answer = refused(api.chat_postMessage, channel="general", text="x")
        assert (answer.status_code, answer.headers["Retry-After"], answer["error"]) == (429, "7", "ratelimited")
    assert api.chat_postMessage(channel="general", text="x")["ok"]
    assert len(sandbox.messages("general")) == 1


def test_a_fault_of_one_method_spares_the_others(sandbox: Sandbox, api: WebClient) -> None:
    sandbox.faults.add("team.info", "500")
    assert api.auth_test()["ok"]
    with pytest.raises(SlackApiError) as no:
        api.team_info()
    assert no.value.response.status_code == 500
    sandbox.faults.add(kind="500")
    with pytest.raises(SlackApiError):
        api.auth_test()


def test_a_lost_reply_leaves_the_deed_done(sandbox: Sandbox) -> None:
    sandbox.faults.add("chat.postMessage", "lost_reply")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        hasty(sandbox).chat_postMessage(channel="general", text="once")
    assert [message["text"] for message in sandbox.messages("general")] == ["once"]


def test_a_dropped_call_leaves_nothing_done(sandbox: Sandbox) -> None:
    sandbox.faults.add("chat.postMessage", "drop")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        hasty(sandbox).chat_postMessage(channel="general", text="never")
    assert sandbox.messages("general") == []
    assert sandbox.calls[-1].error == "drop"


def test_a_call_that_is_never_answered_leaves_nothing_done(sandbox: Sandbox) -> None:
    sandbox.faults.add("chat.postMessage", "timeout")
    waiting = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, timeout=0, retry_handlers=[])
    waiting.timeout = 0.1  # type: ignore[assignment]  # urllib takes parts of a second
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        waiting.chat_postMessage(channel="general", text="never")
    assert time.monotonic() - started >= 0.1
    sandbox.settle()
    assert sandbox.messages("general") == []


def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(ValueError, match="choose one of 429, 500"):
        Faults().add("chat.postMessage", "sulk")  # type: ignore[arg-type]  # that it is unknown is the point


def limited(sandbox: Sandbox) -> WebClient:
    sandbox.faults.rate_limits = True
    return client(sandbox)


def test_a_channel_takes_one_post_a_second() -> None:
    with workspace(clock=SandboxClock(datetime(2026, 1, 5, tzinfo=UTC))) as sandbox:
        api = limited(sandbox)
        api.chat_postMessage(channel="general", text="x")
        answer = refused(api.chat_postMessage, channel="general", text="x")
        assert (answer["error"], answer.headers["Retry-After"]) == ("ratelimited", "1")
        assert api.chat_postMessage(channel="ops", text="x")["ok"]
        sandbox.clock.advance(timedelta(seconds=1))
        assert api.chat_postMessage(channel="general", text="x")["ok"]


def test_a_method_takes_as_many_calls_a_minute_as_its_tier_allows() -> None:
    with workspace(clock=SandboxClock(datetime(2026, 1, 5, tzinfo=UTC))) as sandbox:
        api = limited(sandbox)
        for number in range(20):
            api.conversations_create(name=f"inc-{number}")
        answer = refused(api.conversations_create, name="inc-20")
        assert (answer["error"], answer.headers["Retry-After"]) == ("ratelimited", "3")
        assert api.auth_test()["ok"]
        sandbox.clock.advance(timedelta(seconds=3))
        assert api.conversations_create(name="inc-20")["ok"]


def test_settling_waits_for_the_call_that_is_under_way() -> None:
    quiet = Quiet()
    quiet.wait(timeout=1, quiet_for=0)
    with quiet.busy(), pytest.raises(TimeoutError, match="1 deliveries or calls are still under way"):
        quiet.wait(timeout=0.01, quiet_for=0)
    quiet.wait(timeout=1, quiet_for=0)
