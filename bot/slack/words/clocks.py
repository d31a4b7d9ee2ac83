"""How an SLA clock is told: what is due, when, and how much of its time is used."""

from datetime import datetime

from bot.core import calendar
from bot.core.incident import SlaClock
from bot.policy.model import Calendar, Policy
from bot.slack.words import labels
from bot.slack.words.times import lasted, when


def share(clock: SlaClock, policy: Policy, now: datetime) -> float:
    """The part of its time that is used: 0 at the start, 1 and no more from the due time on."""
    if now >= clock.due or not clock.within:
        return 1.0
    hours = policy.calendars.get(clock.calendar, Calendar())
    return min(calendar.elapsed(clock.started, now, hours) / clock.within, 1.0)


def percent(part: float) -> str:
    return f"{int(part * 100)}%"


def is_late(clock: SlaClock, now: datetime) -> bool:
    return clock.breached_at is not None or now >= clock.due


def promise(clock: SlaClock, now: datetime) -> str:
    """“First update due today at 9:15 AM”: what stays right in a message that is not drawn anew every minute."""
    label = labels.clock(clock.clock)
    return f"🔴 {label} was due {when(clock.due)}" if is_late(clock, now) else f"{label} due {when(clock.due)}"


def due(clock: SlaClock, policy: Policy, now: datetime) -> str:
    """“First update due today at 9:15 AM, 40% used”."""
    used = share(clock, policy, now)
    return f"{promise(clock, now)}{f', {percent(used)} used' if used >= 0.01 and not is_late(clock, now) else ''}"


def outcome(clock: SlaClock, policy: Policy, now: datetime) -> str:
    """One clock as a line of a list, whatever became of it."""
    label = labels.clock(clock.clock)
    promised = f"{lasted(clock.within)} allowed"
    if clock.met_at is not None:
        late = clock.breached_at is not None or clock.met_at > clock.due
        return f"{'🔴' if late else '✅'} {label} met {'late, ' if late else ''}{when(clock.met_at)} ({promised})"
    if clock.cancelled_at is not None:
        return f"➖ {label} no longer counts ({promised})"
    mark = "" if is_late(clock, now) else "⏳ "
    return f"{mark}{due(clock, policy, now)} ({promised})"
