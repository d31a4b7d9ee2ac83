"""How good a coverage is, from 0 to 100, with the reasons in plain words.

A hundred points, of which are lost

    up to 50  for gaps: 5 for having any, and 5 for each percent of the time that is without anyone
    up to 20  for nights: 0.6 for each percent of the hours on call that lie in the night of the person; a night is
              a third of the day, so around the clock in one zone loses them all
    up to 20  for unfairness: 0.4 for each percent of the hours that would have to change hands for all to have
              the same
    up to 10  for public holidays: 1 for each percent of the hours on call that lie on one of the person's own

When nobody is ever on call the score is 0.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

_HOUR = timedelta(hours=1)
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of a schedule in a span; people are named as the sentences are to name them."""

    span: timedelta
    gaps: Sequence[timedelta]
    hours: Mapping[str, timedelta]
    night: Mapping[str, timedelta]
    holidays: Sequence[tuple[str, str, timedelta]]  # person, holiday, how long


def marked(tally: Tally) -> tuple[float, list[str]]:
    """The score, and a sentence for each reason why it is not 100, the worst first."""
    if not tally.hours:
        return 0.0, ["Nobody is on call at any time."]
    lost = sorted(_losses(tally), key=lambda loss: -loss[0])
    score = round(max(0.0, 100 - sum(points for points, _ in lost)), 1)
    return score, [f"{sentence} (−{points:.1f} points)" for points, sentence in lost if points >= 0.05]


def _losses(tally: Tally) -> Iterator[tuple[float, str]]:
    """(points, what costs them)"""
    total = sum(tally.hours.values(), _NONE)
    if tally.gaps:
        yield _gaps(tally)
    night = sum(tally.night.values(), _NONE)
    if night:
        share = night / total
        most = max(tally.night, key=lambda person: tally.night[person])
        sentence = f"{share:.0%} of the hours on call are in the night of the person, most of them {most}'s"
        yield min(20.0, 60 * share), f"{sentence} ({_hours(tally.night[most])})"
    share = _uneven(tally.hours, total)
    if share:
        most, least = (find(tally.hours, key=lambda person: tally.hours[person]) for find in (max, min))
        sentence = f"{share:.0%} of the hours would have to change hands to be even"
        extremes = f"{most} has {_hours(tally.hours[most])}, {least} {_hours(tally.hours[least])}"
        yield min(20.0, 40 * share), f"{sentence}: {extremes}"
    if tally.holidays:
        yield _holidays(tally, total)


def _gaps(tally: Tally) -> tuple[float, str]:
    without = sum(tally.gaps, _NONE)
    share = without / tally.span
    times = "once" if len(tally.gaps) == 1 else f"{len(tally.gaps)} times"
    sentence = f"Nobody is on call {times}, for {_hours(without)} in all, the longest {_hours(max(tally.gaps))}"
    return min(50.0, 5 + 500 * share), sentence


def _holidays(tally: Tally, total: timedelta) -> tuple[float, str]:
    worked = sum((length for _, _, length in tally.holidays), _NONE)
    person, holiday, _ = max(tally.holidays, key=lambda each: each[2])
    sentence = f"{_hours(worked)} on call are on a public holiday of the person, such as {person}'s on {holiday}"
    return min(10.0, 100 * (worked / total)), sentence


def _uneven(hours: Mapping[str, timedelta], total: timedelta) -> float:
    """The share of the hours that would have to change hands for all to have the same."""
    even = total / len(hours)
    return sum((abs(each - even) for each in hours.values()), _NONE) / 2 / total


def _hours(length: timedelta) -> str:
    hours = length / _HOUR
    return f"{hours:.0f} h" if hours >= 10 or hours == int(hours) else f"{hours:.1f} h"
