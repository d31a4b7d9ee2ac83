"""User groups: made, given their people, disabled and enabled, mentioned."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, LUIS, SITA, channel_id, client, manifest, refusal, refused, workspace


def made(api: WebClient, handle: str = "mlops-oncall", name: str = "On call") -> str:
    return str(api.usergroups_create(name=name, handle=handle)["usergroup"]["id"])


def test_a_group_is_read_and_given_new_people(sandbox: Sandbox, api: WebClient) -> None:
    group = api.usergroups_list(include_users=True)["usergroups"][0]
    assert (group["handle"], group["users"]) == ("support", [AMINA, LUIS])
    assert {"users", "user_count"}.isdisjoint(api.usergroups_list()["usergroups"][0])
    answer = api.usergroups_users_update(usergroup=group["id"], users=[SITA, LUIS, SITA])["usergroup"]
    assert (answer["users"], answer["user_count"]) == ([SITA, LUIS], 2)
    assert api.usergroups_users_list(usergroup=group["id"])["users"] == [SITA, LUIS]
    shown = sandbox.group_named("@support")
    assert shown is not None
    assert shown["users"] == [SITA, LUIS]


def test_a_list_of_people_that_cannot_be_taken_changes_nothing(api: WebClient) -> None:
    group = api.usergroups_list()["usergroups"][0]["id"]
    assert refusal(api.usergroups_users_update, usergroup=group, users="") == "no_users_provided"
    assert refusal(api.usergroups_users_update, usergroup=group, users=[SITA, "U404"]) == "invalid_users"
    assert refusal(api.usergroups_users_update, usergroup="S404", users=[SITA]) == "no_such_subteam"
    assert refusal(api.usergroups_users_list, usergroup="S404") == "no_such_subteam"
    assert api.usergroups_users_list(usergroup=group)["users"] == [AMINA, LUIS]


def test_somebody_deactivated_among_others_refuses_the_list(sandbox: Sandbox, api: WebClient) -> None:
    group = api.usergroups_list()["usergroups"][0]["id"]
    sandbox.deactivate(SITA)
    assert refusal(api.usergroups_users_update, usergroup=group, users=[LUIS, SITA]) == "invalid_users"
    assert api.usergroups_users_list(usergroup=group)["users"] == [AMINA, LUIS]


def test_a_list_of_only_deactivated_people_is_refused_and_empties_the_group(sandbox: Sandbox, api: WebClient) -> None:
    group = api.usergroups_list()["usergroups"][0]["id"]
    sandbox.deactivate(SITA)
    assert refusal(api.usergroups_users_update, usergroup=group, users=[SITA]) == "invalid_users"
    assert api.usergroups_users_list(usergroup=group)["users"] == []


def test_a_new_group_is_empty_and_its_names_are_its_own(api: WebClient) -> None:
    group = made(api)
    assert api.usergroups_users_list(usergroup=group)["users"] == []
    create = api.usergroups_create
    assert refusal(create, name="on call", handle="other") == "name_already_exists"
    for taken in ("mlops-oncall", "amina", "general"):
        assert refusal(create, name="Other", handle=taken) == "handle_already_exists"
    assert refusal(create, name="Other", handle="ML Ops") == "bad_handle"
    assert refusal(create, name="") == "missing_argument"
    assert create(name="Second Line")["usergroup"]["handle"] == "second-line"


def test_a_disabled_group_is_listed_only_when_asked_for(sandbox: Sandbox, api: WebClient) -> None:
    group = made(api)
    assert api.usergroups_disable(usergroup=group)["usergroup"]["date_delete"] > 0

    def listed(**how: Any) -> set[str]:
        return {one["id"] for one in api.usergroups_list(**how)["usergroups"]}

    assert group not in listed()
    assert group in listed(include_disabled=True)
    assert refusal(api.usergroups_users_list, usergroup=group) == "no_such_subteam"
    assert sandbox.group_named("mlops-oncall") is None
    assert api.usergroups_enable(usergroup=group)["usergroup"]["date_delete"] == 0
    assert group in listed()


def test_each_half_needs_its_scope() -> None:
    with workspace(manifest=manifest(without=["usergroups:write"])) as strict:
        api = client(strict)
        group = api.usergroups_list()["usergroups"][0]["id"]
        answer = refused(api.usergroups_users_update, usergroup=group, users=[SITA])
        assert (answer["error"], answer["needed"]) == ("missing_scope", "usergroups:write")
        assert refusal(api.usergroups_create, name="x") == "missing_scope"
    with workspace(manifest=manifest(without=["usergroups:read"])) as strict:
        assert refusal(client(strict).usergroups_list) == "missing_scope"


@pytest.mark.parametrize(("kind", "done"), [("500", False), ("lost_reply", True)])
def test_a_group_meets_with_faults_like_everything_else(
    sandbox: Sandbox, api: WebClient, kind: Any, done: bool
) -> None:
    group = api.usergroups_list()["usergroups"][0]["id"]
    sandbox.faults.add("usergroups.users.update", kind)
    hasty = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, timeout=5, retry_handlers=[])
    with pytest.raises((SlackApiError, ConnectionError)):
        hasty.usergroups_users_update(usergroup=group, users=[SITA])
    assert api.usergroups_users_list(usergroup=group)["users"] == ([SITA] if done else [AMINA, LUIS])


def test_people_mention_a_group_by_its_handle_and_its_people_are_told(sandbox: Sandbox) -> None:
    group = sandbox.group_named("support")
    assert group is not None
    sandbox.person(AMINA).types("@support please look", "general")
    assert sandbox.messages("general")[0]["text"] == f"<!subteam^{group['id']}> please look"
    with urllib.request.urlopen(f"{sandbox.url}/sandbox/state?as={LUIS}", timeout=5) as answer:
        state = json.load(answer)
    assert next(one for one in state["channels"] if one["id"] == channel_id(sandbox))["mentions"] == 1
    assert [(one["handle"], one["users"]) for one in state["groups"]] == [("support", [AMINA, LUIS])]
