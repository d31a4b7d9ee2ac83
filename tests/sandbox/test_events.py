"""Which events the app is sent, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, BOT, LUIS, SITA, bolt, channel_id, client, connected, manifest, workspace

Json = dict[str, Any]


class Ears:
    """A connected app that keeps each event it is sent, its own among them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.api = client(sandbox)
        self.bodies: list[Json] = []
        self.app = bolt(sandbox)
        self.app.middleware(self.hear)
        self.app.event(re.compile(".*"))(lambda: None)
        #  Bolt keeps an app's own events from it; here they are wanted.
        self.app._middleware_list = [
            middleware for middleware in self.app._middleware_list if "IgnoringSelfEvents" not in middleware.name
        ]

    def hear(self, body: Json, next: Any) -> None:
        if "event" in body:
            self.bodies.append(body)
        next()

    def heard(self) -> list[Json]:
        self.sandbox.settle()
        return [body["event"] for body in self.bodies]

    def kinds(self) -> list[str]:
        return sorted(":".join(filter(None, (event["type"], event.get("subtype")))) for event in self.heard())


@pytest.fixture
def ears() -> Iterator[Ears]:
    with workspace() as sandbox:
        ears = Ears(sandbox)
        with connected(sandbox, ears.app):
            yield ears


def test_a_message_is_told_with_its_channel_and_wrapped(ears: Ears) -> None:
    ears.sandbox.person(AMINA).types("P&L <b> @luis in #ops", "general")
    event = ears.heard()[0]
    assert event["text"] == f"P&amp;L &lt;b&gt; <@{LUIS}> in <#{channel_id(ears.sandbox, 'ops')}|ops>"
    assert (event["user"], event["channel_type"], "bot_id" in event) == (AMINA, "channel", False)
    body = ears.bodies[0]
    assert (body["type"], body["authorizations"][0]["user_id"]) == ("event_callback", BOT)
    assert body["event_id"].startswith("Ev")


def test_a_mention_of_the_app_is_told_twice(ears: Ears) -> None:
    ears.sandbox.person(AMINA).types("@baton help", "general")
    assert ears.kinds() == ["app_mention", "message"]


def test_nothing_is_told_of_channels_that_the_bot_is_not_in(ears: Ears) -> None:
    ears.sandbox.person(AMINA).types("hello", "ops")
    ears.sandbox.person(SITA).types("hello", "secret")
    assert ears.heard() == []


def test_a_direct_message_to_the_app_is_told_and_one_between_people_is_not(ears: Ears) -> None:
    amina = ears.sandbox.person(AMINA)
    amina.types("hi luis", amina.dm(LUIS))
    amina.types("hi bot", amina.dm())
    assert [(event["text"], event["channel_type"]) for event in ears.heard()] == [("hi bot", "im")]


def test_making_a_channel_tells_of_it_and_of_who_joined(ears: Ears) -> None:
    channel = ears.api.conversations_create(name="inc-1")["channel"]["id"]
    ears.api.conversations_invite(channel=channel, users=AMINA)
    joined = ["member_joined_channel"] * 2 + ["message:channel_join"] * 2
    assert ears.kinds() == ["channel_created", *joined]


def test_edits_deletions_reactions_and_pins_are_told(ears: Ears) -> None:
    channel = channel_id(ears.sandbox)
    ts = ears.api.chat_postMessage(channel=channel, text="one")["ts"]
    ears.api.chat_update(channel=channel, ts=ts, text="two")
    amina = ears.sandbox.person(AMINA)
    amina.reacts("general", ts, "eyes")
    amina.reacts("general", ts, "eyes")
    ears.api.pins_add(channel=channel, timestamp=ts)
    ears.api.pins_remove(channel=channel, timestamp=ts)
    ears.api.chat_delete(channel=channel, ts=ts)
    assert ears.kinds() == [
        "message",
        "message:message_changed",
        "message:message_deleted",
        "pin_added",
        "pin_removed",
        "reaction_added",
        "reaction_removed",
    ]
    told = {event.get("subtype", event["type"]): event for event in ears.heard()}
    assert told["message"]["bot_id"] == "B0SANDBOX"
    assert (told["message_changed"]["message"]["text"], told["message_changed"]["previous_message"]["text"]) == (
        "two",
        "one",
    )
    assert told["reaction_added"]["item"] == {"type": "message", "channel": channel, "ts": ts}


def test_archiving_and_renaming_are_told(ears: Ears) -> None:
    channel = ears.api.conversations_create(name="inc-1")["channel"]["id"]
    ears.api.conversations_rename(channel=channel, name="inc-2")
    ears.api.conversations_archive(channel=channel)
    assert {"channel_rename", "channel_archive", "message:channel_name", "message:channel_archive"} <= set(ears.kinds())


def test_leaving_is_told_even_to_the_one_who_left(ears: Ears) -> None:
    ears.api.conversations_leave(channel=channel_id(ears.sandbox))
    assert "member_left_channel" in ears.kinds()


def test_the_home_tab_tells_that_it_was_opened_with_its_view(ears: Ears) -> None:
    amina = ears.sandbox.person(AMINA)
    amina.open_home()
    ears.api.views_publish(user_id=AMINA, view={"type": "home", "blocks": []})
    amina.open_home()
    first, second = sorted(ears.heard(), key=lambda event: str(event["event_ts"]))
    assert (first["tab"], first["channel"], "view" in first) == ("home", amina.dm(), False)
    assert second["view"]["type"] == "home"


def test_an_event_without_subscription_or_scope_is_not_sent() -> None:
    deaf = manifest(without=["reactions:read"])
    deaf["settings"]["event_subscriptions"]["bot_events"].remove("pin_added")
    with workspace(manifest=deaf) as sandbox:
        ears = Ears(sandbox)
        with connected(sandbox, ears.app):
            ts = sandbox.person(AMINA).types("x", "general").ts
            sandbox.person(AMINA).reacts("general", ts, "eyes")
            ears.api.pins_add(channel=channel_id(sandbox), timestamp=ts)
            assert ears.kinds() == ["message"]
