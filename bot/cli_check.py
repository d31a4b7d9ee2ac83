"""`bot check` and `bot schema`: what is written in config/ and runbooks/, and how it may be written; thin."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli_reading import counted, instant, out, sound_settings, stop
from bot.policy.load import Examined, examine

Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 if anything is doubtful, too.")]


def add_check(app: typer.Typer) -> None:
    @app.command()
    def check(strict: Strict = False) -> None:
        """Validates config/ and runbooks/: every fault and every doubt at once, each with file:line."""
        where = sound_settings()
        found = examine(where.baton_config, where.baton_runbooks, instant(None))
        show(found)
        if found.faults:
            many = counted(found.faults, "fault")
            typer.secho(f"✗ {many} in the configuration; it cannot be used.", fg="red", err=True)
            raise typer.Exit(1)
        policy = found.policy
        out.print(
            f"[green]✓[/] {where.baton_config}/ and {where.baton_runbooks}/ are sound: "
            f"{len(policy.people)} people, {len(policy.services)} services, {len(policy.schedules)} schedules, "
            f"{len(policy.escalation_paths)} escalation paths, {len(policy.runbooks)} runbooks.",
            soft_wrap=True,
        )
        if found.warnings:
            typer.secho(f"⚠ {counted(found.warnings, 'thing')} to look at.", fg="yellow", err=True)
        if found.warnings and strict:
            raise typer.Exit(1)


def add_schema(app: typer.Typer) -> None:
    @app.command()
    def schema(
        folder: Annotated[Path, typer.Option("--dir", help="Made if it is not there.")] = Path("schema"),
    ) -> None:
        """Writes the JSON Schemas of runbooks and of the configuration, by which editors complete and check them."""
        from bot.policy.schema import schemas, text

        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, found in schemas().items():
                (folder / name).write_text(text(found), encoding="utf-8")
                typer.echo(folder / name)
        except OSError as fault:
            stop(f"The schemas cannot be written into {folder}: {fault.strerror or fault}.")


def show(found: Examined) -> None:
    """Faults and warnings, one a line, for people and for editors that jump to file:line."""
    for fault in found.faults:
        typer.echo(str(fault), err=True)
    for warning in found.warnings:
        typer.secho(str(warning), fg="yellow", err=True)
