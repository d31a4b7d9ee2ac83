"""The `bot runbook` commands: runbooks as their authors look at them; thin."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_check import show
from bot.cli_reading import counted, instant, out, sound_settings
from bot.cli_runbook_stats import add_stats
from bot.policy.load import examine


def runbook_commands() -> typer.Typer:
    """`bot runbook`."""
    app = typer.Typer(no_args_is_help=True, help="Runbooks, as those look at them who write them.")

    @app.callback()
    def runbook() -> None:
        """Runbooks, as those look at them who write them."""

    add_lint(app)
    add_try(app)
    add_stats(app)
    return app


def add_lint(app: typer.Typer) -> None:
    @app.command()
    def lint(
        files: Annotated[list[Path] | None, typer.Argument(help="Instead of all in the folder of runbooks.")] = None,
    ) -> None:
        """What is wrong or doubtful in runbooks, each with file:line; exit 1 if anything is."""
        where = sound_settings()
        found = examine(where.baton_config, files or where.baton_runbooks, instant(None))
        show(found)
        if told := (*found.faults, *found.warnings):
            typer.secho(f"✗ {counted(told, 'thing')} to put right.", fg="red", err=True)
            raise typer.Exit(1)
        out.print(f"[green]✓[/] {counted(found.policy.runbooks, 'runbook')}, and nothing to put right.", soft_wrap=True)


def add_try(app: typer.Typer) -> None:
    @app.command("try")
    def try_(
        file: Annotated[Path, typer.Argument(help="A runbook; it need not stand in the folder of runbooks.")],
        service: Annotated[str | None, typer.Option(help="Of the sample incident; one that fits if left out.")] = None,
        severity: Annotated[str | None, typer.Option(help="Likewise; sev2 if it fits as well.")] = None,
        category: Annotated[str | None, typer.Option(help="Likewise; the first of the runbook.")] = None,
    ) -> None:
        """Walks a runbook against a sample incident; its actions are shown and not done. Answers may be piped in."""
        from bot.reports.trying import walk
        from bot.reports.trying_sample import BadSample, Sample

        found = examine(sound_settings().baton_config, [file], instant(None))
        show(found)
        if found.faults:
            typer.secho(f"✗ {counted(found.faults, 'fault')}; it cannot be tried.", fg="red", err=True)
            raise typer.Exit(1)
        book = next(iter(found.policy.runbooks.values()))
        try:
            sample = Sample(book, found.policy, instant(None), service, severity, category)
        except BadSample as bad:
            typer.secho(str(bad), fg="red", err=True)
            raise typer.Exit(2) from None
        walk(sample, lambda each: out.print(each, soft_wrap=False), lambda prompt: _line(prompt))


def _line(prompt: str) -> str | None:
    """What was answered; None at the end of the input. What was piped in is shown as if it had been typed."""
    out.print(prompt, end="", markup=False, soft_wrap=True)
    try:
        line = input()
    except EOFError:
        out.print()
        return None
    if not sys.stdin.isatty():
        out.print(line, markup=False, soft_wrap=True)
    return line
