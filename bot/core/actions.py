"""The actions of runbooks: asked for, consented to, done once, and kept with what came of them.

What Baton does to the incident itself is done in the same decision. What reaches other systems is carried out behind
an effect, is marked as begun before it begins, and is never done a second time unless somebody asks again.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.core import lifecycle, responders, roles, runbook, updates
from bot.core.decision import Draft, Refused, mention
from bot.core.effects import Entry, Notice, RefreshRunbook, RunAction
from bot.core.events import RespondersPaged, RoleTaken, SeverityChanged, StatusMoved, UpdatePosted
from bot.core.incident import ActionRun, ActionState, Incident, Role, RunbookRun, Status, StepState, StepTaken
from bot.core.instructions import act, filled_in
from bot.core.requests import dump, requested
from bot.core.runbook_events import ActionApproved, ActionAsked, ActionBegan, ActionEnded, ActionRefused
from bot.core.targets import who
from bot.policy.actions import Action
from bot.policy.model import Policy
from bot.policy.runbook import SECOND, Runbook, RunbookStep

MOST_RESULT = 4000  # characters that are kept
MOST_ACTIONS = 20  # of one run


def asked(draft: Draft, event: ActionAsked) -> None:
    book, run, step = runbook.in_hand(draft, event)
    if step.run is None:
        raise Refused("This step has no action; do what it says, and press Done.")
    if run.action is not None and run.action.is_under_way:
        raise Refused("Its action has been asked for already; the message shows how it stands.")
    if event.seen is not None and event.seen != len(run.actions):
        raise Refused("Its action has been asked for meanwhile; look at what came of it before you ask again.")
    if len(run.actions) >= MOST_ACTIONS:
        raise Refused(f"This runbook has run {MOST_ACTIONS} actions already. Do it by hand, and press Done.")
    wants_dry_run = can_be_dry(step, draft.policy)
    if event.dry and not wants_dry_run:
        raise Refused("This action cannot be tried dry.")
    if not event.dry and wants_dry_run and not was_dry(run):
        raise Refused("Look at the dry run first.")
    consented = event.dry or step.approve is None or _may_consent_alone(draft, step, event.by)
    after = _new(draft, run, step, event, consented)
    if step.approve and not consented:
        people = who_may(step.approve, draft.incident, draft.policy, but=event.by)
        runbook.tell_of(draft, Notice.CONSENT_ASKED, after, by=event.by, people=" ".join(people), approve=step.approve)
    elif consented:
        _begin(draft, book, after, step)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def _new(draft: Draft, run: RunbookRun, step: RunbookStep, event: ActionAsked, consented: bool) -> RunbookRun:
    own = event.dry and step.dry_run is not None
    action = step.dry_run if own else step.run
    assert action is not None
    call, words = "", act(action, draft.incident, draft.policy, run)
    if action.is_outward:
        request = requested(action, event.dry and not own, run, draft.incident, draft.policy)
        call, words = dump(request), str(request)
    new = ActionRun(
        id=f"{run.id}-a{len(run.actions) + 1}",
        step=step.id,
        request=words,
        call=call,
        asked_by=event.by,
        asked_at=draft.now,
        state=ActionState.QUEUED if consented else ActionState.ASKED,
        dry=event.dry,
        decided_by=event.by if consented and step.approve and not event.dry else None,
    )
    draft.record(event.by, Entry.ACTION_ASKED, old=step.id, new="dry run" if event.dry else None, text=words)
    return _put(draft, run, new)


def approved(draft: Draft, event: ActionApproved) -> None:
    book, run, step, action = _waiting(draft, event)
    _must_consent(draft, step, action, event.by)
    draft.record(event.by, Entry.ACTION_APPROVED, old=step.id, text=action.request)
    after = _put(draft, run, replace(action, state=ActionState.QUEUED, decided_by=event.by))
    _begin(draft, book, after, step)
    draft.do(RefreshRunbook(number=event.number, run=run.id))


def refused(draft: Draft, event: ActionRefused) -> None:
    """Whoever may consent may refuse, and whoever asked may think better of it."""
    _, run, step, action = _waiting(draft, event)
    if event.by != action.asked_by:
        _must_consent(draft, step, action, event.by)
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


def _may_consent_alone(draft: Draft, step: RunbookStep, by: str) -> bool:
    return step.approve != SECOND and by in who_may(step.approve or "", draft.incident, draft.policy)


def _must_consent(draft: Draft, step: RunbookStep, action: ActionRun, by: str) -> None:
    approve = step.approve or SECOND  # the runbook was changed meanwhile
    if approve == SECOND:
        if by == action.asked_by:
            raise Refused("A second person must consent; you are the one who asked.")
        return
    people = who_may(approve, draft.incident, draft.policy)
    if by not in people:
        if not people:
            raise Refused(f"Nobody is {approve} of {draft.incident.name} yet. Give somebody the role first.")
        names = " or ".join(mention(person) for person in people)
        raise Refused(f"Only {names} may consent to this.")


def who_may(approve: str, incident: Incident, policy: Policy, but: str = "") -> tuple[str, ...]:
    """Who holds the role, or is in the team; of a second person nobody in particular, but the lead is asked."""
    team = policy.teams.get(approve)
    if team is not None:
        found: Iterable[str] = (*((team.lead,) if team.lead else ()), *team.members)
    elif approve == SECOND:
        found = (incident.lead or "",)
    else:
        found = (dict(incident.roles).get(Role(approve), ""),) if approve in set(Role) else ()  # a team that is no more
    return tuple(dict.fromkeys(person for person in found if person and person != but))


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
