"""The library of runbooks: which of them nobody has reviewed for long, and when their owners are told of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.decision import Decision
from bot.core.effects import Effect, RemindOfReview, SetTimer
from bot.core.events import ReviewFellDue
from bot.policy.model import Policy
from bot.policy.runbook import Runbook

REMIND_EVERY = timedelta(days=30)
TIMER = "library:review"


@dataclass(frozen=True, slots=True)
class Library:
    reminded_at: datetime  # when owners were last told, or would have been; at first when Baton began to count


def decide(library: Library | None, event: ReviewFellDue, now: datetime, policy: Policy) -> Decision[Library | None]:
    """Once in so long each owner is told, however often it is asked about in between."""
    if library is None:
        return Decision(Library(now), (_again(now),))
    if now < library.reminded_at + REMIND_EVERY:
        return Decision(library, (_again(library.reminded_at),))
    return Decision(Library(now), (*_reminders(now.date(), policy), _again(now)))


def is_stale(book: Runbook, today: date, policy: Policy) -> bool:
    """Whether nobody has reviewed it within the time that the workspace allows, or ever."""
    age = book.age(today)
    return age is None or age > policy.workspace.runbooks_reviewed_within


def _reminders(today: date, policy: Policy) -> tuple[Effect, ...]:
    """One for each lead, with the stale runbooks of all their teams: never reviewed first, then the oldest."""
    stale: dict[str, list[Runbook]] = {}
    for book in policy.runbooks.values():
        team = policy.teams.get(book.owner or "")
        if team is not None and team.lead is not None and is_stale(book, today, policy):
            stale.setdefault(team.lead, []).append(book)
    return tuple(
        RemindOfReview(person=lead, runbooks=tuple(book.id for book in sorted(books, key=_when_reviewed)))
        for lead, books in stale.items()
    )


def _when_reviewed(book: Runbook) -> tuple[date, str]:
    return book.reviewed or date.min, book.id


def _again(reminded_at: datetime) -> SetTimer:
    return SetTimer(key=TIMER, due=reminded_at + REMIND_EVERY, event=ReviewFellDue())
