"""files.*: the three steps of an upload, and what is known of a file."""

from __future__ import annotations

import re

from bot.sandbox import messages
from bot.sandbox.api.call import Method, MethodCall, with_messages
from bot.sandbox.api.chat import read_blocks
from bot.sandbox.files import File, Share
from bot.sandbox.records import Channel, Json
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import TEAM_ID

MOST_CHANNELS = 100
LARGEST = 1_000_000_000
CHANNEL_ID = re.compile(r"^[CGDZ][A-Z0-9]{8,}$")


def get_upload_url(call: MethodCall) -> Json:
    filename, length = call.args.text("filename"), call.args.number("length", 0)
    if not filename or length <= 0:
        raise Refused("invalid_arguments")
    if length > LARGEST:
        raise Refused("file_upload_size_restricted")
    workspace = call.workspace
    name = filename.rpartition("/")[2] or filename
    file = File(workspace.mint("F"), name, length, call.bot, workspace.seconds(), call.args.text("alt_txt"))
    workspace.files[file.id] = file
    return {"upload_url": f"{call.server.url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(call: MethodCall) -> Json:
    """Shares by one message in each channel. The answer does not tell its timestamp: files.info does."""
    given = call.args.json("files")
    if not isinstance(given, list) or not given:
        raise Refused("invalid_arguments")
    files = [_uploaded(call, entry) for entry in given]
    channels = _channels(call)
    content = _content(call)
    for file, entry in zip(files, given, strict=True):
        file.complete, file.title = True, entry.get("title") or file.name
    shown = [file.shown(call.server.url, TEAM_ID) for file in files]
    for channel in channels:
        body = content | {"files": shown, "upload": False, "subtype": "file_share"}
        message = messages.post(call.workspace, channel, call.bot, body, thread_ts=call.args.text("thread_ts"))
        for file in files:
            file.shares.append(Share(channel, message.ts))
    return {"files": shown}


def _uploaded(call: MethodCall, entry: Json) -> File:
    file = call.workspace.files.get(entry.get("id", ""))
    if file is None or file.content is None:
        raise Refused("file_not_found")
    return file


def _content(call: MethodCall) -> Json:
    """The words above the files: the comment, or blocks, which a comment puts aside."""
    comment = call.args.text("initial_comment")
    blocks = None if comment else read_blocks(call)
    if any(block["type"] == "markdown" for block in blocks or ()):
        raise Refused("internal_error")
    return {"text": comment, "blocks": blocks} if blocks else {"text": comment}


def _channels(call: MethodCall) -> list[Channel]:
    """`channel_id` takes the id of a conversation; `channels` takes those of people, too."""
    single = call.args.text("channel_id")
    if single and not CHANNEL_ID.match(single):
        fault = f"input must match regex pattern: {CHANNEL_ID.pattern} [json-pointer:/channel_id]"
        raise with_messages("invalid_arguments", [fault])
    ids = call.args.ids("channels") or ([single] if single else [])
    if len(ids) > MOST_CHANNELS:
        raise Refused("channels_limit_exceeded")
    return [_channel(call, channel_id) for channel_id in ids]


def _channel(call: MethodCall, given: str) -> Channel:
    workspace = call.workspace
    if given in workspace.users and given != call.bot:
        return workspace.direct((given, call.bot))
    channel = workspace.channels.get(given)
    if channel is None or not workspace.may_see(channel, call.bot):
        raise Refused("channel_not_found")
    call.must_be_open(channel)
    call.must_be_member(channel)
    return channel


def info(call: MethodCall) -> Json:
    file = call.workspace.files.get(call.args.text("file"))
    if file is None or not file.complete:
        raise Refused("file_not_found")
    shown = file.shown(call.server.url, TEAM_ID, with_shares=True)
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, tier=4, scopes=("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, tier=4, scopes=("files:write",)),
    "files.info": Method(info, tier=4, scopes=("files:read",)),
}
