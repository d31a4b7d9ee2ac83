"""The `bot` commands; thin."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.cli_check import add_check, add_schema
from bot.cli_handoffs import add_handoffs
from bot.cli_reading import (
    AsJson,
    draw,
    err,
    instant,
    must_be_known,
    opened,
    out,
    out_of_reach,
    sound_policy,
    sound_settings,
    stop,
)
from bot.cli_runbook import runbook_commands
from bot.cli_sla import sla_commands
from bot.policy.model import Policy, Schedule
from bot.settings import BadSettings, read_environment, read_settings
from bot.stopping import told_by_signals, until

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Baton: incidents, on call, SLA clocks, runbooks and handoffs, in Slack.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

At = Annotated[
    str | None, typer.Option("--at", help="An instant in ISO 8601; without a zone it is UTC. Now if left out.")
]

_LONGEST_PATH = timedelta(weeks=2)  # with what a hold waits for, a path has run out by then


def main() -> None:
    app()


@app.command()
def demo(
    play: Annotated[bool, typer.Option("--play", help="Play a whole story in the terminal and exit.")] = False,
    port: Annotated[int, typer.Option(help="Where the page is served; 0 takes any free port.")] = 8900,
) -> None:
    """Everything on this machine, with a local Slack workspace in the browser; no account needed."""
    from bot.demo.command import play_story, serve  # the sandbox is only wanted here

    policy = sound_policy()
    if play:
        raise typer.Exit(0 if play_story(policy, out) else 1)
    serve(policy, port, out, err)


@app.command()
def run() -> None:
    """The real thing: Socket Mode, or HTTP at /slack/events if no app token is set."""
    from bot.app import Baton
    from bot.engine.clock import SystemClock
    from bot.logs import set_up_logging
    from bot.slack.connection import SlackRefused
    from bot.store.engines import BadAddress
    from bot.store.migrations import NewerDatabase, OlderDatabase

    settings = sound_settings()
    set_up_logging(settings.baton_log)
    try:
        settings.must_reach_slack()
    except BadSettings as bad:
        stop(str(bad))
    policy = sound_policy(settings)
    told = told_by_signals()
    try:
        bot = Baton(settings, policy, SystemClock(), read_environment(), told)
        bot.start()
        try:
            until(told)
        finally:
            bot.stop()
    except (BadAddress, NewerDatabase, OlderDatabase, SlackRefused) as refused:
        stop(str(refused))
    except OSError as fault:
        stop(f"The HTTP door cannot be opened at {settings.baton_http} (BATON_HTTP): {fault.strerror or fault}.")


add_check(app)
add_schema(app)


@app.command()
def oncall(
    schedule: Annotated[str | None, typer.Argument(help="One schedule; all if left out.")] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Who is on call."""
    from bot.oncall.schedule import on_call

    when = instant(at)
    policy = _as_it_stands(when, when)
    names = [schedule] if schedule else list(policy.schedules)
    found = {name: on_call(_schedule(policy, name), when, policy.overrides_of(name)) for name in names}
    if as_json:
        answers = [
            {
                "schedule": name,
                "at": _iso(when),
                "people": list(held.people),
                "layer": held.layer,
                "until": _iso(held.until),
                "next": list(held.next),
            }
            for name, held in found.items()
        ]
        typer.echo(json.dumps(answers[0] if schedule else answers))
        return
    table = Table("schedule", "on call", "layer", "until (UTC)", "next", title=f"On call at {_iso(when)}")
    for name, held in found.items():
        who = ", ".join(held.people) or "[red]nobody[/]"
        table.add_row(name, who, held.layer or "", _iso(held.until) or "always", ", ".join(held.next))
    out.print(table)


@app.command()
def shifts(
    schedule: Annotated[str, typer.Argument()],
    start: Annotated[str, typer.Option("--from", help="An instant in ISO 8601; without a zone it is UTC.")],
    end: Annotated[str, typer.Option("--to", help="Likewise; the span is half-open.")],
    as_json: AsJson = False,
) -> None:
    """The shifts of a span, one line each; a stretch with nobody on call stands out."""
    from bot.oncall.schedule import shifts as shifts_of

    since, until = instant(start), instant(end)
    if until <= since:
        stop("--to must come after --from.")
    policy = _as_it_stands(since, until)
    found = shifts_of(_schedule(policy, schedule), since, until, policy.overrides_of(schedule))
    if as_json:
        rows = [{"start": _iso(s.start), "end": _iso(s.end), "people": list(s.people), "layer": s.layer} for s in found]
        typer.echo(json.dumps(rows))
        return
    table = Table("from (UTC)", "to (UTC)", "on call", "layer", title=f"Shifts of {schedule}")
    for shift in found:
        who = ", ".join(shift.people) or "[red]nobody[/]"
        table.add_row(_iso(shift.start), _iso(shift.end), who, shift.layer or "")
    out.print(table)


@app.command()
def coverage(
    schedule: Annotated[str | None, typer.Argument(help="One schedule; all if left out.")] = None,
    weeks: Annotated[int, typer.Option(help="How long: 1 to 520.")] = 52,
    start: Annotated[str | None, typer.Option("--from", help="An instant; the last midnight if left out.")] = None,
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if at any time nobody is on call.")] = False,
    png: Annotated[Path | None, typer.Option("--picture", help="Also draws one schedule: FILE.png.")] = None,
) -> None:
    """Gaps, public holidays, nights, how fairly the hours are spread, and a score with its reasons."""
    from rich.progress import track

    from bot.oncall.coverage import coverage as coverage_of
    from bot.reports.coverage import report
    from bot.reports.tables import coverage_tables

    policy = sound_policy(with_runbooks=False)
    schedules = {name: _schedule(policy, name) for name in ([schedule] if schedule else policy.schedules)}
    since, until = _span(start, weeks)
    if png and schedule is None:
        stop(f"A picture shows one schedule: name it, as in `bot coverage SCHEDULE --picture {png}`.")
    found = {
        name: coverage_of(schedules[name], policy, since, until, policy.overrides_of(name))
        for name in track(schedules, "Looking ahead", console=err, transient=True, disable=not err.is_terminal)
    }
    if png and schedule:
        from bot.reports.picture import picture

        try:
            png.write_bytes(picture(schedule, schedules[schedule], policy, since, until, policy.overrides_of(schedule)))
        except OSError as fault:
            stop(f"The picture cannot be written to {png}: {fault.strerror or fault}.")
    if as_json:
        answers = [report(name, one, since, until) for name, one in found.items()]
        typer.echo(json.dumps(answers[0] if schedule else answers))
    else:
        for name, one in found.items():
            draw(coverage_tables(name, one, policy, since, until))
    if strict and any(one.gaps for one in found.values()):
        raise typer.Exit(1)


@app.command()
def simulate(
    service: Annotated[str, typer.Argument(help="A service; - for none in particular, or name a severity alone.")],
    severity: Annotated[str | None, typer.Argument()] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """What would happen if nobody answered: who is paged when, by what and at what hour of theirs. Pages nobody."""
    from bot.core.decision import Refused
    from bot.core.simulation import simulate as simulated
    from bot.reports.simulation import report, time_line

    when = instant(at)
    policy = _as_it_stands(when, _later(when, _LONGEST_PATH))
    if severity is None and service in policy.services:
        worst = next(iter(policy.severities), "SEVERITY")
        stop(f"Say how bad it is, too, as in `bot simulate {service} {worst}`.")
    wanted = (None, service) if severity is None else (None if service == "-" else service, severity)
    try:
        found = simulated(*wanted, when, policy)
    except Refused as refused:
        stop(str(refused))
    if as_json:
        typer.echo(json.dumps(report(found)))
        return
    draw(time_line(found, policy))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Looks at tokens, scopes, clock, channels, database and whether everybody can be reached; exit 1 if not."""
    from bot.doctor import drawn, examine, is_well, report
    from bot.engine.clock import SystemClock

    found = []
    with err.status("Looking …") as status:
        for finding in examine(read_settings, read_environment(), SystemClock()):
            found.append(finding)
            status.update(f"Looking … {finding.about}")
    if as_json:
        typer.echo(json.dumps(report(found), ensure_ascii=False))
    else:
        for line in drawn(found):
            out.print(line, soft_wrap=True)
    if not is_well(found):
        raise typer.Exit(1)


@app.command()
def manifest(
    events_url: Annotated[
        str | None, typer.Option(help="https://HOST/slack/events, for HTTP instead of Socket Mode.")
    ] = None,
) -> None:
    """The Slack app manifest, as JSON to paste at api.slack.com/apps."""
    from bot.slack.manifest import manifest as make

    typer.echo(json.dumps(make(events_url=events_url), indent=2, ensure_ascii=False))


@app.command()
def migrate() -> None:
    """Brings the database to the newest schema; refuses to touch a newer one."""
    with opened() as store:
        store.migrate()
    out.print("[green]✓[/] The database is at the newest schema.")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Must not exist yet.")]) -> None:
    """A consistent copy of the SQLite database, while the bot runs."""
    from bot.store.backups import NoBackup

    try:
        with opened() as store:
            store.backup(file)
    except NoBackup as refused:
        stop(str(refused))
    out.print(f"[green]✓[/] Copied to {file}.", soft_wrap=True)


def _as_it_stands(since: datetime, until: datetime) -> Policy:
    """For questions about a span: with the calendars around it, and with the stand-ins of the database, if any."""
    from bot.engine.present import with_what_stands

    settings = sound_settings()
    policy = sound_policy(settings, with_runbooks=False, since=since, until=until)
    policy, trouble = with_what_stands(settings.database_url, policy, since)
    if trouble:
        err.print(trouble, style="yellow", markup=False, soft_wrap=True)
    return policy


def _schedule(policy: Policy, name: str) -> Schedule:
    must_be_known("schedule", name, policy.schedules)
    return policy.schedules[name]


def _later(at: datetime, span: timedelta) -> datetime:
    from bot.oncall.wallclock import in_utc

    try:
        return in_utc(in_utc(at) + span)
    except (ValueError, OverflowError):
        out_of_reach(at.isoformat())


def _span(start: str | None, weeks: int) -> tuple[datetime, datetime]:
    """So many weeks from an instant on, or from the last midnight, so that two runs on one day agree."""
    from bot.oncall.wallclock import in_utc

    if not 1 <= weeks <= 520:
        stop("--weeks must be from 1 to 520.")
    try:
        since = in_utc(instant(start))
        since = since if start else since.replace(hour=0, minute=0, second=0, microsecond=0)
        return since, in_utc(since + timedelta(weeks=weeks))
    except (ValueError, OverflowError):
        stop(f"{weeks} weeks from {start} are out of reach; begin between 1900 and 9980.")


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


add_handoffs(app)
app.add_typer(sla_commands(), name="sla")
app.add_typer(runbook_commands(), name="runbook")
