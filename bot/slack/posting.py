"""Posting and editing messages: once, be it asked for again after a crash or a lost answer."""

import logging
from collections.abc import Callable
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

    def post(self, parcel: Parcel, to: str, drawn: Drawn) -> Message:
        """Posts once: a message of an earlier, unanswered attempt is found by its mark."""
        key = f"{parcel.id}@{parcel.enqueued_at.isoformat()}"
        if parcel.attempt > 1 and (standing := self._find(to, key, parcel)) is not None:
            return standing
        unfurl = {"unfurl_links": False, "unfurl_media": False}
        said = {"channel": to, "text": drawn.text, "metadata": search.mark(key), **unfurl}
        answer = self._in_blocks_or_plain(self._client.chat_postMessage, drawn, said)
        return Message(str(answer["channel"]), str(answer["ts"]))

    def _find(self, to: str, key: str, parcel: Parcel) -> Message | None:
        try:
            channel = self._client.conversations_open(users=[to])["channel"]["id"] if to[0] in "UW" else to
            return search.find_message(self._client, channel, key, parcel.enqueued_at)
        except SlackApiError as fault:
            if faults.is_for_now(fault):
                raise
            return None  # the bot may not look there: better twice than never

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
