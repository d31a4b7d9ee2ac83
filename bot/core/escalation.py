"""Escalation: the steps of a path, each after the wait of the last, until somebody acknowledges.

The law of the room: while an incident is open and not acknowledged, either a step is due or the path
is exhausted and everybody who can help has been told so. Nobody is paged twice for the same step,
and nobody who has declined is paged again for this incident.
"""

from dataclasses import replace
from datetime import datetime

from bot.core import paging, targets
from bot.core.decision import Draft, Refused, mention
from bot.core.effects import Entry, LookUpGroup, Notice
from bot.core.events import EscalationAsked, GroupLookedUp, HoldEnded, SilenceFellDue, StepFellDue
from bot.core.incident import Escalation, EscalationState, PageState
from bot.oncall.conditions import held_until
from bot.policy.model import Pick, Step, TargetKind, path_name

ESCALATION = "escalation"
SILENCE = "silence"


def schedule_of(escalation: Escalation) -> str | None:
    """Whose shift answers: the first schedule that the path pages."""
    targets = (target for step in escalation.steps for target in step.page)
    return next((target.name for target in targets if target.kind is TargetKind.SCHEDULE), None)


def begin(draft: Draft) -> None:
    """Takes the snapshot of the path and pages its first step, or waits until an hour at which it may."""
    if _take_path(draft):
        _start(draft)
        return
    draft.record(None, Entry.PATH_EXHAUSTED, text="No escalation path is configured, so nobody was paged.")
    draft.tell(Notice.NO_PATH, to=" ".join(_lead_of_team(draft)))


def advance(draft: Draft) -> None:
    """Runs the next step that reaches somebody; when none is left, the path is exhausted."""
    escalation = draft.incident.escalation
    if escalation is None:
        return
    for round_, index in _steps_after(escalation):
        step = escalation.steps[index]
        if step.when.severity and draft.incident.severity not in step.when.severity:
            continue
        acting = replace(escalation, round=round_, step=index, state=EscalationState.RUNNING, due=None)
        draft.change(escalation=acting)
        called = targets.called(step, draft.incident, round_, draft.policy, draft.now)
        if not called.people and not called.groups:
            _nobody(draft, step, called.why)
            continue
        paging.page(draft, called.people)
        for handle in called.groups:
            _look_up(draft, handle)
        _wait(draft, draft.now + step.wait)
        return
    _exhaust(draft)


def advance_at_once(draft: Draft) -> None:
    """Nobody of the step is left to answer: the next runs, unless a user group of this one may not be known yet."""
    escalation = draft.incident.escalation
    assert escalation is not None
    step = escalation.steps[escalation.step]
    groups = targets.groups(step)
    began = escalation.due - step.wait if escalation.due else draft.now
    named = {person for target in step.page for person in targets.who(target, draft.policy, began)}
    known = any(page.person not in named for page in paging.of_step(draft.incident))
    if not groups or known or step.pick is Pick.ONE:
        advance(draft)
        return
    for handle in groups:  # asked once more: whoever answers, nobody of the group is passed over
        _look_up(draft, handle)


def group_looked_up(draft: Draft, event: GroupLookedUp) -> None:
    """Those of the group are paged, if its step still acts; without anybody the next step is due at once."""
    step = _acting_step(draft, event)
    if step is None:
        return
    groups = targets.groups(step)
    if not groups or (event.handle and event.handle not in groups):
        return  # asked for a step of the path that acted before
    found = targets.of_group(step, event.people, draft.incident, event.round, draft.policy, draft.now)
    paged = paging.of_step(draft.incident)
    waits = any(page.is_open for page in paged)
    new = tuple(person for person in found.people if person not in [page.person for page in paged])
    if new and not (waits and step.pick is Pick.ONE):
        paging.page(draft, new)
    elif not waits:
        _nobody(draft, step, found.why)
        advance(draft)


def next_step(escalation: Escalation, severity: str) -> Step | None:
    """The step that runs when the present wait is over; None when the path ends with it."""
    following = (escalation.steps[index] for _, index in _steps_after(escalation))
    return next((step for step in following if not step.when.severity or severity in step.when.severity), None)


def stop(draft: Draft, state: EscalationState) -> None:
    """No further step runs and no silence is watched."""
    if draft.incident.escalation is not None:
        draft.change(escalation=replace(draft.incident.escalation, state=state, due=None))
    draft.cancel_timer(ESCALATION)
    draft.cancel_timer(SILENCE)


def step_fell_due(draft: Draft, event: StepFellDue) -> None:
    if _acting_step(draft, event) is None:
        return
    some = any(page.state is PageState.ACKNOWLEDGED for page in paging.of_step(draft.incident))
    who = "Not everybody who must has" if some else "Nobody"
    draft.record(None, Entry.ESCALATED, text=f"{who} acknowledged in time.")
    advance(draft)


def _acting_step(draft: Draft, event: StepFellDue | GroupLookedUp) -> Step | None:
    """The step that the event is about, if it still acts."""
    escalation = draft.incident.escalation
    if escalation is None or escalation.state is not EscalationState.RUNNING:
        return None
    if (escalation.round, escalation.step) != (event.round, event.step):
        return None
    return escalation.steps[event.step]


def hold_ended(draft: Draft, event: HoldEnded) -> None:
    escalation = draft.incident.escalation
    if escalation is not None and escalation.state is EscalationState.HELD:
        advance(draft)


def severity_changed(draft: Draft, raised: bool) -> None:
    """While nobody has it, the path of the new severity counts; what was held may be due now, and what ran out begins
    again when it is worse than was thought."""
    acting = draft.incident.escalation
    name = path_name(draft.service, draft.incident.severity, draft.policy)
    if acting is None:
        if name is not None and draft.incident.acknowledged_by is None:
            begin(draft)  # there was none when it was declared
        return
    if acting.state in (EscalationState.ACKNOWLEDGED, EscalationState.STOPPED):
        return
    held, exhausted = acting.state is EscalationState.HELD, acting.state is EscalationState.EXHAUSTED
    if name is None:  # gone from the configuration: the snapshot goes on
        if raised and (held or exhausted):
            _restart(draft)
            advance(draft)
    elif held or name != acting.path or (raised and exhausted):
        paging.withdraw_path(draft)
        draft.cancel_timer(ESCALATION)
        begin(draft)


def escalation_asked(draft: Draft, event: EscalationAsked) -> None:
    incident = draft.incident
    if not incident.is_open:
        raise Refused(f"{incident.name} is {incident.status}; there is nobody to escalate to.")
    if incident.escalation is None and not _take_path(draft):
        raise Refused(f"{incident.name} has no escalation path. Add one to its service in the configuration.")
    draft.record(event.by, Entry.ESCALATED, text=event.reason)
    if incident.escalation is not None and incident.escalation.state is EscalationState.EXHAUSTED:
        _restart(draft)
    advance(draft)


def watch_silence(draft: Draft) -> None:
    """After an acknowledgement, silence for `re_page_after` starts the path again."""
    incident = draft.incident
    severity = draft.policy.severities.get(incident.severity)
    answered = incident.escalation is not None and incident.escalation.state is EscalationState.ACKNOWLEDGED
    if not (incident.is_open and answered and incident.mitigated_at is None and severity and severity.re_page_after):
        draft.cancel_timer(SILENCE)
        return
    draft.set_timer(SILENCE, draft.now + severity.re_page_after, SilenceFellDue(number=incident.number))


def silence_fell_due(draft: Draft, event: SilenceFellDue) -> None:
    escalation = draft.incident.escalation
    if escalation is None or escalation.state is not EscalationState.ACKNOWLEDGED or not draft.incident.is_open:
        return
    draft.record(None, Entry.PAGED_AGAIN, text="Acknowledged, and then silent for too long.")
    draft.tell(Notice.PAGED_AGAIN, by=draft.incident.acknowledged_by or "")
    _restart(draft)
    _start(draft)


def _take_path(draft: Draft) -> bool:
    """Takes the snapshot of the path that answers now, before its first step; False if there is none."""
    name = path_name(draft.service, draft.incident.severity, draft.policy)
    if name is None:
        return False
    path = draft.policy.escalation_paths[name]
    escalation = Escalation(path=name, steps=path.steps, repeat=path.repeat)
    draft.change(escalation=escalation, schedule=schedule_of(escalation))
    return True


def _start(draft: Draft) -> None:
    """Pages the first step, or waits until an hour at which this severity is paged."""
    escalation = draft.incident.escalation
    assert escalation is not None
    path = draft.policy.escalation_paths.get(escalation.path)
    until = held_until(path.hold if path else None, draft.incident.severity, draft.now)
    if until is None:
        advance(draft)
    else:
        _hold(draft, until)


def _restart(draft: Draft) -> None:
    escalation = draft.incident.escalation
    assert escalation is not None
    draft.change(escalation=replace(escalation, round=0, step=-1, state=EscalationState.RUNNING))


def _steps_after(escalation: Escalation) -> list[tuple[int, int]]:
    """(round, step) of all that is still to come, in order."""
    all_steps = [(turn, index) for turn in range(escalation.repeat + 1) for index in range(len(escalation.steps))]
    return [place for place in all_steps if place > (escalation.round, escalation.step)]


def _wait(draft: Draft, due: datetime) -> None:
    escalation = draft.incident.escalation
    assert escalation is not None
    draft.change(escalation=replace(escalation, due=due))
    fell = StepFellDue(number=draft.incident.number, round=escalation.round, step=escalation.step)
    draft.set_timer(ESCALATION, due, fell)


def _look_up(draft: Draft, handle: str) -> None:
    escalation = draft.incident.escalation
    assert escalation is not None
    at = {"round": escalation.round, "step": escalation.step}
    draft.do(LookUpGroup(number=draft.incident.number, handle=handle, **at))


def _hold(draft: Draft, until: datetime) -> None:
    escalation = draft.incident.escalation
    assert escalation is not None
    draft.change(escalation=replace(escalation, state=EscalationState.HELD, due=until))
    draft.set_timer(ESCALATION, until, HoldEnded(number=draft.incident.number))
    draft.record(None, Entry.HELD, old=escalation.path, new=until.isoformat())
    draft.tell(Notice.HELD, until=until.isoformat())


def _nobody(draft: Draft, step: Step, why: str) -> None:
    """Said once a step and incident, at the place where the path would have paged."""
    escalation = draft.incident.escalation
    assert escalation is not None
    named = " ".join(f"{target.kind}:{target.name}" for target in step.page)
    text = f"Nobody could be paged for this step: {why}." if why else "Nobody could be paged for this step."
    draft.record(None, Entry.STEP_SKIPPED, new=named, text=text)
    if escalation.round == 0:
        draft.tell(Notice.NOBODY_ON_CALL, targets=named, why=why)


def _exhaust(draft: Draft) -> None:
    escalation = draft.incident.escalation
    assert escalation is not None
    paging.exhaust(draft)
    draft.change(escalation=replace(escalation, state=EscalationState.EXHAUSTED, due=None))
    draft.cancel_timer(ESCALATION)
    leads = _lead_of_team(draft)
    text = f"Told {' '.join(mention(lead) for lead in leads)}." if leads else ""
    draft.record(None, Entry.PATH_EXHAUSTED, old=escalation.path, text=text)
    draft.tell(Notice.PATH_EXHAUSTED, to=" ".join(leads))
    paging.tell_directly(draft, leads, Notice.PATH_EXHAUSTED)


def _lead_of_team(draft: Draft) -> tuple[str, ...]:
    return (draft.team.lead,) if draft.team and draft.team.lead else ()
