"""Finding in Slack what we may have made already: after a lost answer nothing is made twice."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.core.incident import Message

SKEW = timedelta(minutes=5)  # between Slack's clock and ours
PAGE = 200
MOST_PAGES = 10
MARK = "baton_delivery"  # event type of the metadata that every message of ours bears


def mark(keys: Iterable[str]) -> dict[str, Any]:
    """One text for all, as Slack takes no list of texts there; no key has a space."""
    return {"event_type": MARK, "event_payload": {"key": " ".join(keys)}}


def find_messages(
    client: WebClient, channel: str, keys: Iterable[str], since: datetime, thread: str | None = None
) -> dict[str, Message]:
    """By key, the messages that bear one of these marks and stand in the channel, or in this thread of it, already."""
    missing = set(keys)
    found: dict[str, Message] = {}
    oldest = str((since - SKEW).timestamp())
    arguments = {"channel": channel, "oldest": oldest, "limit": PAGE, "include_all_metadata": True}
    method = "conversations.history"
    if thread is not None:
        method, arguments = "conversations.replies", {**arguments, "ts": thread}
    for answer in _pages(client, method, arguments):
        for message in answer.get("messages", []):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") != MARK:
                continue
            for key in missing.intersection(str(metadata.get("event_payload", {}).get("key")).split()):
                found[key] = Message(channel, str(message["ts"]))
                missing.remove(key)
        if not missing:
            break
    return found


def find_file(client: WebClient, channel: str, name: str, since: datetime) -> bool:
    """Whether a file of this name has been shared in the channel already."""
    arguments = {"channel": channel, "oldest": str((since - SKEW).timestamp()), "limit": PAGE}
    pages = _pages(client, "conversations.history", arguments)
    files = (file for page in pages for message in page.get("messages", []) for file in message.get("files") or [])
    return any(file.get("name") == name for file in files)


def find_channel(client: WebClient, name: str) -> dict[str, Any] | None:
    """The public channel of that name, archived ones included."""
    arguments = {"types": "public_channel", "limit": 1000}
    for answer in _pages(client, "conversations.list", arguments):
        for channel in answer.get("channels", []):
            if channel.get("name") == name:
                found: dict[str, Any] = channel
                return found
    return None


def _pages(client: WebClient, method: str, arguments: dict[str, Any]) -> Iterator[Any]:
    cursor = ""
    for _ in range(MOST_PAGES):
        answer = client.api_call(method, params={**arguments, **({"cursor": cursor} if cursor else {})})
        yield answer
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
