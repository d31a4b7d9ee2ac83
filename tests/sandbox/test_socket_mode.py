"""Socket Mode with slack_sdk's own clients: acknowledgements, redelivery, reconnects, several connections."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.sandbox.clock import SandboxClock
from bot.sandbox.people import Reply
from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, bolt, builtin, connected, workspace

Json = dict[str, Any]


def greet(ack: Ack, command: Json) -> None:
    ack(f"hello {command['text']}")


def answering(sandbox: Sandbox) -> App:
    app = bolt(sandbox)
    app.command("/incident")(greet)
    return app


@pytest.mark.parametrize("connect", [builtin, connected])
def test_both_clients_of_slack_sdk_are_served(sandbox: Sandbox, connect: Callable[..., Any]) -> None:
    with connect(sandbox, answering(sandbox)):
        reply = sandbox.person(AMINA).types("/incident amina", "general")
    assert (reply.ok, reply.text) == (True, "hello amina")


def test_without_an_app_a_command_fails_at_once(sandbox: Sandbox) -> None:
    reply = sandbox.person(AMINA).types("/incident", "general")
    assert (reply.ok, reply.error) == (False, "dispatch_failed")
    assert reply.took < 1


def test_a_command_that_is_not_acknowledged_in_time_has_failed() -> None:
    with workspace(ack_within=0.2) as sandbox:

        async def play() -> tuple[Json, Reply]:
            async with aiohttp.ClientSession() as session:
                socket = await session.ws_connect(sandbox.socket_url(debug_reconnects=False))
                await socket.receive_json()
                reply = await asyncio.to_thread(sandbox.person(AMINA).types, "/incident", "general")
                asked = await socket.receive_json()
                await socket.close()
                return asked, reply

        asked, reply = asyncio.run(play())
        assert (asked["type"], asked["accepts_response_payload"]) == ("slash_commands", True)
        assert (reply.ok, reply.error) == (False, "operation_timeout")
        assert reply.took >= 0.2


def test_after_a_refresh_the_next_command_reaches_the_new_connection(sandbox: Sandbox) -> None:
    with connected(sandbox, answering(sandbox)):
        for _ in range(2):
            sandbox.drop_sockets()
            assert sandbox.person(AMINA).types("/incident again", "general").text == "hello again"
    assert sum(call.method == "apps.connections.open" for call in sandbox.calls) == 3


def test_what_a_cut_connection_left_unanswered_goes_to_another(sandbox: Sandbox) -> None:
    """The first connection never answers and is cut; the second is asked the same."""

    async def play() -> tuple[Json, Json, Json]:
        async with aiohttp.ClientSession() as session:
            first = await session.ws_connect(sandbox.socket_url(debug_reconnects=False))
            await first.receive_json()
            typing = asyncio.create_task(asyncio.to_thread(sandbox.person(AMINA).types, "/incident x", "general"))
            asked = await first.receive_json()
            await asyncio.to_thread(sandbox.kill_sockets)
            second = await session.ws_connect(sandbox.socket_url(debug_reconnects=False))
            hello = await second.receive_json()
            again = await second.receive_json()
            await second.send_json({"envelope_id": again["envelope_id"], "payload": {"text": "late but here"}})
            assert (await typing).text == "late but here"
            await second.close()
            return asked, hello, again

    asked, hello, again = asyncio.run(play())
    assert hello["type"] == "hello"
    assert again == asked


def test_an_event_that_nobody_acknowledges_comes_three_times_more() -> None:
    with workspace(clock=SandboxClock(datetime(2026, 1, 5, tzinfo=UTC)), ack_within=0.1) as sandbox:

        async def play() -> list[tuple[int, str]]:
            heard: list[tuple[int, str]] = []
            async with aiohttp.ClientSession() as session:
                socket = await session.ws_connect(sandbox.socket_url(debug_reconnects=False))
                await socket.receive_json()
                await asyncio.to_thread(sandbox.person(AMINA).types, "hello", "general")
                for minutes in (0, 0, 1, 5):
                    await asyncio.to_thread(sandbox.settle)
                    sandbox.clock.advance(timedelta(minutes=minutes))
                    envelope = await socket.receive_json()
                    heard.append((envelope["retry_attempt"], envelope["retry_reason"]))
                await asyncio.to_thread(sandbox.settle)
                sandbox.clock.advance(timedelta(hours=1))
                await asyncio.to_thread(sandbox.settle)
                await socket.close()
            return heard

        assert asyncio.run(play()) == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]


def test_events_while_the_app_was_away_are_sent_when_it_is_back() -> None:
    with workspace(clock=SandboxClock(datetime(2026, 1, 5, tzinfo=UTC))) as sandbox:
        heard: list[str] = []
        arrived = threading.Event()
        sandbox.person(AMINA).types("are you there?", "general")
        app = bolt(sandbox)

        @app.event("message")
        def hear(event: Json) -> None:
            heard.append(event["text"])
            arrived.set()

        with connected(sandbox, app):
            sandbox.clock.advance(timedelta(minutes=1))
            assert arrived.wait(5)
            sandbox.settle()
        assert heard == ["are you there?"]


def test_a_delivery_can_come_twice(sandbox: Sandbox) -> None:
    heard: list[str] = []
    twice = threading.Semaphore(0)
    app = bolt(sandbox)

    @app.command("/incident")
    def hear(ack: Ack, body: Json) -> None:
        ack()
        heard.append(body["trigger_id"])
        twice.release()

    with connected(sandbox, app):
        sandbox.faults.deliver_twice()
        assert sandbox.person(AMINA).types("/incident", "general").ok
        assert twice.acquire(timeout=5)
        assert twice.acquire(timeout=5)
    assert heard[0] == heard[1]


async def open_sockets(sandbox: Sandbox, count: int) -> list[Json]:
    """The first frame that each of so many connections gets."""
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(sandbox.socket_url(debug_reconnects=True)) for _ in range(count)]
        frames = [await socket.receive_json() for socket in sockets]
        for socket in sockets:
            await socket.close()
        return frames


def test_an_app_may_have_ten_connections(sandbox: Sandbox) -> None:
    frames = asyncio.run(open_sockets(sandbox, 11))
    assert [frame.get("num_connections") for frame in frames] == [*range(1, 11), None]
    assert frames[10]["reason"] == "too_many_websockets"
    assert frames[0]["debug_info"]["approximate_connection_time"] == 360


def test_commands_are_spread_over_the_connections(sandbox: Sandbox) -> None:
    async def play() -> set[int]:
        used: set[int] = set()

        async def serve(number: int, socket: aiohttp.ClientWebSocketResponse) -> None:
            async for frame in socket:
                envelope = json.loads(frame.data)
                if "envelope_id" in envelope:
                    used.add(number)
                    await socket.send_json({"envelope_id": envelope["envelope_id"]})

        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(sandbox.socket_url(debug_reconnects=False)) for _ in range(2)]
            servers = [asyncio.create_task(serve(number, socket)) for number, socket in enumerate(sockets)]
            for _ in range(40):
                await asyncio.to_thread(sandbox.person(AMINA).types, "/incident", "general")
            for socket in sockets:
                await socket.close()
            await asyncio.gather(*servers)
        return used

    assert asyncio.run(play()) == {0, 1}


def test_a_ticket_opens_one_connection(sandbox: Sandbox) -> None:
    async def play() -> None:
        url = sandbox.socket_url(debug_reconnects=False)
        async with aiohttp.ClientSession() as session:
            first = await session.ws_connect(url)
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)
            await first.close()

    asyncio.run(play())


def test_twenty_commands_of_eight_slow_calls_are_all_acknowledged_and_done(sandbox: Sandbox) -> None:
    """Latency is suffered side by side: 160 calls of 50 ms need far less than the 8 s they would need in a row."""
    sandbox.faults.latency = 0.05
    web = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    listeners = ThreadPoolExecutor(20)
    app = App(client=web, token_verification_enabled=False, listener_executor=listeners)

    @app.command("/incident")
    def work(ack: Ack, client: WebClient) -> None:
        ack()
        for _ in range(8):
            client.chat_postMessage(channel="general", text="step")

    async def storm() -> list[bool]:
        person = sandbox.person(AMINA)
        replies = await asyncio.gather(*(asyncio.to_thread(person.types, "/incident", "general") for _ in range(20)))
        return [reply.ok for reply in replies]

    with connected(sandbox, app):
        assert asyncio.run(storm()) == [True] * 20
        listeners.shutdown()
    posts = [call for call in sandbox.calls if call.method == "chat.postMessage"]
    assert [call.ok for call in posts] == [True] * 160
    assert max(call.finished for call in posts) - min(call.started for call in posts) < 160 * 0.05
