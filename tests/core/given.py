"""What the tests of this room are given: a policy, events in few words, and a small world in which time passes.

A test's given is history: `history(declared(), minutes(6), acknowledged("sita"))`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.core import decide as incidents
from bot.core import events as happened
from bot.core import runbook_events as walked
from bot.core import shiftwatch as handoffs
from bot.core.decision import Decision
from bot.core.effects import (
    CancelTimer,
    Effect,
    Entry,
    IncidentEffect,
    Notice,
    PostNotice,
    Record,
    SendContact,
    SendPage,
    SetTimer,
    Tell,
)
from bot.core.events import Event, IncidentEvent
from bot.core.handoff import Around, ShiftWatch
from bot.core.incident import (
    Escalation,
    EscalationState,
    Incident,
    Message,
    Page,
    PageState,
    Role,
    SlaClock,
    Status,
    StepState,
)
from bot.core.oncall_events import ShiftEvent
from bot.policy.model import Clock, PageTarget, Policy

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday; the day shift of l1 and l2 are on call
SATURDAY = datetime(2026, 3, 7, 12, tzinfo=UTC)  # nobody of l2 is on call

WRITTEN: Mapping[str, Any] = {
    "workspace": {"announcements": "#incidents"},
    "people": {
        "amina": {"name": "Amina Otieno", "slack": "U0AMINA", "time_zone": "Africa/Nairobi"},
        "luis": {"name": "Luis Rojas", "slack": "U0LUIS", "time_zone": "America/Bogota"},
        "sita": {"name": "Sita Gurung", "slack": "U0SITA", "time_zone": "Asia/Kathmandu"},
        "noor": {"name": "Noor Haddad", "slack": "U0NOOR"},
    },
    "teams": {
        "support": {"name": "Support", "kind": "support", "lead": "noor", "members": ["amina", "luis", "sita"]},
        "headless": {"name": "Without a lead", "kind": "support", "members": ["luis"]},
    },
    "severities": {
        "sev1": {"name": "Critical", "re_page_after": "30m"},
        "sev2": {"name": "Major", "re_page_after": "2h"},
        "sev3": {"name": "Minor"},
        "sev4": {"name": "Question"},
    },
    "services": {
        "churn-scoring": {
            "name": "Churn scoring",
            "kind": "batch-inference",
            "support": "support",
            "escalation_path": "follow-the-sun",
            "sla": "standard",
            "links": {"dashboard": "https://grafana.example.com/d/churn", "model_card": "https://example.com/churn"},
        },
        "office": {"name": "Office", "kind": "platform", "support": "headless", "escalation_path": "office-only"},
        "orphan": {"name": "Orphan", "kind": "llm", "support": "support"},  # no path, no SLA
    },
    "schedules": {
        "l1": {
            "layers": [
                {
                    "name": "day",
                    "time_zone": "UTC",
                    "on_call": ["Mon-Sun 06:00-18:00"],
                    "rotation": {"every": "1w", "starts": "2026-01-05T00:00", "people": ["amina"]},
                },
                {
                    "name": "night",
                    "time_zone": "UTC",
                    "rotation": {"every": "1w", "starts": "2026-01-05T00:00", "people": ["luis"]},
                },
            ],
            "handoff": {"channel": "#handoffs"},
        },
        "l2": {
            "layers": [
                {
                    "name": "weekdays",
                    "time_zone": "UTC",
                    "on_call": ["Mon-Fri 08:00-20:00"],
                    "rotation": {"every": "1w", "starts": "2026-01-05T00:00", "people": ["sita"]},
                }
            ]
        },
    },
    "escalation_paths": {
        "follow-the-sun": {
            "repeat": 1,
            "steps": [
                {"page": ["schedule:l1"], "wait": "5m"},
                {"page": ["schedule:l2"], "wait": "10m"},
                {"page": ["team:support"], "wait": "15m", "when": {"severity": ["sev1"]}},
            ],
        },
        "office-only": {"steps": [{"page": ["schedule:l2"], "wait": "5m"}]},
    },
    "calendars": {"always": {}, "office": {"time_zone": "UTC", "hours": ["Mon-Fri 08:00-17:00"]}},
    "slas": {
        "standard": {
            "warn_at": [0.75],
            "targets": {
                "sev1": {
                    "acknowledge": "8m",
                    "first_update": "16m",
                    "update": "40m",
                    "mitigate": "2h",
                    "resolve": "8h",
                },
                "sev2": {"acknowledge": "20m", "update": "1h", "resolve": "24h"},
                "sev3": {
                    "acknowledge": {"within": "4h", "calendar": "office"},
                    "resolve": {"within": "40h", "calendar": "office"},
                },
            },
        }
    },
    "commands": {},
    "runbooks": {
        "stale": {
            "id": "stale",
            "title": "Predictions are stale",
            "applies_to": {"kinds": ["batch-inference"]},
            "steps": [
                {"id": "last-run", "do": "Find the last successful run."},
                {"id": "upstream", "ask": "Did the table arrive?", "answers": {"yes": "rerun", "no": "end"}},
                {"id": "call", "do": "Call the data team."},
                {"id": "rerun", "do": "Run it again."},
            ],
        },
        "churn": {
            "id": "churn",
            "title": "Churn scoring looks odd",
            "applies_to": {"services": ["churn-scoring"]},
            "steps": [{"id": "look", "check": "The dashboard", "expect": "A flat line."}],
        },
        "prompts": {
            "id": "prompts",
            "title": "Prompts fail",
            "applies_to": {"kinds": ["llm"]},
            "steps": [{"id": "look", "do": "Look."}],
        },
    },
}


def policy(**sections: Mapping[str, Any]) -> Policy:
    """The policy above; the entries of a section that are named here replace the ones of that name."""
    changed = {section: {**WRITTEN[section], **entries} for section, entries in sections.items()}
    return Policy.model_validate({**WRITTEN, **changed})


POLICY = policy()


# Events in few words; the incident is number 1 and Noor speaks unless somebody else is named


def declared(severity: str = "sev1", service: str | None = "churn-scoring", by: str = "noor") -> IncidentEvent:
    return happened.IncidentDeclared(number=1, by=by, title="Customers complain", severity=severity, service=service)


def with_path(*steps: Mapping[str, Any], contacts: Mapping[str, Any] | None = None, **facts: Any) -> Policy:
    """The policy above, in which churn-scoring has this path, and these people have these contacts."""
    people = {name: {**WRITTEN["people"][name], "contact": ways} for name, ways in (contacts or {}).items()}
    return policy(escalation_paths={"follow-the-sun": {"steps": steps, **facts}}, people=people)


def acknowledged(by: str = "amina", page: str | None = None) -> IncidentEvent:
    return happened.IncidentAcknowledged(number=1, by=by, page=page)


def page_declined(page: str = "1-1", by: str = "amina") -> IncidentEvent:
    return happened.PageDeclined(number=1, by=by, page=page)


def escalation_asked(by: str = "noor", reason: str = "") -> IncidentEvent:
    return happened.EscalationAsked(number=1, by=by, reason=reason)


def updated(text: str = "Still looking.", by: str = "amina", status: Status | None = None) -> IncidentEvent:
    return happened.UpdatePosted(number=1, by=by, text=text, status=status)


def moved(to: Status, by: str = "amina", note: str = "") -> IncidentEvent:
    return happened.StatusMoved(number=1, by=by, to=to, note=note)


def severity(to: str, by: str = "noor", reason: str = "") -> IncidentEvent:
    return happened.SeverityChanged(number=1, by=by, to=to, reason=reason)


def role_taken(role: Role = Role.LEAD, person: str = "luis", by: str = "luis") -> IncidentEvent:
    return happened.RoleTaken(number=1, by=by, role=role, person=person)


def noted(text: str = "Rolled back.", by: str = "amina") -> IncidentEvent:
    return happened.NoteAdded(number=1, by=by, text=text)


def resolved(by: str = "amina", summary: str = "") -> IncidentEvent:
    return happened.IncidentResolved(number=1, by=by, summary=summary)


def reopened(by: str = "amina") -> IncidentEvent:
    return happened.IncidentReopened(number=1, by=by)


def closed(by: str = "amina") -> IncidentEvent:
    return happened.IncidentClosed(number=1, by=by)


def declined(by: str = "amina", reason: str = "A test alert") -> IncidentEvent:
    return happened.IncidentDeclined(number=1, by=by, reason=reason)


def merged(into: int = 2, by: str = "amina", reason: str = "") -> IncidentEvent:
    return happened.IncidentMerged(number=1, by=by, into=into, reason=reason)


def took_in(world: World, by: str = "amina") -> IncidentEvent:
    """What the incident of another world tells this one when it is merged into it; here that other is INC-2."""
    told = [effect.event for effect in world.done(Tell) if isinstance(effect.event, happened.IncidentTookIn)]
    return replace(told[-1], number=1, other=2, by=by)


def runbook_started(runbook: str = "stale", by: str = "amina") -> IncidentEvent:
    return walked.RunbookStarted(number=1, by=by, runbook=runbook)


def step(
    name: str, state: StepState = StepState.DONE, answer: str | None = None, reason: str = "", by: str = "amina"
) -> IncidentEvent:
    return walked.RunbookStepTaken(number=1, by=by, run="1-r1", step=name, state=state, answer=answer, reason=reason)


def page_given_up(page: str = "1-1", effect: str = "SendPage", why: str = "user_not_found") -> IncidentEvent:
    return happened.DeliveryGivenUp(number=1, effect=effect, why=why, page=page)


def page_delivered(page: str = "1-1") -> IncidentEvent:
    return happened.PageDelivered(number=1, page=page, message=Message("D1", page))


def contact_tried(contact: str, problem: str = "", page: str = "1-1") -> IncidentEvent:
    return happened.ContactTried(number=1, page=page, contact=contact, problem=problem)


def group_looked_up(*people: str, round: int = 0, step: int = 0) -> IncidentEvent:
    return happened.GroupLookedUp(number=1, round=round, step=step, people=people)


def responders_paged(*targets: str, by: str = "noor", note: str = "") -> IncidentEvent:
    """Asked in by hand; each target as it is written, like `person:luis`."""
    named = tuple(PageTarget.model_validate(target) for target in targets)
    return happened.RespondersPaged(number=1, by=by, targets=named, note=note)


def lead_handed_over(by: str = "luis", owners: tuple[str, ...] = ("amina",)) -> IncidentEvent:
    return happened.LeadHandedOver(number=1, by=by, handoff="l1-20260302T180000", owners=owners)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


Kind = TypeVar("Kind", bound=Effect)


class World:
    """One incident and the watch over one schedule, their timers, and all that has been done about them."""

    def __init__(self, policy: Policy = POLICY, now: datetime = NOON) -> None:
        self.policy = policy
        self.now = now
        self.state: Incident | None = None
        self.watch: ShiftWatch | None = None
        self.timers: dict[str, SetTimer] = {}
        self.effects: list[Effect] = []  # all of them, in order
        self.refusal: str | None = None  # of the last event

    @property
    def incident(self) -> Incident:
        assert self.state is not None, "nothing has been declared"
        return self.state

    def happens(self, *events: IncidentEvent | ShiftEvent) -> World:
        """Each event now; a refusal is kept and must have changed nothing."""
        for event in events:
            self._apply(event)
        return self

    def passes(self, *, minutes: float = 0, hours: float = 0) -> World:
        """Time passes, and every timer rings when it is due."""
        then = self.now + timedelta(minutes=minutes, hours=hours)
        while (timer := self._next(then)) is not None:
            self.now = max(self.now, timer.due)
            self._ring(timer)
        self.now = then
        return self

    def sleeps(self, *, minutes: float = 0, hours: float = 0) -> World:
        """A power cut: time passes and no timer rings until the end, when all that are due ring late."""
        self.now += timedelta(minutes=minutes, hours=hours)
        return self.passes()

    def without_a_tick(self, *, minutes: float = 0, hours: float = 0) -> World:
        """Time passes, and what happens next happens before any timer has rung."""
        self.now += timedelta(minutes=minutes, hours=hours)
        return self

    @property
    def acting(self) -> Escalation:
        assert self.incident.escalation is not None, "no path answers for it"
        return self.incident.escalation

    @property
    def path_state(self) -> EscalationState:
        return self.acting.state

    @property
    def contacted(self) -> list[tuple[str, str]]:
        """(page, contact) of what was sent by other ways than Slack, in order."""
        return [(sent.page, sent.contact) for sent in self.done(SendContact)]

    def done(self, kind: type[Kind]) -> list[Kind]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def forget(self) -> World:
        """What has been done so far is of no interest."""
        self.effects.clear()
        return self

    @property
    def paged(self) -> list[str]:
        """Who has been sent a page, in order."""
        pages = {page.id: page.person for page in self.incident.pages}
        return [pages[sent.page] for sent in self.done(SendPage)]

    @property
    def notices(self) -> list[Notice]:
        return [posted.notice for posted in self.done(PostNotice)]

    def told(self, notice: Notice) -> list[PostNotice]:
        return [posted for posted in self.done(PostNotice) if posted.notice is notice]

    @property
    def entries(self) -> list[Entry]:
        return [entry.what for entry in self.done(Record)]

    def facts(self, notice: Notice) -> Mapping[str, str]:
        return next(posted.facts for posted in self.done(PostNotice) if posted.notice is notice)

    def entry(self, what: Entry) -> Record:
        return next(entry for entry in self.done(Record) if entry.what is what)

    def timer(self, name: str) -> datetime | None:
        """When `escalation`, `silence` or `clocks` rings next."""
        timer = self.timers.get(f"incident:1:{name}")
        return timer.due if timer else None

    def clock(self, clock: Clock) -> SlaClock:
        """The latest clock of this kind."""
        return [held for held in self.incident.clocks if held.clock is clock][-1]

    def open_pages(self) -> list[str]:
        return [page.person for page in self.incident.pages if page.state is PageState.OPEN]

    def page_of(self, person: str) -> Page:
        """The latest page of this person."""
        return [page for page in self.incident.pages if page.person == person][-1]

    def _next(self, until: datetime) -> SetTimer | None:
        due = [timer for timer in self.timers.values() if timer.due <= until]
        return min(due, key=lambda timer: (timer.due, timer.key), default=None)

    def _ring(self, timer: SetTimer) -> None:
        del self.timers[timer.key]
        assert isinstance(timer.event, IncidentEvent | ShiftEvent)
        self._apply(timer.event)
        assert self.refusal is None, f"a timer was refused: {self.refusal}"

    def _apply(self, event: IncidentEvent | ShiftEvent) -> None:
        waiting: list[Event] = [event]
        refusals = []
        while waiting:
            decision = self._decide(waiting.pop(0))
            refusals.append(decision.refusal)
            waiting += [effect.event for effect in decision.effects if isinstance(effect, Tell)]
            for effect in decision.effects:
                self._do(effect)
        self.refusal = refusals[0]

    def _decide(self, event: Event) -> Decision[Any]:
        before: Any
        decision: Decision[Any]
        if isinstance(event, ShiftEvent):
            open_work = (self.state,) if self.state is not None and self.state.is_open else ()
            before, decision = self.watch, handoffs.decide(self.watch, event, self.now, self.policy, Around(open_work))
            self.watch = decision.state
        else:
            assert isinstance(event, IncidentEvent), "this world knows incidents and shifts"
            before, decision = self.state, incidents.decide(self.state, event, self.now, self.policy)
            self.state = decision.state
        if decision.refusal is not None:
            assert decision.state is before, "refused, and yet the state is another"
            assert decision.effects == (), "refused, and yet something is done"
        return decision

    def _do(self, effect: Effect) -> None:
        self.effects.append(effect)
        match effect:
            case SetTimer(key=key):
                self.timers[key] = effect
            case CancelTimer(key=key):
                self.timers.pop(key, None)
            case IncidentEffect() | Record():
                assert effect.number == self.incident.number


def history(*events: IncidentEvent | ShiftEvent | timedelta, policy: Policy = POLICY, now: datetime = NOON) -> World:
    """The world after these events; a span between them is time that passes. Nothing in it may be refused."""
    world = World(policy, now)
    for event in events:
        if isinstance(event, timedelta):
            world.passes(minutes=event.total_seconds() / 60)
        else:
            world.happens(event)
            assert world.refusal is None, f"{type(event).__name__} was refused: {world.refusal}"
    return world


def refused(world: World, event: IncidentEvent | ShiftEvent) -> str:
    """The sentence with which this event is refused; both halves hold: nothing has changed, nothing is done."""
    before = (world.state, world.watch, dict(world.timers), list(world.effects))
    world.happens(event)
    assert world.refusal is not None, f"{type(event).__name__} was not refused"
    assert before == (world.state, world.watch, dict(world.timers), list(world.effects))
    return world.refusal
