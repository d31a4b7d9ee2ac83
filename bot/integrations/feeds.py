"""The calendars of layers, read: the way out to them is an effect, and what came of it an event."""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.core.feeds import feed_of
from bot.core.oncall_effects import FetchFeed
from bot.core.oncall_events import FeedEvent, FeedFellDue, FeedRead, FeedUnread
from bot.engine.clock import Clock
from bot.engine.deliver import Answer, Sent
from bot.integrations.calendars import Unfetched, fetch
from bot.policy import ical
from bot.policy.model import Policy
from bot.store.feeds import FeedMark
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)


class Feeds:
    def __init__(self, policy: Policy, config: Path, clock: Clock) -> None:
        """`config` is the folder beside whose files a calendar may stand."""
        self._policy = policy
        self._config = config
        self._clock = clock

    def begin(self, marks: Mapping[tuple[str, str], FeedMark]) -> Iterator[FeedEvent]:
        """What is known of each at the start: read at once, but over the network only where there is no copy yet.

        Pages do not wait until somebody else's server has answered.
        """
        for name, schedule in self._policy.schedules.items():
            for layer in schedule.layers:
                if layer.feed is None:
                    continue
                mark = marks.get((name, layer.name))
                has_copy = mark is not None and mark.address == layer.feed.ical and mark.changed_at is not None
                if has_copy and "://" in layer.feed.ical:
                    yield FeedFellDue(schedule=name, layer=layer.name)
                else:
                    yield self.read(name, layer.name)

    def carry(self, parcel: Parcel) -> Answer:
        effect = parcel.effect
        assert isinstance(effect, FetchFeed)
        return Sent(self.read(effect.schedule, effect.layer))

    def read(self, schedule: str, layer: str) -> FeedEvent:
        feed = feed_of(schedule, layer, self._policy)
        zone = next((each.time_zone for each in self._policy.schedules[schedule].layers if each.name == layer), "UTC")
        now = self._clock.now()
        try:
            text = fetch(feed.ical if feed else "", self._config)
            found = ical.feed_shifts(text, self._policy.people, zone, *ical.around(now, now))
            if not found.events:
                raise ical.BadCalendar("it has no event")
        except Unfetched as unfetched:
            return self._unread(schedule, layer, unfetched.why)
        except ical.BadCalendar as bad:
            return self._unread(schedule, layer, f"It cannot be used: {bad}.")
        return FeedRead(schedule=schedule, layer=layer, shifts=found.shifts, unknown=found.unknown)

    def _unread(self, schedule: str, layer: str, why: str) -> FeedEvent:
        log.warning("the calendar of %s/%s could not be read; its last good copy counts: %s", schedule, layer, why)
        return FeedUnread(schedule=schedule, layer=layer, why=why)
