"""Each id that is drawn has a listener, and each listener an id that is drawn."""

from collections.abc import Iterator
from typing import Any

from bot.slack import ids
from bot.slack.ids import INPUT, Button, Command, Field, Modal, Shortcut
from bot.slack.listeners.actions import BUTTONS
from bot.slack.listeners.commands import COMMANDS, VERBS
from bot.slack.listeners.events import EVENTS
from bot.slack.listeners.parse import ALSO, Verb
from bot.slack.listeners.shortcuts import SHORTCUTS
from bot.slack.listeners.submissions import FORMS
from bot.slack.manifest import OPTIONAL, SCOPES, manifest
from bot.slack.views.drawn import Drawn
from bot.slack.words.answers import commands
from tests.slack.pictures import PICTURES


def _drawn() -> Iterator[dict[str, Any]]:
    """Every part of every message and view of the pictures."""
    waiting: list[Any] = []
    for picture in PICTURES.values():
        made = picture()
        waiting.append(made.blocks if isinstance(made, Drawn) else made)
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def test_each_button_that_is_drawn_has_a_listener_and_each_listener_a_button() -> None:
    drawn = {part["action_id"].partition(":")[0] for part in _drawn() if part.get("type") == "button"}
    assert drawn == set(BUTTONS) == set(Button)


def test_each_form_that_is_drawn_has_a_listener_and_each_listener_a_form() -> None:
    drawn = {part["callback_id"] for part in _drawn() if part.get("type") == "modal"}
    assert drawn == set(FORMS) == set(Modal)


def test_each_input_is_read_by_its_name_and_each_name_is_an_input() -> None:
    inputs = [part for part in _drawn() if part.get("type") == "input"]
    assert {part["block_id"].partition(":")[0] for part in inputs} == set(Field)
    assert {part["element"]["action_id"] for part in inputs} == {INPUT}


def test_a_refusal_stands_beside_a_field_of_its_form() -> None:
    views = {part["callback_id"]: part for part in _drawn() if part.get("type") == "modal"}
    for modal, form in FORMS.items():
        assert form.field in {block.get("block_id") for block in views[modal]["blocks"]}


def test_each_verb_has_a_function_and_stands_in_the_help() -> None:
    assert set(VERBS) == set(Verb)
    text = "\n".join(commands())
    assert [verb for verb in Verb if f"`/incident {verb}" not in text and verb is not Verb.HELP] == []
    assert [word for word in ALSO if ALSO[word] is Verb.DECLARE and f"`{word}`" not in text] == []


def test_the_manifest_names_each_command_shortcut_and_event_that_is_listened_to() -> None:
    made = manifest()
    features = made["features"]
    assert {command["command"] for command in features["slash_commands"]} == set(COMMANDS) == set(Command)
    assert {shortcut["callback_id"] for shortcut in features["shortcuts"]} == set(SHORTCUTS) == set(Shortcut)
    assert set(made["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)
    assert made["oauth_config"]["scopes"]["bot"] == sorted({*SCOPES, *OPTIONAL})


def test_slack_escapes_what_is_typed_so_that_people_in_it_can_be_told() -> None:
    assert all(command["should_escape"] for command in manifest()["features"]["slash_commands"])


def test_without_an_address_slack_is_asked_to_use_socket_mode() -> None:
    made = manifest()
    assert made["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in made["settings"]["interactivity"]


def test_with_an_address_every_request_goes_there() -> None:
    url = "https://bot.example.com/slack/events"
    made = manifest("Relay", url)
    assert made["display_information"]["name"] == "Relay"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["interactivity"]["request_url"] == url
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert {command["url"] for command in made["features"]["slash_commands"]} == {url}


def test_what_a_button_carries_comes_back() -> None:
    assert ids.carried(ids.carry(number=42, answer='ja "<&>" 🙂', none=None)) == {
        "number": "42",
        "answer": 'ja "<&>" 🙂',
    }


def test_what_is_not_ours_carries_nothing() -> None:
    assert [ids.carried(value) for value in (None, "", "42", "[1]", "{no", '"x"')] == [{}] * 6
