"""Channels: their names, who is in them, what they say about themselves, and what archiving does to the bot."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, BOT, LUIS, SITA, channel_id, refusal, refused


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("-_-", "invalid_name_punctuation"),
        ("Inc-1", "invalid_name_specials"),
        ("inc 1", "invalid_name_specials"),
        ("inc.1", "invalid_name_specials"),
        ("general", "name_taken"),
    ],
)
def test_a_name_that_breaks_a_rule_is_refused_and_nothing_is_made(api: WebClient, name: str, error: str) -> None:
    before = len(api.conversations_list()["channels"])
    assert refusal(api.conversations_create, name=name) == error
    assert len(api.conversations_list()["channels"]) == before


@pytest.mark.parametrize("name", ["x" * 80, "inc-42_churn", "инцидент-1"])
def test_a_name_that_keeps_the_rules_is_taken_as_it_is(api: WebClient, name: str) -> None:
    made = api.conversations_create(name=name)["channel"]
    assert (made["name"], made["creator"], made["is_member"], made["is_private"]) == (name, BOT, True, False)


def test_a_new_channel_shows_who_joined_it(sandbox: Sandbox, api: WebClient) -> None:
    channel = api.conversations_create(name="inc-1")["channel"]["id"]
    assert api.conversations_invite(channel=channel, users=[AMINA, LUIS])["ok"]
    joined = [(message["subtype"], message["user"]) for message in sandbox.messages(channel)]
    assert joined == [("channel_join", BOT), ("channel_join", AMINA), ("channel_join", LUIS)]
    assert api.conversations_members(channel=channel)["members"] == [BOT, AMINA, LUIS]


@pytest.mark.parametrize(
    ("users", "error"),
    [("", "no_user"), (BOT, "cant_invite_self"), ("U404", "user_not_found"), (AMINA, "already_in_channel")],
)
def test_who_cannot_be_invited_is_refused(sandbox: Sandbox, api: WebClient, users: str, error: str) -> None:
    assert refusal(api.conversations_invite, channel=channel_id(sandbox), users=users) == error


def test_one_bad_guest_stops_them_all_unless_forced(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    answer = refused(api.conversations_invite, channel=channel, users=[SITA, "U404"])
    assert answer["errors"] == [{"ok": False, "error": "user_not_found", "user": "U404"}]
    assert SITA not in api.conversations_members(channel=channel)["members"]
    assert api.conversations_invite(channel=channel, users=[SITA, "U404"], force=True)["ok"]
    assert SITA in api.conversations_members(channel=channel)["members"]


def test_a_channel_one_is_not_in_cannot_be_changed(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox, "ops")
    assert refusal(api.conversations_invite, channel=channel, users=LUIS) == "not_in_channel"
    assert refusal(api.conversations_setTopic, channel=channel, topic="x") == "not_in_channel"
    assert refusal(api.conversations_archive, channel=channel) == "not_in_channel"
    assert refusal(api.conversations_history, channel=channel) == "not_in_channel"


def test_a_private_channel_is_not_there_for_those_outside(sandbox: Sandbox, api: WebClient) -> None:
    secret = channel_id(sandbox, "secret")
    assert refusal(api.conversations_info, channel=secret) == "channel_not_found"
    listed = api.conversations_list(types="public_channel,private_channel")["channels"]
    assert [channel["name"] for channel in listed] == ["general", "ops"]


def test_joining_leaves_a_message_and_joining_again_a_warning(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox, "ops")
    assert "warning" not in api.conversations_join(channel=channel).data
    assert api.conversations_join(channel=channel)["warning"] == "already_in_channel"
    assert [message["subtype"] for message in sandbox.messages(channel)] == ["channel_join"]
    assert (
        refusal(api.conversations_join, channel=sandbox.person(AMINA).dm()) == "method_not_supported_for_channel_type"
    )


def test_one_can_leave_and_others_can_be_put_out(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    assert refusal(api.conversations_kick, channel=channel, user=BOT) == "cant_kick_self"
    assert refusal(api.conversations_kick, channel=channel, user=SITA) == "not_in_channel"
    api.conversations_kick(channel=channel, user=LUIS)
    api.conversations_leave(channel=channel)
    assert api.conversations_leave(channel=channel)["not_in_channel"] is True
    assert api.conversations_members(channel=channel)["members"] == [AMINA]


def test_topic_and_purpose_hold_250_characters(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    assert refusal(api.conversations_setTopic, channel=channel, topic="x" * 251) == "too_long"
    assert refusal(api.conversations_setPurpose, channel=channel, purpose="x" * 251) == "too_long"
    assert api.conversations_setTopic(channel=channel, topic="x" * 250)["channel"]["topic"]["value"] == "x" * 250
    api.conversations_setPurpose(channel=channel, purpose="why")
    assert api.conversations_info(channel=channel)["channel"]["purpose"]["value"] == "why"
    assert [message["subtype"] for message in sandbox.messages(channel)] == ["channel_topic", "channel_purpose"]


def test_a_topic_that_stays_the_same_makes_no_noise(sandbox: Sandbox, api: WebClient) -> None:
    api.conversations_setTopic(channel=channel_id(sandbox), topic="Everything")
    assert sandbox.messages("general") == []


def test_only_an_own_channel_can_be_renamed(sandbox: Sandbox, api: WebClient) -> None:
    assert refusal(api.conversations_rename, channel=channel_id(sandbox), name="new") == "not_authorized"
    own = api.conversations_create(name="inc-1")["channel"]["id"]
    assert refusal(api.conversations_rename, channel=own, name="general") == "name_taken"
    assert api.conversations_rename(channel=own, name="inc-2")["channel"]["previous_names"] == ["inc-1"]
    assert sandbox.channel_named("inc-1") is None


def test_archiving_puts_the_bot_out_for_good(sandbox: Sandbox, api: WebClient) -> None:
    channel = api.conversations_create(name="inc-1")["channel"]["id"]
    posted = api.chat_postMessage(channel=channel, text="card")["ts"]
    assert refusal(api.conversations_unarchive, channel=channel) == "not_archived"
    api.conversations_archive(channel=channel)
    assert refusal(api.conversations_archive, channel=channel) == "already_archived"
    assert refusal(api.conversations_unarchive, channel=channel) == "not_in_channel"
    assert refusal(api.conversations_history, channel=channel) == "not_in_channel"
    assert refusal(api.chat_postMessage, channel=channel, text="x") == "is_archived"
    assert refusal(api.chat_update, channel=channel, ts=posted, text="x") == "is_inactive"
    assert refusal(api.conversations_create, name="inc-1") == "name_taken"
    listed = api.conversations_list(exclude_archived=True)["channels"]
    assert [entry["name"] for entry in listed] == ["general", "ops"]


def test_a_long_list_comes_in_pages(api: WebClient) -> None:
    for number in range(3):
        api.conversations_create(name=f"inc-{number}")
    first = api.conversations_list(limit=2)
    second = api.conversations_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    third = api.conversations_list(limit=2, cursor=second["response_metadata"]["next_cursor"])
    names = [entry["name"] for page in (first, second, third) for entry in page["channels"]]
    assert names == ["general", "ops", "inc-0", "inc-1", "inc-2"]
    assert third["response_metadata"]["next_cursor"] == ""


@pytest.mark.parametrize(
    ("arguments", "error"),
    [({"types": "dm"}, "invalid_types"), ({"limit": 0}, "invalid_limit"), ({"cursor": "?"}, "invalid_cursor")],
)
def test_a_list_that_cannot_be_made_is_refused(api: WebClient, arguments: dict[str, str], error: str) -> None:
    assert refusal(api.conversations_list, **arguments) == error


def test_direct_messages_are_opened_once(sandbox: Sandbox, api: WebClient) -> None:
    opened = api.conversations_open(users=AMINA, return_im=True)["channel"]
    assert (opened["is_im"], opened["user"]) == (True, AMINA)
    assert opened["id"] == sandbox.person(AMINA).dm()
    assert api.conversations_open(channel=opened["id"])["already_open"] is True
    group = api.conversations_open(users=[AMINA, LUIS])["channel"]["id"]
    assert api.conversations_open(users=[LUIS, AMINA])["channel"]["id"] == group
    assert refusal(api.conversations_open, users="U404") == "user_not_found"
    assert refusal(api.conversations_open, users="") == "users_list_not_supplied"
    assert refusal(api.conversations_open, users=[AMINA] * 9) == "too_many_users"


def test_history_comes_newest_first_in_pages_that_new_messages_do_not_disturb(api: WebClient, sandbox: Sandbox) -> None:
    channel = channel_id(sandbox)
    stamps = [api.chat_postMessage(channel=channel, text=str(number))["ts"] for number in range(5)]
    first = api.conversations_history(channel=channel, limit=2)
    api.chat_postMessage(channel=channel, text="later")
    second = api.conversations_history(channel=channel, limit=3, cursor=first["response_metadata"]["next_cursor"])
    assert [message["text"] for message in (*first["messages"], *second["messages"])] == ["4", "3", "2", "1", "0"]
    assert (first["has_more"], second["has_more"]) == (True, False)
    between = api.conversations_history(channel=channel, oldest=stamps[1], latest=stamps[3])["messages"]
    assert [message["text"] for message in between] == ["2"]
    between = api.conversations_history(channel=channel, oldest=stamps[1], latest=stamps[3], inclusive=True)["messages"]
    assert [message["text"] for message in between] == ["3", "2", "1"]
    assert refusal(api.conversations_history, channel=channel, oldest="soon") == "invalid_ts_oldest"


def test_a_thread_is_read_parent_first(api: WebClient, sandbox: Sandbox) -> None:
    channel = channel_id(sandbox)
    parent = api.chat_postMessage(channel=channel, text="parent")["ts"]
    for number in range(3):
        reply = api.chat_postMessage(channel=channel, text=str(number), thread_ts=parent)["ts"]
    first = api.conversations_replies(channel=channel, ts=parent, limit=2)
    assert [message["text"] for message in first["messages"]] == ["parent", "0", "1"]
    assert first["messages"][0]["reply_count"] == 3
    assert first["has_more"] is True
    by_reply = api.conversations_replies(channel=channel, ts=reply, oldest=reply, inclusive=True)
    assert [message["text"] for message in by_reply["messages"]] == ["parent", "2"]
    assert refusal(api.conversations_replies, channel=channel, ts="1.0") == "thread_not_found"
    assert len(api.conversations_history(channel=channel)["messages"]) == 1
