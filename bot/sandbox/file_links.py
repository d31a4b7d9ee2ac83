"""Files that a message shares because their permalinks stand in its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.files import File
from bot.sandbox.records import Json


def linked(files: Mapping[str, File], base_url: str, content: Json) -> list[File]:
    """In the order in which they are first named, each once."""
    link = re.compile(rf"{re.escape(base_url)}/files/\w+/(F[A-Z0-9]{{8,}})(?=[/|>\s]|$)")
    words = [str(content.get("text", "")), *_mrkdwn(content.get("blocks"))]
    ids = dict.fromkeys(found[1] for text in words for found in link.finditer(text))
    return [files[file_id] for file_id in ids if file_id in files and files[file_id].complete]


def _mrkdwn(value: Any) -> Iterator[str]:
    """The text of each mrkdwn object, wherever it stands in the blocks."""
    if isinstance(value, list):
        for entry in value:
            yield from _mrkdwn(entry)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield str(value.get("text", ""))
        else:
            yield from _mrkdwn(list(value.values()))
