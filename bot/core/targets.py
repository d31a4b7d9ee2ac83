"""Whom a step means at an instant: its targets as people, less those whom its conditions leave out."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bot.core.incident import Incident, PageState
from bot.oncall.conditions import why_not
from bot.oncall.schedule import on_call_in
from bot.policy.model import PageTarget, Pick, Policy, Step, TargetKind


class Called(NamedTuple):
    """The people (and channels, with their #) to page, the user groups to look up first, and why others are not."""

    people: tuple[str, ...]
    groups: tuple[str, ...] = ()
    why: str = ""


def who(target: PageTarget, policy: Policy, at: datetime) -> tuple[str, ...]:
    """The people a target means; nobody when it is unknown, nobody is on call, or only Slack knows (a user group)."""
    match target.kind:
        case TargetKind.PERSON:
            return (target.name,) if target.name in policy.people else ()
        case TargetKind.TEAM:
            team = policy.teams.get(target.name)
            return team.members if team else ()
        case TargetKind.SCHEDULE:
            return on_call_in(target.name, at, policy).people if target.name in policy.schedules else ()
        case TargetKind.CHANNEL:
            return (target.name,)
        case TargetKind.GROUP:
            return ()


def groups(step: Step) -> tuple[str, ...]:
    """The user groups that a step pages, by their handles."""
    return tuple(target.name for target in step.page if target.kind is TargetKind.GROUP)


def called(step: Step, incident: Incident, round_: int, policy: Policy, at: datetime) -> Called:
    named = tuple(dict.fromkeys(person for target in step.page for person in who(target, policy, at)))
    found = _left(step, named, incident, round_, policy, at)
    return found if step.pick is Pick.ONE and found.people else found._replace(groups=groups(step))


def of_group(
    step: Step, people: Iterable[str], incident: Incident, round_: int, policy: Policy, at: datetime
) -> Called:
    return _left(step, tuple(dict.fromkeys(people)), incident, round_, policy, at)


def _left(step: Step, people: tuple[str, ...], incident: Incident, round_: int, policy: Policy, at: datetime) -> Called:
    """Without those who have declined or whom the conditions leave out; one of them in turn, if one is enough."""
    declined = {page.person for page in incident.pages if page.state is PageState.DECLINED}
    left: list[str] = []
    reasons: dict[str, None] = {}
    for person in people:
        why = "declined" if person in declined else excluded(step, person, incident.severity, policy, at)
        if why is None:
            left.append(person)
        else:
            reasons[why] = None
    if step.pick is Pick.ONE and left:
        left = [left[(incident.number + round_) % len(left)]]
    return Called(tuple(left), why=", ".join(reasons))


def excluded(step: Step, person: str, severity: str, policy: Policy, at: datetime) -> str | None:
    """Why the conditions of a step leave somebody out; None if they do not."""
    known = policy.people.get(person)
    return why_not(step.when, severity, at, known.time_zone if known else None, known.country if known else None)
