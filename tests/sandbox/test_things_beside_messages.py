"""Pins, bookmarks, reactions, people."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, BOT, LUIS, SITA, channel_id, client, manifest, refusal, workspace


def test_a_message_is_pinned_once(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    ts = api.chat_postMessage(channel=channel, text="card")["ts"]
    api.pins_add(channel=channel, timestamp=ts)
    assert refusal(api.pins_add, channel=channel, timestamp=ts) == "already_pinned"
    assert [item["message"]["ts"] for item in api.pins_list(channel=channel)["items"]] == [ts]
    assert sandbox.person(AMINA).sees("general")[0]["pinned"] is True
    api.pins_remove(channel=channel, timestamp=ts)
    assert refusal(api.pins_remove, channel=channel, timestamp=ts) == "no_pin"
    assert refusal(api.pins_add, channel=channel, timestamp="1.0") == "message_not_found"


def test_a_message_of_the_system_cannot_be_pinned(sandbox: Sandbox, api: WebClient) -> None:
    channel = api.conversations_create(name="inc-1")["channel"]["id"]
    joined = sandbox.messages(channel)[0]["ts"]
    assert refusal(api.pins_add, channel=channel, timestamp=joined) == "not_pinnable"


def test_bookmarks_are_added_changed_and_removed(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    link = {"title": "Dashboard", "type": "link", "link": "https://example.com/d"}
    made = api.bookmarks_add(channel_id=channel, emoji=":chart:", **link)["bookmark"]
    changed = api.bookmarks_edit(channel_id=channel, bookmark_id=made["id"], title="Board")["bookmark"]
    assert (changed["title"], changed["link"]) == ("Board", "https://example.com/d")
    assert [entry["id"] for entry in api.bookmarks_list(channel_id=channel)["bookmarks"]] == [made["id"]]
    api.bookmarks_remove(channel_id=channel, bookmark_id=made["id"])
    assert refusal(api.bookmarks_remove, channel_id=channel, bookmark_id=made["id"]) == "not_found"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"link": "ftp://example.com"}, "invalid_link"),
        ({"link": None}, "invalid_link"),
        ({"emoji": "chart"}, "invalid_emoji"),
        ({"type": "folder"}, "invalid_bookmark_type"),
    ],
)
def test_a_bad_bookmark_is_refused(sandbox: Sandbox, api: WebClient, given: dict[str, str], error: str) -> None:
    good = {"channel_id": channel_id(sandbox), "title": "x", "type": "link", "link": "https://example.com"}
    assert refusal(api.bookmarks_add, **(good | given)) == error


def test_a_reaction_counts_once_for_each_person(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    ts = api.chat_postMessage(channel=channel, text="card")["ts"]
    api.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert refusal(api.reactions_add, channel=channel, timestamp=ts, name="eyes") == "already_reacted"
    assert refusal(api.reactions_add, channel=channel, timestamp=ts, name=":eyes:") == "invalid_name"
    sandbox.person(AMINA).reacts("general", ts, "eyes")
    shown = api.reactions_get(channel=channel, timestamp=ts)["message"]["reactions"]
    assert shown == [{"name": "eyes", "count": 2, "users": [BOT, AMINA]}]
    api.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    assert refusal(api.reactions_remove, channel=channel, timestamp=ts, name="eyes") == "no_reaction"
    sandbox.person(AMINA).reacts("general", ts, "eyes")
    assert "reactions" not in api.reactions_get(channel=channel, timestamp=ts)["message"]


def test_people_are_found_by_id_and_by_email(api: WebClient) -> None:
    user = api.users_info(user=AMINA)["user"]
    assert (user["name"], user["tz"], user["tz_offset"]) == ("amina", "Africa/Nairobi", 3 * 3600)
    assert api.users_lookupByEmail(email="Luis@example.com")["user"]["id"] == LUIS
    assert refusal(api.users_lookupByEmail, email="nobody@example.com") == "users_not_found"
    assert refusal(api.users_lookupByEmail, email="") == "users_not_found"
    assert refusal(api.users_info, user="U404") == "user_not_found"
    assert api.users_getPresence(user=AMINA)["presence"] == "active"
    assert {member["id"] for member in api.users_list()["members"]} >= {AMINA, LUIS, SITA, BOT}


def test_an_email_is_shown_only_with_its_scope(api: WebClient) -> None:
    assert api.users_info(user=AMINA)["user"]["profile"]["email"] == "amina@example.com"
    with workspace(manifest=manifest(without=["users:read.email"])) as strict:
        assert "email" not in client(strict).users_info(user=AMINA)["user"]["profile"]


def test_the_team_and_the_bot_are_known(api: WebClient) -> None:
    assert api.team_info()["team"]["name"] == "Sandbox"
    assert refusal(api.team_info, team="T404") == "team_not_found"
    assert api.bots_info(bot="B0SANDBOX")["bot"]["user_id"] == BOT
    assert refusal(api.bots_info, bot="B404") == "bot_not_found"


def test_pins_bookmarks_and_emoji_have_an_end(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    stamps = [api.chat_postMessage(channel=channel, text=str(number))["ts"] for number in range(101)]
    for ts in stamps[:100]:
        api.pins_add(channel=channel, timestamp=ts)
    assert refusal(api.pins_add, channel=channel, timestamp=stamps[100]) == "too_many_pins"
    link = {"channel_id": channel, "title": "x", "type": "link", "link": "https://example.com"}
    for _ in range(100):
        api.bookmarks_add(**link)
    assert refusal(api.bookmarks_add, **link) == "too_many_bookmarks"
    for number in range(23):
        api.reactions_add(channel=channel, timestamp=stamps[0], name=f"e{number}")
    assert refusal(api.reactions_add, channel=channel, timestamp=stamps[0], name="e23") == "too_many_emoji"
