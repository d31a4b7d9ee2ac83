"""The bot as a process of its own, which can be killed.

Processes are forked from one that has imported the bot already, so that a life costs milliseconds and not seconds.
"""

import logging
import multiprocessing
import os
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, current_thread
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.app import Baton
from bot.cli import app as command_line
from bot.logs import set_up_logging
from bot.policy.load import load
from bot.sandbox.clock import SandboxClock
from bot.settings import read_settings
from bot.stopping import told_by_signals, until

ROOT = Path(__file__).parents[2]
LOOK_EVERY = 0.02
PATIENCE = 15.0
IMPORTED_LATE = ("holidays.registry", "uvicorn.lifespan.off", "uvicorn.loops.auto", "uvicorn.protocols.websockets.auto")
Seen = TypeVar("Seen")
_ADDRESS = re.compile(r"door is open at (http://[\d.]+:\d+)")


def wait_for(look: Callable[[], Seen], what: str, within: float = PATIENCE, every: float = LOOK_EVERY) -> Seen:
    """Until `look` gives something true, for conditions of which no thread here can be told."""
    pause = Event()
    for _ in range(int(within / every)):
        if seen := look():
            return seen
        pause.wait(every)
    raise AssertionError(f"Within {within} s {what} did not come to be")


def ask(address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Status and body of the answer at this address."""
    try:
        with urlopen(Request(address, data=body, headers=dict(headers or {})), timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


class Life:
    """One process from its start to its end. `log` is everything that it wrote."""

    def __init__(self, target: Callable[..., None], arguments: tuple[Any, ...], env: Mapping[str, str], log: Path):
        self._log = log
        self._waiting = Lock()  # one thread at a time learns of the end of a process
        self._process = _nursery().Process(target=_live, args=(target, arguments, dict(env), str(log)))
        self._process.start()

    @property
    def pid(self) -> int:
        pid: int | None = self._process.pid
        assert pid is not None
        return pid

    @property
    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @property
    def address(self) -> str:
        """Of its HTTP door, as it says in its log."""
        found = wait_for(lambda: _ADDRESS.findall(self.log), "an open HTTP door")
        return str(found[0])

    def answers(self, path: str) -> tuple[int, str]:
        """Status and body."""
        return ask(self.address + path)

    def is_ready(self) -> None:
        """Waits until it hears Slack, and all else is well."""
        wait_for(lambda: self.answers("/readyz")[0] == 200, "readiness", every=0.1)

    def kill(self) -> None:
        """At once, with nothing tidied up; returns when it is gone."""
        self._process.kill()
        with self._waiting:
            self._process.join()

    def stop(self) -> int:
        """As an operator stops it; the exit code."""
        os.kill(self.pid, signal.SIGTERM)
        return self.ends()

    @property
    def is_alive(self) -> bool:
        with self._waiting:
            return bool(self._process.is_alive())

    def ends(self) -> int:
        """Waits for its end; the exit code."""
        with self._waiting:
            self._process.join(PATIENCE)
            code: int | None = self._process.exitcode
        assert code is not None, f"The process did not end:\n{self.log}"
        return code

    def end(self) -> None:
        """Whatever became of it, it is gone afterwards."""
        self.kill()
        self._process.close()


class Lives:
    """Makes lives, and sees to it that none outlasts the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lives: list[Life] = []

    def of(self, target: Callable[..., None], *arguments: Any, env: Mapping[str, str]) -> Life:
        life = Life(target, arguments, env, self._folder / f"life-{len(self._lives) + 1}.log")
        self._lives.append(life)
        return life

    def end(self) -> None:
        for life in self._lives:
            life.end()


@contextmanager
def lives_in(folder: Path) -> Iterator[Lives]:
    lives = Lives(folder)
    try:
        yield lives
    finally:
        lives.end()


def bot_run() -> None:
    """`bot run`."""
    command_line(["run"])


def bot_at(instant: datetime, form: str = "text", level: int = logging.INFO) -> None:
    """The bot on a clock that is held at this instant."""
    _run(SandboxClock(held_at=instant), level, form)


def bot_that_dies_before_it_answers() -> None:
    """Killed by itself when what a listener has done is committed, and not yet acknowledged."""

    def die() -> None:
        if current_thread().name.startswith("listener"):
            os.kill(os.getpid(), signal.SIGKILL)

    _run(SandboxClock(), up=lambda bot: bot.engine.on_commit(die))


def _run(
    clock: SandboxClock, level: int = logging.INFO, form: Any = "text", up: Callable[[Baton], None] = lambda _: None
) -> None:
    set_up_logging(form, level)
    settings = read_settings()
    told = told_by_signals()
    bot = Baton(settings, load(settings.baton_config, settings.baton_runbooks), clock, told=told)
    bot.start()
    up(bot)
    until(told)
    bot.stop()


def _live(target: Callable[..., None], arguments: tuple[Any, ...], env: dict[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(Path(log).parent)
    paper = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(paper, 1)
    os.dup2(paper, 2)
    target(*arguments)


def _nursery() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", __name__, *IMPORTED_LATE])
    return context
