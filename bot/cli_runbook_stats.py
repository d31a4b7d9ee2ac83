"""`bot runbook stats`: what runbooks are worth, from the runs that the database knows of; thin."""

import json
from typing import Annotated

import typer

from bot.cli_reading import AsJson, instant, looking, must_be_known, past, sound_policy


def add_stats(app: typer.Typer) -> None:
    @app.command("stats")
    def stats_of(
        name: Annotated[str | None, typer.Argument(help="One runbook, with its steps; all if left out.")] = None,
        since: Annotated[str, typer.Option(help="How long back, like 30d, or a date: uses from then on.")] = "90d",
        as_json: AsJson = False,
    ) -> None:
        """How often runbooks were used, how long they took, whether they helped, and the steps that nobody does."""
        from bot.reports.runbook_stats import lines, lines_of_one, report, stats

        now = instant(None)
        start = past(since, now)
        with looking() as store:
            uses = store.runbook_uses(start)
        found = stats(uses, sound_policy(), now.date())
        if name is not None:
            must_be_known("runbook", name, [each.runbook for each in found])
            found = [each for each in found if each.runbook == name]
        if as_json:
            facts = report(found)
            typer.echo(json.dumps(facts["runbooks"][0] if name is not None else facts, ensure_ascii=False))
            return
        for line in lines(found) if name is None else lines_of_one(found[0]):
            typer.echo(line)
