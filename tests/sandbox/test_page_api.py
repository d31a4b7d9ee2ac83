"""The page's endpoints, as the page uses them."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt import Ack

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from tests.sandbox.build import (
    AMINA,
    BOT,
    LUIS,
    SITA,
    actions,
    asks,
    bolt,
    button,
    channel_id,
    client,
    connected,
    modal,
    workspace,
)

Json = dict[str, Any]
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with workspace(clock=SandboxClock(NOON)) as running:
        yield running


def get(sandbox: Sandbox, path: str) -> Json:
    return fetch(urllib.request.Request(f"{sandbox.url}/sandbox/{path}"))


def post(sandbox: Sandbox, path: str, **body: Any) -> Json:
    body = {name.rstrip("_"): value for name, value in body.items()}
    return fetch(urllib.request.Request(f"{sandbox.url}/sandbox/{path}", json.dumps(body).encode()))


def fetch(request: urllib.request.Request) -> Json:
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as no:
        with no:
            return {"status": no.code, **json.load(no)}


def test_the_page_learns_who_is_there_and_what_the_app_offers(sandbox: Sandbox) -> None:
    people = get(sandbox, "people")
    amina = next(person for person in people["people"] if person["id"] == AMINA)
    assert (amina["real_name"], amina["tz_label"], amina["tz_offset"]) == ("Amina Otieno", "EAT", 10_800)
    assert people["commands"][0] == {"command": "/incident", "description": "Incidents", "usage_hint": "declare"}
    assert [shortcut["type"] for shortcut in people["shortcuts"]] == ["global", "message"]
    assert people["app"] == {"name": "Baton", "bot_user_id": BOT, "home_enabled": True}


def test_the_state_shows_what_a_person_may_see(sandbox: Sandbox) -> None:
    state = get(sandbox, f"state?as={AMINA}")
    assert (state["now"], state["connected"], state["views"], state["home"]) == (NOON.timestamp(), False, [], None)
    seen = {channel["name"] or channel["user"]: channel for channel in state["channels"]}
    assert set(seen) == {"general", "ops", BOT}
    assert (seen["general"]["kind"], seen["general"]["topic"], seen["general"]["members"]) == (
        "channel",
        "Everything",
        3,
    )
    assert "secret" in {channel["name"] for channel in get(sandbox, f"state?as={SITA}")["channels"]}
    assert get(sandbox, "state?as=U404") == {"status": 404, "ok": False, "error": "user_not_found"}


def unread(sandbox: Sandbox, user: str, channel: str) -> tuple[int, int]:
    listed = get(sandbox, f"state?as={user}")["channels"]
    entry = next(entry for entry in listed if channel in (entry["id"], entry["name"]))
    return entry["unread"], entry["mentions"]


def test_unread_messages_and_mentions_are_counted_until_they_are_read(sandbox: Sandbox) -> None:
    general = channel_id(sandbox)
    assert post(sandbox, "say", as_=AMINA, channel=general, text="hello @luis")["ok"]
    client(sandbox).chat_postMessage(channel=general, text="beep")
    assert unread(sandbox, LUIS, "general") == (2, 1)
    assert unread(sandbox, AMINA, "general") == (1, 0)
    post(sandbox, "read", as_=LUIS, channel=general)
    assert unread(sandbox, LUIS, "general") == (0, 0)
    client(sandbox).chat_postMessage(channel=LUIS, text="paged")
    assert unread(sandbox, LUIS, sandbox.person(LUIS).dm()) == (1, 1)


def test_messages_come_with_threads_reactions_pins_and_bookmarks(sandbox: Sandbox) -> None:
    general, api = channel_id(sandbox), client(sandbox)
    ts = post(sandbox, "say", as_=AMINA, channel=general, text="look")["ts"]
    post(sandbox, "say", as_=LUIS, channel=general, text="yes", thread_ts=ts)
    assert post(sandbox, "react", as_=LUIS, channel=general, ts=ts, name=":eyes:")["ok"]
    api.pins_add(channel=general, timestamp=ts)
    api.bookmarks_add(channel_id=general, title="Board", type="link", link="https://example.com")
    [message] = get(sandbox, f"messages?as={AMINA}&channel={general}")["messages"]
    assert (message["reply_count"], message["reply_users"], message["pinned"]) == (1, [LUIS], True)
    assert message["reactions"] == [{"name": "eyes", "count": 1, "users": [LUIS]}]
    thread = get(sandbox, f"messages?as={AMINA}&channel={general}&thread_ts={ts}")["messages"]
    assert [message["text"] for message in thread] == ["look", "yes"]
    entry = next(entry for entry in get(sandbox, f"state?as={AMINA}")["channels"] if entry["id"] == general)
    assert (entry["pins"], entry["bookmarks"]) == (
        [ts],
        [{"title": "Board", "link": "https://example.com", "emoji": ""}],
    )
    assert get(sandbox, f"messages?as={AMINA}&channel=C404")["error"] == "channel_not_found"


def test_a_command_a_click_a_modal_and_a_shortcut(sandbox: Sandbox) -> None:
    app, api = bolt(sandbox), client(sandbox)

    @app.command("/incident")
    def command(ack: Ack) -> None:
        ack(text="pick", blocks=[actions(button("press"))])

    @app.action("press")
    def press(ack: Ack, body: Json) -> None:
        ack()
        api.views_open(trigger_id=body["trigger_id"], view=modal(asks("title")))

    @app.view("form")
    def form(ack: Ack) -> None:
        ack(response_action="errors", errors={"title": "No"})

    @app.shortcut("declare")
    def declare(ack: Ack) -> None:
        ack()

    general = channel_id(sandbox)
    with connected(sandbox, app):
        assert get(sandbox, f"state?as={AMINA}")["connected"] is True
        assert post(sandbox, "command", as_=AMINA, channel=general, command="/incident", text="")["ok"]
        [message] = get(sandbox, f"messages?as={AMINA}&channel={general}")["messages"]
        assert message["ephemeral"] is True
        place = {"channel": general, "message_ts": message["ts"], "block_id": message["blocks"][0]["block_id"]}
        assert post(sandbox, "action", as_=AMINA, action_id="press", value=None, **place)["ok"]
        sandbox.settle()
        [view] = get(sandbox, f"state?as={AMINA}")["views"]
        reply = post(sandbox, "submit", as_=AMINA, view_id=view["id"], values={"title": {"typed": "x"}})
        assert reply == {"ok": False, "errors": {"title": "No"}}
        assert post(sandbox, "close", as_=AMINA, view_id=view["id"])["ok"]
        assert get(sandbox, f"state?as={AMINA}")["views"] == []
        assert post(sandbox, "shortcut", as_=AMINA, callback_id="declare")["ok"]


def test_a_failed_command_is_explained_as_slack_explains_it(sandbox: Sandbox) -> None:
    assert post(sandbox, "command", as_=AMINA, channel=channel_id(sandbox), command="/incident", text="") == {
        "ok": False,
        "error": "dispatch_failed",
        "message": '/incident failed with the error "dispatch_failed"',
    }


def test_channels_are_joined_and_direct_messages_opened(sandbox: Sandbox) -> None:
    ops = channel_id(sandbox, "ops")
    assert post(sandbox, "join", as_=LUIS, channel=ops)["ok"]
    assert post(sandbox, "say", as_=LUIS, channel=ops, text="here")["ok"]
    direct = post(sandbox, "open_im", as_=LUIS, user=AMINA)["channel"]
    assert direct == sandbox.person(AMINA).dm(LUIS)
    assert post(sandbox, "home", as_=LUIS)["ok"]


def test_a_request_that_makes_no_sense_is_refused(sandbox: Sandbox) -> None:
    assert post(sandbox, "say", as_=AMINA)["status"] == 400
    assert post(sandbox, "command", as_=AMINA, channel="C", command="/dance")["error"] == "no_such_command"
    assert post(sandbox, "faults", kind="sulk")["status"] == 400


def test_faults_are_set_listed_and_cleared(sandbox: Sandbox) -> None:
    post(sandbox, "faults", latency_ms=250, method="chat.postMessage", kind="429", times=2)
    assert get(sandbox, "faults") == {
        "latency_ms": 250,
        "rate_limits": False,
        "faults": [{"method": "chat.postMessage", "kind": "429", "times": 2}],
    }
    post(sandbox, "faults", clear=True)
    assert get(sandbox, "faults")["faults"] == []


def test_an_open_page_hears_of_what_it_may_see_and_of_the_clock(sandbox: Sandbox) -> None:
    async def listen() -> list[Json]:
        address = sandbox.url.replace("http", "ws", 1) + f"/sandbox/live?as={AMINA}"
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
            await asyncio.to_thread(sandbox.person(SITA).types, "psst", "secret")
            await asyncio.to_thread(client(sandbox).chat_postEphemeral, channel=general, user=LUIS, text="psst")
            await asyncio.to_thread(sandbox.person(LUIS).types, "hello", "general")
            await asyncio.to_thread(post, sandbox, "clock", advance=30)
            return [await socket.receive_json() for _ in range(3)]

    general = channel_id(sandbox)
    news = asyncio.run(listen())
    assert [entry["what"] for entry in news] == ["message", "clock", "clock"]
    assert news[0]["channel"] == general
    assert [entry["now"] - NOON.timestamp() for entry in news] == [0, 15, 30]


def test_the_clock_goes_to_an_instant_in_steps_of_minutes(sandbox: Sandbox) -> None:
    steps: list[float] = []
    arrived = threading.Event()

    def hear() -> None:
        steps.append((sandbox.clock.now() - NOON).total_seconds() / 60)
        if steps[-1] == 480:
            arrived.set()

    sandbox.clock.subscribe(hear)
    answer = post(sandbox, "clock", to=(NOON + timedelta(hours=8)).timestamp())
    assert answer["until"] - answer["now"] == 8 * 3600
    assert arrived.wait(20)
    assert steps == list(range(5, 481, 5))
    assert post(sandbox, "clock", to=NOON.timestamp())["error"] == "time_only_goes_forward"


def test_somebody_is_deactivated_and_let_back_in(sandbox: Sandbox) -> None:
    def gone() -> list[str]:
        return [person["id"] for person in get(sandbox, "people")["people"] if person["deactivated"]]

    assert post(sandbox, "deactivate", user=LUIS)["ok"]
    assert gone() == [LUIS]
    assert post(sandbox, "deactivate", user=LUIS, deactivated=False)["ok"]
    assert gone() == []
    assert post(sandbox, "deactivate", user=BOT)["error"] == "cant_deactivate_bot"


def test_the_page_learns_who_is_in_which_user_group(sandbox: Sandbox) -> None:
    group = get(sandbox, "groups")["groups"][0]
    assert (group["handle"], group["users"], group["disabled"]) == ("support", [AMINA, LUIS], False)
    client(sandbox).usergroups_users_update(usergroup=group["id"], users=[SITA])
    assert get(sandbox, "groups")["groups"][0]["users"] == [SITA]
