"""`bot demo`: serves the sandbox and the bot until Ctrl-C, or plays the story and ends."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.panel import Panel

from bot.demo.opening import play_opening
from bot.demo.stage import Stage
from bot.demo.story import Story, start_of_the_story
from bot.demo.transcript import Transcript
from bot.logs import set_up_logging
from bot.policy.model import Policy
from bot.sandbox.clock import SandboxClock
from bot.stopping import told_by_signals, until


def play_story(policy: Policy, out: Console) -> bool:
    """Whether every beat of the story happened."""
    set_up_logging("text", logging.ERROR)
    clock = SandboxClock(held_at=start_of_the_story(policy))
    with _database() as database, Stage(policy, database, clock) as stage:
        whole = Story(stage, Transcript(out, stage.sandbox, policy)).play()
    out.print()
    out.print("Every beat happened." if whole else "[bold red]Not every beat happened.[/]")
    return whole


def serve(policy: Policy, port: int, out: Console, err: Console) -> None:
    set_up_logging("text", logging.WARNING)
    clock = SandboxClock()
    with _database() as database:
        stage = Stage(policy, database, clock, port=port)
        try:
            with out.status("Starting a local Slack and the bot …"):
                stage.__enter__()
        except OSError as fault:
            err.print(
                f"The page cannot be served at port {port}: {fault.strerror or fault}. Try --port 0.", style="red"
            )
            raise typer.Exit(2) from None
        try:
            with out.status("Playing a short incident, so that the page is not empty …"):
                play_opening(stage)
            told = told_by_signals()
            out.print(
                Panel.fit(
                    f"A local Slack with Baton in it:  [bold cyan]{stage.sandbox.url}[/]\n\n"
                    "Be anybody, type [bold]/incident[/], click, and move the clock.\n"
                    "Nothing leaves this machine. Ctrl-C ends it.",
                    title="Baton",
                    padding=(1, 3),
                )
            )
            until(told)
        finally:
            stage.__exit__(None, None, None)


@contextmanager
def _database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="baton-") as folder:
        yield f"sqlite:///{Path(folder) / 'demo.db'}"
