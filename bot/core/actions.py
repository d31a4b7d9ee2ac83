"""The actions of runbooks: asked for, consented to, done once, and kept with what came of them.

What Baton does to the incident itself is done in the same decision. What reaches other systems is carried out behind
an effect, is marked as begun before it begins, and is never done a second time unless somebody asks again.
"""

from dataclasses import replace

from bot.core import consent, lifecycle, responders, roles, runbook, updates
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice, RefreshRunbook, RunAction
from bot.core.events import RespondersPaged, RoleTaken, SeverityChanged, StatusMoved, UpdatePosted
from bot.core.incident import ActionRun, ActionState, Role, RunbookRun, Status, StepState, StepTaken
from bot.core.instructions import act, filled_in
from bot.core.requests import dump, requested
from bot.core.runbook_events import ActionApproved, ActionAsked, ActionBegan, ActionEnded, ActionRefused
from bot.core.targets import who
from bot.policy.actions import Action
from bot.policy.model import Policy
from bot.policy.runbook import Runbook, RunbookStep

MOST_RESULT = 4000  # characters that are kept
MOST_ACTIONS = 20  # of one run


def asked(draft: Draft, event: ActionAsked) -> None:
    book, run, step = runbook.in_hand(draft, event)
    if step.run is None and step.approve is None:
        raise Refused("This step has no action; do what it says, and press Done.")
    if run.action is not None and run.action.is_under_way:
        raise Refused("Its action has been asked for already; the message shows how it stands.")
    if event.seen is not None and event.seen != len(run.actions):
        raise Refused("Its action has been asked for meanwhile; look at what came of it before you ask again.")
    if sum(each.began_at is not None and not each.dry for each in run.actions) >= MOST_ACTIONS:
        raise Refused(f"This runbook has run {MOST_ACTIONS} actions already. Skip this one, and do it by hand.")
    wants_dry_run = can_be_dry(step, draft.policy)
    if event.dry and not wants_dry_run:
        raise Refused("This action cannot be tried dry.")
    if not event.dry and wants_dry_run and not was_dry(run):
        raise Refused("Look at the dry run first.")
    consented = event.dry or step.approve is None or consent.may_alone(step, event.by, draft.incident, draft.policy)
    after = _new(draft, run, step, event, consented)
    if step.approve and not consented:
        people = consent.who_may(step.approve, draft.incident, draft.policy, but=event.by)
        runbook.tell_of(draft, Notice.CONSENT_ASKED, after, by=event.by, people=" ".join(people), approve=step.approve)
    elif step.run is not None:
        _begin(draft, book, after, step)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def _new(draft: Draft, run: RunbookRun, step: RunbookStep, event: ActionAsked, consented: bool) -> RunbookRun:
    call, words = _request(draft, run, step, event.dry)
    new = ActionRun(
        id=f"{run.id}-a{len(run.actions) + 1}",
        step=step.id,
        request=words,
        call=call,
        asked_by=event.by,
        asked_at=draft.now,
        state=_consented(step) if consented else ActionState.ASKED,
        dry=event.dry,
        decided_by=event.by if consented and step.approve and not event.dry else None,
    )
    draft.record(event.by, Entry.ACTION_ASKED, old=step.id, new="dry run" if event.dry else None, text=words)
    return _put(draft, run, new)


def _request(draft: Draft, run: RunbookRun, step: RunbookStep, dry: bool) -> tuple[str, str]:
    """For a machine, and in words; what is done by hand is in words alone."""
    own = dry and step.dry_run is not None
    action = step.dry_run if own else step.run
    if action is None:
        return "", consent.by_hand(step, run, draft.incident, draft.policy)
    if not action.is_outward:
        return "", act(action, draft.incident, draft.policy, run)
    request = requested(action, dry and not own, run, draft.incident, draft.policy)
    return dump(request), str(request)


def _consented(step: RunbookStep) -> ActionState:
    return ActionState.QUEUED if step.run is not None else ActionState.CONSENTED


def approved(draft: Draft, event: ActionApproved) -> None:
    book, run, step, action = _waiting(draft, event)
    if not action.call and _request(draft, run, step, dry=False) != ("", action.request):
        raise Refused("The runbook has been changed since that was asked for. Refuse it, and ask again.")
    consent.must_consent(step, action, event.by, draft.incident, draft.policy)
    draft.record(event.by, Entry.ACTION_APPROVED, old=step.id, text=action.request)
    after = _put(draft, run, replace(action, state=_consented(step), decided_by=event.by))
    if step.run is not None:
        _begin(draft, book, after, step)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def refused(draft: Draft, event: ActionRefused) -> None:
    """Whoever may consent may refuse, and whoever asked may think better of it."""
    _, run, step, action = _waiting(draft, event)
    if event.by != action.asked_by:
        consent.must_consent(step, action, event.by, draft.incident, draft.policy)
    draft.record(event.by, Entry.ACTION_REFUSED, old=step.id, text=event.reason or action.request)
    ended = replace(
        action, state=ActionState.REFUSED, decided_by=event.by, ended_at=draft.now, result=event.reason.strip()
    )
    _put(draft, run, ended)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def began(draft: Draft, event: ActionBegan) -> None:
    found = _find(draft, event.run, event.action)
    if found is None or found[1].state is not ActionState.QUEUED:
        raise Refused("That action is not waiting to be done.")
    run, action = found
    draft.record(None, Entry.ACTION_BEGAN, old=action.step, text=action.request)
    _put(draft, run, replace(action, state=ActionState.RUNNING, began_at=draft.now))
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def ended(draft: Draft, event: ActionEnded) -> None:
    """What came of it; a success that asks for no second look ends its step, too."""
    found = _find(draft, event.run, event.action)
    if found is None or not (found[1].is_under_way or found[1].state is ActionState.UNKNOWN):
        return
    run, action = found
    result = event.result[:MOST_RESULT]
    draft.record(None, Entry.ACTION_ENDED, old=action.step, new=event.state, text=result)
    after = _put(draft, run, replace(action, state=event.state, ended_at=draft.now, result=result))
    book = draft.policy.runbooks.get(run.runbook)
    step = book.step(action.step) if book else None
    if event.state is ActionState.DONE and book and step and not action.dry:
        _go_on(draft, book, after, step, action)
    elif event.state in (ActionState.FAILED, ActionState.UNKNOWN):
        notice = Notice.ACTION_FAILED if event.state is ActionState.FAILED else Notice.ACTION_UNKNOWN
        runbook.tell_of(draft, notice, after, person=action.asked_by, request=action.request)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def can_be_dry(step: RunbookStep, policy: Policy) -> bool:
    """Whether it can be shown beforehand what it would do."""
    if step.run is None:
        return False
    command = policy.commands.get(step.run.command.command) if step.run.command else None
    return step.dry_run is not None or (command is not None and bool(command.dry_run))


def was_dry(run: RunbookRun) -> bool:
    """Whether the step in hand has been shown beforehand, whatever came of it."""
    action = run.action
    return action is not None and (not action.dry or not action.is_under_way)


def _begin(draft: Draft, book: Runbook, run: RunbookRun, step: RunbookStep) -> None:
    action = run.actions[-1]
    if action.call:
        draft.do(RunAction(number=draft.incident.number, run=run.id, action=action.id))
        return
    assert step.run is not None
    so = _is_so(draft, step.run, action.asked_by)
    if not so:
        _do(draft, step.run, run, action.asked_by)
    draft.record(None, Entry.ACTION_ENDED, old=step.id, new=ActionState.DONE, text=so or action.request)
    done = replace(action, state=ActionState.DONE, began_at=draft.now, ended_at=draft.now, result=so)
    _go_on(draft, book, _put(draft, run, done), step, action)


def _is_so(draft: Draft, action: Action, by: str) -> str:
    """Why nothing need be done, as a sentence; a runbook never makes an incident milder than people have called it."""
    incident, policy = draft.incident, draft.policy
    if action.severity and policy.rank(incident.severity) <= policy.rank(action.severity):
        return f"It is {incident.severity} already."
    if action.status == incident.status:
        return f"It is {incident.status} already."
    if action.role and dict(incident.roles).get(Role(action.role)) == by:
        return f"You are {action.role} already."
    if action.page:
        people = {person for target in action.page for person in who(target, policy, draft.now)}
        paged = {page.person for page in incident.pages if page.is_open}
        if people and people <= paged:
            return "They are being paged already."
    return ""


def _do(draft: Draft, action: Action, run: RunbookRun, by: str) -> None:
    """What Baton does to the incident itself, as if whoever asked had done it by hand; so it may be refused."""
    number = draft.incident.number
    if action.severity:
        reason = f"runbook {run.runbook}"
        lifecycle.severity_changed(draft, SeverityChanged(number=number, by=by, to=action.severity, reason=reason))
    elif action.status:
        lifecycle.status_moved(draft, StatusMoved(number=number, by=by, to=Status(action.status)))
    elif action.role:
        roles.role_taken(draft, RoleTaken(number=number, by=by, role=Role(action.role), person=by))
    elif action.page:
        responders.paged(draft, RespondersPaged(number=number, by=by, targets=action.page))
    else:
        text = filled_in(action.update or "", draft.incident, draft.policy, run)
        updates.update_posted(draft, UpdatePosted(number=number, by=by, text=text))


def _go_on(draft: Draft, book: Runbook, run: RunbookRun, step: RunbookStep, action: ActionRun) -> None:
    if step.expect is None and run.present == step.id and draft.incident.is_open:
        taken = StepTaken(step.id, StepState.DONE, action.asked_by, draft.now, since=run.since, evidence=run.evidence)
        runbook.take(draft, book, run, step, taken)


def _waiting(draft: Draft, event: ActionApproved | ActionRefused) -> tuple[Runbook, RunbookRun, RunbookStep, ActionRun]:
    book, run, step = runbook.in_hand(draft, event)
    action = run.action
    if action is None or action.state is not ActionState.ASKED or event.action not in (None, action.id):
        raise Refused("Nothing waits for consent there any more.")
    return book, run, step, action


def _find(draft: Draft, run_id: str, action_id: str) -> tuple[RunbookRun, ActionRun] | None:
    run = draft.incident.run(run_id)
    action = next((each for each in run.actions if each.id == action_id), None) if run else None
    return (run, action) if run is not None and action is not None else None


def _put(draft: Draft, run: RunbookRun, action: ActionRun) -> RunbookRun:
    """The action as it stands now, in its run."""
    present = draft.incident.run(run.id) or run
    others = tuple(each for each in present.actions if each.id != action.id)
    after = replace(present, actions=(*others, action))
    draft.replace_run(after)
    return after
