"""Buttons about shifts: forms that open, offers that are answered, changes that are undone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.core.oncall_events import StandInAccepted, StandInRefused, StandInUndone
from bot.slack.ids import Button
from bot.slack.listeners import oncall
from bot.slack.listeners.asked import Answer
from bot.slack.listeners.click import Click
from bot.slack.views import oncall_forms


def override(click: Click) -> Answer:
    asked = click.asked
    return oncall_forms.override(
        asked.by,
        asked.present(),
        asked.names,
        asked.now,
        click.about.get("schedule"),
        start=_instant(click, "start"),
        end=_instant(click, "end"),
        instead_of=click.about.get("instead_of"),
    )


def cover(click: Click) -> Answer:
    asked, schedule = click.asked, click.about.get("schedule")
    start, end = _instant(click, "start"), _instant(click, "end")
    return oncall_forms.cover(asked.by, asked.present(), asked.names, asked.now, schedule, start=start, end=end)


def swap(click: Click) -> Answer:
    asked = click.asked
    return oncall_forms.swap(asked.by, asked.present(), asked.names, asked.now, click.about.get("schedule"))


def week(click: Click) -> Answer:
    return oncall.week(click.asked, click.about.get("schedule"))


def coverage(click: Click) -> Answer:
    return oncall.coverage(click.asked, click.about.get("schedule"))


def accept(click: Click) -> Answer:
    """The message of the offer is drawn anew and says it."""
    click.asked.changes_shift(StandInAccepted(schedule=click.fact("schedule"), id=int(click.fact("id")), by=click.by))
    return None


def decline(click: Click) -> Answer:
    click.asked.changes_shift(StandInRefused(schedule=click.fact("schedule"), id=int(click.fact("id")), by=click.by))
    return None


def undo(click: Click) -> Answer:
    made = click.asked.changes_shift(
        StandInUndone(schedule=click.fact("schedule"), id=int(click.fact("id")), by=click.by)
    )
    return oncall.done(click.asked, made)


def _instant(click: Click, name: str) -> datetime | None:
    return datetime.fromtimestamp(int(click.about[name]), UTC) if click.about.get(name) else None


BUTTONS: Mapping[Button, Callable[[Click], Answer]] = {
    Button.OVERRIDE: override,
    Button.COVER: cover,
    Button.SWAP: swap,
    Button.WEEK: week,
    Button.COVERAGE: coverage,
    Button.ACCEPT_STAND_IN: accept,
    Button.DECLINE_STAND_IN: decline,
    Button.UNDO_STAND_IN: undo,
}
