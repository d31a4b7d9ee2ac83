"""What is said about shifts: whose they are, what has moved, what was not understood, and how to use `/oncall`."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.oncall_effects import RemindOfShift, TellOfMovedShifts, TellUnreachable
from bot.oncall.coverage import in_night
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.text import escape, line, listed
from bot.slack.words.times import in_utc, lasted, span, there, when

MOST_SPANS = 8
MOST_GAPS = 5


def local(at: datetime, zone: str) -> str:
    """“02:40 Kathmandu, night”: what the clock shows there, and whether people sleep."""
    return f"{there(at, zone)}{', night' if in_night(zone, at) else ''}"


def stretch(start: datetime, end: datetime | None) -> str:
    """“today at 9:00 AM – today at 5:00 PM (8 h)”."""
    return span(start, end) + (f" ({lasted(end - start)})" if end else "")


def plain_span(start: datetime, end: datetime, zone: str) -> str:
    """“Tue 3 Mar 08:00–16:00 (Nairobi)”, for where Slack draws no dates."""
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{_day(last)} {last:%H:%M}"
    return f"{_day(first)} {first:%H:%M}–{until} ({zone.rpartition('/')[2].replace('_', ' ')})"


def understood(at: datetime) -> str:
    """How an instant that was asked about was read."""
    return f"🗓️ On call *{when(at)}*, which is {in_utc(at)}:"


def feed_unread(layer: str, read_at: datetime | None, problem: str, now: datetime) -> str:
    name = line(layer, 60)
    why = f": {line(problem, 300).rstrip('.')}" if problem else ""
    if read_at is None:
        return f"⚠️ The calendar of the layer {name} could not be read yet, so nobody is on call by it{why}."
    age = lasted(now - read_at)
    return f"⚠️ The calendar of the layer {name} could not be read{why}. Its copy of {when(read_at)} ({age} old) counts."


def feed_unknown(layer: str, unknown: Sequence[str]) -> str:
    """Entries of a calendar that name nobody of the configuration."""
    some = listed([f"“{line(each, 60)}”" for each in unknown[:5]])
    more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
    return f"⚠️ The calendar of the layer {line(layer, 60)} has entries that name nobody we know: {some}{more}."


def reminder(effect: RemindOfShift, policy: Policy) -> str:
    until = f" and lasts until {when(effect.end)}" if effect.end else ""
    return f"⏰ Your shift on *{labels.schedule(effect.schedule, policy)}* begins {when(effect.start)}{until}."


def before_you(people: Sequence[str], open_incidents: int, names: Names) -> str:
    who = listed([names.mention(person) for person in people]) or "nobody"
    count = {0: "No incident is open", 1: "One incident is open"}.get(
        open_incidents, f"{open_incidents} incidents are open"
    )
    return f"Before you: {who}. {count} for it."


def unreachable(effect: TellUnreachable, policy: Policy, names: Names) -> str:
    why = f" ({line(effect.why, 300)})" if effect.why else ""
    name = f"*{labels.schedule(effect.schedule, policy)}*"
    what = f"be told that their shifts on {name} have changed{why}"
    if effect.start is not None:
        what = f"be reminded of their shift on {name}, which begins {when(effect.start)}{why}"
    return (
        f"⚠️ {names.mention(effect.person)} could not {what}. A page would not reach them either: put right how they "
        "are reached, or let somebody stand in."
    )


def moved(effect: TellOfMovedShifts, policy: Policy) -> str:
    return f"🗓️ Your shifts of *{labels.schedule(effect.schedule, policy)}* have been planned anew."


def spans(title: str, intervals: Sequence[tuple[datetime, datetime]]) -> str:
    """A list under its title; empty if there are none."""
    if not intervals:
        return ""
    lines = [f"• {stretch(start, end)}" for start, end in intervals[:MOST_SPANS]]
    more = [f"…and {len(intervals) - MOST_SPANS} more"] if len(intervals) > MOST_SPANS else []
    return "\n".join([f"*{title}*", *lines, *more])


def no_schedules() -> str:
    return "There are no schedules in the configuration."


def nothing_of_yours(schedule: str | None, policy: Policy) -> str:
    """The answer to a form that needs a shift of one's own."""
    where = f" for {labels.schedule(schedule, policy)}" if schedule else ""
    return f"🤔 You have no shift{where} in the coming four weeks. `/oncall` tells who has."


def nothing_of_others(schedule: str, policy: Policy) -> str:
    name = labels.schedule(schedule, policy)
    return f"🤔 Nobody else has a shift for {name} in the coming four weeks, so there is none to swap with."


def time_not_understood(words: str) -> str:
    return (
        f"🤔 I do not understand the time “{line(words, 80)}”. "
        "Write it like `tomorrow 9am`, `friday 14:00`, `2026-03-05 22:00` or `in 4h`."
    )


def span_not_understood(words: str) -> str:
    return (
        f"🤔 I do not understand the span “{line(words, 80)}”. "
        "Write it like `tomorrow 9am to 5pm`, `friday 14:00 for 4h` or `now until 18:00`."
    )


def span_without_end(start: str) -> str:
    return (
        f"🤔 “{line(start, 80)}” has no end. Say until when, like `tomorrow 9am to 5pm` or `friday 14:00 for 4h`, "
        "or leave the time out and a form asks for it."
    )


def word_not_understood(word: str, nearest: str | None, policy: Policy) -> str:
    """`nearest` is a word that is known in its place: a schedule by its key or its name, a verb, a time."""
    keys = {name.lower(): key for key, known in policy.schedules.items() for name in (known.name, key) if name}
    if nearest is not None and nearest.lower() in keys:
        meant = f"Did you mean `/oncall {escape(keys[nearest.lower()])}`?"
        return f"🤔 There is no schedule “{line(word, 80)}”. {meant}"
    told = f"🤔 I do not understand “{line(word, 80)}”."
    if nearest is not None:
        return f"{told} Did you mean `{escape(nearest)}`?"
    some = escape(listed(list(policy.schedules)[:20]))
    return f"{told} The schedules are {some}." if some else told


def strange(word: str) -> str:
    return f"🤔 I do not understand “{line(word, 80)}”."


def oncall_commands() -> list[str]:
    """How to use `/oncall`, in parts that each fit a block."""
    return [
        "*How to use `/oncall`*\nTimes are by your own clock; a schedule that is left out is found where it can be.",
        _rows(
            ("[SCHEDULE] [at TIME]", "who has the pager, until when, and who is next"),
            ("week [SCHEDULE]", "the week ahead"),
            ("mine", "your shifts of the coming four weeks"),
            ("coverage [SCHEDULE]", "gaps, nights and holidays, as a picture"),
        ),
        _rows(
            ("path SERVICE [SEVERITY]", "who would be paged, in what order"),
            ("simulate SERVICE SEVERITY [at TIME]", "the same through time, if nobody answers; no page is sent"),
        ),
        _rows(
            ("override [SCHEDULE] @person FROM to UNTIL [instead of @x] [because …]", "somebody else has the pager"),
            ("cover me [SCHEDULE] FROM to UNTIL [because …]", "asks those who are free; the first to accept has it"),
            ("swap [SCHEDULE] @person MINE for THEIRS [because …]", "offers your shift for one of theirs"),
            ("undo N", "takes a change back"),
            ("changes [SCHEDULE]", "who changed what, and when"),
            ("help", "this"),
        ),
        "*For example*\n"
        "`/oncall l1 at tomorrow 9am`\n"
        "`/oncall override l1 @sita today 14:00 to 18:00 instead of @amina because I am at the dentist`\n"
        "`/oncall cover me friday 14:00 for 4h`\n"
        "`/oncall swap @brian monday 9am for thursday 9am`",
    ]


def _rows(*rows: tuple[str, str]) -> str:
    return "\n".join(f"`/oncall {usage}` – {meaning}" for usage, meaning in rows)


def _day(wall: datetime) -> str:
    return f"{wall:%a} {wall.day} {wall:%b}"
