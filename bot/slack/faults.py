"""What it means when Slack does not do what was asked: ask again, or give up.

SlackApiError ── ratelimited, 5xx, internal errors      TryAgain (after what Slack asked for)
              ── token or scope trouble                 TryAgain (an operator can mend it; no message is lost)
              └─ anything else                          GiveUp
no connection, no answer in time                        TryAgain
"""

from datetime import timedelta
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
UNWILLING = (SlackClientError, OSError, HTTPException)  # all that asking Slack may raise


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


def meaning(fault: Exception) -> TryAgain | GiveUp:
    if not isinstance(fault, SlackApiError):
        return TryAgain(f"Slack could not be reached ({type(fault).__name__})")
    answer: Any = fault.response
    error, status = code(fault), getattr(answer, "status_code", 200)
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return TryAgain("Slack asks for a pause", _retry_after(answer))
    if is_for_now(fault):
        return TryAgain(f"Slack answered {error or status}")
    if error in FOR_AN_OPERATOR:
        return TryAgain(f"Slack refuses the bot ({error})", OPERATOR_PAUSE)
    return GiveUp(f"Slack refused: {error}")


def _retry_after(answer: Any) -> timedelta:
    headers = {str(key).lower(): value for key, value in dict(answer.headers).items()}
    value = headers.get("retry-after", "1")
    seconds = value[0] if isinstance(value, list) else value
    return timedelta(seconds=max(float(seconds), 0.1))
