"""The `bot sla` commands: what was promised, of an incident or without one; thin."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli_adherence import add_adherence, add_what_if
from bot.cli_reading import AsJson, instant, looking, must_be_known, out_of_reach, sound_policy, stop
from bot.policy.model import Clock, Policy, Terms, terms_of

NO_SERVICE = "-"


@dataclass(frozen=True, slots=True)
class Promise:
    """What one SLA promises; `why` says why nothing is due, if nothing is."""

    sla: str
    within: str | None = None
    calendar: str | None = None
    zone: str = "UTC"
    due: datetime | None = None
    why: str = ""


def sla_commands() -> typer.Typer:
    """`bot sla`."""
    app = typer.Typer(no_args_is_help=True, help="What was promised, and until when.")

    @app.callback()
    def sla() -> None:
        """What was promised, and until when."""

    _add_due(app)
    _add_show(app)
    add_adherence(app)
    add_what_if(app)
    return app


def _add_due(app: typer.Typer) -> None:
    @app.command()
    def due(
        service: Annotated[str, typer.Argument(help="A service; - for none in particular.")],
        severity: Annotated[str, typer.Argument(help="As in severities.yaml: sev1, …")],
        clock: Annotated[str, typer.Argument(help=f"One of {', '.join(Clock)}.")],
        start: Annotated[
            str | None,
            typer.Option(
                "--from", help="When the clock starts, in ISO 8601; without a zone it is UTC. Now if left out."
            ),
        ] = None,
        sla: Annotated[
            str | None, typer.Option(help="One SLA of the service; of several the most urgent if left out.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """When a clock would fall due that starts now, or at a time. No incident is needed."""
        since = instant(start)
        terms = _terms(sound_policy(with_runbooks=False), service, severity, clock)
        found = _promises(terms, service, severity, Clock(clock), since, sla)
        asked = (None if service == NO_SERVICE else service, severity, clock)
        first = found[0] if found and found[0].due else None
        why = "" if first else _why(found, service)
        if as_json:
            typer.echo(json.dumps(_report(asked, since, found, first, why), ensure_ascii=False))
        elif first:
            typer.echo(_sentence(asked, since, first))
            for each in found[1:]:
                typer.echo(_also(each))
        else:
            typer.echo(why, err=True)
        if not first:
            raise typer.Exit(1)


def _add_show(app: typer.Typer) -> None:
    @app.command()
    def show(
        number: Annotated[int, typer.Argument(help="42 for INC-42.")],
        as_json: AsJson = False,
    ) -> None:
        """Every clock of an incident with its ledger: what counted, what did not, why, and by whose doing."""
        from bot.reports.sla import lines, report

        with looking() as store:
            found = store.incident(number)
        if found is None:
            stop(f"There is no incident INC-{number} in this database.")
        if as_json:
            typer.echo(json.dumps(report(found, instant(None)), ensure_ascii=False))
        else:
            for line in lines(found, instant(None)):
                typer.echo(line)


def _terms(policy: Policy, service: str, severity: str, clock: str) -> Terms:
    if service != NO_SERVICE:
        must_be_known("service", service, policy.services)
    must_be_known("severity", severity, policy.severities)
    must_be_known("clock", clock, [each.value for each in Clock])
    return terms_of(None if service == NO_SERVICE else service, policy)


def _promises(
    terms: Terms, service: str, severity: str, clock: Clock, since: datetime, only: str | None
) -> list[Promise]:
    """Of every SLA, or of one; the most urgent first, and last those by which nothing is due."""
    if only is not None:
        must_be_known("SLA", only, terms.slas, where=f" for {_named(service)}")
    names = [only] if only else list(terms.slas)
    try:
        found = [_promise(terms, name, severity, clock, since) for name in names]
    except (ValueError, OverflowError):
        out_of_reach(since.isoformat())
    return sorted(found, key=lambda each: (each.due is None, each.due or since))


def _promise(terms: Terms, name: str, severity: str, clock: Clock, since: datetime) -> Promise:
    from bot.core.calendar import NeverOpen, promised

    target = terms.slas[name].targets.get(severity, {}).get(clock)
    if target is None:
        return Promise(name, why=f"The SLA {name} promises no {clock} at {severity}.")
    calendar = terms.calendar(target.calendar)
    facts = (name, target.text, target.calendar, calendar.time_zone)
    try:
        return Promise(*facts, due=promised(since, target.within, calendar))
    except NeverOpen as never:
        return Promise(
            *facts, why=f"The SLA {name} promises {target.text} on {target.calendar}, which never comes: {never}"
        )


def _why(found: list[Promise], service: str) -> str:
    if not found:
        remedy = "give" if service == NO_SERVICE else "give it an sla, or"
        return f"Nothing is promised for {_named(service)}: {remedy} the workspace a default_sla."
    return " ".join(each.why for each in found)


def _named(service: str) -> str:
    return "what is of no service" if service == NO_SERVICE else service


def _report(
    asked: tuple[str | None, str, str], since: datetime, found: list[Promise], first: Promise | None, why: str
) -> dict[str, Any]:
    """The shape of `bot sla due --json`: instants in UTC; `all` only if there are several SLAs, in that order."""
    from bot.reports.coverage import iso

    service, severity, clock = asked
    report: dict[str, Any] = _facts(first) if first else {"due": None, "why": why}
    report |= {"service": service, "severity": severity, "clock": clock, "from": iso(since)}
    if len(found) > 1:
        report["all"] = [_facts(each) for each in found]
    return report


def _facts(each: Promise) -> dict[str, Any]:
    from bot.reports.coverage import iso

    facts = {"due": iso(each.due) if each.due else None}
    facts |= {"sla": each.sla, "within": each.within, "calendar": each.calendar}
    return facts if each.due else facts | {"why": each.why}


def _sentence(asked: tuple[str | None, str, str], since: datetime, first: Promise) -> str:
    service, severity, clock = asked
    what = f"{clock} of {service}" if service else clock
    return f"{what} at {severity}, from {_at(since, 'UTC')}, is due {_by(first)}."


def _also(each: Promise) -> str:
    return f"Also, it is due {_by(each)}." if each.due else each.why


def _by(each: Promise) -> str:
    """When, on which clock, and by what."""
    assert each.due is not None
    there = "" if each.zone == "UTC" else f"{_at(each.due, each.zone)}, which is "
    return f"{there}{_at(each.due, 'UTC')} ({each.within} on {each.calendar}, SLA {each.sla})"


def _at(instant: datetime, zone: str) -> str:
    """`Mon 9 Mar 2026 12:00 Africa/Nairobi`; with seconds if there are any."""
    from bot.reports.coverage import day

    there = instant.astimezone(ZoneInfo(zone))
    clock = f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
    return f"{day(there, there.tzinfo or ZoneInfo(zone))} {clock} {zone}"
