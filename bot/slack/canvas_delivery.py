"""Delivery of canvases: that of a channel holds the handoffs which are posted there, as they stand.

It is an addition to the message, which has it all: where a workspace has no canvases, or Slack will not have this one
written, that is said once in the log, and nothing is lost. A canvas that people have made in the channel is theirs:
only one that Baton has made is written.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core.handoff import Handoff, ShiftWatch
from bot.core.incident import Message
from bot.core.oncall_effects import KeepCanvas
from bot.core.oncall_events import CanvasMade
from bot.engine.deliver import Answer, Sent
from bot.engine.engine import Engine
from bot.slack import faults
from bot.slack.directory import Directory
from bot.slack.views import handoff_canvas as view
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)

TITLE = "Handoff"
STANDS = frozenset({"channel_canvas_already_exists", "free_team_canvas_tab_already_exists"})
NO_CANVASES = frozenset(
    {
        "canvas_disabled_user_team",
        "team_tier_cannot_create_channel_canvases",
        "free_teams_cannot_edit_standalone_canvases",
        "canvas_globally_disabled",
        "restricted_action",
        "missing_scope",
        "unknown_method",
        "not_allowed",
        "not_allowed_token_type",
        "access_denied",
        "no_permission",
        "channel_not_found",
        "not_in_channel",
        "is_archived",
    }
)


class CanvasDelivery:
    def __init__(self, client: WebClient, engine: Engine, directory: Directory) -> None:
        self._client = client
        self._engine = engine
        self._directory = directory
        self._turns: dict[str, threading.Lock] = {}  # schedules may share a channel: the newest drawing must come last
        self._unanswered: set[str] = set()  # channels whose canvas may have been made: the answer was lost
        self._links: dict[str, tuple[Message, str]] = {}  # by schedule, the message of its latest handoff
        self._said: set[tuple[str, str]] = set()
        self.carriers: Mapping[type, Callable[..., Answer]] = {KeepCanvas: self._keep}

    def _keep(self, parcel: Parcel, effect: KeepCanvas) -> Answer:
        schedule = self._engine.policy.schedules.get(effect.schedule)
        if schedule is None or schedule.handoff is None:
            return Sent()
        name = schedule.handoff.channel
        with self._turns.setdefault(name, threading.Lock()):
            watches = self._watches(name)
            canvas = next((watch.canvas for watch in watches if watch.canvas), None)
            try:
                made = self._write(self._directory.channel(name), canvas, self._drawn(watches))
            except SlackApiError as fault:
                if not _is_refusal(fault):
                    raise
                self._say_once(name, faults.code(fault))
                return Sent()
        return Sent(CanvasMade(schedule=effect.schedule, canvas=made)) if made and made != canvas else Sent()

    def _write(self, channel: str, canvas: str | None, markdown: str) -> str | None:
        """The canvas that holds it now; None: there is one which is not ours."""
        content = {"type": "markdown", "markdown": markdown}
        if canvas is None:
            return self._made(channel, content)
        try:
            self._replace(canvas, content)
        except SlackApiError as fault:
            if faults.code(fault) != "canvas_not_found":
                raise
            return self._made(channel, content)  # somebody has deleted it
        return canvas

    def _replace(self, canvas: str, content: dict[str, str]) -> None:
        self._client.canvases_edit(canvas_id=canvas, changes=[{"operation": "replace", "document_content": content}])

    def _made(self, channel: str, content: dict[str, str]) -> str | None:
        ours = channel in self._unanswered
        self._unanswered.add(channel)
        try:
            made = self._client.conversations_canvases_create(channel_id=channel, document_content=content, title=TITLE)
        except SlackApiError as fault:
            self._unanswered.discard(channel)
            if faults.code(fault) not in STANDS:
                raise
            standing = self._standing(channel) if ours else None
            if standing is None:
                self._say_once(channel, "there is one already, which people have made")
                return None
            self._replace(standing, content)
            return standing
        self._unanswered.discard(channel)
        return str(made["canvas_id"])

    def _standing(self, channel: str) -> str | None:
        found: Any = self._client.conversations_info(channel=channel)["channel"]
        canvas = ((found.get("properties") or {}).get("canvas") or {}).get("file_id")
        return str(canvas) if canvas else None

    def _watches(self, channel: str) -> list[ShiftWatch]:
        """Of the schedules that hand over there."""
        schedules = self._engine.policy.schedules
        here = [key for key, each in schedules.items() if each.handoff and each.handoff.channel == channel]
        with self._engine.store.reading() as read:
            found = [read.watch(schedule) for schedule in here]
        return [watch for watch in found if watch is not None]

    def _drawn(self, watches: list[ShiftWatch]) -> str:
        """The latest handoff of each."""
        handoffs = [watch.handoff for watch in watches if watch.handoff is not None]
        links = {each.id: link for each in handoffs if (link := self._link(each))}
        return view.canvas(handoffs, links, self._engine.present_now(), self._directory.names())

    def _link(self, handoff: Handoff) -> str | None:
        message = handoff.message
        if message is None:
            return None
        known, link = self._links.get(handoff.schedule, (None, ""))
        if known != message:
            try:
                found = self._client.chat_getPermalink(channel=message.channel, message_ts=message.ts)
            except SlackApiError:
                return None
            link = str(found["permalink"])
            self._links[handoff.schedule] = (message, link)
        return link

    def _say_once(self, channel: str, why: str) -> None:
        if (channel, why) not in self._said:
            self._said.add((channel, why))
            level = logging.INFO if why in NO_CANVASES else logging.WARNING
            log.log(level, "the canvas of %s is not kept (%s); the handoff stands in its message", channel, why)


def _is_refusal(fault: SlackApiError) -> bool:
    """For good: what Slack, or an operator, will mend by and by is asked again."""
    why = faults.code(fault)
    return why in NO_CANVASES or not (faults.is_for_now(fault) or why in faults.FOR_AN_OPERATOR)
