"""A world in which Slack reaches the bot over signed HTTP."""

from __future__ import annotations

import hashlib
import hmac
import socket
import time
from typing import Any

from pydantic import SecretStr

from bot.app import Baton
from bot.demo.stage import Stage
from bot.demo.workspace import channels, users
from bot.sandbox.server import Sandbox
from bot.slack.manifest import manifest
from tests.faults.worlds import IMPATIENT, ImpatientWorld


class HttpStage(Stage):
    """The door of the bot is known before the sandbox is: its address is what Slack is told."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.port = free_port()
        self.sandbox = Sandbox(
            manifest=manifest(),
            users=users(self.policy),
            channels=channels(self.policy),
            clock=self.clock,
            events_url=f"http://127.0.0.1:{self.port}/slack/events",
        )

    def start_bot(self) -> None:
        settings = self._settings.model_copy(
            update={
                "slack_api_url": self.sandbox.api_url,
                "slack_bot_token": SecretStr(self.sandbox.bot_token),
                "slack_signing_secret": SecretStr(self.sandbox.signing_secret),
                "baton_http": f"127.0.0.1:{self.port}",
            }
        )
        self.bot = Baton(settings, self.policy, self.clock)
        self.bot.start()
        self.clock.subscribe(self.bot.pulse.beat)
        self.sandbox.wait_connected()


class HttpWorld(ImpatientWorld):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage: HttpStage = HttpStage(*args[:2], self.clock, slack_timeout=IMPATIENT)

    @property
    def url(self) -> str:
        """Where Slack sends its requests."""
        return f"http://127.0.0.1:{self.stage.port}/slack/events"

    def signed(self, body: str, secret: str | None = None, at: int | None = None) -> dict[str, str]:
        """The headers that Slack would send with it."""
        stamp = int(time.time()) if at is None else at
        key = (secret or self.stage.sandbox.signing_secret).encode()
        digest = hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": str(stamp), "X-Slack-Signature": f"v0={digest}"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
