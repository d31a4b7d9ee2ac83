"""Files: uploaded in three steps, shared, looked up, and shown in blocks."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, channel_id, client, manifest, modal, refusal, refused, section, workspace

Json = dict[str, Any]


def png(width: int = 800, height: int = 400) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, height), "white").save(content, "PNG")
    return content.getvalue()


def fetched(address: str) -> tuple[bytes, Any]:
    with urllib.request.urlopen(address, timeout=5) as answer:
        return answer.read(), answer.headers


def uploaded(api: WebClient, name: str = "coverage.png", content: bytes = b"", **how: Any) -> Json:
    return dict(api.files_upload_v2(content=content or png(), filename=name, **how)["file"])


def test_a_picture_is_uploaded_and_shared_with_a_comment(sandbox: Sandbox, api: WebClient) -> None:
    general = channel_id(sandbox)
    file = uploaded(api, channel=general, initial_comment="*Coverage*", title="Coverage", alt_txt="Four weeks")
    message = sandbox.messages(general)[0]
    assert (message["text"], message["subtype"], message["files"][0]["id"]) == ("*Coverage*", "file_share", file["id"])
    assert (file["mimetype"], file["title"], file["alt_txt"]) == ("image/png", "Coverage", "Four weeks")
    assert (file["original_w"], file["thumb_360_w"], file["thumb_360_h"]) == (800, 360, 180)
    content, headers = fetched(file["url_private"])
    assert (content[:4], headers["Content-Type"]) == (b"\x89PNG", "image/png")
    assert fetched(file["permalink"])[0] == content


@pytest.mark.parametrize(
    ("name", "mimetype", "in_place"),
    [("a.pdf", "application/pdf", True), ("a.txt", "text/plain", True), ("a.html", "text/html", False)],
)
def test_other_files_keep_their_kind_and_a_page_is_only_saved(
    api: WebClient, sandbox: Sandbox, name: str, mimetype: str, in_place: bool
) -> None:
    file = uploaded(api, name, b"<p>x</p>", channel=channel_id(sandbox))
    assert (file["mimetype"], "thumb_360" in file, file["size"]) == (mimetype, False, 8)
    content, headers = fetched(file["url_private"])
    assert (content, headers["Content-Disposition"]) == (b"<p>x</p>", None if in_place else "attachment")


def test_where_a_file_was_shared_is_told_by_its_info_alone(sandbox: Sandbox, api: WebClient) -> None:
    direct = api.conversations_open(users=AMINA)["channel"]["id"]
    file = uploaded(api, channels=[channel_id(sandbox), direct])
    assert "shares" not in file
    info = api.files_info(file=file["id"])["file"]
    assert (info["channels"], info["ims"], info["is_public"]) == ([channel_id(sandbox)], [direct], True)
    assert info["shares"]["private"][direct][0]["ts"] == sandbox.person(AMINA).sees(direct)[0]["ts"]
    assert refusal(api.files_info, file="F404") == "file_not_found"


def test_a_file_goes_into_a_thread_and_to_a_direct_message_but_not_to_a_persons_id(
    sandbox: Sandbox, api: WebClient
) -> None:
    general, direct = channel_id(sandbox), api.conversations_open(users=AMINA)["channel"]["id"]
    parent = api.chat_postMessage(channel=general, text="parent")["ts"]
    uploaded(api, channel=general, thread_ts=parent)
    assert sandbox.messages(general)[1]["thread_ts"] == parent
    uploaded(api, channel=direct)
    assert sandbox.messages(direct)[0]["files"]
    answer = refused(api.files_upload_v2, content="x", filename="x.txt", channel=AMINA)
    assert answer["error"] == "invalid_arguments"
    assert "json-pointer:/channel_id" in answer["response_metadata"]["messages"][0]


def test_blocks_stand_above_a_file_unless_there_is_a_comment(sandbox: Sandbox, api: WebClient) -> None:
    general = channel_id(sandbox)
    given = json.dumps([section("*Coverage*")])  # slack_sdk sends the argument as it is
    uploaded(api, channel=general, blocks=given)
    uploaded(api, channel=general, blocks=given, initial_comment="words")
    blocks, comment = sandbox.messages(general)
    assert blocks["blocks"][0]["text"]["text"] == "*Coverage*"
    assert (comment["text"], "blocks" in comment) == ("words", False)
    markdown = json.dumps([{"type": "markdown", "text": "x"}])
    assert refusal(uploaded, api, channel=general, blocks=markdown) == "internal_error"
    assert refusal(uploaded, api, channel=general, blocks=json.dumps([section("")])) == "invalid_blocks"


def test_what_was_not_uploaded_whole_cannot_be_shared(sandbox: Sandbox, api: WebClient) -> None:
    made = api.files_getUploadURLExternal(filename="x.csv", length=3)
    share = {"files": [{"id": made["file_id"]}], "channel_id": channel_id(sandbox)}
    assert refusal(api.files_completeUploadExternal, **share) == "file_not_found"
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(made["upload_url"], b"a,b,c", timeout=5)
    assert refusal(api.files_completeUploadExternal, **share) == "file_not_found"
    assert refusal(api.files_info, file=made["file_id"]) == "file_not_found"
    assert refusal(api.files_getUploadURLExternal, filename="", length=3) == "invalid_arguments"
    huge = {"filename": "x.csv", "length": 1_000_000_001}
    assert refusal(api.files_getUploadURLExternal, **huge) == "file_upload_size_restricted"


def test_a_file_is_shared_only_where_the_bot_is_and_not_everywhere(sandbox: Sandbox, api: WebClient) -> None:
    made = api.files_getUploadURLExternal(filename="x.csv", length=3)
    urllib.request.urlopen(made["upload_url"], b"a,b", timeout=5).close()
    files = [{"id": made["file_id"]}]
    many = {"files": files, "channels": [channel_id(sandbox)] * 101}
    assert refusal(api.files_completeUploadExternal, **many) == "channels_limit_exceeded"
    outside = {"files": files, "channel_id": channel_id(sandbox, "ops")}
    assert refusal(api.files_completeUploadExternal, **outside) == "not_in_channel"
    unknown = {"files": files, "channel_id": "C0SB9999999"}
    assert refusal(api.files_completeUploadExternal, **unknown) == "channel_not_found"
    assert sandbox.messages("general") == []


def test_files_need_their_scopes() -> None:
    with workspace(manifest=manifest(without=["files:write", "files:read"])) as strict:
        api = client(strict)
        assert refusal(api.files_getUploadURLExternal, filename="x.csv", length=3) == "missing_scope"
        assert refusal(api.files_info, file="F1") == "missing_scope"


def test_blocks_show_a_finished_picture_by_its_id_or_its_address(sandbox: Sandbox, api: WebClient) -> None:
    general = channel_id(sandbox)
    picture, table = uploaded(api), uploaded(api, "x.csv", b"a,b")

    def image(**named: str) -> Json:
        return {"type": "image", "alt_text": "Coverage", "slack_file": named}

    for named in ({"id": picture["id"]}, {"url": picture["url_private"]}, {"url": picture["permalink"]}):
        accessory = section("x") | {"accessory": image(**named)}
        assert api.chat_postMessage(channel=general, text="x", blocks=[image(**named), accessory])["ok"]
    for named in ({"id": "F404"}, {"id": table["id"]}, {"url": "https://example.com/x.png"}):
        answer = refused(api.chat_postMessage, channel=general, text="x", blocks=[image(**named)])
        assert answer["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    home = modal(image(id="F404")) | {"type": "home"}
    view = {name: home[name] for name in ("type", "blocks")}
    assert refusal(api.views_publish, user_id=AMINA, view=view) == "invalid_arguments"
