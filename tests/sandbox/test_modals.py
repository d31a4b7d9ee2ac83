"""Modals and the Home tab: triggers, the stack, updates, submissions, closing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.sandbox.build import (
    AMINA,
    LUIS,
    actions,
    asks,
    button,
    client,
    connected,
    manifest,
    modal,
    plain,
    refusal,
    workspace,
)
from tests.sandbox.modal_world import World

Json = dict[str, Any]


@pytest.fixture
def world() -> Iterator[World]:
    with workspace() as sandbox:
        world = World(sandbox)
        with connected(sandbox, world.app):
            yield world


def test_a_trigger_opens_one_modal(world: World) -> None:
    trigger = world.trigger()
    assert refusal(world.api.views_open, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    assert world.api.views_open(trigger_id=trigger, view=modal())["view"]["state"] == {"values": {}}
    assert refusal(world.api.views_open, trigger_id=trigger, view=modal()) == "exchanged_trigger_id"


def test_a_trigger_grows_old() -> None:
    with workspace(trigger_life=0) as sandbox:
        world = World(sandbox)
        with connected(sandbox, world.app):
            assert refusal(world.api.views_open, trigger_id=world.trigger(), view=modal()) == "expired_trigger_id"


def test_a_bad_view_does_not_use_up_the_trigger(world: World) -> None:
    trigger = world.trigger()
    assert refusal(world.api.views_open, trigger_id=trigger, view=modal(title=plain("x" * 25))) == "invalid_arguments"
    assert refusal(world.api.views_open, trigger_id=trigger, view=modal() | {"type": "home"}) == "invalid_arguments"
    huge = modal(*[asks(str(n)) | {"hint": plain("x" * 1_999), "label": plain("x" * 1_999)} for n in range(80)])
    assert refusal(world.api.views_open, trigger_id=trigger, view=huge) == "view_too_large"
    assert world.api.views_open(trigger_id=trigger, view=modal())["ok"]


def test_what_was_entered_comes_with_the_submission_and_the_view_closes(world: World) -> None:
    options = [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2"}]
    view_id = world.opens(
        modal(
            asks("title"),
            asks("level", {"type": "static_select", "action_id": "pick", "options": options}),
            asks("who", {"type": "multi_users_select", "action_id": "people", "initial_users": [LUIS]}),
            asks("when", {"type": "datetimepicker", "action_id": "at"}, optional=True),
        )
    )
    assert world.amina.submit(view_id, {"title": {"typed": "Stale"}, "level": {"pick": "2"}}).ok
    assert world.bodies[-1]["type"] == "view_submission"
    assert world.bodies[-1]["view"]["state"]["values"] == {
        "title": {"typed": {"type": "plain_text_input", "value": "Stale"}},
        "level": {"pick": {"type": "static_select", "selected_option": options[1]}},
        "who": {"people": {"type": "multi_users_select", "selected_users": [LUIS]}},
        "when": {"at": {"type": "datetimepicker", "selected_date_time": None}},
    }
    assert world.amina.views() == []


def test_days_times_and_instants_come_in_their_own_forms(world: World) -> None:
    view_id = world.opens(
        modal(
            asks("day", {"type": "datepicker", "action_id": "d", "initial_date": "2026-03-02"}),
            asks("clock", {"type": "timepicker", "action_id": "t"}),
            asks("at", {"type": "datetimepicker", "action_id": "i"}),
            asks("words", {"type": "rich_text_input", "action_id": "r"}),
            actions(button("press")),
        )
    )
    assert world.amina.submit(view_id, {"clock": {"t": "25:00"}}).error == "no_such_option"
    assert world.amina.submit(view_id, {"at": {"i": "tomorrow"}}).error == "no_such_option"
    entered: dict[str, Json] = {"clock": {"t": "08:30"}, "at": {"i": 1_772_480_000}, "words": {"r": "ill"}}
    assert world.amina.click_in_view(view_id, "press", values=entered).ok
    values = world.bodies[-1]["view"]["state"]["values"]
    assert values["day"]["d"] == {"type": "datepicker", "selected_date": "2026-03-02"}
    assert values["clock"]["t"] == {"type": "timepicker", "selected_time": "08:30"}
    assert values["at"]["i"] == {"type": "datetimepicker", "selected_date_time": 1_772_480_000}
    assert values["words"]["r"]["rich_text_value"]["elements"][0]["elements"] == [{"type": "text", "text": "ill"}]
    assert world.amina.submit(view_id).ok


def test_slack_itself_holds_back_what_is_incomplete(world: World) -> None:
    limits = {"type": "plain_text_input", "action_id": "typed", "min_length": 3, "max_length": 5}
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "max_value": "9"}
    view_id = world.opens(modal(asks("a"), asks("b", limits), asks("c", number, optional=True)))
    told = len(world.bodies)
    reply = world.amina.submit(view_id, {"b": {"typed": "xx"}, "c": {"n": "10"}})
    assert set(reply.errors) == {"a", "b", "c"}
    assert world.amina.submit(view_id, {"a": {"typed": "x"}, "b": {"typed": "xxxxxx"}}).errors.keys() == {"b", "c"}
    assert len(world.bodies) == told
    assert world.amina.submit(view_id, {"b": {"typed": "xxx"}, "c": {"n": "9"}}).ok


def test_the_app_can_find_errors_and_the_view_stays(world: World) -> None:
    view_id = world.opens(modal(asks("title")))
    world.answer = {"response_action": "errors", "errors": {"title": "Too dull"}}
    assert world.amina.submit(view_id, {"title": {"typed": "x"}}).errors == {"title": "Too dull"}
    assert world.amina.views()[0]["state"]["values"]["title"]["typed"]["value"] == "x"


def test_the_app_can_update_push_and_clear(world: World) -> None:
    first = world.opens(modal(asks("title")))
    world.answer = {"response_action": "update", "view": modal(asks("title"), title=plain("Again"))}
    assert world.amina.submit(first, {"title": {"typed": "x"}}).ok
    assert [view["title"]["text"] for view in world.amina.views()] == ["Again"]
    world.answer = {"response_action": "push", "view": modal(title=plain("Above"))}
    assert world.amina.submit(first, {"title": {"typed": "x"}}).ok
    above = world.amina.views()[-1]
    assert (above["title"]["text"], above["root_view_id"], above["previous_view_id"]) == ("Above", first, first)
    world.answer = {"response_action": "clear"}
    assert world.amina.submit(above["id"]).ok
    assert world.amina.views() == []


def test_an_answer_that_is_no_view_is_refused(world: World) -> None:
    view_id = world.opens(modal())
    world.answer = {"response_action": "update", "view": modal(title=plain("x" * 25))}
    assert world.amina.submit(view_id).error == "invalid_arguments"


def test_a_stack_holds_three_views(world: World) -> None:
    top = world.opens(modal(actions(button("press"))))
    for _ in range(2):
        assert world.amina.click_in_view(top, "press").ok
        trigger = world.bodies[-1]["trigger_id"]
        top = world.api.views_push(trigger_id=trigger, view=modal(actions(button("press"))))["view"]["id"]
    assert world.amina.click_in_view(top, "press").ok
    trigger = world.bodies[-1]["trigger_id"]
    assert refusal(world.api.views_push, trigger_id=trigger, view=modal()) == "push_limit_reached"
    assert len(world.amina.views()) == 3


def test_only_a_trigger_from_a_modal_can_push(world: World) -> None:
    assert refusal(world.api.views_push, trigger_id=world.trigger(), view=modal()) == "not_found"


def test_an_update_keeps_what_was_typed_and_checks_the_hash(world: World) -> None:
    menu = {"type": "users_select", "action_id": "press"}
    view_id = world.opens(modal(asks("title"), actions(menu) | {"block_id": "menu"}, external_id="mine"))
    assert world.amina.click_in_view(view_id, "press", LUIS).ok
    assert world.bodies[-1]["actions"][0]["selected_user"] == LUIS
    old = world.amina.views()[0]["hash"]
    wider = modal(asks("title"), actions(menu) | {"block_id": "menu"}, asks("more"), external_id="mine")
    updated = world.api.views_update(external_id="mine", hash=old, view=wider)["view"]
    assert updated["state"]["values"]["menu"]["press"]["selected_user"] == LUIS
    assert refusal(world.api.views_update, view_id=view_id, hash=old, view=wider) == "hash_conflict"
    assert refusal(world.api.views_update, view_id="V404", view=wider) == "not_found"
    again = world.trigger()
    assert refusal(world.api.views_open, trigger_id=again, view=modal(external_id="mine")) == "duplicate_external_id"


def test_closing_is_told_where_the_app_asked_for_it(world: World) -> None:
    quiet = world.opens(modal())
    assert world.amina.close(quiet).ok
    assert world.bodies[-1].get("type") != "view_closed"
    loud = world.opens(modal(notify_on_close=True))
    assert world.amina.close(loud).ok
    assert (world.bodies[-1]["type"], world.bodies[-1]["is_cleared"]) == ("view_closed", False)
    assert refusal(world.api.views_update, view_id=loud, view=modal()) == "not_found"


def test_a_view_belongs_to_one_person(world: World) -> None:
    view_id = world.opens(modal())
    luis = world.sandbox.person(LUIS)
    assert (luis.submit(view_id).error, luis.close(view_id).error) == ("not_found", "not_found")


def test_an_input_tells_the_app_only_if_it_was_asked_to(world: World) -> None:
    typed = {"type": "plain_text_input", "action_id": "press"}
    view_id = world.opens(modal(asks("quiet", typed), asks("loud", typed, dispatch_action=True)))
    before = len(world.bodies)
    assert world.amina.click_in_view(view_id, "press", "x", block_id="quiet").ok
    assert len(world.bodies) == before
    assert world.amina.click_in_view(view_id, "press", "y", block_id="loud").ok
    assert world.bodies[-1]["actions"][0]["value"] == "y"


def test_a_channel_chosen_in_a_modal_brings_a_response_url(world: World) -> None:
    element = {"type": "conversations_select", "action_id": "c", "response_url_enabled": True}
    view_id = world.opens(modal(asks("where", element)))
    general = world.sandbox.channel_named("general")
    assert general is not None
    assert world.amina.submit(view_id, {"where": {"c": general["id"]}}).ok
    assert world.bodies[-1]["response_urls"][0]["channel_id"] == general["id"]


def test_the_home_tab_is_published_for_each_person(world: World) -> None:
    home = {"type": "home", "blocks": [actions(button("press", "go"))]}
    first = world.api.views_publish(user_id=AMINA, view=home)["view"]
    assert world.sandbox.person(LUIS).home() is None
    assert world.amina.click_in_view(first["id"], "press").ok
    assert world.bodies[-1]["view"]["type"] == "home"
    world.api.views_publish(user_id=AMINA, view=home, hash=first["hash"])
    assert refusal(world.api.views_publish, user_id=AMINA, view=home, hash=first["hash"]) == "hash_conflict"
    assert refusal(world.api.views_publish, user_id="U404", view=home) == "user_not_found"


def test_without_a_home_tab_nothing_is_published() -> None:
    with workspace(manifest=manifest(app_home={})) as sandbox:
        api: WebClient = client(sandbox)
        assert refusal(api.views_publish, user_id=AMINA, view={"type": "home", "blocks": []}) == "not_enabled"
