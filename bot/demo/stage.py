"""A stage: a sandbox and a whole bot that talks to it, with people who act and a clock that can be moved."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from bot.app import Baton
from bot.demo.workspace import channels, slack_id, users
from bot.policy.model import Policy
from bot.sandbox.clock import SandboxClock
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.slack.manifest import manifest

ANY_PORT = "127.0.0.1:0"
SOON = 0.01  # seconds


class Stage:
    """Opened as a context; `database` is a URL, `environ` has the addresses of contacts. The clock is the sandbox's."""

    def __init__(
        self,
        policy: Policy,
        database: str,
        clock: SandboxClock,
        port: int = 0,
        slack_timeout: int = 10,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.policy = policy
        self.clock = clock
        self._port = port
        self._environ = environ
        self.sandbox = Sandbox(manifest=manifest(), users=users(policy), channels=channels(policy), clock=clock)
        self._settings = Settings(
            _env_file=None,
            database_url=database,
            baton_http=ANY_PORT,
            BATON_SLACK_TIMEOUT=slack_timeout,
        )
        self.bot: Baton | None = None

    def __enter__(self) -> Self:
        self.sandbox.start(port=self._port)
        self.clock.subscribe(self._beat)
        try:
            self.start_bot()
        except BaseException:
            self.sandbox.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop_bot()
        self.sandbox.stop()

    def start_bot(self) -> None:
        """Starts a bot on the same database; after `stop_bot` this is a restart."""
        settings = self._settings.model_copy(
            update={
                "slack_api_url": self.sandbox.api_url,
                "slack_bot_token": SecretStr(self.sandbox.bot_token),
                "slack_app_token": SecretStr(self.sandbox.app_token),
            }
        )
        self.bot = Baton(settings, self.policy, self.clock, self._environ)
        self.bot.start()
        self.sandbox.wait_connected()

    def stop_bot(self) -> None:
        if self.bot is not None:
            bot, self.bot = self.bot, None
            bot.stop()

    def person(self, key: str) -> Person:
        return self.sandbox.person(slack_id(self.policy, key))

    def settle(self) -> None:
        """Waits until nothing is under way on either side."""
        if self.bot is not None:
            self.bot.settle()
        self.sandbox.settle(quiet_for=SOON)  # until an event that is on its way has reached the bot
        if self.bot is not None:
            self.bot.settle()

    def passes(self, span: timedelta) -> None:
        """Moves the clock from one due time to the next, so that everything happens when it falls due."""
        self.settle()
        end = self.clock.now() + span
        while True:
            due = self._next_due()
            if due is None or due > end:
                break
            self.clock.advance(max(due - self.clock.now(), timedelta(0)))
            self.settle()
        self.clock.advance(end - self.clock.now())
        self.settle()

    def _next_due(self) -> datetime | None:
        if self.bot is None:
            return None
        with self.bot.store.reading() as read:
            return read.next_due()

    def _beat(self) -> None:
        if self.bot is not None:
            self.bot.pulse.beat()
