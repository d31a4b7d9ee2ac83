"""Consent to what a step does: who may give it, and whether it was given."""

from collections.abc import Iterable

from bot.core.decision import Refused, mention
from bot.core.incident import ActionRun, Incident, Role, RunbookRun
from bot.core.instructions import filling, step_in_words
from bot.policy.model import Policy
from bot.policy.runbook import SECOND, RunbookStep


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


def may_alone(step: RunbookStep, by: str, incident: Incident, policy: Policy) -> bool:
    """Whether this person need ask nobody else."""
    return step.approve != SECOND and by in who_may(step.approve or "", incident, policy)


def must_consent(step: RunbookStep, action: ActionRun, by: str, incident: Incident, policy: Policy) -> None:
    """Raises Refused for whoever may not."""
    approve = step.approve or SECOND  # the runbook was changed meanwhile
    if approve == SECOND:
        if by == action.asked_by:
            raise Refused("A second person must consent; you are the one who asked.")
        return
    people = who_may(approve, incident, policy)
    if by not in people:
        if not people:
            raise Refused(f"Nobody is {approve} of {incident.name} yet. Give somebody the role first.")
        names = " or ".join(mention(person) for person in people)
        raise Refused(f"Only {names} may consent to this.")


def is_needed(step: RunbookStep, run: RunbookRun, incident: Incident, policy: Policy) -> bool:
    """Whether nobody has consented yet to what the step in hand does; what became of that is another matter."""
    if step.approve is None or (step.run is None and step.do is None):
        return False
    given = (each for each in run.actions_here if each.decided_by is not None and not each.is_refused and not each.dry)
    if step.run is not None:
        return next(given, None) is None
    says = by_hand(step, run, incident, policy)  # the runbook may have been changed since
    return all(each.request != says for each in given)


def by_hand(step: RunbookStep, run: RunbookRun, incident: Incident, policy: Policy) -> str:
    """What people are to do, as it is consented to."""
    return step_in_words(step, filling(incident, policy, run))


def must_be_given(step: RunbookStep, run: RunbookRun, by: str, incident: Incident, policy: Policy) -> None:
    """Before what needs it counts as done by hand. Raises Refused."""
    if not is_needed(step, run, incident, policy) or may_alone(step, by, incident, policy):
        return
    if step.approve == SECOND:
        whose = "a second person"
    else:
        people = who_may(step.approve or "", incident, policy)
        whose = " or ".join(mention(person) for person in people) or f"the {step.approve}"
    raise Refused(f"This is only done with the consent of {whose}. The runbook has the button that asks.")
