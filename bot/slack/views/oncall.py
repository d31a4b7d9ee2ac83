"""Who has the pager: now, at an instant, and in the week ahead."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slackblocks import Block, RawText, RichText, RichTextSection, RichTextUser
from slackblocks.rich_text.elements import RichTextElement
from slackblocks.rich_text.objects import RichTextObject

from bot.oncall.overrides import ALONE
from bot.oncall.schedule import Shift, on_call_in, shifts
from bot.policy.model import Override, Policy
from bot.slack.ids import Button, carry
from bot.slack.names import Names
from bot.slack.views.drawn import MOST_BODY, Drawn, actions, and_more, button, context, drawn, section, sentence, table
from bot.slack.words import answers, labels
from bot.slack.words import shifts as words
from bot.slack.words.text import clip, cut, flat, line, listed
from bot.slack.words.times import when

MOST_SCHEDULES = 15
MOST_FEEDS = 5
MOST_CLOCKS = 3
MOST_GAPS = 5
MOST_ROWS = 100  # of Slack's table, the heading among them
MOST_IN_CELL = 4
SPARE = 600  # for the heading of the table and what says that there is more

Cell = RawText | RichTextObject


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """What is wrong with the calendar of a layer: it could not be read (`problem`), or names nobody we know."""

    layer: str
    read_at: datetime | None  # of the copy that counts
    problem: str = ""
    unknown: tuple[str, ...] = ()


def oncall(
    policy: Policy,
    names: Names,
    now: datetime,
    schedule: str | None = None,
    at: datetime | None = None,
    feeds: Iterable[FeedTrouble] = (),
) -> Drawn:
    """Who has the pager at an instant (now, if none is named), until when, and who comes next."""
    if schedule is not None and schedule not in policy.schedules:
        return sentence(answers.unknown("schedule", schedule, policy.schedules))
    keys = [schedule] if schedule else list(policy.schedules)
    if not keys:
        return sentence(words.no_schedules())
    asked = at or now
    heading = words.understood(at) if at else ""
    blocks = [section(heading) if heading else None]
    for key in keys[:MOST_SCHEDULES]:
        blocks += [section(on_call_line(key, policy, names, asked)), context(_clocks(key, policy, names, asked))]
    blocks.append(context(and_more(len(keys) - MOST_SCHEDULES, "more: `/oncall SCHEDULE` shows one")))
    blocks += _troubles(feeds, now)
    blocks.append(_buttons(schedule, *_LABELS))
    return drawn(" ".join(filter(None, (heading, on_call_line(keys[0], policy, names, asked)))), blocks)


def on_call_line(key: str, policy: Policy, names: Names, at: datetime) -> str:
    """“☎️ *Support L1*: @Amina (nairobi), until … Next: @Luis.”"""
    present = on_call_in(key, at, policy)
    name = labels.schedule(key, policy)
    then = listed([names.mention(person) for person in present.next])
    if not present.people:
        after = f" until {when(present.until)}. Then: {then}" if present.until else ", and nobody is planned to be"
        return f"⚠️ *{name}*: nobody is on call{after}."
    who = listed([names.mention(person) for person in present.people])
    layer = f" ({_layer(present.layer)})" if present.layer else ""
    until = f", until {when(present.until)}" if present.until else ""
    after = f". Next: {then or '⚠️ nobody'}" if present.until else ""
    return f"☎️ *{name}*: {who}{layer}{until}{after}."


def week(policy: Policy, names: Names, now: datetime, schedule: str, days: int = 7) -> Drawn:
    """The shifts of the days ahead as a table; each reader sees their own times, and a gap stands out."""
    if schedule not in policy.schedules:
        return sentence(answers.unknown("schedule", schedule, policy.schedules))
    overrides = policy.overrides_of(schedule)
    found = shifts(policy.schedules[schedule], now, now + timedelta(days=days), overrides)
    end = on_call_in(schedule, found[-1].start, policy).until  # of the last one: not clipped
    rows = [_row(shift, shift.end, overrides, names, begun=not place) for place, shift in enumerate(found[:-1])]
    rows.append(_row(found[-1], end, overrides, names, begun=len(found) == 1))
    heading = f"☎️ *{labels.schedule(schedule, policy)}*: the next {days} days"
    gaps = _gaps([shift for shift in found if not shift.people])
    above, below = section(f"{heading}\n{gaps}"), _buttons(schedule, Button.OVERRIDE, Button.COVER, Button.SWAP)
    shown = _fitting(rows, MOST_BODY - SPARE - _size(above, below))
    left_out = found[len(shown) :]
    more = context(and_more(len(left_out), f"more, from {when(left_out[0].start)}" if left_out else ""))
    in_words = "; ".join(_in_words(shift, names) for shift in found[:10])
    return drawn(f"{heading}. {gaps} {in_words}", [above, table([_HEADING, *shown]), more, below])


class _Instant(RichText):
    """An instant in rich text: drawn in the reader's zone."""

    def __init__(self, at: datetime) -> None:
        super().__init__("")
        self._at = at

    def _resolve(self) -> dict[str, Any]:
        return {"type": "date", "timestamp": int(self._at.timestamp()), "format": "{date_short_pretty} {time}"}


_HEADING: list[Cell] = [RawText(title) for title in ("From", "Until", "On call", "Layer")]


def _row(
    shift: Shift, end: datetime | None, overrides: tuple[Override, ...], names: Names, *, begun: bool
) -> list[Cell]:
    return [
        RawText("now") if begun else RichTextSection(_Instant(shift.start)),
        RichTextSection(_Instant(end)) if end else RawText("no end"),
        RichTextSection(_people(shift, names)),
        RawText(_layer_cell(shift, overrides)),
    ]


def _people(shift: Shift, names: Names) -> list[RichTextElement]:
    if not shift.people:
        return [RichText("🚨 nobody", bold=True)]
    parts: list[RichTextElement] = []
    for person in shift.people[:MOST_IN_CELL]:
        if parts:
            parts.append(RichText(", "))
        slack_id = names.slack(person)
        parts.append(RichTextUser(slack_id) if slack_id else RichText(clip(flat(names.name(person)), 40) or "-"))
    if len(shift.people) > MOST_IN_CELL:
        parts.append(RichText(f" and {len(shift.people) - MOST_IN_CELL} more"))
    return parts


def _layer_cell(shift: Shift, overrides: tuple[Override, ...]) -> str:
    if shift.layer is None:
        return "–"
    stands_in = any(each.person in shift.people and each.start <= shift.start < each.end for each in overrides)
    return "↔ stand-in" if shift.layer == ALONE else f"{'↔ ' if stands_in else ''}{clip(flat(shift.layer), 30)}"


def _layer(name: str) -> str:
    return "stands in" if name == ALONE else line(name)


def _fitting(rows: list[list[Cell]], room: int) -> list[list[Cell]]:
    """As many rows as there is room for."""
    shown: list[list[Cell]] = []
    empty = _size(table([_HEADING]))
    for row in rows[: MOST_ROWS - 1]:
        room -= _size(table([_HEADING, row])) - empty
        if room < 0:
            break
        shown.append(row)
    return shown


def _size(*blocks: Block | None) -> int:
    """In characters of JSON."""
    return len(json.dumps(drawn("", blocks).blocks, ensure_ascii=False))


def _gaps(gaps: Sequence[Shift]) -> str:
    if not gaps:
        return "Somebody is on call all the time."
    some = [words.stretch(gap.start, gap.end) for gap in gaps[:MOST_GAPS]]
    more = f"; {and_more(len(gaps) - MOST_GAPS)}" if len(gaps) > MOST_GAPS else ""
    return f"🚨 *Nobody is on call* {'; '.join(some)}{more}."


def _in_words(shift: Shift, names: Names) -> str:
    who = listed([names.name(person) for person in shift.people[:MOST_IN_CELL]]) or "nobody"
    return f"{when(shift.start)} {line(who, 80)}"


def _clocks(key: str, policy: Policy, names: Names, at: datetime) -> str:
    """What the clocks of those on call show."""
    people = on_call_in(key, at, policy).people
    zones = [(person, policy.people[person].time_zone) for person in people[:MOST_CLOCKS] if person in policy.people]
    if len(people) == 1:
        return "".join(words.local(at, zone) for _, zone in zones)
    return " · ".join(f"{cut(names.mention(person), 40)} {words.local(at, zone)}" for person, zone in zones)


def _troubles(feeds: Iterable[FeedTrouble], now: datetime) -> Iterator[Block]:
    for feed in list(feeds)[:MOST_FEEDS]:
        if feed.problem:
            yield section(words.feed_unread(feed.layer, feed.read_at, feed.problem, now))
        if feed.unknown:
            yield section(words.feed_unknown(feed.layer, feed.unknown))


def _buttons(schedule: str | None, *shown: Button) -> Block | None:
    about = carry(schedule=schedule)
    return actions(*(button(_LABELS[action], action, about) for action in shown))


_LABELS = {
    Button.WEEK: "Week ahead",
    Button.OVERRIDE: "Stand in",
    Button.COVER: "Ask for cover",
    Button.SWAP: "Swap",
    Button.COVERAGE: "Coverage",
}
