"""How shifts were handed over: posted on time, accepted, filled in, and whether anything was without an owner."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.core.handoff import Handoff, HandoffItem, ItemState
from bot.policy.model import Policy
from bot.reports.adherence import NOBODY, region
from bot.reports.coverage import iso, length, percent

ON_TIME = timedelta(seconds=60)
SOON, AT_LAST = timedelta(minutes=5), timedelta(minutes=15)  # within which it should have been accepted
AFTER = timedelta(hours=1)  # updates that are missed so soon after count for it
MOST_LISTED = 20
_NONE = timedelta()

Missed = Mapping[int, Sequence[datetime]]  # by incident, when a promised update was missed


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Measured:
    """One handoff in numbers."""

    id: str
    schedule: str
    region: str  # of whoever came: their country, or the part of the world of their zone
    at: datetime
    outgoing: tuple[str, ...]
    incoming: tuple[str, ...]
    late: timedelta | None  # it was posted so long after the change; None: an older Baton did not note when
    waited: timedelta  # until all of it was accepted, or the shift changed again, or now
    waits: bool  # still: nobody has taken all of it, and the shift has not changed again
    accepted_by: str | None  # None: nobody has taken all of it
    sentence: str  # read back by them
    items: int
    filled: Part  # what the outgoing people were asked for: a next step or an if-then for each, and where to start
    questions: int
    declined: int
    carried: int  # into the next handoff
    unowned: timedelta
    updates_missed: int

    @property
    def on_time(self) -> bool | None:
        return None if self.late is None else self.late <= ON_TIME

    def accepted_within(self, limit: timedelta) -> bool | None:
        """None: nobody came who could have, or there is still time."""
        if self.accepted_by is not None:
            return self.waited <= limit
        return False if self.incoming and self.waited > limit else None


@dataclass(frozen=True, slots=True)
class Group:
    """The handoffs of one schedule to one region; both are empty for all of them."""

    schedule: str
    region: str
    handoffs: int
    on_time: Part
    soon: Part  # accepted within 5 minutes
    at_last: Part  # accepted within 15
    to_accept: timedelta | None  # in the middle
    filled: Part
    questions: int
    declined: int
    carried: int
    unowned: timedelta
    updates_missed: int


@dataclass(frozen=True, slots=True)
class History:
    """The handoffs of a span, newest first: in all, by schedule and region, and each."""

    since: datetime
    until: datetime
    overall: Group
    groups: tuple[Group, ...]
    handoffs: tuple[Measured, ...]


def history(handoffs: Sequence[Handoff], missed: Missed, policy: Policy, since: datetime, now: datetime) -> History:
    """Of handoffs, newest first. Regions are those of the configuration as it is now."""
    measured = []
    later: dict[str, Handoff] = {}
    for handoff in handoffs:
        measured.append(_measured(handoff, later.get(handoff.schedule), missed, policy, now))
        later[handoff.schedule] = handoff
    groups: dict[tuple[str, str], list[Measured]] = {}
    for each in measured:
        groups.setdefault((each.schedule, each.region), []).append(each)
    return History(
        since,
        now,
        _group("", "", measured),
        tuple(_group(*key, groups[key]) for key in sorted(groups)),
        tuple(measured),
    )


def _measured(handoff: Handoff, after: Handoff | None, missed: Missed, policy: Policy, now: datetime) -> Measured:
    """`after` is the next one of its schedule: since then, what it left stands there."""
    end = (after.posted_at or after.at) if after else now
    done = handoff.taken_at if handoff.taken_by is not None else None
    items = handoff.items
    left = {item.number for item in after.items} if after else set()
    return Measured(
        id=handoff.id,
        schedule=handoff.schedule,
        region=_region(handoff.incoming, policy),
        at=handoff.at,
        outgoing=handoff.outgoing,
        incoming=handoff.incoming,
        late=None if handoff.posted_at is None else handoff.posted_at - handoff.at,
        waited=max((done or end) - max(handoff.at, handoff.posted_at or handoff.at), _NONE),
        waits=handoff.taken_by is None and after is None,
        accepted_by=handoff.taken_by,
        sentence=handoff.sentence,
        items=len(items),
        filled=_filled(handoff),
        questions=sum(item.questions for item in items),
        declined=sum(item.declines for item in items),
        carried=sum(item.state is ItemState.CARRIED and item.number in left for item in items),
        unowned=max((_unowned(item, handoff, end) for item in items), default=_NONE),
        updates_missed=sum(
            handoff.at <= at < handoff.at + AFTER for item in items for at in missed.get(item.number, ())
        ),
    )


def _filled(handoff: Handoff) -> Part:
    """Of a quiet shift nothing is wanted, and for those that an older Baton posted nobody was asked."""
    items = handoff.items
    if not items or handoff.posted_at is None:
        return Part(0, 0)
    return Part(sum(item.is_filled for item in items) + bool(handoff.words.start_here), len(items) + 1)


def _unowned(item: HandoffItem, handoff: Handoff, end: datetime) -> timedelta:
    """Nobody went who had it, nobody leads it, and until somebody accepted it nobody did."""
    if handoff.outgoing or item.owners or item.lead is not None:
        return _NONE
    taken = item.answered_at if item.state is ItemState.ACCEPTED else None
    return max((taken or end) - handoff.at, _NONE)


def _region(people: Iterable[str], policy: Policy) -> str:
    known = (policy.people[person] for person in people if person in policy.people)
    return next((region(each) for each in known), NOBODY)


def _group(schedule: str, region: str, found: Sequence[Measured]) -> Group:
    accepted = [each.waited.total_seconds() for each in found if each.accepted_by is not None]
    return Group(
        schedule=schedule,
        region=region,
        handoffs=len(found),
        on_time=_part(each.on_time for each in found),
        soon=_part(each.accepted_within(SOON) for each in found),
        at_last=_part(each.accepted_within(AT_LAST) for each in found),
        to_accept=timedelta(seconds=median(accepted)) if accepted else None,
        filled=Part(sum(each.filled.count for each in found), sum(each.filled.of for each in found)),
        questions=_sum(found, lambda each: each.questions),
        declined=_sum(found, lambda each: each.declined),
        carried=_sum(found, lambda each: each.carried),
        unowned=sum((each.unowned for each in found), _NONE),
        updates_missed=_sum(found, lambda each: each.updates_missed),
    )


def _part(answers: Iterable[bool | None]) -> Part:
    known = [answer for answer in answers if answer is not None]
    return Part(sum(known), len(known))


def _sum(found: Sequence[Measured], of: Callable[[Measured], int]) -> int:
    return sum(of(each) for each in found)


# For machines


def report(found: History) -> dict[str, Any]:
    """The shape of `bot handoffs --json`: instants in UTC, spans in seconds, shares from 0 to 1."""
    return {
        "since": iso(found.since),
        "until": iso(found.until),
        "overall": _numbers(found.overall),
        "groups": [{"schedule": each.schedule, "region": each.region, **_numbers(each)} for each in found.groups],
        "handoffs": [_facts(each) for each in found.handoffs],
    }


def as_csv(found: History) -> str:
    """A line for each handoff, with a heading."""
    written = io.StringIO()
    lines = csv.DictWriter(written, list(_COLUMNS), lineterminator="\n")
    lines.writeheader()
    for each in found.handoffs:
        facts = _facts(each)
        lines.writerow(facts | {name: " ".join(facts[name]) for name in ("outgoing", "incoming")})
    return written.getvalue()


_COLUMNS: dict[str, Callable[[Measured], Any]] = {
    "id": lambda each: each.id,
    "schedule": lambda each: each.schedule,
    "region": lambda each: each.region,
    "at": lambda each: iso(each.at),
    "outgoing": lambda each: list(each.outgoing),
    "incoming": lambda each: list(each.incoming),
    "seconds_late": lambda each: None if each.late is None else each.late.total_seconds(),
    "accepted_by": lambda each: each.accepted_by,
    "seconds_to_accept": lambda each: None if each.accepted_by is None else each.waited.total_seconds(),
    "incidents": lambda each: each.items,
    "share_filled": lambda each: _rounded(each.filled),
    "questions": lambda each: each.questions,
    "declined": lambda each: each.declined,
    "carried_over": lambda each: each.carried,
    "seconds_without_owner": lambda each: each.unowned.total_seconds(),
    "updates_missed": lambda each: each.updates_missed,
}


def _facts(each: Measured) -> dict[str, Any]:
    return {name: of(each) for name, of in _COLUMNS.items()}


def _numbers(group: Group) -> dict[str, Any]:
    return {
        "handoffs": group.handoffs,
        "share_on_time": _rounded(group.on_time),
        "share_accepted_within_5_min": _rounded(group.soon),
        "share_accepted_within_15_min": _rounded(group.at_last),
        "median_seconds_to_accept": None if group.to_accept is None else group.to_accept.total_seconds(),
        "share_filled": _rounded(group.filled),
        "questions": group.questions,
        "declined": group.declined,
        "carried_over": group.carried,
        "seconds_without_owner": group.unowned.total_seconds(),
        "updates_missed": group.updates_missed,
    }


def _rounded(part: Part) -> float | None:
    return None if part.share is None else round(part.share, 4)


# For people


def summary(found: History) -> list[str]:
    """Sentences of plain text; what must not be comes first."""
    kept = found.overall
    span = f"From {found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M} UTC"
    if not kept.handoffs:
        return [f"{span}, no shift was handed over."]
    shifts = "1 shift was" if kept.handoffs == 1 else f"{kept.handoffs} shifts were"
    told = [
        f"{span}, {shifts} handed over.",
        _told(kept.on_time, "posted on time"),
        _told(kept.soon, "accepted within 5 minutes"),
        _told(kept.at_last, "accepted within 15 minutes"),
    ]
    if kept.unowned:
        told.insert(1, f"Open incidents were without an owner for {length(kept.unowned)}.")
    if kept.to_accept is not None:
        told.append(f"Accepting took {length(kept.to_accept)} in the middle.")
    return [sentence for sentence in told if sentence]


def _told(part: Part, what: str) -> str:
    return f"{part.count} of {part.of} were {what} ({percent(part.share)})." if part.of else ""


def tables(found: History, each_of_them: bool) -> Iterator[RenderableType]:
    """The sentences, a line for each schedule and region, and a line for each of the latest handoffs if wanted."""
    for number, sentence in enumerate(summary(found)):
        yield Text(sentence, style="bold red" if number == 1 and found.overall.unowned else "")
    if found.groups:
        yield _grouped(found)
    if found.handoffs and each_of_them:
        yield _listed(found)


def _grouped(found: History) -> Table:
    table = Table(
        "schedule", "to", title="Handoffs by schedule and region", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for heading in ("shifts", "on time", "in 5 min", "15 min", "median", "filled"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("besides")
    for group in found.groups:
        table.add_row(
            escape(group.schedule),
            escape(group.region),
            str(group.handoffs),
            *(percent(part.share) for part in (group.on_time, group.soon, group.at_last)),
            "" if group.to_accept is None else length(group.to_accept),
            percent(group.filled.share),
            _besides(group),
        )
    return table


def _listed(found: History) -> Table:
    table = Table(title="The latest handoffs", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("at (UTC)", "from", "to", "posted", "accepted"):
        table.add_column(heading, no_wrap=heading == "at (UTC)")
    for heading in ("open", "filled"):
        table.add_column(heading, justify="right")
    table.add_column("besides")
    for each in found.handoffs[:MOST_LISTED]:
        table.add_row(
            f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M}",
            *(escape(", ".join(people)) or "[red]nobody[/]" for people in (each.outgoing, each.incoming)),
            posted(each),
            escape(accepted(each)),
            str(each.items),
            percent(each.filled.share),
            _besides(each),
        )
    if len(found.handoffs) > MOST_LISTED:
        table.caption = f"…and {len(found.handoffs) - MOST_LISTED} more; --csv has them all"
    return table


def besides(of: Group | Measured) -> list[str]:
    """What there was besides, the worst first: `7 min without an owner`, `2 updates missed`, `1 question`."""
    counted = (
        (of.updates_missed, "update missed", "updates missed"),
        (of.declined, "declined", "declined"),
        (of.carried, "carried over", "carried over"),
        (of.questions, "question", "questions"),
    )
    told = [f"{number} {one if number == 1 else many}" for number, one, many in counted if number]
    return [f"{length(of.unowned)} without an owner", *told] if of.unowned else told


def _besides(of: Group | Measured) -> Text:
    return Text(", ".join(besides(of)), style="red" if of.unowned else "")


def posted(each: Measured) -> str:
    """`on time`, or how late."""
    if each.late is None:
        return ""
    return "on time" if each.late <= ON_TIME else f"{length(each.late)} late"


def accepted(each: Measured) -> str:
    """`after 4 min by amina`, or that nobody has."""
    if each.accepted_by is None:
        return "nobody came" if not each.incoming else "not yet" if each.waits else "never"
    return f"after {length(each.waited)} by {each.accepted_by}"
