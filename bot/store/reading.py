"""What can be asked of the store in one short transaction."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.core.effects import Record
from bot.core.feeds import FeedCopy
from bot.core.handoff import Around, Handoff, ShiftWatch
from bot.core.incident import Incident, Message, Page
from bot.core.kept import KeptClock, Past, Use
from bot.core.library import Library
from bot.core.plan import Plan
from bot.core.standin import StandIn
from bot.policy.model import FeedShift, Override
from bot.store import adherence, around, feeds, handoffs, incidents, library, outbox, plans, runbook_stats, standins
from bot.store.feeds import FeedMark
from bot.store.outbox import Backlog
from bot.store.rows import table
from bot.store.timers import TIMER

SLACK_PERSON = table("slack_person")

# Built once, for it is asked at each commit.
NEXT_DUE = select(select(func.min(TIMER.c.not_before)).scalar_subquery(), *outbox.NEXT_DUE)


class Reading:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def incident(self, number: int) -> Incident | None:
        return next(iter(incidents.load(self._connection, [number])), None)

    def number_of_channel(self, channel_id: str) -> int | None:
        return incidents.number_of_channel(self._connection, channel_id)

    def open_incidents(self, schedule: str | None = None) -> list[Incident]:
        """By number; only those that this schedule answers for, if one is named."""
        return incidents.load(self._connection, incidents.open_numbers(self._connection, schedule))

    def recent_incidents(self, limit: int = 20) -> list[Incident]:
        """Newest first."""
        return incidents.load(self._connection, incidents.recent_numbers(self._connection, limit))[::-1]

    def pages_of_message(self, channel: str, ts: str) -> list[tuple[Incident, Page]]:
        """The pages that went out as this one message of Slack, with their incidents as they stand; by incident."""
        return incidents.pages_of_message(self._connection, Message(channel, ts))

    def pages_waiting(self, person: str) -> list[tuple[Incident, Page]]:
        """The open pages of a person (or of a channel, with its #), with their incidents; by incident."""
        return incidents.pages_waiting(self._connection, person)

    def night_pages(self, since: datetime) -> dict[str, int]:
        """How many pages people had in their own night (22:00 to 06:00) since then; only those who had one."""
        return incidents.night_pages(self._connection, since)

    def kept_clocks(self, since: datetime, until: datetime, now: datetime) -> list[KeptClock]:
        """Met or broken, of the incidents declared from `since` on and before `until`, by number."""
        return adherence.kept_clocks(self._connection, since, until, now)

    def how_many_past(self, since: datetime) -> int:
        """How many `past_incidents` gives."""
        return adherence.how_many_past(self._connection, since)

    def past_incidents(self, since: datetime, batch: int = 500) -> Iterator[Past]:
        """Those declared from `since` on, by number, closed ones too; few at a time are held."""
        return adherence.past_incidents(self._connection, since, batch)

    def timeline(self, number: int) -> list[Record]:
        return incidents.timeline(self._connection, number)

    def runbook_uses(self, since: datetime | None = None) -> list[Use]:
        """The uses of all runbooks that were started since then (None: ever), in that order."""
        return runbook_stats.uses(self._connection, since)

    def library(self) -> Library | None:
        return library.load(self._connection)

    def watch(self, schedule: str) -> ShiftWatch | None:
        return handoffs.load_watch(self._connection, schedule)

    def handoff(self, handoff_id: str) -> Handoff | None:
        return handoffs.load_handoff(self._connection, handoff_id)

    def handoffs(self, since: datetime, schedule: str | None = None) -> list[Handoff]:
        """Of the changes of shift from `since` on, newest first; only those of this schedule, if one is named."""
        return handoffs.load_since(self._connection, since, schedule)

    def around(self, schedule: str, now: datetime) -> Around:
        """What the schedule would hand over now: its open incidents, what was noted of them, and the shift so far."""
        return around.around(self._connection, schedule, now)

    def missed_updates(self, since: datetime) -> dict[int, tuple[datetime, ...]]:
        """When promised updates were missed, from then on; by incident."""
        return around.missed_updates(self._connection, since)

    def overrides(self, since: datetime) -> tuple[Override, ...]:
        """Those in force that end after `since`, of all schedules, by id."""
        return standins.in_force(self._connection, since)

    def stand_in(self, standin: int) -> StandIn | None:
        return standins.load(self._connection, standin)

    def stand_ins(self, schedule: str | None = None, limit: int = 20) -> list[StandIn]:
        """Newest first; only those of this schedule, if one is named."""
        return standins.newest(self._connection, schedule, limit)

    def offers_to(self, person: str) -> list[StandIn]:
        """What this person could accept, by id."""
        return standins.offers_to(self._connection, person)

    def plan(self, schedule: str) -> Plan | None:
        return plans.load(self._connection, schedule)

    def planned_schedules(self) -> list[str]:
        return plans.planned(self._connection)

    def feed(self, schedule: str, layer: str) -> FeedCopy | None:
        return feeds.load(self._connection, schedule, layer)

    def feed_marks(self) -> dict[tuple[str, str], FeedMark]:
        """What is known of each calendar, without its shifts, by schedule and layer."""
        return feeds.marks(self._connection)

    def feed_shifts(self, schedule: str, layer: str) -> tuple[FeedShift, ...]:
        return feeds.shifts(self._connection, schedule, layer)

    def slack_ids(self) -> dict[str, str]:
        """People found in Slack by their e-mail: their key to their Slack user id."""
        found = self._connection.execute(select(SLACK_PERSON.c.person, SLACK_PERSON.c.slack_id))
        return dict(tuple(row) for row in found)

    def next_due(self) -> datetime | None:
        """When there is next something to do: a timer, a delivery, or a lease to take over."""
        row = self._connection.execute(NEXT_DUE)
        return min((due for due in row.one() if due is not None), default=None)

    def claimants(self) -> list[str]:
        """Everybody who has something under way, or had when they died."""
        return outbox.claimants(self._connection)

    def backlog(self) -> Backlog:
        return outbox.backlog(self._connection)

    def counts(self) -> dict[str, int]:
        """Open incidents by severity."""
        return incidents.open_by_severity(self._connection)
