"""One's own shifts: the coming ones, the reminder of the next, and what a change of the configuration moved."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from slackblocks import Block
from slackblocks import Button as DrawnButton

from bot.core.oncall_effects import RemindOfShift, TellOfMovedShifts, TellUnreachable
from bot.core.plan import held
from bot.oncall.schedule import on_call, shifts
from bot.policy.model import Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, actions, and_more, button, context, drawn, section, sentence
from bot.slack.words import labels
from bot.slack.words import shifts as words
from bot.slack.words.times import when

AHEAD = timedelta(weeks=4)
MOST_SHIFTS = 20
_INSTANT = timedelta(microseconds=1)


class OwnShift(NamedTuple):
    """When a person has the pager, from now on; `end` None: it has none."""

    schedule: str
    start: datetime
    end: datetime | None


def own_shifts(person: str, policy: Policy, now: datetime, ahead: timedelta = AHEAD) -> list[OwnShift]:
    """The shifts of a person that begin before long, over all schedules, in order; the last is not cut off."""
    until = now + ahead
    found = []
    for key, schedule in policy.schedules.items():
        overrides = policy.overrides_of(key)
        for start, end in held(tuple(shifts(schedule, now, until, overrides)), now, until).get(person, ()):
            whole = end if end < until else on_call(schedule, end - _INSTANT, overrides).until
            found.append(OwnShift(key, start, whole))
    return sorted(found, key=lambda shift: shift[:2][::-1])


def mine(person: str, policy: Policy, names: Names, now: datetime) -> Drawn:
    """The shifts of a person in the coming four weeks."""
    found = own_shifts(person, policy, now)
    if not found:
        return sentence(words.nothing_of_yours(None, policy))
    heading = f"Your shifts of the coming four weeks: {len(found)}"
    rows = shift_rows(found[:MOST_SHIFTS], policy, now)
    return drawn(heading, [section(f"*{heading}*"), *rows, context(and_more(len(found) - MOST_SHIFTS))])


def shift_rows(found: Iterable[OwnShift], policy: Policy, now: datetime) -> list[Block]:
    """A shift in a row each, with the button that asks for cover."""
    return [section(_row(shift, policy, now), _ask_for_cover(shift)) for shift in found]


def reminder(effect: RemindOfShift, policy: Policy, names: Names, open_incidents: int) -> Drawn:
    """Before a shift: when it begins, whose it is until then, and how much is open."""
    text = words.reminder(effect, policy)
    schedule = policy.schedules.get(effect.schedule)
    known = policy.overrides_of(effect.schedule)
    before = on_call(schedule, effect.start - _INSTANT, known).people if schedule else ()
    shift = OwnShift(effect.schedule, effect.start, effect.end)
    body = f"{text}\n{words.before_you(before, open_incidents, names)}"
    return drawn(text, [section(body), actions(_ask_for_cover(shift))])


def unreachable(effect: TellUnreachable, policy: Policy, names: Names) -> Drawn:
    """Tells a lead, or a channel, that somebody could not be reminded of their shift."""
    text = words.unreachable(effect, policy, names)
    start = int(effect.start.timestamp()) if effect.start else None
    about = carry(schedule=effect.schedule, instead_of=effect.person, start=start)
    return drawn(text, [section(text), actions(button("Let somebody stand in", Button.OVERRIDE, about))])


def moved(effect: TellOfMovedShifts, policy: Policy, names: Names) -> Drawn:
    """What a change of the configuration took from one's shifts, and what it gave."""
    text = words.moved(effect, policy)
    parts = [words.spans("No longer yours", effect.gone), words.spans("Yours now", effect.new)]
    return drawn(text, [section(text), *(section(part) for part in parts if part)])


def _row(shift: OwnShift, policy: Policy, now: datetime) -> str:
    name = labels.schedule(shift.schedule, policy)
    if shift.start > now:
        return f"*{name}*: {words.stretch(shift.start, shift.end)}"
    until = f" until {when(shift.end)}" if shift.end else ""
    return f"☎️ *{name}*: you are on call now{until}."


def _ask_for_cover(shift: OwnShift) -> DrawnButton:
    end = int(shift.end.timestamp()) if shift.end else None
    about = carry(schedule=shift.schedule, start=int(shift.start.timestamp()), end=end)
    return button("Ask for cover", Button.COVER, about)
