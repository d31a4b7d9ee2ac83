"""`bot runbook stats`: what runbooks are worth, from the runs that the database knows of; thin."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, NoReturn

import typer

from bot.core.kept import Use
from bot.policy.durations import duration
from bot.policy.model import Policy
from bot.policy.nearest import known


def add_stats(
    app: typer.Typer,
    policy: Callable[[], Policy],
    uses: Callable[[datetime], list[Use]],
    now: Callable[[], datetime],
    stop: Callable[[str], NoReturn],
) -> None:
    """It is given how `bot` reads the policy, the uses since an instant, and the clock, and how it refuses."""

    @app.command("stats")
    def stats_of(
        name: Annotated[str | None, typer.Argument(help="One runbook, with its steps; all if left out.")] = None,
        since: Annotated[str, typer.Option("--since", help="How far back: 30d, 12w …")] = "90d",
        as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
    ) -> None:
        """How often runbooks were used, how long they took, whether they helped, and the steps that nobody does."""
        from bot.reports.runbook_stats import lines, lines_of_one, report, stats

        at = now()
        found = stats(uses(_back(at, since, stop)), policy(), at.date())
        if name is not None:
            found = [each for each in found if each.runbook == name] or _stop_at(name, [e.runbook for e in found], stop)
        if as_json:
            facts = report(found)
            typer.echo(json.dumps(facts["runbooks"][0] if name is not None else facts, ensure_ascii=False))
            return
        for line in lines(found) if name is None else lines_of_one(found[0]):
            typer.echo(line)


def _back(at: datetime, since: str, stop: Callable[[str], NoReturn]) -> datetime:
    try:
        return at - duration(since)
    except ValueError as wrong:
        stop(f"--since: {wrong}.")


def _stop_at(name: str, names: list[str], stop: Callable[[str], NoReturn]) -> NoReturn:
    nearest = known(name, names)
    hint = f" Did you mean {nearest}?" if nearest else f" Known are {', '.join(names) or 'none'}."
    stop(f"There is no runbook {name!r}.{hint}")
