"""What would happen if nobody answered: an incident that `decide` itself leads through its path, without any page.

Slack is taken to deliver at once to whoever it can know, and every other way to work. Who is in a user group only Slack
knows, so such a step is taken to reach somebody.
"""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core import events as happened
from bot.core import targets
from bot.core.decide import decide
from bot.core.decision import Refused
from bot.core.effects import CancelTimer, LookUpGroup, Notice, PostNotice, SendPage, SetTimer
from bot.core.incident import Escalation, EscalationState, Incident, Message, Page
from bot.core.paging import is_channel
from bot.oncall.conditions import why_not
from bot.oncall.coverage import in_night
from bot.oncall.holidays import public_holidays
from bot.oncall.wallclock import in_utc
from bot.policy.model import Acknowledge, Condition, Pick, Policy, Step
from bot.policy.nearest import meant

SLACK = "Slack"
NOBODY = "nobody is on call"
MOST_MOMENTS = 100  # then it is told no further; nobody reads more
_NUMBER = 1
_FOLLOWED = (happened.StepFellDue, happened.HoldEnded, happened.ContactFellDue)  # the timers of the path
_NOWHERE = Message("", "")


@dataclass(frozen=True, slots=True)
class Way:
    """By what and when; `problem` says why it cannot work, if it cannot."""

    name: str  # SLACK, or the name of one of the person's contacts
    at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Paged:
    """Somebody who is paged, and what the page finds them in."""

    person: str
    local: datetime  # on their own clock
    asleep: bool  # between 22:00 and 06:00 there
    holiday: str | None  # the public holiday of their country that it is there
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A step at its instant, or at the instant at which it is passed over."""

    at: datetime
    round: int  # both counted from 0, as in a page
    step: int
    people: tuple[Paged, ...] = ()
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()  # their members are known to Slack only
    why: str = ""  # why nobody is paged, or why some are left out
    picks_one: bool = False  # of those whom it means, in turn from incident to incident
    needs_all: bool = False
    next_at: datetime | None = None  # when the path goes on; None where it is told no further

    @property
    def passed_over(self) -> bool:
        return not (self.people or self.channels or self.groups)


@dataclass(frozen=True, slots=True)
class Simulation:
    service: str | None
    severity: str
    at: datetime
    path: str | None  # None: no path is configured
    held_until: datetime | None  # nobody is paged before
    moments: tuple[Moment, ...]
    exhausted_at: datetime | None
    told: tuple[str, ...]  # who is told then, or at once that there is no path: the lead of the team
    cut_short: bool = False  # it goes on so for longer than is told


def simulate(service: str | None, severity: str, at: datetime, policy: Policy, number: int = _NUMBER) -> Simulation:
    """From an incident declared at an instant until its path has run out; `number` decides whose turn it is.

    Raises Refused, with a sentence, for a service or a severity that is not configured, and ValueError for an instant
    without a zone.
    """
    _must_be_known("severity", severity, list(policy.severities))
    if service is not None:
        _must_be_known("service", service, list(policy.services))
    run = _Run(policy, in_utc(at))
    run.begin(happened.IncidentDeclared(number=number, by="", title="Simulated", severity=severity, service=service))
    while run.moves and len(run.moments) < MOST_MOMENTS:
        run.next_timer()
    escalation = run.incident.escalation
    return Simulation(
        service=service,
        severity=severity,
        at=in_utc(at),
        path=escalation.path if escalation else None,
        held_until=run.held_until,
        moments=_moments(run),
        exhausted_at=run.exhausted_at,
        told=run.told,
        cut_short=run.moves,
    )


@dataclass(slots=True)
class _Place:
    """A step that came to its turn."""

    at: datetime
    round: int
    step: int
    groups: tuple[str, ...]
    why: str


@dataclass(slots=True)
class _Run:
    """One incident and the timers of its path, through time."""

    policy: Policy
    now: datetime
    state: Incident | None = None
    timers: dict[str, SetTimer] = field(default_factory=dict)
    moments: list[_Place] = field(default_factory=list)
    held_until: datetime | None = None
    exhausted_at: datetime | None = None
    told: tuple[str, ...] = ()

    @property
    def incident(self) -> Incident:
        assert self.state is not None
        return self.state

    @property
    def moves(self) -> bool:
        acting = self.incident.escalation
        return acting is not None and acting.state in (EscalationState.HELD, EscalationState.RUNNING)

    def begin(self, event: happened.IncidentDeclared) -> None:
        self._happens(event)
        acting = self.incident.escalation
        if acting is not None and acting.state is EscalationState.HELD:
            self.held_until = acting.due

    def next_timer(self) -> None:
        timer = min(self.timers.values(), key=lambda each: (each.due, each.key))
        del self.timers[timer.key]
        self.now = timer.due
        assert isinstance(timer.event, _FOLLOWED)
        self._happens(timer.event)

    def _happens(self, event: happened.IncidentEvent) -> None:
        before = self.state.escalation if self.state else None
        decision = decide(self.state, event, self.now, self.policy)
        if decision.refusal is not None:
            raise Refused(decision.refusal)
        self.state = decision.state
        sent: list[str] = []
        groups: dict[tuple[int, int], tuple[str, ...]] = {}
        for effect in decision.effects:
            match effect:
                case SetTimer() if isinstance(effect.event, _FOLLOWED):
                    self.timers[effect.key] = effect
                case CancelTimer():
                    self.timers.pop(effect.key, None)
                case SendPage():
                    sent.append(effect.page)
                case LookUpGroup(handle=handle, round=round_, step=step):
                    groups[round_, step] = (*groups.get((round_, step), ()), handle)
                case PostNotice(notice=Notice.PATH_EXHAUSTED | Notice.NO_PATH):
                    self.told = tuple(effect.facts.get("to", "").split())
        self._note(before, groups)
        for page in sent:
            self._arrives(page)

    def _arrives(self, page_id: str) -> None:
        """What Slack answers to a page."""
        page = self.incident.page(page_id)
        assert page is not None
        person, number = self.policy.people.get(page.person), self.incident.number
        if person is None or person.slack or person.email:
            self._happens(happened.PageDelivered(number=number, page=page_id, message=_NOWHERE))
        else:
            why = "Slack does not know them"
            self._happens(happened.DeliveryGivenUp(number=number, effect=SendPage.__name__, page=page_id, why=why))

    def _note(self, before: Escalation | None, groups: dict[tuple[int, int], tuple[str, ...]]) -> None:
        """The steps that have come to their turn by this decision."""
        acting = self.incident.escalation
        if acting is None or acting.state is EscalationState.HELD or self.exhausted_at is not None:
            return
        exhausted = acting.state is EscalationState.EXHAUSTED
        last = (acting.repeat, len(acting.steps)) if exhausted else (acting.round, acting.step)
        first = (before.round, before.step) if before else (0, -1)
        for round_ in range(first[0], last[0] + 1):
            for index, step in enumerate(acting.steps):
                if not first < (round_, index) <= last:
                    continue
                why = _why_not(step, self.incident, round_, self.policy, self.now)
                self.moments.append(_Place(self.now, round_, index, groups.get((round_, index), ()), why))
        if exhausted:
            self.exhausted_at = self.now


def _why_not(step: Step, incident: Incident, round_: int, policy: Policy, at: datetime) -> str:
    """Why a step reaches nobody, or why not all whom it means; by the functions by which it is decided."""
    severity = why_not(Condition(severity=step.when.severity), incident.severity, at)
    if severity is not None:
        return severity
    called = targets.called(step, incident, round_, policy, at)
    return called.why if called.why or called.people or called.groups else NOBODY


def _moments(run: _Run) -> tuple[Moment, ...]:
    ends = [place.at for place in run.moments[1:]] + [run.exhausted_at] * bool(run.moments)
    return tuple(
        _moment(place, until, run.incident, run.policy) for place, until in zip(run.moments, ends, strict=True)
    )


def _moment(place: _Place, next_at: datetime | None, incident: Incident, policy: Policy) -> Moment:
    assert incident.escalation is not None
    pages = [page for page in incident.pages if (page.round, page.step) == (place.round, place.step)]
    step = incident.escalation.steps[place.step]
    return Moment(
        at=place.at,
        round=place.round,
        step=place.step,
        people=tuple(_paged(page, policy) for page in pages if not is_channel(page.person)),
        channels=tuple(page.person for page in pages if is_channel(page.person)),
        groups=place.groups,
        why=place.why,
        picks_one=step.pick is Pick.ONE,
        needs_all=step.acknowledge is Acknowledge.ALL,
        next_at=next_at,
    )


def _paged(page: Page, policy: Policy) -> Paged:
    person = policy.people.get(page.person)
    zone = policy.zone_of(page.person)
    local = page.paged_at.astimezone(ZoneInfo(zone))
    ways = (Way(SLACK, page.paged_at, page.problem), *(Way(each.contact, each.at, each.problem) for each in page.tried))
    return Paged(
        person=page.person,
        local=local,
        asleep=in_night(zone, page.paged_at),
        holiday=_holiday(person.country, local) if person and person.country else None,
        ways=ways,
    )


def _holiday(country: str, local: datetime) -> str | None:
    try:
        return public_holidays(country, local.year).get(local.date())
    except ValueError:
        return None  # none are known for this country


def _must_be_known(kind: str, name: str, names: list[str]) -> None:
    if name not in names:
        raise Refused(f"There is no {kind} “{name}”. {meant(name, names)}")
