"""The forms that change who has the pager: an override, cover for a shift of one's own, a swap.

Each is for one asker, `by`. Where there is nothing that could be asked, a sentence takes the place of the form.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slackblocks import Block, DateTimePicker

from bot.core.concerned import on_call_within, turn_takers
from bot.oncall.schedule import Shift, on_call, shifts
from bot.policy.model import Policy
from bot.slack.ids import INPUT, Field, Modal, carry
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, context, sentence
from bot.slack.views.modals import asked, choice, modal, words
from bot.slack.views.shifts import AHEAD, OwnShift, own_shifts
from bot.slack.words import answers, labels
from bot.slack.words.shifts import no_schedules, nothing_of_others, nothing_of_yours, plain_span
from bot.slack.words.text import clip, flat

USUAL = timedelta(hours=8)
MOST_NAME = 25  # so that the times behind it are never cut
MOST_VALUE = 150
MOST_REASON = 500

Form = dict[str, Any] | Drawn


def override(
    by: str,
    policy: Policy,
    names: Names,
    now: datetime,
    schedule: str | None = None,
    *,
    person: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    instead_of: str | None = None,
    reason: str = "",
) -> Form:
    """Somebody has the pager for a span; nobody named: the asker, from the next full hour on."""
    missing = _no_such(schedule, policy)
    if missing is not None:
        return missing
    key = schedule or next(iter(policy.schedules))
    begins = max(start or now, now)
    begins = _full_hour(now, policy.zone_of(by)) if begins == now else begins
    ends = end if end and end > begins else begins + USUAL
    held_by = on_call_within(key, begins, ends, policy)
    return modal(
        Modal.OVERRIDE,
        "Stand in",
        "Save",
        [
            choice("Schedule", Field.SCHEDULE, _schedules(policy), key),
            choice("Who has the pager?", Field.PERSON, _people(policy, key, begins, by), person or by),
            _instant("From", Field.START, begins),
            _instant("Until", Field.END, ends),
            choice("Instead of", Field.INSTEAD_OF, _people(policy, key, begins, *held_by), instead_of, optional=True),
            _reason(reason),
            context("Left open, “Instead of” means everybody: whoever stands in has the pager alone."),
        ],
    )


def cover(
    by: str,
    policy: Policy,
    names: Names,
    now: datetime,
    schedule: str | None = None,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    reason: str = "",
) -> Form:
    """Filled in with the asker's present or next shift; a part of it may be covered."""
    missing = _no_such(schedule, policy)
    if missing is not None:
        return missing
    found = own_shifts(by, policy, now)
    here = [shift for shift in found if schedule in (None, shift.schedule)]
    if not here:
        return sentence(nothing_of_yours(schedule, policy))
    meant = next((shift for shift in here if start and _holds(shift, start)), here[0])
    mine = dict.fromkeys(shift.schedule for shift in found)
    begins = start if start and start > now else max(meant.start, _soon(now, meant))
    ends = end or meant.end or begins + USUAL
    return modal(
        Modal.COVER,
        "Ask for cover",
        "Ask",
        [
            choice("Schedule", Field.SCHEDULE, [(key, _name(key, policy)) for key in mine], meant.schedule),
            _instant("From", Field.START, begins),
            _instant("Until", Field.END, ends if ends > begins else begins + USUAL),
            _reason(reason),
            context("Everybody who is free then is asked; the first to accept has it. Until then it is yours."),
        ],
    )


def swap(
    by: str,
    policy: Policy,
    names: Names,
    now: datetime,
    schedule: str | None = None,
    *,
    mine: datetime | None = None,
    other: str | None = None,
    theirs: datetime | None = None,
    reason: str = "",
) -> Form:
    """One shift of the asker for one of somebody else, both of the coming four weeks and of one schedule."""
    missing = _no_such(schedule, policy)
    if missing is not None:
        return missing
    key = schedule or next((shift.schedule for shift in own_shifts(by, policy, now)), None)
    coming = _coming(key, policy, now) if key else []
    own = [shift for shift in coming if by in shift.people]
    if key is None or not own:
        return sentence(nothing_of_yours(schedule, policy))
    zone = policy.zone_of(by)
    others = [(person, shift) for shift in coming if by not in shift.people for person in shift.people]
    if not others:
        return sentence(nothing_of_others(key, policy))
    mine_options = [(_at(shift), plain_span(shift.start, shift.end, zone)) for shift in own]
    their_options = [
        (_at(shift, person), f"{_short(names.name(person))} · {plain_span(shift.start, shift.end, zone)}")
        for person, shift in sorted(others, key=lambda found: (found[0] != other, found[1].start))
    ]
    return modal(
        Modal.SWAP,
        "Swap shifts",
        "Ask",
        [
            context(f"*{labels.schedule(key, policy)}*"),
            choice("Your shift", Field.MINE, mine_options, _meant(own, mine)),
            choice("For the shift of", Field.THEIRS, _of_fit(their_options), _meant_of(others, other, theirs)),
            _reason(reason),
            context("They are asked first; until they accept, nothing changes."),
        ],
        schedule=key,
    )


def _no_such(schedule: str | None, policy: Policy) -> Drawn | None:
    if not policy.schedules:
        return sentence(no_schedules())
    if schedule is not None and schedule not in policy.schedules:
        return sentence(answers.unknown("schedule", schedule, policy.schedules))
    return None


def _coming(schedule: str, policy: Policy, now: datetime) -> list[Shift]:
    """The shifts ahead that somebody has; the last one whole, or left out if it has no end."""
    known, overrides = policy.schedules[schedule], policy.overrides_of(schedule)
    found = shifts(known, now, now + AHEAD, overrides)
    end = on_call(known, found[-1].start, overrides).until
    last = [found[-1]._replace(end=end)] if end else []
    return [shift for shift in (*found[:-1], *last) if shift.people]


def _meant(own: list[Shift], at: datetime | None) -> str | None:
    found = next((shift for shift in own if at and shift.start <= at < shift.end), None)
    return _at(found) if found else None


def _meant_of(others: list[tuple[str, Shift]], other: str | None, at: datetime | None) -> str | None:
    found = (_at(shift, who) for who, shift in others if who == other and at and shift.start <= at < shift.end)
    return next(found, None)


def _at(shift: Shift, person: str | None = None) -> str:
    about = {"person": person} if person else {}
    return carry(at=int(shift.start.timestamp()), **about)


def _of_fit(options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Slack refuses the whole form if the value of one option is too long."""
    return [option for option in options if len(option[0]) <= MOST_VALUE]


def _schedules(policy: Policy) -> list[tuple[str, str]]:
    return _of_fit([(key, _name(key, policy)) for key in policy.schedules])


def _people(policy: Policy, schedule: str, at: datetime, *first: str) -> list[tuple[str, str]]:
    """Everybody who could be paged: those named, then those who take turns, then the rest; the list may be cut."""
    ordered = dict.fromkeys((*first, *turn_takers(schedule, at, policy), *policy.people))
    return _of_fit([(key, flat(policy.people[key].name)) for key in ordered if key in policy.people])


def _name(schedule: str, policy: Policy) -> str:
    """In plain text."""
    return flat(policy.schedule_name(schedule))


def _short(name: str) -> str:
    return clip(flat(name), MOST_NAME)


def _holds(shift: OwnShift, at: datetime) -> bool:
    return shift.start <= at and (shift.end is None or at < shift.end)


def _full_hour(now: datetime, zone: str) -> datetime:
    """The next full hour on the clock of a zone, be it a quarter past elsewhere."""
    wall = now.astimezone(ZoneInfo(zone))
    past = timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
    return now - past + timedelta(hours=1) if past else now


def _soon(now: datetime, shift: OwnShift) -> datetime:
    """In a quarter of an hour, so that the form can be filled in meanwhile; now, if the shift ends before."""
    later = now + timedelta(minutes=15)
    return later if shift.end is None or later < shift.end else now


def _instant(label: str, field: Field, initial: datetime) -> Block:
    return asked(label, DateTimePicker(INPUT, initial_datetime=int(initial.timestamp())), field, False)


def _reason(initial: str) -> Block:
    return words("Why?", Field.REASON, initial, optional=True, most=MOST_REASON)
