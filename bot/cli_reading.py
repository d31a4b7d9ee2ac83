"""What the commands that look share: how they read settings, policy, database and times, and how they refuse; thin."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console, RenderableType

from bot.policy.durations import duration
from bot.policy.load import ConfigFaults, load
from bot.policy.model import Policy
from bot.policy.nearest import meant
from bot.settings import BadSettings, Settings, read_settings

if TYPE_CHECKING:
    from bot.store.reading import Reading
    from bot.store.store import Store

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable.")]


def stop(sentence: str) -> NoReturn:
    """One sentence says what is wrong; scripts tell it by the exit code."""
    err.print(sentence, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(2)


def must_be_known(what: str, name: str, names: Iterable[str], where: str = "") -> None:
    candidates = list(names)
    if name not in candidates:
        stop(f"There is no {what} {name!r}{where}. {meant(name, candidates)}")


def must_be_one_format(as_json: bool, as_csv: bool) -> None:
    if as_json and as_csv:
        stop("Ask for --json or for --csv, not for both.")


def draw(parts: Iterable[RenderableType]) -> None:
    """One below the other, as wide as the terminal is by now."""
    Console(highlight=False).print(*parts, sep="\n")


def counted(found: Collection[object], what: str) -> str:
    many = len(found)
    return f"1 {what}" if many == 1 else f"{many} {what}s"


# What is configured


def sound_settings() -> Settings:
    try:
        return read_settings()
    except BadSettings as bad:
        stop(str(bad))


def sound_policy(
    settings: Settings | None = None,
    *,
    with_runbooks: bool = True,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Policy:
    """Of the settings of this process, if none are given; with all its faults told if it has any."""
    settings = settings or sound_settings()
    runbooks = settings.baton_runbooks if with_runbooks else None
    try:
        return load(settings.baton_config, runbooks, since=since or instant(None), until=until)
    except ConfigFaults as faults:
        for fault in faults.faults:
            typer.echo(str(fault), err=True)
        err.print(f"[red]✗[/] {counted(faults.faults, 'fault')} in the configuration; nothing was started.")
        raise typer.Exit(1) from None


# What is remembered


@contextmanager
def opened() -> "Iterator[Store]":
    """The database, which need not be there yet; if it cannot be used, that is said."""
    from bot.store.engines import BadAddress
    from bot.store.migrations import NewerDatabase, OlderDatabase
    from bot.store.store import Store

    try:
        with closing(Store(sound_settings().database_url)) as store:
            yield store
    except (BadAddress, NewerDatabase, OlderDatabase) as refused:
        stop(str(refused))


@contextmanager
def looking() -> "Iterator[Reading]":
    """One look at a database that is there and of this version; a command that looks makes none."""
    with opened() as store:
        if not store.exists:
            stop("There is no database yet; `bot run` makes it. If there should be one, look at DATABASE_URL.")
        store.must_be_current()
        with store.reading() as found:
            yield found


# When


def instant(text: str | None) -> datetime:
    """What is written in ISO 8601; without a zone it is UTC, and now if nothing is written."""
    if text is None:
        return datetime.now(UTC)
    try:
        return _written(text)
    except ValueError:
        stop(f"{text!r} is not an instant; write it like 2026-03-01T09:00Z.")
    except OverflowError:
        out_of_reach(text)


def back(text: str, now: datetime) -> datetime:
    """`30d` before now, or the date or instant that is written; without a zone it is UTC."""
    try:
        return now - duration(text)
    except ValueError:
        pass
    try:
        return _written(text)
    except (ValueError, OverflowError):
        stop(f"{text!r} is neither a length of time like 30d nor a date like 2026-03-01.")


def past(since: str, now: datetime) -> datetime:
    """Likewise, where what is still to come would be an empty answer."""
    start = back(since, now)
    if start >= now:
        stop("--since must lie in the past.")
    return start


def out_of_reach(when: str) -> NoReturn:
    stop(f"{when} is out of reach; ask about a time between 1900 and 9980.")


def _written(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
