"""Builds the bot, wires its rooms, and closes them in reverse; the only file that knows every room."""

import logging
import threading
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import timedelta

from bot.core.effects import RunAction, SendContact
from bot.core.events import ReviewFellDue
from bot.core.incident import Incident, Page
from bot.core.oncall_effects import FetchFeed
from bot.core.oncall_events import PlanReviewed, ShiftFellDue
from bot.engine.clock import Clock
from bot.engine.deliver import Answer, Deliverer
from bot.engine.engine import Engine
from bot.engine.pulse import Pulse
from bot.integrations.actions import Actions
from bot.integrations.contacts import Contacts
from bot.integrations.feeds import Feeds
from bot.policy.model import Policy
from bot.reports.sla import report
from bot.settings import Settings
from bot.slack.connection import SlackConnection
from bot.store.outbox import Parcel
from bot.store.store import Store
from bot.web.calendars import Calendars
from bot.web.door import Check, make_door
from bot.web.links import Links
from bot.web.metrics import Gauge, make_registry
from bot.web.server import HttpServer

log = logging.getLogger(__name__)

NIGHTS = timedelta(days=30)  # how far back pages at night are counted
LATE = timedelta(minutes=5)  # a message that has waited this long makes the bot unready


class Baton:
    """The whole bot. `start` returns when it hears Slack (or is about to); `stop` ends it in order."""

    def __init__(
        self,
        settings: Settings,
        policy: Policy,
        clock: Clock,
        environ: Mapping[str, str] | None = None,
        told: threading.Event | None = None,
    ) -> None:
        """`environ` holds the addresses of contacts, and what actions are given of secrets.

        Without it nobody is reached but by Slack, as in the demo. Once `told` is set, a start waits for nothing more.
        """
        self._told = told or threading.Event()
        self._clock = clock
        self.store = Store(settings.database_url)
        self.engine = Engine(self.store, policy, clock)
        self.slack = SlackConnection(
            self.engine,
            bot_token=settings.must_reach_slack(),
            app_token=settings.slack_app_token,
            signing_secret=settings.slack_signing_secret,
            api_url=settings.slack_api_url,
            timeout=settings.slack_timeout,
            told=self._told,
        )
        self.feeds = Feeds(policy, settings.baton_config, clock)
        self.links = self._links(settings)
        self.contacts = Contacts(self.engine, environ or {}, self._link)
        self.actions = Actions(self.engine, environ)
        self.deliverer = Deliverer(self.engine, self._carry, self.slack.is_down, self.slack.carry_together)
        self.pulse = Pulse(self.engine, self.deliverer)
        calendars = Calendars(self.engine.present_now, clock.now)
        registry = make_registry(self._gauges)
        door = make_door(self.checks, registry, self.slack.answer, calendars, self.links, self._sla)
        host, port = settings.http_address
        self.http = HttpServer(door, host, port)
        self._host = f"[{host}]" if ":" in host else host
        self._works = False
        self._closing = ExitStack()

    def _sla(self, number: int) -> Mapping[str, object] | None:
        with self.store.reading() as read:
            found = read.incident(number)
        return report(found, self._clock.now()) if found is not None else None

    def start(self) -> None:
        """Raises what the database or Slack have against it; the HTTP door answers before Slack does."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.slack.close()  # first of all no more requests
        self._closing.close()

    @property
    def address(self) -> str:
        """Of the HTTP door."""
        return f"http://{self._host}:{self.http.port}"

    def settle(self) -> None:
        """Waits until everything that is due now has been done and delivered."""
        self.slack.settle()
        self.deliverer.settle()
        while self.engine.tick():
            self.deliverer.settle()

    def _start(self) -> None:
        self._closing.callback(self.store.close)
        self.store.bring_up_to_date()
        self.http.start()
        self._closing.callback(self.http.stop)
        log.info("The HTTP door is open at %s", self.address)
        self.slack.open(meanwhile=self._work)
        self._work()
        self.slack.hear()
        if not self._told.is_set():
            log.info("Baton is running; %s/readyz says how it is", self.address)

    def _work(self) -> None:
        """Clocks, escalations and other ways than Slack do not wait until Slack can be reached."""
        if self._works:
            return
        self._works = True
        self._look_at_the_shifts()
        self.engine.handle(ReviewFellDue())
        self.deliverer.start()
        self._closing.callback(self.deliverer.stop)
        self._closing.callback(self.actions.stop)  # before it, which waits for them
        self.pulse.start()
        self._closing.callback(self.pulse.stop)

    def _look_at_the_shifts(self) -> None:
        """As they are now, which may be otherwise than when the bot last ran; first of all by whoever else plans."""
        with self.store.reading() as reading:
            marks, planned = reading.feed_marks(), reading.planned_schedules()
        for event in self.feeds.begin(marks):
            self.engine.handle(event)
        schedules = self.engine.policy.schedules
        for schedule in dict.fromkeys((*planned, *schedules)):
            self.engine.handle(PlanReviewed(schedule=schedule))
        for schedule in schedules:
            self.engine.handle(ShiftFellDue(schedule=schedule))

    def _carry(self, parcel: Parcel) -> Answer:
        match parcel.effect:
            case FetchFeed():
                return self.feeds.carry(parcel)
            case SendContact():
                return self.contacts.carry(parcel)
            case RunAction():
                return self.actions.carry(parcel)
            case _:
                return self.slack.carry(parcel)

    def _links(self, settings: Settings) -> Links | None:
        if settings.baton_url is None or settings.baton_link_secret is None:
            return None
        return Links(self.engine, settings.baton_url, settings.baton_link_secret.get_secret_value())

    def _link(self, incident: Incident, page: Page) -> str | None:
        return self.links.link(incident, page) if self.links else None

    def checks(self) -> list[Check]:
        """What `/readyz` says: database, Slack connection, pulse and delivery backlog."""
        beats = self.pulse.is_alive
        return [
            *self._store_checks(),
            Check("slack", *self.slack.standing()),
            Check("pulse", beats, "beating" if beats else "has not beaten lately"),
        ]

    def _store_checks(self) -> list[Check]:
        try:
            with self.store.reading() as read:
                backlog = read.backlog()
        except Exception as fault:
            why = f"cannot be read ({type(fault).__name__})"
            return [Check("database", False, why), Check("delivery", False, why)]
        waited = self._clock.now() - backlog.oldest if backlog.oldest else timedelta(0)
        why = f"{backlog.waiting} waiting, the oldest for {int(waited.total_seconds())} s"
        return [Check("database", True, "answers"), Check("delivery", waited < LATE, why)]

    def _gauges(self) -> Iterable[Gauge]:
        with self.store.reading() as read:
            backlog, counts = read.backlog(), read.counts()
            nights = read.night_pages(self._clock.now() - NIGHTS)
        by_severity: list[tuple[tuple[str, ...], float]] = [((severity,), n) for severity, n in counts.items()]
        yield "baton_open_incidents", "Open incidents by severity.", ("severity",), by_severity
        yield "baton_outbox_waiting", "Messages that wait to be sent.", (), [((), backlog.waiting)]
        yield "baton_outbox_sending", "Messages on their way.", (), [((), backlog.sending)]
        yield "baton_outbox_given_up", "Messages that Slack refused for good.", (), [((), backlog.given_up)]
        at_night: list[tuple[tuple[str, ...], float]] = [((person,), n) for person, n in nights.items()]
        yield "baton_pages_at_night", "Pages of 30 days in a person's own night (22:00-06:00).", ("person",), at_night
        for check in self.checks():
            yield f"baton_{check.name}_ok", f"1 if the {check.name} check holds.", (), [((), float(check.ok))]
