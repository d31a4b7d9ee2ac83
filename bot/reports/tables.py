"""The coverage of a schedule for a terminal."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.oncall.coverage import Coverage
from bot.policy.model import Policy
from bot.reports.coverage import holiday_time, hours, length, people_of, share, summary

_MOST_GAPS = 20
_BAR = 10


def coverage_tables(
    name: str, found: Coverage, policy: Policy, start: datetime, end: datetime
) -> Iterator[RenderableType]:
    """The score and its reasons, what it comes to in sentences, the gaps, the people and the holidays."""
    colour = "green" if found.score >= 85 else "yellow" if found.score >= 50 else "red"
    title = escape(policy.schedules[name].name)
    yield Text.from_markup(
        f"\n[bold]{title}[/] ({escape(name)}) from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC: "
        f"[bold {colour}]{found.score:g}[/] of 100"
    )
    for reason in found.reasons:
        yield Text(f"  • {reason}")
    yield Text()
    for number, sentence in enumerate(summary(name, found, policy)[1:]):
        yield Text(sentence, style="bold red" if not number and found.gaps else "")
    if found.gaps:
        yield _gaps(found)
    if found.hours:
        yield _people(found, policy)
    if found.holidays:
        yield _holidays(found, policy)


def _gaps(found: Coverage) -> Table:
    table = Table("from (UTC)", "to (UTC)", "how long", title="Nobody on call", title_style="bold red")
    for gap in found.gaps[:_MOST_GAPS]:
        table.add_row(_at(gap.start), _at(gap.end), length(gap.end - gap.start), style="red")
    if len(found.gaps) > _MOST_GAPS:
        table.caption = f"…and {len(found.gaps) - _MOST_GAPS} more; --json has them all"
    return table


def _people(found: Coverage, policy: Policy) -> Table:
    table = Table(title="Who has how much")
    table.add_column("who", no_wrap=True)
    for heading in ("hours", "night", "weekends", "holidays"):
        table.add_column(heading, justify="right")
    table.add_column("share", no_wrap=True)
    on_holidays = holiday_time(found)
    most = max(found.hours.values())
    for person in people_of(found, policy):
        bar = "█" * max(1, round(found.hours[person] / most * _BAR))
        table.add_row(
            escape(policy.person_name(person)),
            hours(found.hours[person]),
            hours(found.night[person]),
            str(found.weekends[person]),
            hours(on_holidays[person]),
            f"[cyan]{bar}[/] {share(found, person):.0%}",
        )
    return table


def _holidays(found: Coverage, policy: Policy) -> Text:
    """Lines, not a table: there may be hundreds, which a table takes a second to measure."""
    lines = Text("Shifts on a public holiday of one's own\n", style="italic")
    widest = max(len(policy.person_name(on.person)) for on in found.holidays)
    for on in found.holidays:
        who, lasts = policy.person_name(on.person), length(on.shift.end - on.shift.start)
        lines.append(f"  {who:<{widest}}  {_at(on.shift.start)} UTC  {lasts:<11} {on.holiday}\n", style="not italic")
    return lines


def _at(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M}"
