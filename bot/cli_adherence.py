"""The `bot sla` commands that look back: how promises were kept, and what other ones would have come to; thin."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from bot.policy import durations
from bot.policy.faults import ConfigFaults
from bot.policy.model import Policy
from bot.policy.nearest import known
from bot.policy.overlay import laid_over
from bot.policy.tree import read
from bot.settings import BadSettings, Settings, read_settings

if TYPE_CHECKING:
    from bot.store.reading import Reading

Stop = Callable[[str], NoReturn]
Instant = Callable[[str | None], datetime]

_BY = ("clock", "service", "severity", "customer", "team", "region", "shift", "person")

Since = Annotated[str, typer.Option(help="How long back, like 30d, or a date: incidents declared from then on.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable.")]


def add_adherence(app: typer.Typer, policy: Callable[[], Policy], instant: Instant, stop: Stop) -> None:
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

        if as_json and as_csv:
            stop("Ask for --json or for --csv, not for both.")
        if by not in _BY:
            nearest = known(by, list(_BY))
            hint = f" Did you mean {nearest}?" if nearest else f" Known are {', '.join(_BY)}."
            stop(f"Nothing can be grouped by {by!r}.{hint}")
        now = instant(None)
        start, end = back(since, now, stop), back(until, now, stop) if until else now
        if end <= start:
            stop("--until must come after --since.")
        with looking(stop) as store:
            kept = store.kept_clocks(start, end, now)
        found = reports.adherence(kept, by, policy(), start, end, now)
        if as_json:
            typer.echo(json.dumps(reports.report(found), ensure_ascii=False))
        elif as_csv:
            typer.echo(reports.as_csv(found), nl=False)
        else:
            Console(highlight=False).print(*reports.tables(found), sep="\n")


def add_what_if(app: typer.Typer, policy: Callable[[], Policy], instant: Instant, stop: Stop) -> None:
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
        start = back(since, now, stop)
        changed = _changed(policy(), _settings(stop).baton_config, file, stop)
        err = Console(stderr=True)
        with looking(stop) as store:
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
            Console(highlight=False).print(*reports.tables(found), sep="\n")


def back(text: str, now: datetime, stop: Stop) -> datetime:
    """`30d` before now, or the date or instant that is written; without a zone it is UTC."""
    try:
        return now - durations.duration(text)
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        stop(f"{text!r} is neither a length of time like 30d nor a date like 2026-03-01.")


def _settings(stop: Stop) -> Settings:
    try:
        return read_settings()
    except BadSettings as bad:
        stop(str(bad))


@contextmanager
def looking(stop: Stop) -> "Iterator[Reading]":
    from bot.store.engines import BadAddress
    from bot.store.migrations import NewerDatabase, OlderDatabase
    from bot.store.store import Store

    try:
        with closing(Store(_settings(stop).database_url)) as store:
            if not store.exists:
                stop("There is no database yet; `bot run` makes it. If there should be one, look at DATABASE_URL.")
            store.must_be_current()
            with store.reading() as found:
                yield found
    except (BadAddress, NewerDatabase, OlderDatabase) as refused:
        stop(str(refused))


def _changed(policy: Policy, config: Path, file: Path, stop: Stop) -> Policy:
    """The policy with what stands in the file; each fault of it is told with its line."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        stop(f"{file} cannot be read: {(error.strerror or 'unknown').lower()}.")
    try:
        return laid_over(policy, config, read(raw, str(file)))
    except ConfigFaults as faults:
        stop(str(faults))
