"""What people do: commands, messages, clicks, shortcuts, suggestions, and the answers by response_url."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_bolt import Ack

from bot.sandbox.clock import SandboxClock
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from tests.sandbox.build import (
    AMINA,
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
    plain,
    section,
    workspace,
)

Json = dict[str, Any]


class World:
    """A sandbox whose app keeps each body and acknowledges with what the test says."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.api = client(sandbox)
        self.bodies: list[Json] = []
        self.answer: Any = None
        self.app = bolt(sandbox)
        for listens in (
            self.app.command("/incident"),
            self.app.command("/escaped"),
            self.app.action("press"),
            self.app.action("menu"),
            self.app.shortcut("declare"),
            self.app.shortcut("add"),
            self.app.options("who"),
        ):
            listens(self.keep)

    def keep(self, ack: Ack, body: Json) -> None:
        self.bodies.append(body)
        if isinstance(self.answer, list):
            ack(options=self.answer)
        else:
            ack(self.answer) if self.answer else ack()

    @property
    def amina(self) -> Person:
        return self.sandbox.person(AMINA)

    def posts(self, *blocks: Json, channel: str = "general", **further: Any) -> str:
        return str(self.api.chat_postMessage(channel=channel, text="card", blocks=list(blocks), **further)["ts"])

    def respond(self, body: Json, **answer: Any) -> int | str:
        """POST to the response_url of this body: the status that came back, or the error."""
        content = json.dumps(answer).encode()
        asked = urllib.request.Request(body["response_url"], content, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=5) as response:
                return int(response.status)
        except urllib.error.HTTPError as no:
            with no:
                return str(json.load(no)["error"])


@pytest.fixture
def world() -> Iterator[World]:
    with workspace(clock=SandboxClock(datetime(2026, 1, 5, tzinfo=UTC))) as sandbox:
        world = World(sandbox)
        with connected(sandbox, world.app):
            yield world


def test_a_command_says_who_where_and_what(world: World) -> None:
    reply = world.amina.types("/incident declare <sev1> P&L with @luis", "general")
    assert (reply.ok, reply.text) == (True, None)
    body = world.bodies[0]
    assert (body["user_id"], body["user_name"], body["channel_name"]) == (AMINA, "amina", "general")
    assert (body["command"], body["text"]) == ("/incident", "declare &lt;sev1&gt; P&amp;L with @luis")
    assert world.amina.sees("general") == []


def test_mentions_become_ids_where_the_manifest_says_so(world: World) -> None:
    world.amina.types("/escaped @luis #ops https://example.com @nobody", "general")
    ops = channel_id(world.sandbox, "ops")
    assert world.bodies[0]["text"] == f"<@{LUIS}|luis> <#{ops}|ops> <https://example.com> @nobody"


def test_an_answer_to_a_command_is_for_the_asker_unless_it_says_otherwise(world: World) -> None:
    world.answer = "only you"
    world.amina.types("/incident", "general")
    world.answer = {"text": "everybody", "response_type": "in_channel", "blocks": [section("x")]}
    world.amina.types("/incident", "general")
    assert [message["text"] for message in world.amina.sees("general")] == ["only you", "everybody"]
    assert [message["text"] for message in world.sandbox.person(LUIS).sees("general")] == ["everybody"]


def test_a_command_in_a_direct_message_hides_the_channels_name(world: World) -> None:
    world.amina.types("/incident", world.amina.dm())
    assert world.bodies[0]["channel_name"] == "directmessage"


def test_where_one_may_not_write_neither_message_nor_command_goes_through(world: World) -> None:
    luis = world.sandbox.person(LUIS)
    assert luis.types("hello", "ops").error == "not_in_channel"
    assert luis.types("/incident", "ops").error == "not_in_channel"
    assert luis.types("hello", channel_id(world.sandbox, "secret")).error == "channel_not_found"
    assert luis.types("  ", "general").error == "no_text"
    assert world.amina.types("/incident", "general", thread_ts="1.0").error == "not_supported_in_threads"
    gone = world.api.conversations_create(name="inc-1")["channel"]["id"]
    world.api.conversations_invite(channel=gone, users=AMINA)
    world.api.conversations_archive(channel=gone)
    assert world.amina.types("hello", gone).error == "is_archived"
    assert world.bodies == []


def test_a_slash_that_is_no_command_of_the_app_is_a_message(world: World) -> None:
    world.amina.types("/shrug whatever", "general")
    assert [message["text"] for message in world.amina.sees("general")] == ["/shrug whatever"]


def test_a_private_channel_is_seen_by_its_members_only(world: World) -> None:
    secret = channel_id(world.sandbox, "secret")
    world.sandbox.person(SITA).types("psst", secret)
    assert [message["text"] for message in world.sandbox.person(SITA).sees(secret)] == ["psst"]
    assert world.amina.sees(secret) == []
    assert world.amina.joins(secret).error == "channel_not_found"


def test_a_click_brings_the_message_and_the_value(world: World) -> None:
    ts = world.posts(section("x"), actions(button("press", "7") | {"style": "primary"}))
    assert world.amina.click("general", ts, "press").ok
    body = world.bodies[0]
    assert (body["type"], body["channel"]["name"], body["message"]["ts"]) == ("block_actions", "general", ts)
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": channel_id(world.sandbox),
        "is_ephemeral": False,
    }
    action = body["actions"][0]
    assert (action["type"], action["value"], action["text"]["text"]) == ("button", "7", "Press")
    assert action["block_id"] == body["message"]["blocks"][1]["block_id"]


def test_a_click_brings_what_stands_in_the_inputs_beside(world: World) -> None:
    when = {"type": "datetimepicker", "action_id": "at", "initial_date_time": 1_772_480_000}
    who = {"type": "users_select", "action_id": "menu", "initial_user": LUIS}
    ts = world.posts(actions(when, who, button("press")) | {"block_id": "b"}, asks("why", dispatch_action=False))

    def values() -> Any:
        return world.bodies[-1]["state"]["values"]

    world.amina.click("general", ts, "press")
    assert values()["b"]["at"] == {"type": "datetimepicker", "selected_date_time": 1_772_480_000}
    world.amina.click("general", ts, "menu", SITA)
    world.amina.click(
        "general", ts, "press", values={"b": {"at": "1772483600"}, "why": {"typed": "ill"}, "no": {"x": 1}}
    )
    assert values()["b"]["at"]["selected_date_time"] == 1_772_483_600
    assert (values()["b"]["menu"]["selected_user"], values()["why"]["typed"]["value"]) == (SITA, "ill")
    world.sandbox.person(LUIS).click("general", ts, "press")
    assert values()["b"]["menu"]["selected_user"] == LUIS


def test_among_buttons_with_one_action_id_the_value_decides(world: World) -> None:
    ts = world.posts(actions(button("press", "1")), actions(button("press", "2")))
    world.amina.click("general", ts, "press", value="2")
    assert world.bodies[0]["actions"][0]["value"] == "2"


def test_menus_report_what_was_chosen(world: World) -> None:
    options = [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2"}]
    kinds: list[tuple[Json, Any, str, Any]] = [
        ({"type": "static_select", "options": options}, "2", "selected_option", options[1]),
        ({"type": "static_select", "option_groups": [{"label": plain("G"), "options": options}]}, "1",
         "selected_option", options[0]),
        ({"type": "overflow", "options": options}, "1", "selected_option", options[0]),
        ({"type": "checkboxes", "options": options}, ["1", "2"], "selected_options", options),
        ({"type": "users_select"}, LUIS, "selected_user", LUIS),
        ({"type": "datepicker"}, "2026-01-05", "selected_date", "2026-01-05"),
    ]  # fmt: skip
    for element, raw, key, reported in kinds:
        ts = world.posts(actions({"action_id": "menu", **element}))
        assert world.amina.click("general", ts, "menu", raw).ok
        assert world.bodies[-1]["actions"][0][key] == reported
    assert world.amina.click("general", ts, "press").error == "no_such_action"
    ts = world.posts(actions({"action_id": "menu", "type": "static_select", "options": options}))
    assert world.amina.click("general", ts, "menu", "3").error == "no_such_option"


def test_an_ephemeral_message_can_be_clicked_by_the_one_who_sees_it(world: World) -> None:
    channel = channel_id(world.sandbox)
    blocks = [actions(button("press"))]
    ts = world.api.chat_postEphemeral(channel=channel, user=AMINA, text="x", blocks=blocks)["message_ts"]
    assert world.amina.click("general", ts, "press").ok
    assert world.bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in world.bodies[0]
    assert world.sandbox.person(LUIS).click("general", ts, "press").error == "message_not_found"


def test_a_response_url_answers_in_the_thread_of_the_click(world: World) -> None:
    parent = world.posts(section("parent"))
    ts = world.posts(actions(button("press")), thread_ts=parent)
    world.amina.click("general", ts, "press")
    assert world.bodies[0]["container"]["thread_ts"] == parent
    assert world.respond(world.bodies[0], text="noted") == 200
    assert [message["text"] for message in world.amina.sees("general", parent)][-1] == "noted"


def test_a_response_url_replaces_and_deletes_what_was_clicked(world: World) -> None:
    ts = world.posts(actions(button("press")))
    world.amina.click("general", ts, "press")
    assert world.respond(world.bodies[0], text="done", replace_original=True) == 200
    message = world.sandbox.messages("general")[0]
    assert (message["text"], "blocks" in message) == ("done", False)
    assert world.respond(world.bodies[0], delete_original=True) == 200
    assert world.sandbox.messages("general") == []


def test_a_response_url_changes_an_ephemeral_message_too(world: World) -> None:
    channel = channel_id(world.sandbox)
    blocks = [actions(button("press"))]
    ts = world.api.chat_postEphemeral(channel=channel, user=AMINA, text="x", blocks=blocks)["message_ts"]
    world.amina.click("general", ts, "press")
    world.respond(world.bodies[0], text="changed", replace_original=True)
    shown = world.amina.sees("general")[0]
    assert (shown["text"], "blocks" in shown) == ("changed", False)
    world.respond(world.bodies[0], delete_original=True)
    assert world.amina.sees("general") == []


def test_a_response_url_serves_five_times_within_thirty_minutes(world: World) -> None:
    for _ in range(2):
        world.amina.types("/incident", "general")
    assert [world.respond(world.bodies[0], text="x") for _ in range(6)] == [200] * 5 + ["used_url"]
    world.sandbox.clock.advance(timedelta(minutes=30))
    assert world.respond(world.bodies[1], text="x") == 200
    world.sandbox.clock.advance(timedelta(seconds=1))
    assert world.respond(world.bodies[1], text="x") == "expired_url"


def test_a_bad_answer_to_a_response_url_is_refused(world: World) -> None:
    world.amina.types("/incident", "general")
    assert world.respond(world.bodies[0]) == "no_text"
    assert world.respond(world.bodies[0], blocks=[section("")]) == "invalid_blocks"
    assert world.amina.sees("general") == []


def test_shortcuts_of_both_kinds(world: World) -> None:
    ts = world.sandbox.person(LUIS).types("it broke", "general").ts
    assert world.amina.shortcut("declare").ok
    assert world.amina.shortcut("add", "general", ts).ok
    everywhere, message = world.bodies
    assert (everywhere["type"], "channel" in everywhere) == ("shortcut", False)
    assert (message["type"], message["message"]["text"], message["user"]["id"]) == ("message_action", "it broke", AMINA)
    assert "response_url" in message
    assert world.amina.shortcut("dance").error == "no_such_shortcut"


def test_an_external_menu_is_filled_by_the_app_and_chosen_from(world: World) -> None:
    element = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    world.amina.types("/incident", "general")
    opened = world.api.views_open(trigger_id=world.bodies[-1]["trigger_id"], view=modal(asks("b", element)))["view"]
    world.answer = [{"text": plain("Luis Rojas"), "value": "luis"}]
    offered = world.amina.suggestions(opened["id"], "who", "lu")
    assert (offered.options, world.bodies[-1]["value"]) == (world.answer, "lu")
    assert world.amina.click_in_view(opened["id"], "who", "luis").ok
    assert world.amina.views()[0]["state"]["values"]["b"]["who"]["selected_option"] == world.answer[0]


def test_a_person_who_is_not_there_cannot_be_played(sandbox: Sandbox) -> None:
    with pytest.raises(Exception, match="user_not_found"):
        sandbox.person("U404")
