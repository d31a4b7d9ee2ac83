"""The Web API client, and who we are in the workspace.

No automatic retries: a blocking retry holds a thread, and a repeated post may post twice. Delivery
decides what is asked again, and when.
"""

import re
from dataclasses import dataclass

from slack_sdk import WebClient

TIMEOUT = 10  # seconds; well within a lease
TOKEN = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+")


@dataclass(frozen=True, slots=True)
class Identity:
    team_id: str
    bot_user_id: str
    bot_id: str
    scopes: tuple[str, ...]
    address: str = ""  # of the workspace: https://acme.slack.com


def make_client(token: str | None, api_url: str, timeout: int = TIMEOUT) -> WebClient:
    return WebClient(token=token, base_url=api_url, timeout=timeout, retry_handlers=[])


def identify(client: WebClient) -> Identity:
    """Asks Slack who we are; raises what slack_sdk raises when the token is refused or Slack is away."""
    answer = client.auth_test()
    scopes = str(answer.headers.get("x-oauth-scopes") or "")
    return Identity(
        team_id=str(answer.get("team_id") or ""),
        bot_user_id=str(answer.get("user_id") or ""),
        bot_id=str(answer.get("bot_id") or ""),
        scopes=tuple(scope.strip() for scope in scopes.split(",") if scope.strip()),
        address=str(answer.get("url") or "").rstrip("/"),
    )


def without_tokens(text: str) -> str:
    """For logs: Slack tokens are taken out, wherever they came from."""
    return TOKEN.sub("(token)", text)
