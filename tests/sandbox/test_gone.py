"""Somebody whose account was deactivated: still known, out of reach, and back again."""

from __future__ import annotations

from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, LUIS, SITA, channel_id, refusal


def test_somebody_gone_is_told_as_deleted_and_has_no_time_zone(sandbox: Sandbox, api: WebClient) -> None:
    sandbox.deactivate(LUIS)
    user = api.users_info(user=LUIS)["user"]
    assert (user["deleted"], user["real_name"], "tz" in user) == (True, "Luis Rojas", False)
    assert {member["id"]: member["deleted"] for member in api.users_list()["members"]}[LUIS] is True
    assert refusal(api.users_lookupByEmail, email="luis@example.com") == "users_not_found"
    assert api.users_getPresence(user=LUIS)["presence"] == "away"


def test_no_conversation_can_be_opened_with_somebody_gone(sandbox: Sandbox, api: WebClient) -> None:
    sandbox.deactivate(SITA)
    assert refusal(api.conversations_open, users=SITA) == "user_disabled"
    assert refusal(api.conversations_open, users=[AMINA, SITA]) == "user_disabled"
    assert refusal(api.conversations_invite, channel=channel_id(sandbox), users=SITA) == "cant_invite"


def test_a_message_to_somebody_gone_is_taken_without_a_word(sandbox: Sandbox, api: WebClient) -> None:
    direct = api.conversations_open(users=LUIS)["channel"]["id"]
    sandbox.deactivate(LUIS)
    assert api.chat_postMessage(channel=LUIS, text="You are paged")["channel"] == direct
    assert api.chat_postMessage(channel=direct, text="again")["ok"]


def test_somebody_gone_can_do_nothing_until_they_are_back(sandbox: Sandbox, api: WebClient) -> None:
    luis = sandbox.person(LUIS)
    sandbox.deactivate(LUIS)
    assert luis.types("hello", "general").error == "account_inactive"
    assert luis.types("/incident", "general").error == "account_inactive"
    sandbox.reactivate(LUIS)
    assert luis.types("hello", "general").ok
    assert api.users_info(user=LUIS)["user"]["deleted"] is False
    assert api.conversations_open(users=LUIS)["ok"]
