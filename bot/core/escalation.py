"""Escalation: the steps of a path, each after the wait of the last, until somebody acknowledges.

The law of the room: while an incident is open and not acknowledged, either a step is due or the path
is exhausted and everybody who can help has been told so. Nobody is paged twice for the same step,
and nobody who has declined is paged again for this incident.
"""

from dataclasses import replace
from datetime import datetime

from bot.core import paging
from bot.core.decision import Draft, Refused, mention
from bot.core.effects import Entry, Notice
from bot.core.events import EscalationAsked, SilenceFellDue, StepFellDue
from bot.core.incident import Escalation, EscalationState
from bot.oncall.schedule import on_call
from bot.policy.model import PageTarget, Policy, Service, Step, TargetKind

ESCALATION = "escalation"
SILENCE = "silence"


def path_of(service: Service | None, policy: Policy) -> str | None:
    """The name of the path that answers for a service, or for no service in particular."""
    named = service.escalation_path if service else None
    name = named or policy.workspace.default_escalation_path
    return name if name in policy.escalation_paths else None


def schedule_of(escalation: Escalation) -> str | None:
    """Whose shift answers: the first schedule that the path pages."""
    targets = (target for step in escalation.steps for target in step.page)
    return next((target.name for target in targets if target.kind is TargetKind.SCHEDULE), None)


def begin(draft: Draft) -> None:
    """Takes the snapshot of the path and pages its first step."""
    name = path_of(draft.service, draft.policy)
    if name is None:
        draft.record(None, Entry.PATH_EXHAUSTED, text="No escalation path is configured, so nobody was paged.")
        draft.tell(Notice.NO_PATH, to=" ".join(_lead_of_team(draft)))
        return
    path = draft.policy.escalation_paths[name]
    escalation = Escalation(path=name, steps=path.steps, repeat=path.repeat)
    draft.change(escalation=escalation, schedule=schedule_of(escalation))
    advance(draft)


def advance(draft: Draft) -> None:
    """Runs the next step that reaches somebody; when none is left, the path is exhausted."""
    escalation = draft.incident.escalation
    if escalation is None:
        return
    for round_, index in _steps_after(escalation):
        step = escalation.steps[index]
        if step.when.severity and draft.incident.severity not in step.when.severity:
            continue
        people = tuple(person for person in _people_of(draft, step) if not paging.has_declined(draft.incident, person))
        acting = replace(escalation, round=round_, step=index, state=EscalationState.RUNNING, due=None)
        draft.change(escalation=acting)
        if not people:
            _nobody(draft, step)
            continue
        paging.page(draft, people)
        _wait(draft, draft.now + step.wait)
        return
    _exhaust(draft)


def next_step(escalation: Escalation, severity: str) -> Step | None:
    """The step that runs when the present wait is over; None when the path ends with it."""
    following = (escalation.steps[index] for _, index in _steps_after(escalation))
    return next((step for step in following if not step.when.severity or severity in step.when.severity), None)


def who(target: PageTarget, policy: Policy, at: datetime) -> tuple[str, ...]:
    """The people a target means at an instant; nobody when it is unknown or nobody is on call."""
    match target.kind:
        case TargetKind.PERSON:
            return (target.name,) if target.name in policy.people else ()
        case TargetKind.TEAM:
            team = policy.teams.get(target.name)
            return team.members if team else ()
        case TargetKind.SCHEDULE:
            schedule = policy.schedules.get(target.name)
            return on_call(schedule, at, policy.overrides_of(target.name)).people if schedule else ()


def stop(draft: Draft, state: EscalationState) -> None:
    """No further step runs and no silence is watched."""
    if draft.incident.escalation is not None:
        draft.change(escalation=replace(draft.incident.escalation, state=state, due=None))
    draft.cancel_timer(ESCALATION)
    draft.cancel_timer(SILENCE)


def step_fell_due(draft: Draft, event: StepFellDue) -> None:
    escalation = draft.incident.escalation
    if escalation is None or escalation.state is not EscalationState.RUNNING:
        return
    if (escalation.round, escalation.step) != (event.round, event.step):
        return
    draft.record(None, Entry.ESCALATED, text="Nobody acknowledged in time.")
    advance(draft)


def escalation_asked(draft: Draft, event: EscalationAsked) -> None:
    incident = draft.incident
    if not incident.is_open:
        raise Refused(f"{incident.name} is {incident.status}; there is nobody to escalate to.")
    if incident.escalation is None:
        raise Refused(f"{incident.name} has no escalation path. Add one to its service in the configuration.")
    draft.record(event.by, Entry.ESCALATED, text=event.reason)
    if incident.escalation.state is EscalationState.EXHAUSTED:
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
    advance(draft)


def _restart(draft: Draft) -> None:
    escalation = draft.incident.escalation
    assert escalation is not None
    draft.change(escalation=replace(escalation, round=0, step=-1, state=EscalationState.RUNNING))


def _steps_after(escalation: Escalation) -> list[tuple[int, int]]:
    """(round, step) of all that is still to come, in order."""
    all_steps = [(turn, index) for turn in range(escalation.repeat + 1) for index in range(len(escalation.steps))]
    return [place for place in all_steps if place > (escalation.round, escalation.step)]


def _people_of(draft: Draft, step: Step) -> tuple[str, ...]:
    named = (person for target in step.page for person in who(target, draft.policy, draft.now))
    return tuple(dict.fromkeys(named))


def _wait(draft: Draft, due: datetime) -> None:
    escalation = draft.incident.escalation
    assert escalation is not None
    draft.change(escalation=replace(escalation, due=due))
    fell = StepFellDue(number=draft.incident.number, round=escalation.round, step=escalation.step)
    draft.set_timer(ESCALATION, due, fell)


def _nobody(draft: Draft, step: Step) -> None:
    """Said once a step and incident, at the place where the path would have paged."""
    escalation = draft.incident.escalation
    assert escalation is not None
    targets = " ".join(f"{target.kind}:{target.name}" for target in step.page)
    draft.record(None, Entry.STEP_SKIPPED, new=targets, text="Nobody could be paged for this step.")
    if escalation.round == 0:
        draft.tell(Notice.NOBODY_ON_CALL, targets=targets)


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
