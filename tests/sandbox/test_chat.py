"""Messages: posted, changed, deleted, shown to one person, scheduled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, BOT, SITA, channel_id, client, manifest, refusal, section, workspace


def test_a_message_says_who_wrote_it_and_gives_its_blocks_ids(sandbox: Sandbox, api: WebClient) -> None:
    answer = api.chat_postMessage(channel="#general", text="hi", blocks=[section("hi"), section("again")])
    message = answer["message"]
    assert answer["channel"] == channel_id(sandbox)
    assert (message["user"], message["bot_id"], message["bot_profile"]["name"]) == (BOT, "B0SANDBOX", "Baton")
    assert len({block["block_id"] for block in message["blocks"]}) == 2


def test_a_person_as_channel_means_the_direct_message(sandbox: Sandbox, api: WebClient) -> None:
    answer = api.chat_postMessage(channel=AMINA, text="paged")
    assert answer["channel"] == sandbox.person(AMINA).dm()
    assert answer["channel"].startswith("D")
    assert [message["text"] for message in sandbox.person(AMINA).sees(answer["channel"])] == ["paged"]
    assert refusal(api.chat_update, channel=AMINA, ts=answer["ts"], text="x") == "channel_not_found"
    assert api.chat_update(channel=answer["channel"], ts=answer["ts"], text="taken")["text"] == "taken"


def test_where_the_bot_is_not_a_member_it_needs_a_scope_of_its_own(sandbox: Sandbox, api: WebClient) -> None:
    assert api.chat_postMessage(channel=channel_id(sandbox, "ops"), text="hi")["ok"]
    with workspace(manifest=manifest(without=["chat:write.public"])) as strict:
        assert (
            refusal(client(strict).chat_postMessage, channel=channel_id(strict, "ops"), text="hi") == "not_in_channel"
        )
        assert client(strict).chat_postMessage(channel=channel_id(strict), text="hi")["ok"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": "{}"}, "invalid_blocks_format"),
        ({"blocks": [section("x" * 2_000)] * 7}, "msg_blocks_too_long"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": "["}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "x", "event_payload": {"y": "z" * 8_000}}}, "metadata_too_large"),
        ({"text": "x", "thread_ts": "1.0"}, "thread_not_found"),
        ({"text": "x", "username": "Somebody"}, "missing_scope"),
    ],
)
def test_what_slack_does_not_post_is_refused(api: WebClient, arguments: dict[str, Any], error: str) -> None:
    assert refusal(api.api_call, "chat.postMessage", json={"channel": "general", **arguments}) == error


def test_a_channel_that_is_not_there_is_refused(sandbox: Sandbox, api: WebClient) -> None:
    assert refusal(api.chat_postMessage, channel="#nowhere", text="x") == "channel_not_found"
    assert refusal(api.chat_postMessage, channel=BOT, text="x") == "cannot_dm_bot"
    assert refusal(api.chat_postMessage, channel=channel_id(sandbox, "secret"), text="x") == "channel_not_found"


def test_a_text_of_more_than_40000_characters_is_cut_with_a_warning(api: WebClient) -> None:
    answer = api.chat_postMessage(channel="general", text="x" * 40_001)
    assert (len(answer["message"]["text"]), answer["warning"]) == (40_000, "message_truncated")


def test_replies_are_counted_on_the_parent_and_stay_out_of_the_channel(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    parent = api.chat_postMessage(channel=channel, text="parent")["ts"]
    reply = api.chat_postMessage(channel=channel, text="reply", thread_ts=parent)["ts"]
    api.chat_postMessage(channel=channel, text="broadcast", thread_ts=parent, reply_broadcast=True)
    shown = sandbox.person(AMINA).sees("general")
    assert [message["text"] for message in shown] == ["parent", "broadcast"]
    assert (shown[0]["reply_count"], shown[0]["reply_users"]) == (2, [BOT])
    assert refusal(api.chat_postMessage, channel=channel, text="x", thread_ts=reply) == "cannot_reply_to_message"


def test_stamps_grow_while_the_clock_stands() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with workspace(clock=SandboxClock(noon)) as sandbox:
        api = client(sandbox)
        stamps = [api.chat_postMessage(channel="general", text="x")["ts"] for _ in range(2)]
        assert stamps[0] < stamps[1]
        assert all(ts.startswith(f"{int(noon.timestamp())}.") for ts in stamps)
        sandbox.clock.advance(timedelta(minutes=1))
        assert api.chat_postMessage(channel="general", text="x")["ts"] > f"{int(noon.timestamp()) + 60}"


def test_text_without_blocks_takes_the_blocks_away(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    ts = api.chat_postMessage(channel=channel, text="card", blocks=[section("card")])["ts"]
    with_blocks = api.chat_update(channel=channel, ts=ts, text="new", blocks=[section("new")])["message"]
    assert "edited" not in with_blocks
    without = api.chat_update(channel=channel, ts=ts, text="bare")["message"]
    assert "blocks" not in without
    assert without["edited"]["user"] == BOT


def test_metadata_is_kept_by_an_edit_and_shown_on_request(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    told = {"event_type": "card", "event_payload": {"id": 7}}
    ts = api.chat_postMessage(channel=channel, text="card", metadata=told)["ts"]
    api.chat_update(channel=channel, ts=ts, text="new")
    plain = api.conversations_history(channel=channel)["messages"][0]
    full = api.conversations_history(channel=channel, include_all_metadata=True)["messages"][0]
    assert "metadata" not in plain
    assert full["metadata"] == told


def test_only_own_messages_can_be_changed_or_deleted(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    theirs = sandbox.person(AMINA).types("mine", "general").ts
    assert refusal(api.chat_update, channel=channel, ts=theirs, text="x") == "cant_update_message"
    assert refusal(api.chat_delete, channel=channel, ts=theirs) == "cant_delete_message"
    assert refusal(api.chat_update, channel=channel, ts="1.0", text="x") == "message_not_found"
    own = api.chat_postMessage(channel=channel, text="own")["ts"]
    assert refusal(api.chat_update, channel=channel, ts=own, text="x" * 4_001) == "msg_too_long"
    api.chat_delete(channel=channel, ts=own)
    assert [message["text"] for message in sandbox.messages(channel)] == ["mine"]


def test_a_deleted_reply_is_no_longer_counted(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    parent = api.chat_postMessage(channel=channel, text="parent")["ts"]
    reply = api.chat_postMessage(channel=channel, text="reply", thread_ts=parent)["ts"]
    api.chat_delete(channel=channel, ts=reply)
    assert sandbox.messages(channel)[0]["reply_count"] == 0


def test_an_ephemeral_message_is_for_one_person_only(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    ts = api.chat_postEphemeral(channel=channel, user=AMINA, text="psst")["message_ts"]
    assert [message["ephemeral"] for message in sandbox.person(AMINA).sees("general")] == [True]
    assert sandbox.person("U0LUIS").sees("general") == []
    assert api.conversations_history(channel=channel)["messages"] == []
    assert refusal(api.chat_update, channel=channel, ts=ts, text="x") == "message_not_found"
    assert refusal(api.chat_postEphemeral, channel=channel, user=SITA, text="x") == "user_not_in_channel"
    ops = channel_id(sandbox, "ops")
    assert refusal(api.chat_postEphemeral, channel=ops, user=AMINA, text="x") == "not_in_channel"


def test_a_permalink_leads_to_the_message_and_its_thread(sandbox: Sandbox, api: WebClient) -> None:
    channel = channel_id(sandbox)
    parent = api.chat_postMessage(channel=channel, text="parent")["ts"]
    reply = api.chat_postMessage(channel=channel, text="reply", thread_ts=parent)["ts"]
    link = api.chat_getPermalink(channel=channel, message_ts=reply)["permalink"]
    assert link == f"{sandbox.url}/archives/{channel}/p{reply.replace('.', '')}?thread_ts={parent}&cid={channel}"
    assert refusal(api.chat_getPermalink, channel=channel, message_ts="1.0") == "message_not_found"


def test_a_scheduled_message_is_posted_when_the_clock_gets_there() -> None:
    with workspace(clock=SandboxClock(datetime(2026, 1, 5, tzinfo=UTC))) as sandbox:
        api, now = client(sandbox), int(sandbox.clock.now().timestamp())
        assert refusal(api.chat_scheduleMessage, channel="general", post_at=now, text="x") == "time_in_past"
        assert refusal(api.chat_scheduleMessage, channel="general", post_at="soon", text="x") == "invalid_time"
        far = now + 121 * 86_400
        assert refusal(api.chat_scheduleMessage, channel="general", post_at=far, text="x") == "time_too_far"
        api.chat_scheduleMessage(channel="general", post_at=now + 60, text="later")
        sandbox.clock.advance(timedelta(seconds=59))
        api.auth_test()
        assert sandbox.messages("general") == []
        sandbox.clock.advance(timedelta(seconds=1))
        api.auth_test()
        assert [message["text"] for message in sandbox.messages("general")] == ["later"]
