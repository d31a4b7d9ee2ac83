"""files.*: the three steps of an upload."""

from __future__ import annotations

from bot.sandbox import messages
from bot.sandbox.api.call import Method, MethodCall
from bot.sandbox.records import Channel, Json
from bot.sandbox.refusals import Refused

MOST_CHANNELS = 100
LARGEST = 1_000_000_000


def get_upload_url(call: MethodCall) -> Json:
    filename, length = call.args.text("filename"), call.args.number("length", 0)
    if not filename or length <= 0:
        raise Refused("invalid_arguments")
    if length > LARGEST:
        raise Refused("file_upload_size_restricted")
    workspace = call.workspace
    file_id = workspace.mint("F")
    workspace.files[file_id] = {"id": file_id, "name": filename, "size": length, "content": None}
    return {"upload_url": f"{call.server.url}/upload/v1/{file_id}", "file_id": file_id}


def complete_upload(call: MethodCall) -> Json:
    given = call.args.json("files")
    if not isinstance(given, list) or not given:
        raise Refused("invalid_arguments")
    files = [_finish(call, entry) for entry in given]
    channels = _channels(call)
    for channel in channels:
        content: Json = {"text": call.args.text("initial_comment"), "files": files, "subtype": "file_share"}
        messages.post(call.workspace, channel, call.bot, content, thread_ts=call.args.text("thread_ts"))
    return {"files": files}


def _channels(call: MethodCall) -> list[Channel]:
    ids = call.args.ids("channels") or call.args.ids("channel_id")
    if len(ids) > MOST_CHANNELS:
        raise Refused("channels_limit_exceeded")
    found = []
    for channel_id in ids:
        channel = call.workspace.channels.get(channel_id)
        if channel is None or not call.workspace.may_see(channel, call.bot):
            raise Refused("channel_not_found")
        call.must_be_open(channel)
        call.must_be_member(channel)
        found.append(channel)
    return found


def _finish(call: MethodCall, entry: Json) -> Json:
    kept = call.workspace.files.get(entry.get("id", ""))
    if kept is None or kept["content"] is None:
        raise Refused("file_not_found")
    link = f"{call.server.url}/files-pri/{kept['id']}/{kept['name']}"
    return {
        "id": kept["id"],
        "created": call.workspace.seconds(),
        "name": kept["name"],
        "title": entry.get("title") or kept["name"],
        "filetype": kept["name"].rpartition(".")[2],
        "user": call.bot,
        "size": len(kept["content"]),
        "mode": "hosted",
        "url_private": link,
        "url_private_download": link,
        "permalink": link,
    }


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, tier=4, scopes=("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, tier=4, scopes=("files:write",)),
}
