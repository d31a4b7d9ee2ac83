"""Delivery to a request URL: signatures, the challenge, answers, retries; Bolt on the other side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, actions, button, client, workspace

Json = dict[str, Any]
Answer = tuple[int, dict[str, str], str]


class Door:
    """An HTTP server that does with each request what the test says, and keeps the headers."""

    def __init__(self) -> None:
        self.answer: Callable[[str, dict[str, str]], Answer] = lambda body, headers: (200, {}, "")
        self.headers: list[dict[str, str]] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                door.headers.append(headers)
                status, further, answer = door.answer(body, headers)
                #  Who waited too long is gone by now.
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.send_response(status)
                    for name, value in further.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(answer.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/slack/events"

    def serve_with(self, app: App) -> None:
        def answer(body: str, headers: dict[str, str]) -> Answer:
            done = app.dispatch(BoltRequest(body=body, headers={**headers}))
            return done.status, {name: values[0] for name, values in done.headers.items()}, done.body

        self.answer = answer


@contextmanager
def opened() -> Iterator[Door]:
    door = Door()
    thread = threading.Thread(target=door.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield door
    door.server.shutdown()
    door.server.server_close()
    thread.join()


@pytest.fixture
def door() -> Iterator[Door]:
    with opened() as door:
        yield door


@pytest.fixture
def sandbox(door: Door) -> Iterator[Sandbox]:
    clock = SandboxClock(datetime(2026, 1, 5, tzinfo=UTC))
    with workspace(events_url=door.url, clock=clock, ack_within=0.3) as running:
        yield running


def app_of(sandbox: Sandbox, secret: str = "") -> App:
    web = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    return App(client=web, signing_secret=secret or sandbox.signing_secret, token_verification_enabled=False)


def test_bolt_believes_the_signature_and_meets_the_challenge(sandbox: Sandbox, door: Door) -> None:
    door.serve_with(app_of(sandbox))
    assert not sandbox.connected
    sandbox.wait_connected()
    assert sandbox.connected


def test_another_secret_is_not_believed(sandbox: Sandbox, door: Door) -> None:
    door.serve_with(app_of(sandbox, secret="another"))
    with pytest.raises(TimeoutError, match="has not answered the challenge"):
        sandbox.wait_connected(timeout=0.1)


def test_a_command_is_answered_by_text_or_by_json_or_not(sandbox: Sandbox, door: Door) -> None:
    app = app_of(sandbox)
    answers: list[Any] = ["hello", {"text": "all", "response_type": "in_channel"}, None]

    @app.command("/incident")
    def say(ack: Ack) -> None:
        answer = answers.pop(0)
        ack(answer) if answer else ack()

    door.serve_with(app)
    amina = sandbox.person(AMINA)
    assert [amina.types("/incident", "general").text for _ in range(3)] == ["hello", "all", None]
    assert [message["text"] for message in sandbox.messages("general")] == ["all"]


def test_a_click_is_delivered_as_a_payload(sandbox: Sandbox, door: Door) -> None:
    app, heard = app_of(sandbox), []

    @app.action("press")
    def press(ack: Ack, action: Json) -> None:
        ack()
        heard.append(action["value"])

    door.serve_with(app)
    ts = client(sandbox).chat_postMessage(channel="general", text="x", blocks=[actions(button("press", "7"))])["ts"]
    assert sandbox.person(AMINA).click("general", ts, "press").ok
    assert heard == ["7"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_command_that_the_app_refuses_is_a_failure_to_dispatch(sandbox: Sandbox, door: Door, status: int) -> None:
    door.answer = lambda body, headers: (status, {}, "")
    assert sandbox.person(AMINA).types("/incident", "general").error == "dispatch_failed"


def test_a_command_that_takes_too_long_has_timed_out(sandbox: Sandbox, door: Door) -> None:
    done = threading.Event()

    def answer(body: str, headers: dict[str, str]) -> Answer:
        done.wait(5)
        return 200, {}, ""

    door.answer = answer
    assert sandbox.person(AMINA).types("/incident", "general").error == "operation_timeout"
    done.set()


def retries(door: Door) -> list[tuple[str | None, str | None]]:
    names = ("x-slack-retry-num", "x-slack-retry-reason")
    return [(headers.get(names[0]), headers.get(names[1])) for headers in door.headers]


def test_an_event_is_tried_again_at_once_after_a_minute_and_after_five(sandbox: Sandbox, door: Door) -> None:
    door.answer = lambda body, headers: (200, {}, body[body.find('"challenge": "') + 14 :].partition('"')[0])
    sandbox.wait_connected()
    door.headers.clear()
    door.answer = lambda body, headers: (500, {}, "")
    sandbox.person(AMINA).types("hello", "general")
    sandbox.settle()
    assert retries(door) == [(None, None), ("1", "http_error")]
    sandbox.clock.advance(timedelta(seconds=60))
    sandbox.settle()
    sandbox.clock.advance(timedelta(minutes=5))
    sandbox.settle()
    sandbox.clock.advance(timedelta(hours=1))
    sandbox.settle()
    assert retries(door)[2:] == [("2", "http_error"), ("3", "http_error")]


def test_an_app_can_ask_not_to_be_told_again(sandbox: Sandbox, door: Door) -> None:
    door.answer = lambda body, headers: (200, {}, body[body.find('"challenge": "') + 14 :].partition('"')[0])
    sandbox.wait_connected()
    door.headers.clear()
    door.answer = lambda body, headers: (500, {"X-Slack-No-Retry": "1"}, "")
    sandbox.person(AMINA).types("hello", "general")
    sandbox.settle()
    assert retries(door) == [(None, None)]


def test_a_delivery_can_come_twice(sandbox: Sandbox, door: Door) -> None:
    door.answer = lambda body, headers: (200, {}, "ok")
    sandbox.faults.deliver_twice()
    assert sandbox.person(AMINA).types("/incident", "general").text == "ok"
    assert len(door.headers) == 2


def test_a_door_that_is_shut_is_a_failure_to_dispatch() -> None:
    with workspace(events_url="http://127.0.0.1:9/slack/events") as sandbox:
        assert sandbox.person(AMINA).types("/incident", "general").error == "dispatch_failed"


def test_a_door_that_only_points_elsewhere_is_followed_twice(sandbox: Sandbox, door: Door) -> None:
    door.answer = lambda body, headers: (307, {"Location": door.url}, "")
    assert sandbox.person(AMINA).types("/incident", "general").error == "dispatch_failed"
    assert len(door.headers) == 2
