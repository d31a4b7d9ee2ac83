"""Whether somebody is always on call, and whose night it is then."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.oncall.schedule import Shift, shifts
from bot.oncall.wallclock import in_utc, wall_clock
from bot.policy.model import Schedule

_NIGHT_BEGINS, _NIGHT_ENDS = time(22), time(6)


def gaps(schedule: Schedule, start: datetime, end: datetime) -> list[Shift]:
    """The stretches of a span in which nobody is on call."""
    return [shift for shift in shifts(schedule, start, end) if not shift.people]


def in_night(time_zone: str, at: datetime) -> bool:
    """Whether it is between 22:00 and 06:00 in a zone."""
    clock = wall_clock(in_utc(at), ZoneInfo(time_zone)).time()
    return clock >= _NIGHT_BEGINS or clock < _NIGHT_ENDS
