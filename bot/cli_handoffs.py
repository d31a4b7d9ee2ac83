"""`bot handoffs`: how shifts were handed over; thin."""

import json
from typing import Annotated

import typer

from bot.cli_reading import AsJson, draw, instant, looking, must_be_known, must_be_one_format, past, sound_policy


def add_handoffs(app: typer.Typer) -> None:
    @app.command()
    def handoffs(
        schedule: Annotated[str | None, typer.Argument(help="One schedule; all if left out.")] = None,
        since: Annotated[
            str, typer.Option(help="How long back, like 30d, or a date: changes of shift from then on.")
        ] = "30d",
        as_json: AsJson = False,
        as_csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet: a line for each handoff.")] = False,
    ) -> None:
        """How shifts were handed over: on time, accepted, filled in, and whether anything was without an owner."""
        from bot.reports import handoffs as reports

        must_be_one_format(as_json, as_csv)
        now = instant(None)
        start, policy = past(since, now), sound_policy(with_runbooks=False)
        with looking() as store:
            kept, missed = store.handoffs(start, schedule), store.missed_updates(start)
        if schedule is not None and not kept:
            must_be_known("schedule", schedule, policy.schedules)
        found = reports.history(kept, missed, policy, start, now)
        if as_json:
            typer.echo(json.dumps(reports.report(found), ensure_ascii=False))
        elif as_csv:
            typer.echo(reports.as_csv(found), nl=False)
        else:
            draw(reports.tables(found, each_of_them=schedule is not None))
