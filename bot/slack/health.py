"""Whether Slack is down: the socket has been lost, or nothing but failures has come from the Web API, for a minute.

A refusal and a plea to slow down are answers; silence, a broken connection and an internal error are not.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState

DOWN_AFTER = timedelta(minutes=1)
STREAK = timedelta(minutes=3)  # failures further apart than any pause before a second try are of two outages
BROKEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class Health:
    """Told by the client and the socket, from their threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failing_since: datetime | None = None
        self._last_failure: datetime | None = None
        self._lost_at: datetime | None = None

    def answered(self) -> None:
        with self._lock:
            self._failing_since = self._last_failure = None

    def failed(self) -> None:
        now = self._now()
        with self._lock:
            if self._last_failure is None or now - self._last_failure > STREAK:
                self._failing_since = now
            self._last_failure = now

    def socket(self, stands: bool) -> None:
        """Whether the socket is connected, told as often as one likes."""
        with self._lock:
            if stands:
                self._lost_at = None
            elif self._lost_at is None:
                self._lost_at = self._now()

    def is_down(self) -> bool:
        now = self._now()
        with self._lock:
            return any(since and now - since >= DOWN_AFTER for since in (self._failing_since, self._lost_at))


class Watch(RetryHandler):
    """Sees the outcome of every call of a client, and never asks for another."""

    def __init__(self, health: Health) -> None:
        super().__init__(max_retry_count=0)
        self._health = health

    def can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or _is_broken(response):
            self._health.failed()
        else:
            self._health.answered()
        return False


def _is_broken(response: HttpResponse) -> bool:
    body: Any = response.body
    return response.status_code >= 500 or (isinstance(body, dict) and body.get("error") in BROKEN)
