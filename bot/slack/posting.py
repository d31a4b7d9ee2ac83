"""Posting and editing messages: once, be it asked for again after a crash or a lost answer."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.core.incident import Message
from bot.engine.deliver import Answer, Sent
from bot.slack import faults, search
from bot.slack.views.drawn import Drawn
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)


class Poster:
    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._direct: dict[str, str] = {}  # the channel of direct messages to each user

    def post(self, parcel: Parcel, to: str, drawn: Drawn, thread: str | None = None) -> Message:
        """Posts once: a message of an earlier, unanswered attempt is found by its mark.

        `thread` is the timestamp of the message under which it stands.
        """
        standing = self.find([parcel], to, thread)
        return standing[parcel.id] if standing else self.post_anew([parcel], to, drawn, thread)

    def post_anew(self, parcels: Sequence[Parcel], to: str, drawn: Drawn, thread: str | None = None) -> Message:
        """One message for all of these parcels, each of which can be found by its own mark afterwards."""
        place = {
            "unfurl_links": drawn.shares,
            "unfurl_media": drawn.shares,
            **({"thread_ts": thread} if thread else {}),
        }
        said = {"channel": to, "text": drawn.text, "metadata": search.mark(map(_key, parcels)), **place}
        answer = self._in_blocks_or_plain(self._client.chat_postMessage, drawn, said)
        return Message(str(answer["channel"]), str(answer["ts"]))

    def find(self, parcels: Sequence[Parcel], to: str, thread: str | None = None) -> dict[int, Message]:
        """By parcel, the messages that stand there already, of attempts that were not answered."""
        tried = {_key(parcel): parcel for parcel in parcels if parcel.attempt > 1}
        if not tried:
            return {}
        since = min(parcel.enqueued_at for parcel in tried.values())
        try:
            channel = self._direct_with(to) if to[0] in "UW" else to
            found = search.find_messages(self._client, channel, tried, since, thread)
        except SlackApiError as fault:
            if faults.is_for_now(fault):
                raise
            return {}  # the bot may not look there: better twice than never
        return {tried[key].id: message for key, message in found.items()}

    def _direct_with(self, user: str) -> str:
        if user not in self._direct:
            self._direct[user] = str(self._client.conversations_open(users=[user])["channel"]["id"])
        return self._direct[user]

    def edit(self, message: Message | None, drawn: Drawn) -> Answer:
        if message is None:
            return Sent()  # it never reached anybody: there is nothing to draw anew
        said = {"channel": message.channel, "ts": message.ts, "text": drawn.text}
        self._in_blocks_or_plain(self._client.chat_update, drawn, said)
        return Sent()

    def _in_blocks_or_plain(self, say: Callable[..., SlackResponse], drawn: Drawn, said: dict[str, Any]) -> Any:
        """Better a plain message than none: a page must arrive."""
        try:
            return say(**said, blocks=drawn.blocks)
        except SlackApiError as fault:
            if faults.code(fault) not in faults.BLOCKS_REFUSED:
                raise
            log.warning("Slack refuses how this is drawn (%s); it goes out as plain text", faults.code(fault))
            return say(**said, blocks=[])


def _key(parcel: Parcel) -> str:
    return f"{parcel.id}@{parcel.enqueued_at.isoformat()}"
