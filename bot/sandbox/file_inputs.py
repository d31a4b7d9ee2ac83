"""What people give to the file inputs of modals: uploaded beforehand, one file at a time, and private to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.files import File
from bot.sandbox.installed import InstalledApp
from bot.sandbox.records import Json
from bot.sandbox.refusals import Refused
from bot.sandbox.workspace import TEAM_ID, Workspace

LARGEST = 10 * 1024 * 1024  # as Slack documents it for this element
SCOPE = "files:read"


async def upload(workspace: Workspace, user: str, name: str, content: bytes) -> File:
    """Nobody but the app hears of it, and the app only when the form is sent."""
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    if not name or not content:
        raise Refused("invalid_arguments")
    if len(content) > LARGEST:
        raise Refused("file_upload_size_restricted")
    with workspace.lock:
        if workspace.user(user).deactivated:
            raise Refused("account_inactive")
        file = File(workspace.mint("F"), name, len(content), user, workspace.seconds())
    await asyncio.to_thread(file.receive, content)
    file.complete = True
    with workspace.lock:
        workspace.files[file.id] = file
    return file


def chosen(files: Mapping[str, File], base_url: str, user: str, raw: Any) -> list[Json]:
    """File objects for what a person put into an input, each given by its id or by the object of its upload."""
    given = raw if isinstance(raw, list) else [raw] if raw else []
    found = [files.get(str(one.get("id") if isinstance(one, dict) else one)) for one in given]
    known = [file for file in found if file is not None and file.complete and file.user == user]
    if len(known) < len(given):
        raise Refused("file_not_found")
    return [file.shown(base_url, TEAM_ID) for file in known]


def faults_of_scope(app: InstalledApp, blocks: list[Json], pointer: str) -> list[str]:
    """Slack lets an app ask for files only if it may read them."""
    if SCOPE in app.scopes:
        return []
    return [
        f"file_input requires the scope {SCOPE} [json-pointer:{pointer}/{place}/element]"
        for place, block in enumerate(blocks)
        if any(element["type"] == "file_input" for element in elements_of(block))
    ]
