"""The Bolt app: one token, many listener threads, and no call to Slack before an acknowledgement."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.slack.client import Identity, make_client

LISTENERS = 40  # Bolt's own 5 starve acknowledgements


class Listeners(ThreadPoolExecutor):
    """The threads that listeners run in; knows what is under way, so that one can wait for the end of it."""

    def __init__(self) -> None:
        super().__init__(LISTENERS, "listener")
        self._under_way: set[Future[Any]] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    def settle(self) -> None:
        wait(self._under_way.copy())


def make_app(client: WebClient, identity: Identity, signing_secret: str | None, listeners: Listeners) -> App:
    """The app without its listeners. Who we are is known already, so Bolt need not ask Slack."""

    def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team_id,
            bot_user_id=identity.bot_user_id,
            bot_id=identity.bot_id,
            bot_token=client.token,
        )

    # without a token of its own, since Bolt warns of one that `authorize` would overrule; of the one in the
    # environment, too
    logging.getLogger("slack_bolt.App").addFilter(_is_news)
    without_token = make_client(None, client.base_url, client.timeout)
    return App(
        name="baton",  # or Bolt reads the source of every caller to find one
        client=without_token,
        authorize=authorize,
        signing_secret=signing_secret,
        request_verification_enabled=signing_secret is not None,
        token_verification_enabled=False,
        listener_executor=listeners,
    )


def _is_news(record: logging.LogRecord) -> bool:
    return "`token` will be unused" not in record.getMessage()


def answer_http(
    app: App, verifier: SignatureVerifier, body: str, headers: dict[str, str]
) -> tuple[int, dict[str, str], str]:
    """One request at `/slack/events`: status, headers and body of the answer; an unsigned one is not even read."""
    if not _is_signed(verifier, body, headers):
        return 401, {}, "This request does not bear Slack's signature, or is too old.\n"
    try:
        request = BoltRequest(body=body, headers=dict(headers), mode="http")
    except (AttributeError, TypeError, ValueError):
        return 400, {}, "This request makes no sense.\n"
    answer = app.dispatch(request)
    flat = {name: values[0] for name, values in answer.headers.items() if values}
    return answer.status, flat, answer.body or ""


def _is_signed(verifier: SignatureVerifier, body: str, headers: dict[str, str]) -> bool:
    try:
        return verifier.is_valid_request(body, headers)
    except (TypeError, ValueError):
        return False  # the time is no number, or the signature is not of ASCII
