"""The pulse: wakes the engine when something is due, and beats as a safety net.

APScheduler keeps the time and stores nothing: what is due stands in the database.
"""

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]

from bot.engine.deliver import Deliverer
from bot.engine.engine import Engine

log = logging.getLogger(__name__)

BEAT = timedelta(seconds=5)
SOON = timedelta(milliseconds=250)  # what is due already but waits for a free worker is looked for at this pace
FORGET_AFTER = timedelta(days=30)  # how long what was sent and what was asked is remembered
ALIVE_WITHIN = timedelta(seconds=30)


class Pulse:
    def __init__(self, engine: Engine, deliverer: Deliverer) -> None:
        self._engine = engine
        self._deliverer = deliverer
        self._beating = threading.Lock()
        self._last_beat = time.monotonic()
        self._alarm: datetime | None = None  # when the next beat is wanted before its turn, on the engine's clock
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})

    def start(self) -> None:
        self._scheduler.add_job(self.beat, "interval", seconds=BEAT.total_seconds(), id="beat")
        self._scheduler.add_job(self.tidy, "interval", hours=6, id="tidy")
        self._scheduler.start()
        self._engine.on_commit(self.look_ahead)
        self.beat()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=True)

    @property
    def is_alive(self) -> bool:
        return time.monotonic() - self._last_beat < ALIVE_WITHIN.total_seconds()

    def beat(self) -> None:
        """Handles what is due, renews what is under way, and looks ahead."""
        with self._beating:
            try:
                self._alarm = None
                self._engine.tick()
                self._deliverer.renew()
                self._deliverer.wake()
                self.look_ahead()
                self._last_beat = time.monotonic()
            except Exception:
                log.exception("a beat of the pulse failed; the next one tries again")

    def look_ahead(self) -> None:
        """Sets the alarm for the next due time, if it comes before the next beat does."""
        now = self._engine.clock.now()
        with self._engine.store.reading() as read:
            due = read.next_due()
        if due is None or due - now >= BEAT:
            return
        wanted = due if due > now else now + SOON
        if self._alarm is not None and now < self._alarm <= wanted:
            return
        self._alarm = wanted
        # the engine's clock may be another than the machine's, as in the demo: only the span counts
        rings = datetime.now(UTC) + (wanted - now)
        self._scheduler.add_job(self.beat, "date", run_date=rings, id="alarm", replace_existing=True, max_instances=2)

    def tidy(self) -> None:
        with self._engine.store.transaction() as work:
            work.forget_before(self._engine.clock.now() - FORGET_AFTER)
