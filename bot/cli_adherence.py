"""The `bot sla` commands that look back: how promises were kept, and what other ones would have come to; thin."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_reading import (
    AsJson,
    back,
    draw,
    err,
    instant,
    looking,
    must_be_one_format,
    sound_policy,
    sound_settings,
    stop,
)
from bot.policy.faults import ConfigFaults
from bot.policy.model import Policy
from bot.policy.nearest import meant
from bot.policy.overlay import laid_over
from bot.policy.tree import read

_BY = ("clock", "service", "severity", "customer", "team", "region", "shift", "person")

Since = Annotated[str, typer.Option(help="How long back, like 30d, or a date: incidents declared from then on.")]


def add_adherence(app: typer.Typer) -> None:
    @app.command()
    def adherence(
        since: Since = "30d",
        until: Annotated[
            str | None, typer.Option(help="Likewise: incidents declared before then. Now if left out.")
        ] = None,
        by: Annotated[str, typer.Option(help=f"{', '.join(_BY[:-1])} or {_BY[-1]}.")] = "clock",
        as_json: AsJson = False,
        as_csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet.")] = False,
    ) -> None:
        """Promises met and broken, and by how much. Declined and merged incidents do not count."""
        from bot.reports import adherence as reports

        must_be_one_format(as_json, as_csv)
        if by not in _BY:
            stop(f"Nothing can be grouped by {by!r}. {meant(by, _BY)}")
        now = instant(None)
        start, end = back(since, now), back(until, now) if until else now
        if end <= start:
            stop("--until must come after --since.")
        with looking() as store:
            kept = store.kept_clocks(start, end, now)
        found = reports.adherence(kept, by, sound_policy(with_runbooks=False), start, end, now)
        if as_json:
            typer.echo(json.dumps(reports.report(found), ensure_ascii=False))
        elif as_csv:
            typer.echo(reports.as_csv(found), nl=False)
        else:
            draw(reports.tables(found))


def add_what_if(app: typer.Typer) -> None:
    @app.command("what-if")
    def what_if(
        file: Annotated[
            Path, typer.Argument(metavar="POLICY.yaml", help="Other slas:, and calendars: and so on, if they change.")
        ],
        since: Since = "90d",
        as_json: AsJson = False,
    ) -> None:
        """Past incidents counted again by other promises: which would have been broken, which not any more."""
        from rich.progress import track

        from bot.reports import whatif as reports

        now = instant(None)
        start = back(since, now)
        settings = sound_settings()
        changed = _changed(sound_policy(settings, with_runbooks=False), settings.baton_config, file)
        with looking() as store:
            past = track(
                store.past_incidents(start),
                "Counting again",
                total=store.how_many_past(start),
                console=err,
                transient=True,
                disable=not err.is_terminal,
            )
            found = reports.what_if(past, changed, start, now)
        if as_json:
            typer.echo(json.dumps(reports.report(found), ensure_ascii=False))
        else:
            draw(reports.tables(found))


def _changed(policy: Policy, config: Path, file: Path) -> Policy:
    """The policy with what stands in the file; each fault of it is told with its line."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        stop(f"{file} cannot be read: {(error.strerror or 'unknown').lower()}.")
    try:
        return laid_over(policy, config, read(raw, str(file)))
    except ConfigFaults as faults:
        stop(str(faults))
