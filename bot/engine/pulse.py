"""The pulse: wakes the engine when something is due, and beats as a safety net.

APScheduler keeps the time and stores nothing: what is due stands in the database.
"""

import logging
import threading
import time
from collections.abc import Callable
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
    def __init__(self, engine: Engine, deliverer: Deliverer, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._deliverer = deliverer
        self._elapsed = elapsed  # seconds since any fixed instant
        self._beating = threading.Lock()
        self._setting = threading.Lock()  # of the alarm
        self._stopped = False
        self._last_beat = elapsed()
        self._alarm: datetime | None = None  # when the next beat is wanted before its turn, on the engine's clock
        # A beat that comes late is late; without the None the scheduler would leave it out.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)

    def start(self) -> None:
        self._scheduler.add_job(self.beat, "interval", seconds=BEAT.total_seconds(), id="beat")
        self._scheduler.add_job(self.tidy, "interval", hours=6, id="tidy")
        self._scheduler.start()
        self._engine.on_commit(self.look_ahead)
        self.beat()

    def stop(self) -> None:
        """A beat under way is finished, and none begins any more."""
        with self._setting:
            self._stopped = True
        # The scheduler's own waiting would hold the lock that a beat needs to set the alarm, and its thread
        # does not bear a job that is due while it stops.
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=False)
        with self._beating:
            pass

    @property
    def is_alive(self) -> bool:
        return self._elapsed() - self._last_beat < ALIVE_WITHIN.total_seconds()

    def beat(self) -> None:
        """Handles what is due, renews what is under way, and looks ahead."""
        with self._beating:
            if self._stopped:
                return
            try:
                self._alarm = None
                self._deliverer.wake()  # a page whose pause is over does not wait for all that has fallen due
                self._engine.tick()
                self._deliverer.renew()
                self._deliverer.wake()
                self.look_ahead()
                self._last_beat = self._elapsed()
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
        # the engine's clock may be another than the machine's, as in the demo: only the span counts
        rings = datetime.now(UTC) + (wanted - now)
        with self._setting:
            if self._stopped:
                return
            self._alarm = wanted
            how = {"id": "alarm", "replace_existing": True, "max_instances": 2}
            self._scheduler.add_job(self.beat, "date", run_date=rings, **how)

    def tidy(self) -> None:
        with self._beating, self._engine.store.transaction() as work:
            work.forget_before(self._engine.clock.now() - FORGET_AFTER)
