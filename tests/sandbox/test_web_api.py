"""The road of a Web API call: how arguments arrive, who may call, what is refused before the deed."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, BOT, channel_id, client, manifest, refusal, refused, workspace


def send(sandbox: Sandbox, verb: str, path: str, body: bytes = b"", kind: str = "") -> dict[str, Any]:
    """A request as no client of ours would make it."""
    connection = HTTPConnection("127.0.0.1", int(sandbox.url.rpartition(":")[2]), timeout=5)
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"} | ({"Content-Type": kind} if kind else {})
    connection.request(verb, f"/api/{path}", body, headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return dict(answer)


def test_the_app_learns_who_it_is(sandbox: Sandbox, api: WebClient) -> None:
    answer = api.auth_test()
    assert (answer["user_id"], answer["team"], answer["url"]) == (BOT, "Sandbox", sandbox.url + "/")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-of-somebody-else", "invalid_auth")],
)
def test_a_token_of_nobody_is_refused(sandbox: Sandbox, token: str, error: str) -> None:
    assert refusal(client(sandbox, token).auth_test) == error


def test_each_kind_of_token_opens_its_own_methods(sandbox: Sandbox, api: WebClient) -> None:
    assert refusal(api.apps_connections_open, app_token=sandbox.bot_token) == "not_allowed_token_type"
    assert refusal(client(sandbox, sandbox.app_token).auth_test) == "not_allowed_token_type"
    assert api.apps_connections_open(app_token=sandbox.app_token)["url"].startswith("ws://127.0.0.1:")


def test_a_method_that_is_not_served_is_unknown(sandbox: Sandbox, api: WebClient) -> None:
    assert refusal(api.api_call, "reminders.add") == "unknown_method"


def test_a_scope_that_the_manifest_lacks_is_named() -> None:
    with workspace(manifest=manifest(without=["pins:write"])) as sandbox:
        answer = refused(client(sandbox).pins_add, channel="C", timestamp="1.0")
        assert (answer["error"], answer["needed"]) == ("missing_scope", "pins:write")
        assert "chat:write" in answer["provided"].split(",")


@pytest.mark.parametrize(
    ("without", "private", "needed"),
    [("channels:manage", False, "channels:manage"), ("groups:write", True, "groups:write")],
)
def test_the_scope_to_make_a_channel_depends_on_its_kind(without: str, private: bool, needed: str) -> None:
    with workspace(manifest=manifest(without=[without])) as sandbox:
        answer = refused(client(sandbox).conversations_create, name="inc-1", is_private=private)
        assert answer["needed"] == needed
        assert client(sandbox).conversations_create(name="inc-2", is_private=not private)["ok"]


def test_the_scope_to_read_depends_on_the_kind_of_channel() -> None:
    with workspace(manifest=manifest(without=["im:history"])) as sandbox:
        assert client(sandbox).conversations_history(channel=channel_id(sandbox))["ok"]
        direct = sandbox.person(AMINA).dm()
        assert refused(client(sandbox).conversations_history, channel=direct)["needed"] == "im:history"


def test_arguments_may_stand_in_query_form_json_or_multipart(sandbox: Sandbox) -> None:
    channel = channel_id(sandbox)
    form = "application/x-www-form-urlencoded"
    parts = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), value.encode())
        for name, value in (("channel", channel), ("text", "parts"))
    )
    assert send(sandbox, "GET", f"chat.postMessage?channel={channel}&text=query")["ok"]
    assert send(sandbox, "POST", f"chat.postMessage?channel={channel}&text=empty+body")["ok"]
    assert send(sandbox, "POST", "chat.postMessage", f"channel={channel}&text=form".encode(), form)["ok"]
    assert send(
        sandbox, "POST", f"chat.postMessage?channel={channel}", b'{"text": "json"}', "application/json;charset=utf-8"
    )["ok"]
    assert send(sandbox, "POST", "chat.postMessage", parts + b"--edge--\r\n", "multipart/form-data; boundary=edge")[
        "ok"
    ]
    said = [message["text"] for message in sandbox.messages(channel)]
    assert said == ["query", "empty body", "form", "json", "parts"]


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"\xff=\xff", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"<a/>", "text/xml", "invalid_post_type"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(sandbox: Sandbox, body: bytes, kind: str, error: str) -> None:
    assert send(sandbox, "POST", "chat.postMessage", body, kind)["error"] == error


async def calls_of_the_async_client(sandbox: Sandbox) -> list[str]:
    api = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    channel = (await api.conversations_create(name="inc-1"))["channel"]["id"]
    await api.conversations_invite(channel=channel, users=[AMINA])
    await api.chat_postMessage(channel=channel, text="hello", metadata={"event_type": "a", "event_payload": {}})
    history = await api.conversations_history(channel=channel, include_all_metadata=True)
    return [message.get("metadata", {}).get("event_type", "") for message in history["messages"]]


def test_the_async_client_which_reads_by_get_and_writes_by_query_is_understood(sandbox: Sandbox) -> None:
    assert sandbox.run(calls_of_the_async_client(sandbox)) == ["a", "", ""]


def test_every_call_is_written_down(sandbox: Sandbox, api: WebClient) -> None:
    refusal(api.conversations_info, channel="C404")
    call = sandbox.calls[-1]
    assert (call.method, call.args, call.token) == ("conversations.info", {"channel": "C404"}, "bot")
    assert (call.ok, call.error) == (False, "channel_not_found")
    assert call.started <= call.finished


def test_a_hook_stands_before_and_after_the_deed(sandbox: Sandbox, api: WebClient) -> None:
    seen: list[tuple[str, str, int]] = []
    channel = channel_id(sandbox)
    sandbox.on_call(lambda method, args, when: seen.append((method, when, len(sandbox.messages(channel)))))
    api.chat_postMessage(channel=channel, text="hello")
    assert seen == [("chat.postMessage", "before", 0), ("chat.postMessage", "after", 1)]
