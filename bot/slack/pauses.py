"""Pauses that Slack asks for: what would ask for the same waits without asking, and pages are the first afterwards.

Slack limits each method in the workspace, and messages to one a second in each channel. It does not say which of
the two it was; a channel that has had no message of ours within the last second was not it.
"""

import threading
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.engine.clock import Clock
from bot.slack.faults import HeldBack, asked_pause

POST = "chat.postMessage"
PACE = timedelta(seconds=1)  # one message a channel, once Slack has insisted
INSISTS = timedelta(minutes=1)  # so long after it has
AT_ONCE, APART = 20, timedelta(seconds=4)  # what is no page comes back in turns: a method has no room for all at once
BEHIND_PAGES = timedelta(seconds=0.5)  # how long what is no page waits while pages do
GRACE = timedelta(seconds=5)  # a page that has not come by then has found another end


class Pauses:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Condition()
        self._until: dict[tuple[str, str], datetime] = {}  # by method and channel; "": the method in all of them
        self._in_line: dict[tuple[str, str], int] = {}  # how many were held back that are no pages
        self._last: dict[str, datetime] = {}  # when something was posted in a channel
        self._insisted: dict[str, datetime] = {}  # when Slack last refused a message in a channel, for its own sake
        self._pages: dict[tuple[str, str], datetime] = {}  # held back with their method, and until when

    def must_wait(self, method: str, channel: str, urgent: bool) -> datetime | None:
        """Until when; None if it may be asked now."""
        with self._lock:
            now = self._clock.now()
            of = [key for key in ((method, ""), (method, channel)) if self._until.get(key, now) > now]
            if of:
                longest = max(of, key=self._until.__getitem__)
                return self._hold(longest, (method, channel), urgent)
            if method == POST and (paced := self._paced(channel, now)):
                return paced
            if urgent:
                self._pages.pop((method, channel), None)
                self._lock.notify_all()
            elif not self._lock.wait_for(lambda: not self._page_waits(method, now), BEHIND_PAGES.total_seconds()):
                return now + BEHIND_PAGES
            return None

    def refused(self, method: str, channel: str, pause: timedelta, urgent: bool) -> datetime:
        """Notes a pause that Slack asked for; until when it lasts."""
        with self._lock:
            now = self._clock.now()
            alone = method == POST and now - self._last.get(channel, now - PACE) < PACE
            key = (method, channel if alone else "")
            if alone:
                self._insisted[channel] = now
            self._until[key] = max(self._until.get(key, now), now + pause)
            self._in_line[key] = 0
            return self._hold(key, (method, channel), urgent)

    def passed(self, method: str, channel: str) -> None:
        if method == POST:
            with self._lock:
                self._last[channel] = self._clock.now()

    def _hold(self, key: tuple[str, str], asked: tuple[str, str], urgent: bool) -> datetime:
        until = self._until[key]
        if urgent:
            if not key[1]:
                self._pages[asked] = until
            return until
        place = self._in_line[key]
        self._in_line[key] += 1
        return until + place // AT_ONCE * APART

    def _page_waits(self, method: str, now: datetime) -> bool:
        return any(name == method and until + GRACE > now for (name, _), until in self._pages.items())

    def _paced(self, channel: str, now: datetime) -> datetime | None:
        if channel not in self._insisted or now - self._insisted[channel] > INSISTS:
            return None
        free = self._last.get(channel, now) + PACE
        return free if free > now else None


class PacedClient(WebClient):
    """Asks nothing of Slack for which it has asked to wait; raises HeldBack then."""

    def __init__(self, like: WebClient, pauses: Pauses, urgent: bool = False) -> None:
        handlers = list(like.retry_handlers)
        super().__init__(token=like.token, base_url=like.base_url, timeout=like.timeout, retry_handlers=handlers)
        self._pauses = pauses
        self._urgent = urgent

    def api_call(self, api_method: str, **how: Any) -> SlackResponse:
        said = how.get("json") or how.get("params") or how.get("data") or {}
        channel = str(said.get("channel") or "") if api_method == POST else ""
        if until := self._pauses.must_wait(api_method, channel, self._urgent):
            raise HeldBack(api_method, until)
        try:
            answer = super().api_call(api_method, **how)
        except SlackApiError as fault:
            pause = asked_pause(fault)
            if pause is None:
                raise
            raise HeldBack(api_method, self._pauses.refused(api_method, channel, pause, self._urgent)) from fault
        self._pauses.passed(api_method, channel)
        return answer
