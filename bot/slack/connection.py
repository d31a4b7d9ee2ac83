"""The connection to Slack: who we are, how requests come in, and how effects go out."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

from pydantic import SecretStr
from slack_bolt import App
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.engine.deliver import Answer, TryAgain
from bot.engine.engine import Engine
from bot.slack import faults
from bot.slack.bolt import Listeners, answer_http, make_app
from bot.slack.client import Identity, identify, make_client
from bot.slack.delivery import SlackDelivery
from bot.slack.directory import Directory
from bot.slack.health import Health, Watch
from bot.slack.listeners import listen
from bot.slack.socket import Socket
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)

ASK_AGAIN = timedelta(seconds=2)  # while Slack cannot be reached at the start


class SlackRefused(Exception):
    """Slack does not accept the bot token; one sentence."""


class SlackConnection:
    """Opened in three steps: `open` finds out who we are, then effects can be carried, then `hear` lets requests in."""

    def __init__(
        self,
        engine: Engine,
        *,
        bot_token: str,
        app_token: SecretStr | None,
        signing_secret: SecretStr | None,
        api_url: str,
        timeout: int,
        told: threading.Event,
    ) -> None:
        """`told`: to stop."""
        self._engine = engine
        self._client = make_client(bot_token, api_url, timeout)
        self._health = Health(engine.clock.now)
        self._client.retry_handlers.append(Watch(self._health))
        self._app_token = app_token
        self._signing_secret = signing_secret
        self._verifier = SignatureVerifier(signing_secret.get_secret_value()) if signing_secret else None
        self._api_url = api_url
        self._told = told
        self._listeners = Listeners()
        self._delivery: SlackDelivery | None = None
        self._app: App | None = None
        self._socket: Socket | None = None

    def open(self, meanwhile: Callable[[], None]) -> None:
        """Waits for Slack as long as it takes, or until it is told to stop; raises SlackRefused for a bad token.

        `meanwhile` is called if Slack cannot be reached at once, so that all else goes on without it.
        """
        identity = self._identify(meanwhile)
        if identity is None:
            return
        directory = self._directory()
        self._delivery = SlackDelivery(self._client, identity, self._engine, directory)
        secret = self._signing_secret if self._app_token is None else None
        app = make_app(self._client, identity, secret.get_secret_value() if secret else None, self._listeners)
        listen(app, self._engine, directory.names)
        self._app = app

    def hear(self) -> None:
        """Connects by Socket Mode; by HTTP the door hands requests to `answer`."""
        if self._app_token is not None and self._app is not None:
            self._socket = Socket(self._app, self._app_token.get_secret_value(), self._api_url, self._health)
            self._socket.start()

    def close(self) -> None:
        self._told.set()
        if self._socket is not None:
            self._socket.stop()
        self._listeners.shutdown(wait=True)

    def settle(self) -> None:
        """Waits for the listeners that still work, though they have acknowledged."""
        self._listeners.settle()

    def carry(self, parcel: Parcel) -> Answer:
        if self._delivery is None:
            return TryAgain("Slack has not been reached yet", ASK_AGAIN)
        return self._delivery.carry(parcel)

    def carry_together(self, parcels: Sequence[Parcel]) -> Sequence[Answer]:
        if self._delivery is None:
            return [TryAgain("Slack has not been reached yet", ASK_AGAIN)] * len(parcels)
        return self._delivery.carry_together(parcels)

    def is_down(self) -> bool:
        """Whether Slack has been out of reach for so long that nobody should rely on it."""
        return self._health.is_down()

    @property
    def answer(self) -> Callable[[str, dict[str, str]], tuple[int, dict[str, str], str]] | None:
        """What answers a request at /slack/events; None when Socket Mode is used."""
        return self._answer if self._app_token is None else None

    def standing(self) -> tuple[bool, str]:
        """Whether requests can come in, and how, or why not."""
        if self._app is None:
            return False, "not reached yet"
        if self._app_token is None:
            return True, "the token is accepted; requests come by HTTP"
        if self._socket is not None and self._socket.is_connected():
            return True, "connected by Socket Mode"
        return False, "Socket Mode is not connected"

    def _answer(self, body: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        if self._app is None or self._verifier is None:
            return 503, {"retry-after": "2"}, "starting\n"
        return answer_http(self._app, self._verifier, body, headers)

    def _identify(self, meanwhile: Callable[[], None]) -> Identity | None:
        while True:
            try:
                return identify(self._client)
            except faults.UNWILLING as fault:
                if isinstance(fault, SlackApiError) and not faults.is_for_now(fault):
                    raise SlackRefused(
                        f"Slack refuses SLACK_BOT_TOKEN ({faults.code(fault)}). Copy the token again from "
                        "“OAuth & Permissions” of your Slack app."
                    ) from None
                log.warning("Slack cannot be reached yet (%s); trying again", type(fault).__name__)
            meanwhile()
            if self._told.wait(ASK_AGAIN.total_seconds()):
                return None

    def _directory(self) -> Directory:
        with self._engine.store.reading() as read:
            known = read.slack_ids()
        directory = Directory(self._client, self._engine.policy, known, self._keep)
        directory.look_up()
        policy = self._engine.policy
        handoffs = (schedule.handoff.channel for schedule in policy.schedules.values() if schedule.handoff)
        for channel in dict.fromkeys((policy.workspace.announcements, *handoffs)):
            if channel is not None:
                directory.join(channel)
        return directory

    def _keep(self, person: str, slack_id: str) -> None:
        with self._engine.store.transaction() as work:
            work.save_slack_id(person, slack_id)
