"""Lives of incidents for the model of paging: small numbers become events, and the laws are held after each of them.

A happening is three numbers: which move, and two choices within it. So a life can be drawn by anything
that draws numbers, told in words, and shortened by leaving happenings out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.decide import decide
from bot.core.effects import CancelTimer, Effect, LookUpGroup, SendContact, SendPage, SetTimer
from bot.core.events import (
    AnswerFellDue,
    ContactFellDue,
    ContactTried,
    GroupLookedUp,
    IncidentEvent,
    IncidentTookIn,
    PageFellLate,
)
from bot.core.incident import Incident, Page, Status
from bot.policy.model import Policy
from tests.core import given
from tests.core.given import NOON, hours, minutes
from tests.core.laws import Step, hold

Happening = tuple[int, int, int]

MAIL, SMS = {"env": "MAIL", "name": "e-mail"}, {"env": "SMS", "name": "SMS", "after": "2m"}
OFFICE = {"severity": ["sev3", "sev4"], "until": ["Mon-Fri 09:00-17:00"], "time_zone": "UTC"}
PEOPLE: Mapping[str, Any] = {
    "amina": {**given.WRITTEN["people"]["amina"], "contact": [MAIL, SMS]},
    "luis": {**given.WRITTEN["people"]["luis"], "contact": [SMS]},
}
PATHS: Mapping[str, Any] = {
    "wide": {
        "repeat": 1,
        "steps": [
            {"page": ["schedule:l1", "group:@ml"], "wait": "5m"},
            {"page": ["team:support"], "wait": "10m", "pick": "one"},
            {
                "page": ["person:sita", "channel:#ml"],
                "wait": "5m",
                "when": {"hours": ["08:00-20:00"], "time_zone": "own"},
            },
        ],
    },
    "all": {
        "repeat": 1,
        "steps": [
            {"page": ["person:amina", "person:luis"], "wait": "5m", "acknowledge": "all"},
            {"page": ["group:@ml"], "wait": "10m", "acknowledge": "all"},
            {"page": ["schedule:l2", "person:noor"], "wait": "5m", "when": {"severity": ["sev1"]}},
        ],
    },
    "held": {
        "hold": OFFICE,
        "steps": [
            {"page": ["team:support"], "wait": "1h"},
            {"page": ["group:@ml", "group:@ops"], "wait": "1h", "pick": "one"},
        ],
    },
}
SERVICES: Mapping[str, Any] = {
    "one": {"name": "One", "kind": "llm", "support": "support", "escalation_path": "wide", "sla": "standard"},
    "all": {"name": "All", "kind": "llm", "support": "support", "escalation_path": "all"},
    "by": {
        "name": "By severity",
        "kind": "llm",
        "support": "support",
        "escalation_path": {"sev1": "all", "sev2": "wide", "default": "held"},
    },
}
SEVERITIES: Mapping[str, Any] = {"sev3": {"name": "Minor", "re_page_after": "1h"}}
POLICY = given.policy(people=PEOPLE, escalation_paths=PATHS, services=SERVICES, severities=SEVERITIES)
RELOADED = (
    POLICY,
    given.policy(escalation_paths={**PATHS, "wide": PATHS["held"]}, services=SERVICES),  # and nobody has a contact
    given.policy(
        people=PEOPLE, services={name: {**written, "escalation_path": None} for name, written in SERVICES.items()}
    ),
    POLICY.model_copy(update={"services": {**POLICY.services, "orphan": POLICY.services["one"]}}),
)
A_MOMENT = minutes(1 / 60)  # nothing that people do happens at the instant of something else; timers may
NAMES = ("amina", "luis", "sita", "noor", "U0VISITOR")
LEVELS = ("sev1", "sev2", "sev3", "sev4")
STARTS = (NOON, NOON, NOON + hours(9), NOON + hours(24 * 5))  # by day, at night, on a Saturday
SPANS = (0, 1, 2, 5, 5, 10, 30, 60, 130, 900, 3000)
GROUPS: tuple[tuple[str, ...], ...] = ((), ("luis",), ("noor", "U0VISITOR"), ("amina", "luis", "sita", "luis"))
ASKED = ("person:luis", "person:noor", "schedule:l2", "team:support", "group:@ml")


@dataclass
class Life:
    """One incident, the timers that wait, and what has been handed out and not been answered yet."""

    now: datetime = NOON
    policy: Policy = POLICY
    incident: Incident | None = None
    timers: dict[str, SetTimer] = field(default_factory=dict)
    sent: list[Effect] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    run: int = 0  # how often a path has begun
    paged: set[tuple[int, int, int, str]] = field(default_factory=set)  # run, round, step and person
    known: set[tuple[int, int, int]] = field(default_factory=set)  # run, round and step of which a group was looked up
    contacted: set[tuple[str, str]] = field(default_factory=set)

    @property
    def here(self) -> Incident:
        assert self.incident is not None
        return self.incident

    def happens(self, event: IncidentEvent, choice: int = 0) -> None:
        """Now and then the first decision is lost in a crash, or the event comes again because nobody noted it."""
        self._decided(event, crashes=choice % 4 == 1)
        if choice % 5 == 4 and self.incident is not None:
            self._decided(event, crashes=False)

    def _decided(self, event: IncidentEvent, crashes: bool) -> None:
        decision = decide(self.incident, event, self.now, self.policy)
        if crashes:
            assert decide(self.incident, event, self.now, self.policy) == decision, "the same event, decided otherwise"
        step = Step(self.incident, event, decision, self.now, self.policy)
        self.steps.append(step)
        assert decision.state is not None
        self.incident = decision.state
        for effect in decision.effects:
            match effect:
                case SetTimer():
                    self.timers[effect.key] = effect
                case CancelTimer():
                    self.timers.pop(effect.key, None)
                case SendPage() | SendContact() | LookUpGroup():
                    self.sent.append(effect)
        hold(self, step)

    def rings(self, span: int, choice: int, backwards: bool = False) -> None:
        """Time passes, and then all that are due ring: late, and several at once."""
        self.now += minutes(span)
        due = sorted((timer.due, timer.key) for timer in self.timers.values() if timer.due <= self.now)
        for _, key in reversed(due) if backwards else due:
            timer = self.timers.get(key)
            if timer is not None and timer.due <= self.now:
                del self.timers[key]
                assert isinstance(timer.event, IncidentEvent)
                self.happens(timer.event, choice)

    def passes(self, span: int) -> None:
        """Time passes, and each timer rings when it is due; not for ever, for what is forgotten is paged again."""
        then = self.now + minutes(span)
        for _ in range(8):
            due = min(((timer.due, timer.key) for timer in self.timers.values()), default=(then, ""))
            if not due[1] or due[0] > then:
                break
            self.now = max(self.now, due[0])
            event = self.timers.pop(due[1]).event
            assert isinstance(event, IncidentEvent)
            self.happens(event)
        self.now = max(self.now, min(then, min((timer.due for timer in self.timers.values()), default=then)))

    def waiting(self, kind: type[Any]) -> list[Any]:
        return [effect for effect in self.sent if isinstance(effect, kind)]

    def told(self) -> str:
        return "\n".join(f"{step.now:%a %H:%M} {step.event} -> {step.outcome}" for step in self.steps)


def live(history: Iterable[Happening], start: Happening) -> Life:
    service, level, moment = start
    life = Life(now=STARTS[moment % len(STARTS)])
    name = (*SERVICES, "by", "orphan")[service % (len(SERVICES) + 2)]
    life.happens(given.declared(LEVELS[level % len(LEVELS)], name))
    for move, first, second in history:
        life.now += A_MOMENT
        MOVES[move % len(MOVES)](life, first, second)
    return life


# Moves: what may happen next


def _any(these: list[Any], choice: int) -> Any:
    return these[choice % len(these)] if these else None


def acknowledge_a_page(life: Life, first: int, second: int) -> None:
    page: Page | None = _any([page for page in life.here.pages if page.is_open] or list(life.here.pages), first)
    if page is not None:
        by = NAMES[second % len(NAMES)] if page.person.startswith("#") else page.person
        life.happens(given.acknowledged(by, page.id), second)


def acknowledge(life: Life, first: int, second: int) -> None:
    life.happens(given.acknowledged(NAMES[first % len(NAMES)]), second)


def decline_a_page(life: Life, first: int, second: int) -> None:
    page: Page | None = _any([page for page in life.here.pages if page.is_open] or list(life.here.pages), first)
    if page is not None:
        life.happens(given.page_declined(page.id, page.person), second)


def escalate(life: Life, first: int, second: int) -> None:
    life.happens(given.escalation_asked(NAMES[first % len(NAMES)]), second)


def change_severity(life: Life, first: int, second: int) -> None:
    life.happens(given.severity(LEVELS[first % len(LEVELS)]), second)


def end(life: Life, first: int, second: int) -> None:
    ends = (given.resolved(), given.resolved(), given.closed(), given.declined(), given.merged())
    life.happens(ends[first % len(ends)], second)


def reopen(life: Life, first: int, second: int) -> None:
    life.happens(given.reopened(), second)


def move(life: Life, first: int, second: int) -> None:
    life.happens(given.moved(tuple(Status)[first % len(Status)]), second)


def speak(life: Life, first: int, second: int) -> None:
    life.happens(given.updated() if first % 2 else given.noted(), second)


def ask_in(life: Life, first: int, second: int) -> None:
    life.happens(given.responders_paged(ASKED[first % len(ASKED)]), second)


def answer_from_slack(life: Life, first: int, second: int) -> None:
    """A page is delivered, or refused for good."""
    page: SendPage | None = _any(life.waiting(SendPage), second)
    if page is not None:
        life.sent.remove(page)
        life.happens(given.page_delivered(page.page) if first % 3 else given.page_given_up(page.page), second)


def answer_from_a_contact(life: Life, first: int, second: int) -> None:
    sent: SendContact | None = _any(life.waiting(SendContact), second)
    if sent is not None:
        life.sent.remove(sent)
        problem = "refused" if first % 2 else ""
        life.happens(ContactTried(number=1, page=sent.page, contact=sent.contact, problem=problem), second)


def answer_about_a_group(life: Life, first: int, second: int) -> None:
    asked: LookUpGroup | None = _any(life.waiting(LookUpGroup), second)
    if asked is not None:
        life.sent.remove(asked)
        found = GROUPS[first % len(GROUPS)]
        life.happens(GroupLookedUp(number=1, round=asked.round, step=asked.step, people=found), second)


def slack_is_down(life: Life, first: int, second: int) -> None:
    page: SendPage | None = _any(life.waiting(SendPage), first)
    if page is not None:
        life.happens(PageFellLate(number=1, page=page.page), second)


def ring_for_an_old_page(life: Life, first: int, second: int) -> None:
    """A timer that was on its way when its page ended."""
    page: Page | None = _any([page for page in life.here.pages if not page.is_open], first)
    if page is not None:
        rung = (
            AnswerFellDue(number=1, page=page.id),
            PageFellLate(number=1, page=page.id),
            ContactFellDue(number=1, page=page.id, contact="SMS"),
        )
        life.happens(rung[second % 3])


def take_in(life: Life, first: int, second: int) -> None:
    """Another is merged into it, that was declared before and may have been acknowledged."""
    has = (None, *NAMES)[first % (len(NAMES) + 1)]
    declared = life.now - minutes(SPANS[second % len(SPANS)])
    answers = f"acknowledged {life.now.isoformat()} {has}" if has else ""
    life.happens(
        IncidentTookIn(
            number=1,
            by=NAMES[second % len(NAMES)],
            other=2,
            title="The same",
            declared=declared,
            started=declared,
            answers=answers,
            acknowledged_by=has,
            people=(NAMES[0],),
        ),
        second,
    )


def take_over(life: Life, first: int, second: int) -> None:
    life.happens(given.lead_handed_over(NAMES[first % len(NAMES)]), second)


def reload(life: Life, first: int, second: int) -> None:
    life.policy = RELOADED[first % len(RELOADED)]


def let_time_pass(life: Life, first: int, second: int) -> None:
    life.passes(SPANS[first % len(SPANS)])


def cut_the_power(life: Life, first: int, second: int) -> None:
    life.rings(SPANS[first % len(SPANS)], second, backwards=second % 2 == 1)


def come_before_the_tick(life: Life, first: int, second: int) -> None:
    life.now += minutes(SPANS[first % len(SPANS)])


MOVES: tuple[Callable[[Life, int, int], None], ...] = (
    *(let_time_pass, let_time_pass, cut_the_power, come_before_the_tick),
    *(acknowledge_a_page, acknowledge_a_page, acknowledge, decline_a_page, decline_a_page, escalate),
    *(change_severity, change_severity, end, reopen, move, speak, ask_in, ask_in, take_over, reload),
    *(answer_from_slack, answer_from_slack, answer_from_a_contact, answer_about_a_group, answer_about_a_group),
    *(slack_is_down, ring_for_an_old_page, take_in),
)
