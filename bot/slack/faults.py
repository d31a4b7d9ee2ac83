"""What it means when Slack does not do what was asked: ask again, or give up.

HeldBack      ── ratelimited, or not even asked then    TryAgain (when the pause is over that Slack asked for)
SlackApiError ── ratelimited, 5xx, internal errors      TryAgain (after what Slack asked for)
              ── token or scope trouble                 TryAgain (an operator can mend it; no message is lost)
              └─ anything else                          GiveUp
no connection, no answer in time                        TryAgain
"""

import math
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.engine.deliver import GiveUp, TryAgain

FOR_NOW = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "message_limit_exceeded",
    }
)
FOR_AN_OPERATOR = frozenset(
    {
        "not_authed",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "team_access_not_granted",
    }
)
BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_blocks_too_many"})
OPERATOR_PAUSE = timedelta(seconds=30)
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 600.0  # seconds; what Slack asks for is believed within these
UNWILLING = (SlackClientError, OSError, HTTPException)  # all that asking Slack may raise


class HeldBack(SlackClientError):
    """Slack has asked for a pause that is not over: nothing was done."""

    def __init__(self, method: str, until: datetime) -> None:
        super().__init__(f"Slack asks for a pause with {method}")
        self.until = until


def code(fault: SlackApiError) -> str:
    answer: Any = fault.response
    try:
        return str(answer.get("error") or "")
    except (AttributeError, ValueError):
        return ""  # the answer was no JSON: a proxy or a broken server


def is_for_now(fault: SlackApiError) -> bool:
    """Slack is busy or broken, and will answer the same call later."""
    answer: Any = fault.response
    status = getattr(answer, "status_code", 200)
    return status == 429 or status >= 500 or code(fault) in FOR_NOW or not code(fault)


def asked_pause(fault: SlackApiError) -> timedelta | None:
    """How long Slack asks to wait; None if it was something else."""
    answer: Any = fault.response
    if getattr(answer, "status_code", 200) == 429 or code(fault) in ("ratelimited", "rate_limited"):
        return _retry_after(answer)
    return None


def meaning(fault: Exception) -> TryAgain | GiveUp:
    if isinstance(fault, HeldBack):
        return TryAgain(str(fault), held_until=fault.until)
    if not isinstance(fault, SlackApiError):
        return TryAgain(f"Slack could not be reached ({type(fault).__name__})")
    pause = asked_pause(fault)
    if pause is not None:
        return TryAgain("Slack asks for a pause", pause)
    error, status = code(fault), getattr(fault.response, "status_code", 200)
    if is_for_now(fault):
        return TryAgain(f"Slack answered {error or status}")
    if error in FOR_AN_OPERATOR:
        return TryAgain(f"Slack refuses the bot ({error})", OPERATOR_PAUSE)
    return GiveUp(f"Slack refused: {error}")


def _retry_after(answer: Any) -> timedelta:
    """A proxy may have written the header, or none: what is no number of seconds is one second."""
    headers = {str(key).lower(): value for key, value in dict(getattr(answer, "headers", None) or {}).items()}
    value = headers.get("retry-after", "1")
    try:
        seconds = float(value[0] if isinstance(value, list) and value else value)
    except (TypeError, ValueError):
        seconds = 1.0
    if math.isnan(seconds):
        seconds = 1.0
    return timedelta(seconds=min(max(seconds, SHORTEST_PAUSE), LONGEST_PAUSE))
