"""What every change of shifts keeps to: a span that can be, people who are known and concerned, no other in its way.

Each of these raises `Refused` with the sentence for whoever asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.concerned import with_leads
from bot.core.decision import Refused, mention
from bot.policy.model import Override, Policy

LONGEST = timedelta(days=366)
LATENESS = timedelta(minutes=5)  # a span that began this short while ago is meant as “from now on”


@dataclass(frozen=True, slots=True)
class Span:
    """`person` (None: not yet known) has the pager from `start` to `end`, in the place of `instead_of`.

    Nobody named in `instead_of`: above all layers, alone.
    """

    start: datetime
    end: datetime
    person: str | None = None
    instead_of: str | None = None


def start_of(schedule: str, start: datetime, end: datetime, now: datetime, policy: Policy) -> datetime:
    """When the span begins that is meant."""
    must_be_a_schedule(schedule, policy)
    if end <= start:
        raise Refused("That span ends before it starts.")
    if end <= now or start < now - LATENESS:
        raise Refused("That lies in the past; a shift can only be changed from now on.")
    if end - start > LONGEST:
        raise Refused("That is longer than a year. Change the rotation in the configuration instead.")
    return max(start, now)


def must_be_a_schedule(schedule: str, policy: Policy) -> None:
    if schedule not in policy.schedules:
        raise no_such_schedule(schedule, policy)


def no_such_schedule(schedule: str, policy: Policy) -> Refused:
    known = f"Known are {', '.join(policy.schedules)}." if policy.schedules else "None is configured yet."
    return Refused(f"There is no schedule {schedule}. {known}")


def must_be_known(person: str, policy: Policy) -> None:
    if person not in policy.people:
        raise Refused(f"{mention(person)} is not in the configuration, so nobody could page them.")


def must_not_overlap(id_: int, schedule: str, span: Span, policy: Policy) -> None:
    for other in policy.overrides_of(schedule):
        if other.end <= span.start or span.end <= other.start or _beside(id_, span, other):
            continue
        raise Refused(
            f"{mention(other.person)} stands in for a part of that time already (change {other.id}). "
            f"Undo that first with `/oncall undo {other.id}`."
        )


def _beside(id_: int, span: Span, other: Override) -> bool:
    """Two may stand side by side only if each is in the place of somebody else.

    Whoever stands in can be stood in for, but only by a later one: by the calculus an earlier one has no say then.
    """
    if span.instead_of is None or span.instead_of == other.instead_of:
        return False
    linked = other.person == span.instead_of or other.instead_of == span.person
    return other.id < id_ if linked else other.instead_of is not None


def must_be_concerned(by: str, people: tuple[str, ...], policy: Policy) -> None:
    concerned = with_leads(people, policy)
    if by in concerned:
        return
    names = " or ".join(mention(person) for person in concerned)
    raise Refused(f"Only the people concerned and the lead of their team may change this shift: {names}.")
