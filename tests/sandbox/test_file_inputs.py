"""Files that people give to a form, and files that a message shares by their permalinks."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.file_inputs import LARGEST
from bot.sandbox.refusals import Refused
from bot.sandbox.server import Sandbox
from tests.sandbox.build import (
    AMINA,
    LUIS,
    asks,
    channel_id,
    connected,
    manifest,
    modal,
    refusal,
    refused,
    section,
    workspace,
)
from tests.sandbox.modal_world import World
from tests.sandbox.test_files import fetched, png

Json = dict[str, Any]
REQUIRED = "Please complete this required field."


def files_input(**traits: Any) -> Json:
    return {"type": "file_input", "action_id": "files", **traits}


class FilesWorld(World):
    """Its app opens the form that the test says, and is told of each file."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.app.action("files")(self.keep)

    def asks(self, *blocks: Json) -> str:
        return self.opens(modal(*blocks))

    def got(self) -> Any:
        """What stood in the file input when the form was sent."""
        return self.bodies[-1]["view"]["state"]["values"]["proof"]["files"]


@pytest.fixture
def world() -> Iterator[FilesWorld]:
    with workspace() as sandbox:
        world = FilesWorld(sandbox)
        with connected(sandbox, world.app):
            yield world


def gives(*files: Json | str) -> Any:
    return {"proof": {"files": list(files)}}


def test_the_app_gets_the_files_that_a_person_gave_to_a_form(world: FilesWorld) -> None:
    view_id = world.asks(asks("proof", files_input()))
    picture, table = world.amina.uploads("Four weeks.png", png()), world.amina.uploads("rows.csv", b"a,b")
    assert world.amina.submit(view_id, gives(picture, table["id"])).ok
    assert world.got() == {"type": "file_input", "files": [picture, table]}
    assert (picture["name"], picture["title"], picture["mimetype"]) == ("Four weeks.png", "Four weeks.png", "image/png")
    assert (picture["user"], picture["original_w"], picture["is_public"]) == (AMINA, 800, False)
    assert (table["filetype"], table["size"]) == ("csv", 3)
    assert world.api.files_info(file=table["id"])["file"]["shares"] == {}
    assert fetched(table["url_private"])[0] == b"a,b"


def test_a_name_with_strange_signs_does_not_end_its_addresses(world: FilesWorld) -> None:
    file = world.amina.uploads("C:\\tmp\\what <b>|?> is.txt", b"x")
    assert file["name"] == "what <b>|?> is.txt"
    assert file["permalink"].endswith(f"/files/{AMINA}/{file['id']}/what_b_is.txt")
    assert fetched(file["permalink"])[0] == b"x"


def test_an_empty_file_input_is_an_empty_list_if_it_is_optional_and_otherwise_refused(world: FilesWorld) -> None:
    view_id = world.asks(asks("proof", files_input(), optional=True))
    assert world.amina.submit(view_id).ok
    assert world.got() == {"type": "file_input", "files": []}
    view_id = world.asks(asks("proof", files_input()))
    assert world.amina.submit(view_id, gives()).errors == {"proof": REQUIRED}


def test_too_many_files_and_files_of_another_kind_are_refused_below_the_input(world: FilesWorld) -> None:
    view_id = world.asks(asks("proof", files_input(max_files=2, filetypes=["csv", "PDF"])))
    one, two, three = (world.amina.uploads(name, b"x") for name in ("1.csv", "2.pdf", "3.exe"))
    assert world.amina.submit(view_id, gives(one, two, three)).errors == {"proof": "Please choose at most 2 files."}
    assert world.amina.submit(view_id, gives(three)).errors == {"proof": "3.exe is not one of csv, pdf."}
    assert world.amina.submit(view_id, gives(two)).ok
    view_id = world.asks(asks("proof", files_input(max_files=1)))
    assert world.amina.submit(view_id, gives(one, two)).errors == {"proof": "Please choose one file."}


def test_nobody_can_give_a_file_of_somebody_else_or_one_that_is_not_there(world: FilesWorld) -> None:
    view_id = world.asks(asks("proof", files_input()))
    luis = world.sandbox.person(LUIS).uploads("mine.txt", b"x")
    assert world.amina.submit(view_id, gives(luis)).error == "file_not_found"
    assert world.amina.submit(view_id, gives("F404")).error == "file_not_found"
    assert world.amina.submit(view_id, {"proof": {"files": [{"name": "x.txt", "uploading": True}]}}).error


def test_files_stay_in_the_form_when_the_app_complains_or_draws_it_anew(world: FilesWorld) -> None:
    view_id = world.asks(asks("proof", files_input()), asks("title"))
    file = world.amina.uploads("a.txt", b"x")
    world.answer = {"response_action": "errors", "errors": {"title": "Too short"}}
    assert world.amina.submit(view_id, gives(file) | {"title": {"typed": "x"}}).errors == {"title": "Too short"}
    world.api.views_update(view_id=view_id, view=modal(asks("proof", files_input()), asks("title"), section("New")))
    assert world.amina.views()[0]["state"]["values"]["proof"]["files"]["files"] == [file]


def test_an_input_that_dispatches_tells_of_its_files_at_once(world: FilesWorld) -> None:
    view_id = world.asks(asks("proof", files_input(), dispatch_action=True))
    file = world.amina.uploads("a.txt", b"x")
    assert world.amina.click_in_view(view_id, "files", [file]).ok
    assert world.bodies[-1]["actions"][0]["files"] == [file]
    assert world.got() == {"type": "file_input", "files": [file]}


def test_what_is_empty_nameless_too_large_or_of_somebody_deactivated_is_not_taken(world: FilesWorld) -> None:
    for name, content, error in (
        ("a.txt", b"", "invalid_arguments"),
        ("folder/", b"x", "invalid_arguments"),
        ("a.txt", b"x" * (LARGEST + 1), "file_upload_size_restricted"),
    ):
        with pytest.raises(Refused, match=error):
            world.amina.uploads(name, content)
    world.sandbox.workspace.deactivate(AMINA)
    with pytest.raises(Refused, match="account_inactive"):
        world.amina.uploads("a.txt", b"x")


def test_the_page_uploads_the_bytes_as_they_are(world: FilesWorld) -> None:
    def posted(**query: str) -> Json:
        address = f"{world.sandbox.url}/sandbox/upload?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(urllib.request.Request(address, b"\x00\xff", method="POST"), timeout=5) as answer:
            return dict(json.load(answer))

    answer = posted(as_=AMINA, name="a.bin")
    assert answer == {"ok": False, "error": "user_not_found"}
    answer = posted(**{"as": AMINA, "name": "a.bin"})
    assert (answer["ok"], answer["file"]["user"]) == (True, AMINA)
    assert fetched(answer["file"]["url_private_download"])[0] == b"\x00\xff"


def test_a_form_may_ask_for_files_only_with_the_scope_to_read_them() -> None:
    with workspace(manifest=manifest(without=["files:read"])) as strict:
        world = World(strict)
        with connected(strict, world.app):
            asking = modal(section("x"), asks("proof", files_input()))
            trigger = world.trigger()
            answer = refused(world.api.views_open, trigger_id=trigger, view=asking)
            assert answer["error"] == "invalid_arguments"
            words = "[ERROR] file_input requires the scope files:read [json-pointer:/view/blocks/1/element]"
            assert answer["response_metadata"]["messages"] == [words]
            view_id = world.api.views_open(trigger_id=trigger, view=modal())["view"]["id"]
            assert refusal(world.api.views_update, view_id=view_id, view=asking) == "invalid_arguments"


def test_a_permalink_in_the_text_or_in_mrkdwn_shares_the_file_with_the_channel(world: FilesWorld) -> None:
    general = channel_id(world.sandbox)
    one, two = world.amina.uploads("1.txt", b"1"), world.amina.uploads("2.txt", b"2")
    blocks = [section(f"<{two['permalink']}|two> and again {one['permalink']}")]
    sent = world.api.chat_postMessage(channel=general, text=f"See {one['permalink']}", blocks=blocks)
    assert [file["id"] for file in sent["message"]["files"]] == [one["id"], two["id"]]
    seen = world.sandbox.person(LUIS).sees(general)[-1]
    assert [file["url_private"] for file in seen["files"]] == [one["url_private"], two["url_private"]]
    info = world.api.files_info(file=two["id"])["file"]
    assert (info["channels"], info["is_public"], info["user"]) == ([general], True, AMINA)
    assert [share["ts"] for share in info["shares"]["public"][general]] == [sent["ts"]]


def test_only_a_permalink_of_a_file_that_is_there_shares_and_no_edit_does(world: FilesWorld) -> None:
    general = channel_id(world.sandbox)
    link = world.amina.uploads("1.txt", b"1")["permalink"]
    plain = {"type": "section", "text": {"type": "plain_text", "text": link}}
    elsewhere = link.replace("127.0.0.1", "127.0.0.2"), link.replace("/F0", "/F9"), f"{world.sandbox.url}/files/x"
    sent = world.api.chat_postMessage(channel=general, text=" ".join(elsewhere), blocks=[plain])
    assert "files" not in sent["message"]
    edited = world.api.chat_update(channel=general, ts=sent["ts"], text=link)
    assert "files" not in edited["message"]


def test_a_message_that_is_refused_shares_nothing(world: FilesWorld) -> None:
    general, file = channel_id(world.sandbox), world.amina.uploads("1.txt", b"1")
    post = {"channel": general, "text": file["permalink"], "thread_ts": "1.000001"}
    assert refusal(world.api.chat_postMessage, **post) == "thread_not_found"
    assert world.api.files_info(file=file["id"])["file"]["channels"] == []
