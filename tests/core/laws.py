"""The laws of paging, each held after every single decision of a life."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bot.core import targets
from bot.core.decision import Decision
from bot.core.effects import LookUpGroup, Notice, PostNotice, SendContact, SendPage
from bot.core.events import (
    AnswerFellDue,
    ContactFellDue,
    ContactTried,
    DeliveryGivenUp,
    EscalationAsked,
    GroupLookedUp,
    HoldEnded,
    IncidentAcknowledged,
    IncidentEvent,
    LeadHandedOver,
    PageDeclined,
    PageFellLate,
    RespondersPaged,
    SeverityChanged,
    SilenceFellDue,
    StepFellDue,
)
from bot.core.incident import Escalation, EscalationState, Incident, Page, PageState
from bot.oncall.conditions import held_until
from bot.policy.model import Pick, Policy, TargetKind

if TYPE_CHECKING:
    from tests.core.lives import Life

RUNNING, HELD, EXHAUSTED = EscalationState.RUNNING, EscalationState.HELD, EscalationState.EXHAUSTED
WAITS = (RUNNING, HELD)


@dataclass
class Step:
    """One decision: what was, what happened, and what came of it."""

    before: Incident | None
    event: IncidentEvent
    decision: Decision[Incident | None]
    now: datetime
    policy: Policy

    @property
    def after(self) -> Incident:
        assert self.decision.state is not None
        return self.decision.state

    @cached_property
    def new(self) -> tuple[Page, ...]:
        return self.after.pages[len(self.before.pages) if self.before else 0 :]

    @property
    def by_path(self) -> list[Page]:
        return [page for page in self.new if not page.by_hand]

    @property
    def was(self) -> Escalation | None:
        return self.before.escalation if self.before else None

    @property
    def outcome(self) -> str:
        acting = self.after.escalation
        pages = " ".join(f"{page.id}:{page.person}:{page.state}" for page in self.after.pages)
        where = f"{acting.state} {acting.round}.{acting.step}" if acting else "no path"
        return self.decision.refusal or f"{self.after.status}, {where}, {pages}"


def hold(life: Life, step: Step) -> None:
    if step.decision.refusal is not None:
        assert step.decision.state is step.before, "refused, and yet something has changed"
        assert not step.decision.effects, "refused, and yet something is done"
        if isinstance(step.event, IncidentAcknowledged):
            assert step.event.by not in _asked(step.after), "whoever is asked may not answer"
        return
    _pages_move_from_open_to_one_end(step)
    _every_new_page_is_sent_once(step)
    _a_group_is_not_passed_over(life, step)
    _a_person_has_one_page_a_step(life, step)
    _nobody_is_paged_without_need(step)
    _a_held_incident_pages_nobody(step)
    _an_open_incident_is_never_silently_unanswered(life, step)
    _what_has_ended_rings_in_vain(step)
    _other_ways_are_used_once_and_for_open_pages(life, step)
    _an_answer_counts(step)
    _who_is_asked_by_hand_changes_no_path(life, step)


def _pages_move_from_open_to_one_end(step: Step) -> None:
    before = step.before.pages if step.before else ()
    for old, page in zip(before, step.after.pages, strict=False):
        assert old.id == page.id, "a page was lost"
        assert old.is_open or (old.state, old.ended_at, old.ended_by) == (page.state, page.ended_at, page.ended_by)
    for page in step.after.pages:
        assert page.is_open == (page.ended_at is None)
        assert step.after.is_open or not page.is_open, "a page is open for what has ended"


def _every_new_page_is_sent_once(step: Step) -> None:
    sent = [effect.page for effect in step.decision.effects if isinstance(effect, SendPage)]
    assert sent == [page.id for page in step.new], "sent is not what is noted"
    assert not sent or step.after.is_open, "a page was sent after the end"


def _a_group_is_not_passed_over(life: Life, step: Step) -> None:
    was, acting = step.was, step.after.escalation
    if was is None or was.state is not RUNNING or acting is None:
        return
    place, means = _place(was), was.steps[was.step]
    groups = _pages_a_group(was)
    if groups and isinstance(step.event, GroupLookedUp) and place == (step.event.round, step.event.step):
        life.known.add((life.run, *place))
        left = targets.of_group(means, step.event.people, step.after, was.round, step.policy, step.now).people
        new = {person for person in left if (life.run, *place, person) not in life.paged}
        if means.pick is Pick.ALL:
            assert new <= {page.person for page in step.by_path}, "somebody of a group is not paged"
    if groups and means.pick is Pick.ALL and isinstance(step.event, PageDeclined | DeliveryGivenUp | ContactTried):
        assert (life.run, *place) in life.known or _place(acting) == place, "a group is passed over"


def _a_person_has_one_page_a_step(life: Life, step: Step) -> None:
    acting = step.after.escalation
    again = isinstance(step.event, SilenceFellDue | SeverityChanged | EscalationAsked) and step.was != acting
    began = step.was is None or (again and acting is not None and _place(acting) <= _place(step.was))
    life.run += began
    for page in step.by_path:
        key = (life.run, page.round, page.step, page.person)
        assert key not in life.paged, f"{page.person} is paged again for the same step"
        life.paged.add(key)
    waiting = _asked(step.after)
    assert len(waiting) == len(set(waiting)), "somebody has two open pages"
    if acting is not None and acting.state is RUNNING and acting.steps[acting.step].pick is Pick.ONE:
        here = [page for page in step.after.pages if page.is_open and (page.round, page.step) == _place(acting)]
        assert len(here) <= 1, "more than one of those of whom one is enough"


def _nobody_is_paged_without_need(step: Step) -> None:
    if not step.by_path:
        return
    declined = {page.person for page in step.after.pages if page.state is PageState.DECLINED}
    assert not declined & {page.person for page in step.by_path}, "who has declined is paged again"
    if step.was is not None and step.was.state in (EscalationState.ACKNOWLEDGED, EscalationState.STOPPED):
        assert isinstance(step.event, SilenceFellDue | EscalationAsked), "paged, though somebody has it"


def _a_held_incident_pages_nobody(step: Step) -> None:
    if not step.by_path or isinstance(step.event, EscalationAsked):
        return
    was, acting = step.was, step.after.escalation
    assert acting is not None
    path = step.policy.escalation_paths.get(acting.path)
    hour = held_until(path.hold if path else None, step.after.severity, step.now)
    if was is None or isinstance(step.event, SilenceFellDue):
        assert hour is None, "paged at an hour at which it is held"
    elif was.state is HELD:
        come = isinstance(step.event, HoldEnded) and was.due is not None and was.due <= step.now
        raised = isinstance(step.event, SeverityChanged) and step.before is not None
        assert come or (raised and (hour is None or _is_worse(step))), "a held incident was paged before its hour"


def _is_worse(step: Step) -> bool:
    order = list(step.policy.severities)
    return step.before is not None and order.index(step.after.severity) < order.index(step.before.severity)


def _an_open_incident_is_never_silently_unanswered(life: Life, step: Step) -> None:
    after, acting = step.after, step.after.escalation
    timer = life.timers.get("incident:1:escalation")
    told = [effect.notice for effect in step.decision.effects if isinstance(effect, PostNotice)]
    if acting is None:
        assert timer is None
        assert step.before is not None or Notice.NO_PATH in told
        return
    assert (timer is not None) == (acting.state in WAITS), f"{acting.state}, and its timer is {timer}"
    assert timer is None or timer.due == acting.due
    assert (acting.state in (*WAITS, EXHAUSTED)) or after.acknowledged_by is not None or not after.is_open
    assert after.is_open == (acting.state is not EscalationState.STOPPED)
    if acting.state is EXHAUSTED and step.was != acting:
        assert Notice.PATH_EXHAUSTED in told, "the path has run out, and nobody is told"
    if acting.state is HELD and step.was != acting:
        assert Notice.HELD in told
    asked = [page for page in after.pages if page.is_open and not page.by_hand]
    if acting.state is RUNNING:
        here = [page for page in asked if (page.round, page.step) == _place(acting)]
        looking = [each for each in life.waiting(LookUpGroup) if (each.round, each.step) == _place(acting)]
        assert here or looking, "the path waits for nobody"
    else:
        assert not asked, f"{acting.state}, and {asked} must answer"


def _what_has_ended_rings_in_vain(step: Step) -> None:
    was, vain = step.was, False
    match step.event:
        case StepFellDue(round=round_, step=place):
            vain = was is None or was.state is not RUNNING or _place(was) != (round_, place)
        case GroupLookedUp(round=round_, step=place):
            vain = was is None or was.state is not RUNNING or _place(was) != (round_, place) or not _pages_a_group(was)
        case HoldEnded():
            vain = was is None or was.state is not HELD
        case SilenceFellDue():
            vain = was is None or was.state is not EscalationState.ACKNOWLEDGED
        case AnswerFellDue(page=page) | ContactFellDue(page=page) | PageFellLate(page=page):
            found = step.before.page(page) if step.before else None
            vain = found is None or not found.is_open
    if vain:
        assert step.after == step.before, "what has ended was changed by its timer"
        assert not step.decision.effects, "the timer of what has ended does something"


def _other_ways_are_used_once_and_for_open_pages(life: Life, step: Step) -> None:
    for effect in step.decision.effects:
        if isinstance(effect, SendContact):
            page = step.after.page(effect.page)
            assert page is not None
            assert page.is_open, "somebody is called for a page that has ended"
            assert (effect.page, effect.contact) not in life.contacted, "called twice in the same way"
            life.contacted.add((effect.page, effect.contact))
    for page in step.after.pages:
        if page.is_open and page.problem:
            assert any(not each.problem for each in page.tried), "no way leads to them, and yet they must answer"
        assert max(Counter(each.contact for each in page.tried).values(), default=1) == 1


def _an_answer_counts(step: Step) -> None:
    acting = step.after.escalation
    if isinstance(step.event, IncidentAcknowledged):
        assert step.event.by not in _asked(step.after), "has acknowledged, and must answer"
        assert step.after.acknowledged_by is not None
        joined = step.was == acting
        assert joined or acting is None or acting.state is EscalationState.ACKNOWLEDGED or acting.needs_all
    if isinstance(step.event, LeadHandedOver):
        assert step.event.by not in _asked(step.after), "has taken the incident, and must answer"
    if isinstance(step.event, PageDeclined) and step.was is not None and step.was.state is RUNNING:
        page = step.after.page(step.event.page)
        assert page is not None
        assert page.state is PageState.DECLINED


def _who_is_asked_by_hand_changes_no_path(life: Life, step: Step) -> None:
    if isinstance(step.event, RespondersPaged | AnswerFellDue):
        assert step.was == step.after.escalation, "the path has changed for somebody who was asked by hand"
        assert not step.by_path
    for page in step.after.pages:
        if page.by_hand:
            rings = f"incident:1:page:{page.id}:answer" in life.timers
            assert rings == page.is_open, "an answer is awaited exactly while the page is open"


def _pages_a_group(acting: Escalation) -> bool:
    return any(target.kind is TargetKind.GROUP for target in acting.steps[acting.step].page)


def _asked(incident: Incident) -> list[str]:
    return [page.person for page in incident.pages if page.is_open]


def _place(acting: Escalation) -> tuple[int, int]:
    return acting.round, acting.step
