"""`bot handoffs`: how shifts were handed over; thin."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bot.cli_adherence import back, looking
from bot.policy.model import Policy
from bot.policy.nearest import known

Stop = Callable[[str], NoReturn]


def add_handoffs(
    app: typer.Typer, policy: Callable[[], Policy], instant: Callable[[str | None], datetime], stop: Stop
) -> None:
    """Given how `bot` reads the policy and an instant, and how it refuses."""

    @app.command()
    def handoffs(
        schedule: Annotated[str | None, typer.Argument(help="One schedule; all if left out.")] = None,
        since: Annotated[
            str, typer.Option(help="How long back, like 30d, or a date: changes of shift from then on.")
        ] = "30d",
        as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
        as_csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet: a line for each handoff.")] = False,
    ) -> None:
        """How shifts were handed over: on time, accepted, filled in, and whether anything was without an owner."""
        from bot.reports import handoffs as reports

        if as_json and as_csv:
            stop("Ask for --json or for --csv, not for both.")
        now = instant(None)
        start, present = back(since, now, stop), policy()
        if start >= now:
            stop("--since must lie in the past.")
        with looking(stop) as store:
            kept, missed = store.handoffs(start, schedule), store.missed_updates(start)
        if schedule is not None and schedule not in present.schedules and not kept:
            nearest = known(schedule, present.schedules)
            hint = f" Did you mean {nearest}?" if nearest else f" Known are {', '.join(present.schedules)}."
            stop(f"There is no schedule {schedule!r}.{hint}")
        found = reports.history(kept, missed, present, start, now)
        if as_json:
            typer.echo(json.dumps(reports.report(found), ensure_ascii=False))
        elif as_csv:
            typer.echo(reports.as_csv(found), nl=False)
        else:
            Console(highlight=False).print(*reports.tables(found, each_of_them=schedule is not None), sep="\n")
